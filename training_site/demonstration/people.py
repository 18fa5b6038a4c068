"""The demonstration accounts, and the Met's structure as demonstration data (names current in 2025; editable like any unit)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import transaction

from people import clock
from people.models import Unit, User
from people.postings import create_unit, post_officer
from people.roles import give_rank, grant_role

FAMILIES = ("initial", "specialist", "ethics", "mental-health-response", "leadership")
TEAM = "as-response-b"
ACADEMY = "learning-development"

# (code, name, parent's code)
UNITS: tuple[tuple[str, str, str], ...] = (
    ("mps", "Metropolitan Police Service", ""),
    ("frontline-policing", "Frontline Policing", "mps"),
    ("met-operations", "Met Operations", "mps"),
    ("specialist-operations", "Specialist Operations", "mps"),
    ("professionalism", "Professionalism", "mps"),
    ("learning-development", "Learning and Development", "mps"),
    ("aw", "Central West", "frontline-policing"),
    ("as", "Central South", "frontline-policing"),
    ("ce", "Central East", "frontline-policing"),
    ("cn", "Central North", "frontline-policing"),
    ("ea", "East Area", "frontline-policing"),
    ("na", "North Area", "frontline-policing"),
    ("ne", "North East", "frontline-policing"),
    ("nw", "North West", "frontline-policing"),
    ("se", "South East", "frontline-policing"),
    ("sn", "South Area", "frontline-policing"),
    ("sw", "South West", "frontline-policing"),
    ("wa", "West Area", "frontline-policing"),
    ("as-response", "Central South response", "as"),
    ("as-response-b", "Central South response, team B", "as-response"),
)


@dataclass(frozen=True)
class Account:
    """One demonstration account. ``roles`` are role codes; those held by family are granted for every family."""

    key: str
    service_number: str
    name: str
    short_name: str
    unit: str
    rank: str = ""
    shoulder_number: str = ""
    roles: tuple[str, ...] = field(default=())
    what: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@force.example"


ACCOUNTS: tuple[Account, ...] = (
    Account(
        "recruit",
        "900101",
        "Robin Demo",
        "PC R. Demo",
        TEAM,
        "constable",
        "AS4101",
        (),
        "a recruit in initial training",
    ),
    Account("officer", "900102", "Olu Demo", "PC O. Demo", TEAM, "constable", "AS4102", (), "a response officer"),
    Account("trainer", "900103", "Tariq Demo", "T. Demo", ACADEMY, "", "", ("trainer",), "writes courses"),
    Account("reviewer", "900104", "Nerys Demo", "N. Demo", ACADEMY, "", "", ("subject-reviewer",), "reviews courses"),
    # Leads the one unit large enough to be compared, so that a senior leader's view has something to show.
    Account(
        "approver",
        "900105",
        "Ama Demo",
        "Insp A. Demo",
        ACADEMY,
        "inspector",
        "",
        ("approver", "supervisor"),
        "approves courses, leads Learning and Development",
    ),
    Account("assessor", "900106", "Asha Demo", "Sgt A. Demo", ACADEMY, "sergeant", "", ("assessor",), "assesses"),
    Account("iqa", "900107", "Ivan Demo", "I. Demo", ACADEMY, "", "", ("iqa",), "assures the quality of assessment"),
    Account(
        "supervisor",
        "900108",
        "Sunita Demo",
        "Sgt S. Demo",
        TEAM,
        "sergeant",
        "AS41",
        ("supervisor",),
        "supervises team B",
    ),
    Account(
        "training-admin",
        "900109",
        "Magda Demo",
        "M. Demo",
        ACADEMY,
        "",
        "",
        ("training-admin",),
        "runs intakes and sessions",
    ),
    Account("auditor", "900110", "Kieran Demo", "K. Demo", "professionalism", "", "", ("auditor",), "audits records"),
    Account("admin", "900111", "Zainab Demo", "Z. Demo", ACADEMY, "", "", ("system-admin",), "administers the system"),
    # Two, since one asks for an erasure and another decides about it.
    Account(
        "disclosure",
        "900112",
        "Deniz Demo",
        "D. Demo",
        "professionalism",
        "",
        "",
        ("disclosure-officer",),
        "discloses evidence, places legal holds, asks for erasures",
    ),
    Account(
        "records",
        "900113",
        "Remi Demo",
        "R. M. Demo",
        "professionalism",
        "",
        "",
        ("disclosure-officer",),
        "the second disclosure officer, who decides on erasures",
    ),
)
# They came with a later release: a demonstration that was written before has every other.
LATER = frozenset({"disclosure", "records"})
BY_FAMILY = frozenset({"trainer", "subject-reviewer", "approver"})


@transaction.atomic
def create_units(*, since: date) -> dict[str, Unit]:
    """Create the demonstration units and return them by code."""
    units: dict[str, Unit] = {}
    for code, name, parent in UNITS:
        units[code] = create_unit(code, name, parent=units.get(parent), by=None, valid_from=since)
    return units


@transaction.atomic
def create_accounts(units: dict[str, Unit], *, since: date) -> dict[str, User]:
    """Create the demonstration people with postings, ranks and roles; those who exist already are left as they are."""
    people: dict[str, User] = {}
    for account in ACCOUNTS:
        known = User.objects.filter(service_number=account.service_number).first()
        if known is not None:
            people[account.key] = known
            continue
        user = User.objects.create_user(
            account.service_number,
            account.email,
            account.name,
            settings.DEMO_PASSWORD,
            short_name=account.short_name,
        )
        unit = units[account.unit]
        post_officer(user, unit, by=None, valid_from=since, shoulder_number=account.shoulder_number)
        if account.rank:
            give_rank(user, account.rank, by=None, valid_from=since)
        for role in account.roles:
            for family in FAMILIES if role in BY_FAMILY else ("",):
                grant_role(
                    user, role, by=None, valid_from=since, family=family, unit=unit if role == "supervisor" else None
                )
        people[account.key] = user
    return people


def wants_later_accounts() -> bool:
    """Return whether the demonstration was written here by an earlier release, with every account but those that came later."""
    known = set(User.objects.filter(email__in=[one.email for one in ACCOUNTS]).values_list("email", flat=True))
    return bool(known) and known == {one.email for one in ACCOUNTS if one.key not in LATER}


@transaction.atomic
def add_later_accounts() -> list[str]:
    """Create the accounts that came later, from today on, in the units of those that are here; return their addresses."""
    since = clock.today()
    create_accounts(create_units(since=since), since=since)
    return [one.email for one in ACCOUNTS if one.key in LATER]
