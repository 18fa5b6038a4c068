"""States of exam rooms for the photographs: one that runs, with a candidate in every state there is, and one that is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from assessments.assessment_rules import current_version, save_assessment_version
from assessments.attempts import save_response, start_attempt, submit_attempt
from assessments.contact import hear_from
from assessments.models import Assessment, AssessmentVersion, Attempt, Room
from assessments.rests import begin_rest
from assessments.rooms.incidents import report_incident
from assessments.rooms.opening import close_room, open_room
from assessments.rooms.pausing import extend, stop
from people import clock
from people.adjustments import Granted, grant_adjustment
from people.models import User
from training_site.demonstration.answers import right_answer

MINUTE = timedelta(minutes=1)
BANK = "MH-101"


def room_states(now: datetime, person: Callable[..., User], known: Callable[[str], User]) -> dict[str, str]:
    """Make the rooms; ``assessor@`` invigilates and ``training-admin@`` leads."""
    ina, ada = known("assessor"), known("training-admin")
    version = _invigilated(now)
    rita = person("sat-rests", "Rita Demo")
    grant_adjustment(rita, Granted(rest_minutes=10), by=ada, valid_from=clock.today() - timedelta(days=1))
    people = [person(f"sat-{number}", name) for number, name in enumerate(NAMES)]
    room = _room(version, "Hendon, room 12", ina, ada, people[:5], at=now)
    lost, stopped, working, extended = (_sits(room, version, one, at=now - 20 * MINUTE) for one in people[:4])
    handed_in = _sits(room, version, people[5], at=now - 3 * MINUTE)
    for number, attempt in enumerate((lost, stopped, working, extended, handed_in)):
        _answers(attempt, only=number + 1, at=now - 2 * MINUTE if attempt is not lost else now - 9 * MINUTE)
    resting = _sits(room, version, rita, at=now - 15 * MINUTE)
    begin_rest(resting.pk, by=rita, at=now - 3 * MINUTE)
    stop(room, stopped, reason="Felt unwell and sits outside with a colleague.", by=ina, at=now - 4 * MINUTE)
    extend(room, extended, 10, reason="The screen had to be changed.", by=ina, at=now - 3 * MINUTE)
    report_incident(room, lost, "Left the room with an escort.", by=ina, at=now - 2 * MINUTE)
    submit_attempt(handed_in, by=handed_in.officer, at=now - MINUTE)
    for attempt in (working, extended):
        # The pictures take minutes and no page answers meanwhile.
        hear_from(attempt.pk, by=attempt.officer, at=now + 60 * MINUTE - 21 * MINUTE)
    closed = _room(version, "Sidcup, hall", ina, ada, [], at=now)
    close_room(closed, by=ina, at=now)
    return {
        "room": f"/assess/rooms/{room.pk}/",
        "room-one": f"/assess/rooms/{room.pk}/clock/{stopped.pk}/",
        "room-closed": f"/assess/rooms/{closed.pk}/",
        "attempt-resting": f"/assess/{resting.pk}/",
        "attempt-stopped": f"/assess/{stopped.pk}/",
    }


NAMES = (
    "Cara Demo",
    "Dele Demo",
    "Eve Demo",
    "Maximiliana Wolfeschlegelstein-Featherstonehaugh",
    "አበበ ገብረመድህን ወልደማርያም",
    "Gil Demo",
)


def _invigilated(now: datetime) -> AssessmentVersion:
    known = current_version(Assessment.objects.filter(bank=BANK).order_by("code")[0])
    assert known is not None
    return save_assessment_version(
        "mh101-invigilated",
        bank=BANK,
        family=known.assessment.family,
        title="Mental health: promotion test",
        minutes=60,
        pass_percent=70,
        draw=known.draw,
        is_invigilated=True,
        by=None,
        at=now,
    )


def _room(version: AssessmentVersion, place: str, ina: User, ada: User, expected: list[User], *, at: datetime) -> Room:
    return open_room(
        version.assessment,
        place=place,
        opens_at=at - 60 * MINUTE,
        closes_at=at + 60 * MINUTE,
        invigilators=[ina],
        expected=expected,
        by=ada,
        at=at - 60 * MINUTE,
    )


def _sits(room: Room, version: AssessmentVersion, officer: User, *, at: datetime) -> Attempt:
    return start_attempt(version, by=officer, at=at, context_ref="promotion", context_title=version.title, room=room)


def _answers(attempt: Attempt, *, only: int, at: datetime) -> None:
    for item in list(attempt.items.select_related("question_version"))[:only]:
        version = item.question_version
        save_response(
            attempt,
            item.position,
            right_answer(version.type, version.definition),
            by=attempt.officer,
            at=at,
            device="desk",
            sequence=item.position,
        )
