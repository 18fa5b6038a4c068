"""What the world needs to be asked about exam rooms: one that the owner sits in, and that a supervisor of elsewhere invigilates."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from assessments.attempts import start_attempt
from assessments.rooms.incidents import report_incident
from assessments.rooms.opening import open_room
from people import clock
from tests.assessments.rooms.sittings import invigilated

if TYPE_CHECKING:
    from tests.permissions.asking import World

INVIGILATOR = "Supervisor elsewhere"


def with_a_room(made: World) -> None:
    """A room that is open now, with the owner's test running in it. The world outlives a test, so the test is a day long."""
    now, owner = clock.now(), made.people["Owner"]
    version = invigilated(code="promotion", minutes=24 * 60)
    room = open_room(
        version.assessment,
        place="Hendon, room 12",
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(hours=20),
        invigilators=[made.people[INVIGILATOR]],
        by=made.people["Author"],
        at=now - timedelta(hours=2),
    )
    attempt = start_attempt(version, by=owner, at=now, context_ref="promotion", room=room)
    report_incident(room, attempt, "Asked for another chair.", by=made.people[INVIGILATOR], at=now)
    made.places |= {
        "room": str(room.pk),
        "attempt in a room": str(attempt.pk),
        "invigilated": str(version.assessment_id),
    }


def a_room(world: World) -> dict[str, Any]:
    tomorrow = clock.today() + timedelta(days=1)
    return {
        "assessment": world.places["invigilated"],
        "place": "Hendon, room 14",
        "day_day": tomorrow.day,
        "day_month": tomorrow.month,
        "day_year": tomorrow.year,
        "opens": "09:30",
        "closes": "10:30",
        "invigilators": world.people["Learner"].service_number,
        "expected": "",
    }


def a_list(world: World) -> dict[str, Any]:
    return {"do": "expect", "expected": world.people["Officer"].service_number}


def a_stop(world: World) -> dict[str, Any]:
    return {"do": "stop", "reason": "The fire alarm rang.", "seen": "0"}


def more_time(world: World) -> dict[str, Any]:
    return {"do": "add", "minutes": "5", "reason": "The screen had to be changed.", "seen": str(2**40)}
