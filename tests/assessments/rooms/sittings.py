"""An invigilated assessment, its people and a room, made through the product's own verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from assessments.attempts import start_attempt
from assessments.models import Assessment, AssessmentVersion, Attempt, Room
from assessments.rooms.opening import open_room
from assessments.rooms.starting import room_for_code
from people.models import User
from tests import factories
from tests.assessments.building import MINUTE, NOON, question

HOUR = timedelta(hours=1)


def invigilated(*, code: str = "hall", questions: int = 3, **rules: Any) -> AssessmentVersion:
    """An assessment of the family ethics that is sat in a room: forty minutes, three true or false questions."""
    for number in range(1, questions + 1):
        question(f"{code}-q{number}", bank=code.upper(), family="ethics")
    row = Assessment.objects.create(code=code, bank=code.upper(), family="ethics", created_at=NOON)
    usual = {"title": "Promotion test", "minutes": 40, "pass_percent": 80, "is_invigilated": True}
    version: AssessmentVersion = row.versions.create(
        number=1,
        draw=[{"outcome": "LO1", "count": questions}],
        created_at=NOON,
        digest=f"{code:0<64}",
        **{**usual, **rules},
    )
    return version


def trainer(name: str = "Tess", family: str = "ethics") -> User:
    return factories.person(name, "trainer", family=family)


def a_room(
    version: AssessmentVersion | None = None,
    *,
    by: User | None = None,
    invigilators: list[User] | None = None,
    opens_at: datetime = NOON,
    closes_at: datetime = NOON + HOUR,
    at: datetime = NOON - HOUR,
    **more: Any,
) -> Room:
    """A room that is open at noon for an hour; somebody called Ina invigilates unless said otherwise."""
    version = version or invigilated()
    return open_room(
        version.assessment,
        place="Hendon, room 12",
        opens_at=opens_at,
        closes_at=closes_at,
        invigilators=[factories.person("Ina")] if invigilators is None else invigilators,
        by=by or trainer(),
        at=at,
        **more,
    )


def ina_of(room: Room) -> User:
    """Whoever invigilates the room first."""
    found: User = room.invigilators.select_related("invigilator")[0].invigilator
    return found


def sits(room: Room, officer: User | None = None, *, at: datetime = NOON + MINUTE, **more: Any) -> Attempt:
    """Start in the room by its code, as a candidate does."""
    officer = officer or factories.person("Cara")
    version = room.assessment.versions.latest("number")
    found = room_for_code(version, room.start_code, by=officer, at=at)
    return start_attempt(version, by=officer, at=at, context_ref="course:1", room=found, **more)


def fresh(attempt: Attempt) -> Attempt:
    return Attempt.objects.get(pk=attempt.pk)
