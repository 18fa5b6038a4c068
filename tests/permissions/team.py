"""What the world needs to be asked about the team: an inspector who supervises, an exception that runs, a team lent; what is posted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from courses.nominations import nominate
from cpd_records.models import Qualification
from cpd_records.qualifications.rulings import grant_exception
from people import clock
from people.delegations import delegate_unit
from people.models import Posting
from people.roles import give_rank
from tests.courses.factories import release

if TYPE_CHECKING:
    from tests.permissions.asking import World


def a_team(made: World) -> None:
    """The owner's supervisor is an inspector, let the owner go on without first aid, and lends the team next week."""
    owner, supervisor, today = made.people["Owner"], made.people["Supervisor"], clock.today()
    give_rank(supervisor, "inspector", by=None, valid_from=date(2020, 1, 1))
    unit = Posting.objects.in_force(today).get(officer=owner).unit
    running = grant_exception(
        owner,
        Qualification.objects.get(code="FALP"),
        by=supervisor,
        at=clock.now(),
        until=today + timedelta(days=9),
        reason="A course is booked.",
        conditions="Double-crewed.",
    )
    lent = delegate_unit(
        supervisor,
        made.people["Supervisor elsewhere"],
        unit,
        by=supervisor,
        valid_from=today + timedelta(days=7),
        valid_until=today + timedelta(days=9),
    )
    for_first_aid = release(code="TEAM-1", title="First aid again", leads_to=["PPST"]).course
    to_nominate_for = release(code="TEAM-2", title="Safety again", leads_to=["PPST"]).course
    nomination = nominate(
        owner,
        for_first_aid,
        qualification="PPST",
        by=supervisor,
        at=clock.now(),
        reason="Safety training was never held.",
    )
    made.places |= {
        "nomination": str(nomination.pk),
        "course to nominate for": to_nominate_for.slug,
        "team officer": str(owner.public_id),
        "exception": str(running.pk),
        "lent": str(lent.pk),
        "qualification": "PPST",
    }


def an_exception(world: World) -> dict[str, Any]:
    until = clock.today() + timedelta(days=5)
    end = {"until_day": until.day, "until_month": until.month, "until_year": until.year}
    return {"reason": "A course is booked.", "conditions": "Double-crewed.", **end}


def a_loan(world: World) -> dict[str, Any]:
    first, last = clock.today() + timedelta(days=20), clock.today() + timedelta(days=21)
    unit = Posting.objects.in_force(clock.today()).get(officer=world.people["Owner"]).unit
    days = {
        f"{name}_{part}": getattr(day, part)
        for name, day in (("valid_from", first), ("valid_until", last))
        for part in ("day", "month", "year")
    }
    return {"unit": str(unit.pk), "delegate": world.people["Officer"].email, **days}
