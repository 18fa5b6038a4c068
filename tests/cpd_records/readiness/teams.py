"""A response team with a past, made through the product's verbs: for tests of the board and of what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from cpd_records.models import Qualification
from cpd_records.qualifications.awarding import award_qualification
from people import clock
from people.models import Unit, User
from people.roles import grant_role
from tests.factories import LONG_AGO, person, unit

# What a response officer must hold to be posted, and what everybody must.
POSTED = ("PPST", "FALP", "UOF")
ASKED = ("JRFT", "CBRN", "JESIP", "DP", "CCU", "ETH", "DEI", "SS", "BWV", "DA", "SAFE", "MH", "MISP")


@dataclass
class Team:
    """A unit with its sergeant; ``officers`` by the letter in their names."""

    unit: Unit
    sergeant: User
    officers: dict[str, User]


def award(officer: User, code: str, *, day: date) -> None:
    """Award a qualification on a day, as a list from elsewhere would."""
    with transaction.atomic():
        award_qualification(officer, Qualification.objects.get(code=code), day=day, by=None, basis="imported")


def response_officer(
    letter: str, where: Unit, *, without: tuple[str, ...] = (), trained: int = 100, taser: bool = False
) -> User:
    """Make a response officer trained in everything so many days ago, except for ``without``."""
    officer = person(f"Officer {letter}. Demo", unit=where)
    for role in ("response-officer", *(("taser-officer",) if taser else ())):
        grant_role(officer, role, by=None, valid_from=LONG_AGO)
    day = clock.today() - timedelta(days=trained)
    for code in (*POSTED, *ASKED, *(("EYE", "CED") if taser else ())):
        if code not in without:
            award(officer, code, day=day)
    return officer


def team() -> Team:
    """Make the team: F lacks first aid, G carries Taser, H falls due, J is in date."""
    response = unit("response-c", name="Response team C")
    sergeant = person("Sergeant D. Demo", "supervisor", unit=response, rank="inspector")
    officers = {
        "F": response_officer("F", response, without=("FALP",), taser=True),
        "G": response_officer("G", response, taser=True),
        "H": response_officer("H", response, trained=320),
        "J": response_officer("J", response),
    }
    return Team(response, sergeant, officers)
