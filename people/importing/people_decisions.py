"""What a line of a list of people would do: compared with what is recorded, refused where it would rewrite the past. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models.functions import Lower

from people.dates import long_date
from people.importing.answers import LineRefused
from people.importing.people_lines import Wanted, WantedRole
from people.importing.supervision import Supervision
from people.models import DatedRow, Posting, Rank, RankHeld, RoleHeld, Unit, User
from people.tables.columns import Line

Row = TypeVar("Row", bound=DatedRow)


@dataclass
class Known:
    """What is recorded of the people some lines name: who they are, and all that stands of postings, ranks and roles."""

    people: Mapping[str, User]
    owners: dict[str, str]
    postings: dict[int, list[Posting]]
    ranks: dict[int, list[RankHeld]]
    roles: dict[int, list[RoleHeld]]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Known:
        """Read it: five queries, however many lines."""
        lines = list(lines)
        numbers = {line["service_number"].lower() for line in lines}
        emails = {line["email"].lower() for line in lines if line["email"]}
        rows = User.objects.alias(small=Lower("service_number")).filter(small__in=numbers)
        people = {user.service_number.lower(): user for user in rows}
        owners = (
            User.objects.alias(small=Lower("email")).filter(small__in=emails).values_list("email", "service_number")
        )
        of_them = [user.pk for user in people.values()]
        return cls(
            people,
            {email.lower(): number.lower() for email, number in owners},
            _by_officer(Posting.objects.known().filter(is_void=False, officer__in=of_them).select_related("unit")),
            _by_officer(RankHeld.objects.known().filter(is_void=False, is_acting=False, officer__in=of_them)),
            _by_officer(
                RoleHeld.objects.known().filter(is_void=False, officer__in=of_them).select_related("role", "officer")
            ),
        )


@dataclass
class Decision:
    """What a line would do, and in which words. ``since`` is the day from which it holds."""

    person: User
    is_new: bool
    since: date
    particulars: dict[str, str | bool] = field(default_factory=dict)
    posting: tuple[Unit, str] | None = None
    replaces_posting: bool = False
    rank: Rank | None = None
    replaces_rank: bool = False
    roles: list[WantedRole] = field(default_factory=list)
    last_day: date = date.max
    ended_postings: list[Posting] = field(default_factory=list)
    ended_roles: list[RoleHeld] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def decide(
    wanted: Wanted, known: Known, *, on: date, by: User | None, may_administer: bool, supervision: Supervision
) -> Decision:
    """Return what a line would do, or refuse it.

    What begins later than ``on`` is compared with what will be in force then. Refused: an address of somebody else's, a posting, rank
    or role that would overlap what is recorded, people who would supervise each other, one's own line, and what only a system
    administrator may do where ``may_administer`` is False.
    """
    person = known.people.get(wanted.service_number.lower())
    decision = Decision(
        person or User(service_number=wanted.service_number),
        person is None,
        wanted.since or on,
        last_day=wanted.last_day or date.max,
    )
    _particulars(wanted, decision, known)
    if wanted.last_day is None:
        _posting(wanted, decision, known, on=on)
        _rank(wanted, decision, known, on=on)
        _roles(wanted, decision, known, on=on)
    else:
        _leaving(wanted, decision, known, on=on)
    if by is not None and person is not None and person.pk == by.pk and decision.words:
        raise LineRefused(
            "this line is about you, and nobody imports changes about themselves. Ask another administrator"
        )
    if not may_administer:
        _refuse_administering(decision, known, on=on)
    _refuse_loops(wanted, decision, supervision)
    return decision


def _particulars(wanted: Wanted, decision: Decision, known: Known) -> None:
    person = decision.person
    if decision.is_new and not wanted.email:
        raise LineRefused("the e-mail address is missing")
    if decision.is_new and not wanted.name:
        raise LineRefused("the name is missing")
    owner = known.owners.get(wanted.email.lower())
    if wanted.email and owner is not None and owner != wanted.service_number.lower():
        raise LineRefused(f"{wanted.email} belongs to somebody else")
    found: dict[str, str | bool] = {}
    if wanted.email and wanted.email.lower() != person.email.lower():
        found["email"] = User.objects.normalize_email(wanted.email)
    for name in ("name", "short_name"):
        value = getattr(wanted, name)
        if value and value != getattr(person, name):
            found[name] = value
    if wanted.is_active is not None and wanted.is_active != person.is_active:
        found["is_active"] = wanted.is_active
    decision.particulars = found
    if not decision.is_new:
        said = {"email": "e-mail address", "name": "name", "short_name": "short name"}
        decision.words += [said[name] for name in found if name in said]
        if "is_active" in found:
            decision.words.append("may sign in" if found["is_active"] else "may not sign in")


def _posting(wanted: Wanted, decision: Decision, known: Known, *, on: date) -> None:
    rows = known.postings.get(decision.person.pk, [])
    now = _in_force(rows, max(decision.since, on))
    if wanted.unit is None:
        return
    # an empty cell keeps the shoulder number while the unit stays
    kept = now.shoulder_number if now is not None and now.unit_id == wanted.unit.pk else ""
    place = (wanted.unit.pk, wanted.shoulder_number or kept)
    if now is not None and (now.unit_id, now.shoulder_number) == place:
        return
    later = _later(rows, decision.since)
    if later is not None:
        raise LineRefused(
            f"posted to {later.unit.code} from {long_date(later.valid_from)} already, so a posting from {long_date(decision.since)} would "
            "overlap it. Give a later day, or correct the posting on the person's page"
        )
    decision.posting = (wanted.unit, place[1])
    decision.replaces_posting = _in_force(rows, decision.since) is not None
    decision.words.append(f"posted to {wanted.unit.code}")
    # Somebody without a posting who may not sign in had left: the new posting brings them back.
    if not decision.is_new and not decision.person.is_active and wanted.is_active is None and now is None:
        if decision.since <= on:
            decision.particulars["is_active"] = True
            decision.words.append("back, and may sign in again")
        else:
            decision.words.append(f"may not sign in yet: import the list again on {long_date(decision.since)}")


def _rank(wanted: Wanted, decision: Decision, known: Known, *, on: date) -> None:
    rows = known.ranks.get(decision.person.pk, [])
    now = _in_force(rows, max(decision.since, on))
    if wanted.rank is None or (now is not None and now.rank_id == wanted.rank.pk):
        return
    later = _later(rows, decision.since)
    if later is not None:
        raise LineRefused(
            f"another rank is recorded from {long_date(later.valid_from)}, so {wanted.rank.title.lower()} from {long_date(decision.since)} "
            "would overlap it. Give a later day, or correct the rank on the person's page"
        )
    decision.rank = wanted.rank
    decision.replaces_rank = _in_force(rows, decision.since) is not None
    decision.words.append(wanted.rank.title.lower())


def _roles(wanted: Wanted, decision: Decision, known: Known, *, on: date) -> None:
    for role in dict.fromkeys(wanted.roles):
        rows = [row for row in known.roles.get(decision.person.pk, []) if _key(row) == role.key]
        if _in_force(rows, max(decision.since, on)) is not None:
            continue
        code = role.role.code
        later = next((row for row in rows if row.valid_until is None or row.valid_until >= decision.since), None)
        if later is not None and later.valid_from > decision.since:
            raise LineRefused(
                f"the role {code} is recorded from {long_date(later.valid_from)} already. Give that day, or a later one"
            )
        if later is not None and later.valid_until is not None:
            raise LineRefused(
                f"the role {code} ended on {long_date(later.valid_until)}. To grant it again give a day after that, "
                f"not {long_date(decision.since)}"
            )
        ended = max((row.valid_until for row in rows if row.valid_until), default=None)
        decision.roles.append(role)
        decision.words.append(f"role {code}" + (f" again, after it ended on {long_date(ended)}" if ended else ""))


def _leaving(wanted: Wanted, decision: Decision, known: Known, *, on: date) -> None:
    """End what is in force after the last day. What began after it belongs to a later time of the same person, and stays."""
    last = decision.last_day
    postings, roles = known.postings.get(decision.person.pk, []), known.roles.get(decision.person.pk, [])
    decision.ended_postings = [row for row in postings if _goes_on_after(row, last)]
    decision.ended_roles = [row for row in roles if _goes_on_after(row, last)]
    came_back = any(row.valid_from > last for row in postings)
    closes = last < on and decision.person.is_active and not came_back and wanted.is_active is None
    if closes:
        decision.particulars["is_active"] = False
    if decision.ended_postings or decision.ended_roles or closes:
        decision.words.append(f"left on {long_date(last)}")


def _refuse_administering(decision: Decision, known: Known, *, on: date) -> None:
    """A role of this service opens what others may not see, and an address opens an account: neither goes round a system administrator."""
    for role in decision.roles:
        if not role.role.duty:
            raise LineRefused(
                f"only a system administrator grants the role {role.role.code}. Leave it out, or ask one to import"
            )
    held = [row for row in known.roles.get(decision.person.pk, []) if not row.role.duty and _holds_on(row, on)]
    if held and ({"email", "is_active"} & decision.particulars.keys() or decision.ended_roles):
        raise LineRefused(
            f"this person holds the role {held[0].role.code}, so only a system administrator changes how they sign in or ends it"
        )


def _refuse_loops(wanted: Wanted, decision: Decision, supervision: Supervision) -> None:
    """Refuse a line after which somebody would be supervised by those they supervise; remember what the line changes."""
    number = wanted.service_number
    before = supervision.place(number)
    given = {role.unit.pk for role in decision.roles if role.unit is not None}
    if decision.posting is not None:
        supervision.post(number, decision.posting[0].pk)
    for unit in given:
        supervision.give(number, unit)
    if not supervision.supervises(number) or (decision.posting is None and not given):
        return
    other = supervision.loop_through(number)
    if other:
        supervision.take(number, given)
        if before is not None:
            supervision.post(number, before)
        raise LineRefused(
            f"{number} would supervise {other}, who supervises them. Post one of them elsewhere, or leave out the role"
        )


def _by_officer(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.officer_id, []).append(row)  # type: ignore[attr-defined]
    return found


def _holds_on(row: DatedRow, day: date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or row.valid_until >= day)


def _goes_on_after(row: DatedRow, day: date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or row.valid_until > day)


def _in_force(rows: Sequence[Row], day: date) -> Row | None:
    return next((row for row in rows if _holds_on(row, day)), None)


def _later(rows: Sequence[Row], since: date) -> Row | None:
    """Return what begins after the day, where something does: what runs on the day would end the day before."""
    return next((row for row in rows if row.valid_from > since), None)


def _key(row: RoleHeld) -> tuple[int, str, int | None]:
    return row.role_id, row.family, row.unit_id
