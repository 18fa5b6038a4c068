"""What the world needs to be asked about initial training: an intake in which the owner is a recruit; and what is posted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from courses.models import Recruit
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from courses.programmes.trainers import add_trainer
from people import clock
from tests import factories
from tests.courses.programmes.acts import release
from tests.courses.tutoring.acts import IN_DATE_FOR, noted, paired
from tests.cpd_records.currency.acts import award
from tests.permissions.portfolios import with_portfolios

if TYPE_CHECKING:
    from tests.permissions.asking import World


# So many days the world's recruit and tutor still have.
LEFT_TOGETHER = 14


def in_training(made: World) -> None:
    """The owner began initial training two weeks ago."""
    by, now = made.people["Training admin"], clock.now()
    begins = clock.today() - timedelta(weeks=2)
    intake = open_intake("Intake A", with_portfolios(), by=by, at=now, starts_on=begins, place="Hendon")
    recruit = join(made.people["Owner"], intake, by=by, at=now)
    made.places |= {"intake": str(intake.pk), "recruit": str(recruit.pk)}
    made.places |= {"programme": intake.release.programme.code, "release number": str(intake.release.number)}
    teaches = factories.person("Trainer of the intake", "trainer", family="initial")
    made.places["intake trainer"] = str(add_trainer(intake, teaches, by=by, at=now, on=begins).pk)
    _with_a_tutor(made, recruit)


def _with_a_tutor(made: World, recruit: Recruit) -> None:
    """The officer of the owner's team is the tutor and wrote about yesterday's shift."""
    tutor, day = made.people["Officer"], clock.today() - timedelta(days=1)
    for code in IN_DATE_FOR:
        award(tutor, code, recruit.began_on)
    until = clock.today() + timedelta(days=LEFT_TOGETHER)
    by, now = made.people["Training admin"], clock.now()
    pairing = paired(recruit, tutor, by=by, on=recruit.began_on, until=until, at=now)
    note = noted(recruit, by=tutor, day=day, at=now)
    made.places |= {"pairing": str(pairing.pk), "shift note": str(note.pk)}


def day(name: str = "on", *, later: int = 0) -> dict[str, str]:
    """Return today, or so many days later, as a page posts it."""
    said = clock.today() + timedelta(days=later)
    return {f"{name}_day": str(said.day), f"{name}_month": str(said.month), f"{name}_year": str(said.year)}


def an_intake(world: World) -> dict[str, Any]:
    return {
        "name": "Intake B",
        "release": str(release().pk),
        **day("starts_on"),
        "place": "Hendon",
        "first_week": "early",
    }


def a_list(world: World) -> dict[str, Any]:
    return {"numbers": factories.person().service_number, "do": "enrol"}


def a_trainer(world: World) -> dict[str, Any]:
    return {"trainer": factories.person("", "trainer", family="initial").service_number, **day()}


def the_end_of_a_trainer(world: World) -> dict[str, Any]:
    return {**day("last_day"), "reason": "Moved to another intake"}


def a_decision(world: World) -> dict[str, Any]:
    return {**day(), "reason": "Two knowledge tests not passed", "evidence": ""}


def a_record(world: World) -> dict[str, Any]:
    return {**day(), "words": "Kept with the file of the intake"}


def a_pairing(world: World) -> dict[str, Any]:
    number = world.people["Officer"].service_number
    days = {**day(later=LEFT_TOGETHER + 1), **day("until", later=LEFT_TOGETHER + 30)}
    return {"tutor": number, **days, "reason": "Same team and shift"}


def the_end_of_a_pairing(world: World) -> dict[str, Any]:
    return {**day("last_day"), "reason": "Moved to another shift"}


def a_note(world: World) -> dict[str, Any]:
    words = {"went_well": "Spoke calmly to an angry caller.", "what_next": "Say the grounds out loud first."}
    return {**day("day"), **words, "client_token": str(uuid4())}


def a_corrected_note(world: World) -> dict[str, Any]:
    return {**a_note(world), "reason": "It was the next day"}


def a_withdrawn_note(world: World) -> dict[str, Any]:
    return {"reason": "It was about another recruit"}


def a_programme(world: World) -> dict[str, Any]:
    """What the editor of programmes sends: one phase."""
    phase = {"title": "Foundation", "weeks": "4", "decided_by": "training-admin", "records": "A report"}
    counted = {"phases-TOTAL_FORMS": "1", "phases-INITIAL_FORMS": "0"}
    return {
        **counted,
        **{f"phases-0-{name}": value for name, value in phase.items()},
        "programme-title": "Another programme",
        "programme-source": "Invented",
        "code": "ANOTHER",
        "do": "save",
    }


def a_withdrawal(world: World) -> dict[str, Any]:
    return {"reason": "A newer one is out."}
