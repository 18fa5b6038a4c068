"""What a line of a list of people says: who, where posted, which rank and roles, from which day. Nothing is compared or written here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from people import access
from people.importing.answers import LineRefused, read
from people.models import Rank, Role, Unit, UnitName
from people.tables.columns import Column, Line
from people.tables.days import day_of, yes_or_no

SERVICE_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,19}")
LONGEST = {"name": 200, "short_name": 80, "email": 254}
LONGEST_SHOULDER_NUMBER = 20
# Everybody learns: these words in the role column add nothing.
PLAIN_ROLES = frozenset({"learner", "student", "officer", "staff", "recruit"})

COLUMNS = (
    Column(
        "service_number",
        "Service number",
        (
            "warrant number",
            "warrant no",
            "employee number",
            "employee no",
            "service no",
            "id number",
            "identifier",
            "username",
        ),
    ),
    Column("email", "E-mail address", ("email address", "mail")),
    Column("name", "Name", ("full name", "display name")),
    Column("first_name", "First name", ("given name",), "joined with the last name where there is no name"),
    Column("last_name", "Last name", ("family name", "surname")),
    Column("short_name", "Short name", ("preferred name",), "as in the page header: PC A. Bell"),
    Column("rank", "Rank", ("grade",)),
    Column("unit", "Unit", ("unit code", "department", "team"), "code or name of a unit there is"),
    Column("shoulder_number", "Shoulder number", ("collar number", "shoulder")),
    Column("role", "Roles", ("role",), "separated by semicolons: trainer:ethics; supervisor:team-c"),
    Column("since", "Since", ("valid from", "from", "start date"), "the day from which the line holds"),
    Column("active", "May sign in", ("active", "enabled user", "enabled")),
    Column(
        "last_day", "Last day", ("leaving date", "date left", "left on"), "of somebody who left: ends posting and roles"
    ),
)


@dataclass(frozen=True)
class WantedRole:
    """A role as a line has it: for one family, or for a unit."""

    role: Role
    family: str = ""
    unit: Unit | None = None

    @property
    def key(self) -> tuple[int, str, int | None]:
        return self.role.pk, self.family, self.unit.pk if self.unit else None


@dataclass(frozen=True)
class Wanted:
    """What a line says of a person; what is empty or None is left as it is."""

    service_number: str
    email: str
    name: str
    short_name: str
    is_active: bool | None
    rank: Rank | None
    unit: Unit | None
    shoulder_number: str
    roles: tuple[WantedRole, ...]
    since: date | None
    last_day: date | None


class Vocabulary:
    """The ranks, units and roles there are on a day, by the words a list may use for them. Three queries."""

    def __init__(self, on: date) -> None:
        names = UnitName.objects.in_force(on).select_related("unit")
        self.ranks = {key.lower(): rank for rank in Rank.objects.all() for key in (rank.title, rank.code)}
        self.units: dict[str, Unit] = {row.name.lower(): row.unit for row in names}
        self.units |= {unit.code.lower(): unit for unit in Unit.objects.all()}
        self.roles = {role.code: role for role in Role.objects.all()}


def what_is_wanted(line: Line, words: Vocabulary) -> Wanted:
    """Return what a line says, or refuse it: a missing or wrong service number, a rank, unit or role there is none of, no day."""
    if line.trouble:
        raise LineRefused(line.trouble)
    if not SERVICE_NUMBER.fullmatch(line["service_number"]):
        raise LineRefused("the service number is missing, or is not letters and figures, 20 at most")
    since, last_day = read(day_of, line, "since"), read(day_of, line, "last_day")
    unit = _unit(line["unit"], words)
    return Wanted(
        service_number=line["service_number"],
        email=_email(line["email"]),
        name=_short_enough("name", line["name"] or f"{line['first_name']} {line['last_name']}".strip()),
        short_name=_short_enough("short_name", line["short_name"]),
        is_active=read(yes_or_no, line, "active"),
        rank=_rank(line["rank"], words),
        unit=unit,
        shoulder_number=_shoulder_number(line["shoulder_number"]),
        roles=tuple(_roles(line["role"], unit, words)),
        since=since,
        last_day=last_day,
    )


def _short_enough(name: str, text: str) -> str:
    if len(text) > LONGEST[name]:
        raise LineRefused(f"the {name.replace('_', ' ')} is longer than {LONGEST[name]} characters")
    return text


def _shoulder_number(text: str) -> str:
    if len(text) > LONGEST_SHOULDER_NUMBER:
        raise LineRefused(f"the shoulder number is longer than {LONGEST_SHOULDER_NUMBER} characters")
    return text


def _email(text: str) -> str:
    if not text:
        return ""
    try:
        validate_email(_short_enough("email", text))
    except ValidationError:
        raise LineRefused(f"'{text}' is not an e-mail address") from None
    return text


def _rank(text: str, words: Vocabulary) -> Rank | None:
    rank = words.ranks.get(text.lower())
    if text and rank is None:
        raise LineRefused(f"there is no rank '{text}'")
    return rank


def _unit(text: str, words: Vocabulary) -> Unit | None:
    unit = words.units.get(text.lower())
    if text and unit is None:
        raise LineRefused(f"there is no unit '{text}': write the code or the name of a unit there is")
    return unit


def _roles(text: str, unit: Unit | None, words: Vocabulary) -> Iterator[WantedRole]:
    """Yield each role: 'trainer', 'trainer:ethics', 'supervisor' (of the line's unit) or 'supervisor:unit'."""
    for written in filter(None, (part.strip() for part in re.split(r"[;|,]", text))):
        code, _, scope = (part.strip() for part in written.partition(":"))
        code = code.lower().replace(" ", "-").replace("_", "-")
        if code in PLAIN_ROLES:
            continue
        role = words.roles.get(code)
        if role is None:
            raise LineRefused(f"there is no role '{written}': use {', '.join(sorted(words.roles))}")
        if code == access.SUPERVISOR:
            supervised = _unit(scope, words) or unit
            if supervised is None:
                raise LineRefused("a supervisor supervises a unit: name it, as in supervisor:team-c")
            yield WantedRole(role, unit=supervised)
        elif scope and not role.by_family:
            raise LineRefused(f"the role {code} is held for no family: write it without '{scope}'")
        else:
            yield WantedRole(role, scope)
