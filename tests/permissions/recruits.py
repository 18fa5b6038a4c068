"""What the world needs to be asked about initial training: an intake in which the owner is a recruit; and what is posted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from people import clock
from tests import factories
from tests.courses.programmes.acts import release
from tests.permissions.portfolios import with_portfolios

if TYPE_CHECKING:
    from tests.permissions.asking import World


def in_training(made: World) -> None:
    """The owner began initial training two weeks ago."""
    by, now = made.people["Training admin"], clock.now()
    begins = clock.today() - timedelta(weeks=2)
    intake = open_intake("Intake A", with_portfolios(), by=by, at=now, starts_on=begins, place="Hendon")
    made.places["intake"] = str(intake.pk)
    made.places["recruit"] = str(join(made.people["Owner"], intake, by=by, at=now).pk)


def day(name: str = "on") -> dict[str, str]:
    """Return today as a page posts it."""
    today = clock.today()
    return {f"{name}_day": str(today.day), f"{name}_month": str(today.month), f"{name}_year": str(today.year)}


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


def a_decision(world: World) -> dict[str, Any]:
    return {**day(), "reason": "Two knowledge tests not passed", "evidence": ""}


def a_record(world: World) -> dict[str, Any]:
    return {**day(), "words": "Kept with the file of the intake"}
