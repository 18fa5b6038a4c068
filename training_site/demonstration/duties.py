"""What the demonstration people must hold and hold: so that the supervisor's team shows every verdict once.

The awards came over from a former system on the first day, as a force's would, and say so.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cpd_records.ledger.holds import place_hold
from cpd_records.models import Qualification
from cpd_records.proposals.awards import propose_correction
from cpd_records.qualifications.awarding import award_qualification
from cpd_records.qualifications.rulings import grant_exception, grant_exemption, restrict
from cpd_records.qualifications.standing_awards import all_awards
from people.models import User
from people.roles import give_rank, grant_role

ROLES = {
    "officer": ("response-officer", "taser-officer", "standard-driver", "response-driver", "public-order-3"),
    "supervisor": ("operational-officer", "public-order-3"),
    "assessor": ("operational-officer",),
}
FORMER_SYSTEM = {"source": "the former training system", "asserted_by": "Learning and Development"}
# Days before today on which something was last awarded. From these follow, today: first aid due, fitness in grace and so no Taser,
# public order expired (an exception stands), and no response driving course.
AWARDS: dict[str, dict[str, int]] = {
    "officer": {
        "PPST": 190, "FALP": 340, "UOF": 190, "JRFT": 376, "EYE": 300, "CED": 250, "LIC": 120, "DRV-S": 700, "POPS3": 800,
        "CBRN": 400, "JESIP": 300, "DP": 330, "CCU": 200, "DEI": 500, "BWV": 600, "DA": 420, "SAFE": 380, "MISP": 410, "PIP1": 900,
        "TUTOR": 420,
    },
    "supervisor": {
        "PPST": 150, "FALP": 160, "UOF": 150, "JRFT": 155, "POPS3": 300, "CBRN": 500, "JESIP": 320, "DP": 140, "CCU": 130, "DEI": 450,
        "SS": 380, "BWV": 560, "DA": 400, "SAFE": 370, "MISP": 360, "RCRP": 340, "PLP2": 600,
    },
    "recruit": {"DP": 86, "CCU": 86},
    "trainer": {"DP": 210, "CCU": 210, "DEI": 300, "ETH": 320},
    "training-admin": {"DP": 110, "CCU": 110, "DEI": 310},
    "assessor": {"PPST": 120, "FALP": 120, "UOF": 120, "JRFT": 120, "DP": 120, "CCU": 120, "DEI": 330, "ASSR/IQA": 200},
}  # fmt: skip


@transaction.atomic
def give_duties(people: dict[str, User], *, since: date) -> None:
    """Give the duty roles from the first day on; the sergeant acts for the inspector, who is away."""
    for key, codes in ROLES.items():
        for code in codes:
            grant_role(people[key], code, by=None, valid_from=since)
    give_rank(people["supervisor"], "inspector", by=None, valid_from=since, acting=True, reason="Inspector on leave")


@transaction.atomic
def bring_awards(people: dict[str, User]) -> None:
    """Bring over what was awarded before the first day."""
    today = timezone.localdate()
    subjects = {row.code: row for row in Qualification.objects.all()}
    for key, awards in AWARDS.items():
        for code, days_ago in awards.items():
            award_qualification(
                people[key],
                subjects[code],
                day=today - timedelta(days=days_ago),
                by=people["training-admin"] if key != "training-admin" else None,
                basis="imported",
                details=FORMER_SYSTEM,
            )


def except_public_order(people: dict[str, User], at: datetime) -> None:
    """The acting inspector lets the officer go on with public order for a while."""
    grant_exception(
        people["officer"],
        Qualification.objects.get(code="POPS3"),
        by=people["supervisor"],
        at=at,
        until=timezone.localdate(at) + timedelta(days=55),
        reason="Instructors are short; the course is booked.",
        conditions="Not on front serials.",
    )


def exempt_recruit(people: dict[str, User], at: datetime) -> None:
    """Equality training is part of the recruit's foundation learning."""
    grant_exemption(
        people["recruit"],
        Qualification.objects.get(code="DEI"),
        by=people["training-admin"],
        approved_by=people["admin"],
        at=at,
        reason="Part of foundation learning this year.",
    )


def propose_correction_of_a_day(people: dict[str, User], at: datetime) -> None:
    """The training administrator found another day in the register; the system administrator decides, for it takes two."""
    award = next(one for one in all_awards(people["officer"]) if one.code == "SAFE")
    propose_correction(
        people["officer"],
        award.entry,
        by=people["training-admin"],
        at=at,
        reason="The former system has the day of the booking; the register names the day before.",
        day=award.day - timedelta(days=1),
        minutes=award.minutes,
        valid_until=award.valid_until,
    )


def restrict_driving(people: dict[str, User], at: datetime) -> None:
    """The officer does not drive until a question about the licence is settled."""
    restrict(
        people["officer"],
        Qualification.objects.get(code="DRV-S"),
        by=people["supervisor"],
        at=at,
        reason="Not to drive until a question about the licence is settled.",
    )


def hold_a_record(people: dict[str, User], at: datetime) -> None:
    """A claim is under way in which the assessor may be a witness: nothing of theirs is erased until it has ended."""
    place_hold(
        people["assessor"],
        reason="A civil claim about a training day in June; the assessor may be a witness. Legal services review it each quarter.",
        by=people["records"],
        at=at,
    )
