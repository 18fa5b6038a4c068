"""What the world needs to be asked about adjustments: the owner has some, with numbers that stand nowhere else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from people import clock
from people.adjustments import Granted, grant_adjustment
from tests.permissions.qualifications import boxes

if TYPE_CHECKING:
    from tests.permissions.asking import World

PERCENT, REST = 83, 47


def with_adjustments(made: World) -> None:
    """Adjustments of the owner's, which hold since before anything was begun."""
    row = grant_adjustment(
        made.people["Owner"],
        Granted(extra_percent=PERCENT, rest_minutes=REST),
        by=made.people["Training admin"],
        valid_from=clock.today() - timedelta(days=400),
    )
    made.places["adjustment"] = str(row.pk)


def whom(world: World) -> dict[str, Any]:
    return {"person": world.people["Learner"].service_number}


def some(world: World) -> dict[str, Any]:
    """What is posted to grant: for days before those of the owner."""
    first, last = clock.today() - timedelta(days=800), clock.today() - timedelta(days=700)
    return {"extra_percent": "25", "rest_minutes": "", **boxes("valid_from", first), **boxes("valid_until", last)}


def others(world: World) -> dict[str, Any]:
    return {**some(world), **boxes("valid_until", None)}


def an_end(world: World) -> dict[str, Any]:
    return boxes("last_day", clock.today())
