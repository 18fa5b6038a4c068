"""Importing people from a list: every line is answered, all or nothing is written, and the same list twice changes nothing.

A list says who somebody is, where they are posted, which rank and which roles they hold, from a day on. An empty cell leaves what
is known. Passwords are never imported: people set one through 'Forgotten password'.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from people import access
from people.dated_rows import PeriodsOverlap
from people.models import Posting, Rank, RankHeld, Role, RoleHeld, Unit, UnitName, User
from people.postings import post_officer
from people.roles import give_rank, grant_role

SERVICE_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,19}")
MOST_CHARACTERS = 20_000_000
# Column titles that other systems write, by ours; compared without case, spaces and signs.
COLUMNS = {
    "service_number": ("servicenumber", "warrantnumber", "employeenumber", "idnumber", "identifier", "username"),
    "email": ("email", "emailaddress", "mail"),
    "name": ("name", "fullname", "displayname"),
    "first_name": ("firstname", "givenname"),
    "last_name": ("lastname", "familyname", "surname"),
    "short_name": ("shortname", "preferredname"),
    "rank": ("rank", "grade"),
    "unit": ("unit", "unitcode", "department", "team"),
    "shoulder_number": ("shouldernumber", "collarnumber", "shoulder"),
    "role": ("role", "roles"),
    "since": ("since", "validfrom", "from", "startdate"),
    "active": ("active", "enableduser", "enabled"),
}
# Everybody learns: these words in the role column add nothing.
PLAIN_ROLES = frozenset({"learner", "student", "officer", "staff", "recruit"})
YES, NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


class ListRefused(Exception):
    """The list as a whole cannot be read; the message says why and what to do."""


class LineRefused(Exception):
    """One line cannot be imported; the message says why."""


@dataclass(frozen=True)
class Line:
    """One person of the list: the line's number in the file (the titles are line 1) and its cells by our column names."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class PeopleList:
    """The lines of a file, and the titles of columns that are not used."""

    lines: tuple[Line, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What became of a line: ``new``, ``changed``, ``unchanged`` or ``refused``, and what was done or why not."""

    number: int
    who: str
    verdict: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = f": {'; '.join(self.words)}" if self.words else ""
        return f"Line {self.number}, {self.who or 'nobody'}: {self.verdict}{said}"


@dataclass(frozen=True)
class Report:
    """Every line's answer, in order. ``written`` says whether anything was kept."""

    answers: tuple[Answer, ...]
    unused: tuple[str, ...]
    written: bool

    @property
    def counts(self) -> Counter[str]:
        return Counter(answer.verdict for answer in self.answers)

    @property
    def is_refused(self) -> bool:
        return bool(self.counts["refused"])


# --- Reading ----------------------------------------------------------------------------------------------------------


def read_people(content: bytes) -> PeopleList:
    """Return the lines of a CSV file (UTF-8, UTF-16 or Windows-1252; comma, semicolon or tab), or raise ``ListRefused``."""
    text = _decoded(content)
    if not text.strip():
        raise ListRefused("The file is empty. Its first line gives the titles of the columns.")
    if len(text) > MOST_CHARACTERS:
        raise ListRefused("The file has more than 20 million characters. Divide it.")
    first = text.lstrip("\n").split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as problem:
        raise ListRefused(f"The file is not a readable CSV file ({problem}). Save it as CSV again.") from problem
    titles, unused = _titles(rows[0])
    lines = tuple(
        _line(number, row, titles) for number, row in enumerate(rows[1:], start=2) if any(map(str.strip, row))
    )
    if not lines:
        raise ListRefused("The file has titles and no people below them.")
    return PeopleList(lines, unused)


def _decoded(content: bytes) -> str:
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if is_wide else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ListRefused("The file is neither UTF-8 nor Windows text. Save it as CSV in UTF-8.")


def _titles(row: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return our column name for each column ('' where it is not used), and the titles that are not used."""
    ours = {alias: (place, name) for name, aliases in COLUMNS.items() for place, alias in enumerate(aliases)}
    found: dict[str, tuple[int, int]] = {}
    for column, title in enumerate(row):
        place, name = ours.get(re.sub(r"[^a-z]", "", title.lower()), (0, ""))
        # where several titles mean the same, the better known one counts: an identifier before a user name
        if name and (name not in found or place < found[name][0]):
            found[name] = (place, column)
    titles = [""] * len(row)
    for name, (_place, column) in found.items():
        titles[column] = name
    has_name = "name" in found or {"first_name", "last_name"} <= found.keys()
    missing = [name for name in ("service_number", "email") if name not in found] + ([] if has_name else ["name"])
    if missing:
        raise ListRefused(
            f"There is no column '{missing[0]}'. The first line names service_number, email and name at least."
        )
    unused = tuple(title.strip() for title, name in zip(row, titles, strict=True) if not name and title.strip())
    return titles, unused


def _line(number: int, row: list[str], titles: list[str]) -> Line:
    cells = {name: _cleaned(cell) for name, cell in zip(titles, row, strict=False) if name}
    if not cells.get("name"):
        cells["name"] = " ".join(part for part in (cells.get("first_name"), cells.get("last_name")) if part)
    return Line(number, cells)


def _cleaned(cell: str) -> str:
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in cell)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


# --- Importing --------------------------------------------------------------------------------------------------------


@dataclass
class _InForce:
    """Posting (unit and shoulder number), rank and roles of everybody on a day."""

    postings: dict[int, tuple[int, str]]
    ranks: dict[int, int]
    roles: set[tuple[int, str, str, int | None]]


@dataclass
class _Known:
    """What is known before the import, read once, so that a line that changes nothing asks the database nothing."""

    people: dict[str, User]
    emails: dict[str, int]
    ranks: dict[str, Rank]
    units: dict[str, Unit]
    roles: dict[str, Role]
    days: dict[date, _InForce] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def on(self, day: date) -> _InForce:
        """Return what is in force on a day, read once for each day the list names."""
        if day not in self.days:
            held = RoleHeld.objects.in_force(day).select_related("role")
            self.days[day] = _InForce(
                {row.officer_id: (row.unit_id, row.shoulder_number) for row in Posting.objects.in_force(day)},
                {row.officer_id: row.rank_id for row in RankHeld.objects.in_force(day).filter(is_acting=False)},
                {(row.officer_id, row.role.code, row.family, row.unit_id) for row in held},
            )
        return self.days[day]


@transaction.atomic
def import_people(people: PeopleList, *, by: User | None, on: date, dry_run: bool = False) -> Report:
    """Import every line, or none where one is refused or it is a dry run. What a line changes holds from ``on``, or its own day.

    Rows with two times are written in one transaction under the stamp lock: import a whole force when it is quiet.
    """
    known = _known(on)
    answers = tuple(_answer(line, known, by=by, on=on) for line in people.lines)
    written = not dry_run and all(answer.verdict != "refused" for answer in answers)
    if not written:
        transaction.set_rollback(True)
    return Report(answers, people.unused, written and any(a.verdict in {"new", "changed"} for a in answers))


def _known(on: date) -> _Known:
    people = {user.service_number.lower(): user for user in User.objects.all()}
    names = UnitName.objects.in_force(on).select_related("unit")
    ranks = list(Rank.objects.all())
    return _Known(
        people=people,
        emails={user.email.lower(): user.pk for user in people.values()},
        ranks={key.lower(): rank for rank in ranks for key in (rank.title, rank.code)},
        units={
            **{row.name.lower(): row.unit for row in names},
            **{unit.code.lower(): unit for unit in Unit.objects.all()},
        },
        roles={role.code: role for role in Role.objects.all()},
    )


def _answer(line: Line, known: _Known, *, by: User | None, on: date) -> Answer:
    """Import one line in a savepoint of its own, and say what became of it."""
    who = line["service_number"]
    try:
        with transaction.atomic():
            is_new, done = _import(line, known, by=by, on=on)
    except (LineRefused, PeriodsOverlap) as refusal:
        return Answer(line.number, who, "refused", (str(refusal),))
    return Answer(line.number, who, "new" if is_new else "changed" if done else "unchanged", tuple(done))


def _import(line: Line, known: _Known, *, by: User | None, on: date) -> tuple[bool, list[str]]:
    number = line["service_number"].lower()
    if not SERVICE_NUMBER.fullmatch(line["service_number"]):
        raise LineRefused("the service number is missing, or is not letters and figures, 20 at most")
    if number in known.seen:
        raise LineRefused(f"this person is on line {known.seen[number]} already")
    known.seen[number] = line.number
    since = _day(line["since"]) or on
    # what begins later is compared with what will be in force then
    held = known.on(max(since, on))
    rank, unit, roles = _rank(line, known), _unit(line["unit"], known), list(_roles(line, known))

    person = known.people.get(number)
    is_new = person is None
    done = [] if person is None else list(_changes(person, line, known))
    person = _created(line, known) if person is None else person
    if unit is not None and held.postings.get(person.pk) != _place(person, unit, line, held):
        _unit_id, shoulder = held.postings[person.pk] = _place(person, unit, line, held)
        post_officer(person, unit, by=by, valid_from=since, shoulder_number=shoulder, reason="Imported")
        done.append(f"posted to {unit.code}")
    if rank is not None and held.ranks.get(person.pk) != rank.pk:
        give_rank(person, rank.code, by=by, valid_from=since)
        held.ranks[person.pk] = rank.pk
        done.append(rank.title.lower())
    for code, family, scope in roles:
        role = (person.pk, code, family, scope.pk if scope else None)
        if role not in held.roles:
            grant_role(person, code, by=by, valid_from=since, family=family, unit=scope, reason="Imported")
            held.roles.add(role)
            done.append(f"role {code}")
    return is_new, done


def _place(person: User, unit: Unit, line: Line, held: _InForce) -> tuple[int, str]:
    """Return unit and shoulder number as the line has them; an empty cell keeps the number while the unit stays."""
    now = held.postings.get(person.pk)
    kept = now[1] if now is not None and now[0] == unit.pk else ""
    return unit.pk, line["shoulder_number"][:20] or kept


def _created(line: Line, known: _Known) -> User:
    if not line["name"]:
        raise LineRefused("the name is missing")
    person = User(service_number=line["service_number"], **_particulars(line, known, person=None))
    person.set_unusable_password()
    person.save()
    known.people[person.service_number.lower()] = person
    known.emails[person.email.lower()] = person.pk
    return person


def _changes(person: User, line: Line, known: _Known) -> Iterator[str]:
    """Save what the line says differently of a known person, and name it."""
    particulars = _particulars(line, known, person=person)
    changed = [name for name, value in particulars.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, particulars[name])
    if "email" in changed:
        known.emails[person.email.lower()] = person.pk
    if changed:
        person.save(update_fields=changed)
    said = {"email": "e-mail address", "name": "name", "short_name": "short name"}
    for name in changed:
        yield said.get(name) or ("may sign in" if person.is_active else "may not sign in")


def _particulars(line: Line, known: _Known, *, person: User | None) -> dict[str, str | bool]:
    found: dict[str, str | bool] = {}
    for name, most in (("name", 200), ("short_name", 80)):
        if len(line[name]) > most:
            raise LineRefused(f"the {name.replace('_', ' ')} is longer than {most} characters")
        if line[name]:
            found[name] = line[name]
    if line["email"] or person is None:
        found["email"] = _email(line["email"], known, person=person)
    if line["active"]:
        word = line["active"].lower()
        if word not in YES | NO:
            raise LineRefused(f"'{line['active']}' in the column active is neither yes nor no")
        found["is_active"] = word in YES
    return found


def _email(text: str, known: _Known, *, person: User | None) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise LineRefused(f"'{text}' is not an e-mail address" if text else "the e-mail address is missing") from None
    owner = known.emails.get(text.lower())
    if owner is not None and (person is None or owner != person.pk):
        raise LineRefused(f"{text} belongs to somebody else")
    if person is not None and person.email.lower() == text.lower():
        return person.email
    return User.objects.normalize_email(text)


def _day(text: str) -> date | None:
    """Return the day of 2026-11-22 (with or without a time) or 22/11/2026; None for an empty cell."""
    numbers = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?|(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})", text, re.ASCII)
    if not text:
        return None
    try:
        if numbers is None:
            raise ValueError(text)
        year, month, day = numbers.group(1, 2, 3) if numbers[1] else numbers.group(6, 5, 4)
        return date(int(year), int(month), int(day))
    except ValueError:
        raise LineRefused(f"'{text}' is not a day: write it as 2026-11-22 or 22/11/2026") from None


def _rank(line: Line, known: _Known) -> Rank | None:
    rank = known.ranks.get(line["rank"].lower())
    if line["rank"] and rank is None:
        raise LineRefused(f"there is no rank '{line['rank']}'")
    return rank


def _unit(text: str, known: _Known) -> Unit | None:
    unit = known.units.get(text.lower())
    if text and unit is None:
        raise LineRefused(f"there is no unit '{text}'")
    return unit


def _roles(line: Line, known: _Known) -> Iterable[tuple[str, str, Unit | None]]:
    """Yield ``(code, family, unit)`` of each role: 'trainer', 'trainer:ethics', 'supervisor' (of the line's unit) or 'supervisor:unit'."""
    for written in filter(None, (part.strip() for part in re.split(r"[;|,]", line["role"]))):
        code, _, scope = (part.strip() for part in written.partition(":"))
        code = code.lower().replace(" ", "-").replace("_", "-")
        if code in PLAIN_ROLES:
            continue
        if code not in known.roles:
            raise LineRefused(f"there is no role '{written}': use {', '.join(sorted(known.roles))}")
        if code == access.SUPERVISOR:
            unit = _unit(scope or line["unit"], known)
            if unit is None:
                raise LineRefused("a supervisor supervises a unit: name it, as in supervisor:team-c")
            yield code, "", unit
        elif scope and not known.roles[code].by_family:
            raise LineRefused(f"the role {code} is held for no family: write it without '{scope}'")
        else:
            yield code, scope, None
