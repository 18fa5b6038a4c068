"""A room that nobody closes: its invigilators and whoever opened it are told once, then it closes itself and stopped clocks run on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from assessments.attempts import expire_attempt, submit_attempt
from assessments.marks import rebuild_attempt
from assessments.models import AttemptState, Room, RoomEvent, RoomEventKind, StepKind
from assessments.rests import begin_rest
from assessments.rooms.opening import close_room
from assessments.rooms.pausing import run_on, stop
from assessments.rooms.reading import log_lines
from assessments.rooms.refusals import RoomRefused
from assessments.rooms.unclosed import (
    NOBODY_CLOSED,
    TELL,
    WATCH,
    close_unattended,
    closes_itself_at,
    tell_of_unclosed_room,
    watch_room,
)
from people import clock
from people.adjustments import Granted, grant_adjustment
from people.models import WaitingWork
from people.work import NotYet
from tests import factories
from tests.assessments.building import MINUTE, NOON, SECOND
from tests.assessments.rooms.sittings import HOUR, a_room, fresh, ina_of, sits

pytestmark = pytest.mark.django_db
TOLD_AT = NOON + 3 * HOUR
CLOSED_AT = NOON + 13 * HOUR


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that does the room's waiting work at a moment, and returns the seconds until it looks again, or None."""

    def do(room: Room, moment: datetime) -> float | None:
        monkeypatch.setattr(clock, "now", lambda: moment)
        try:
            watch_room(str(room.pk))
        except NotYet as wait:
            return wait.seconds
        return None

    return do


def told() -> list[str]:
    return sorted(WaitingWork.objects.filter(kind=TELL).values_list("key", flat=True))


def tell_all() -> None:
    for key in told():
        tell_of_unclosed_room(key)


def test_opening_a_room_asks_for_it_to_be_looked_after() -> None:
    room = a_room()
    assert WaitingWork.objects.get(kind=WATCH, key=str(room.pk)).due_at == TOLD_AT
    assert closes_itself_at(room) == CLOSED_AT


def test_a_room_that_was_closed_is_left_alone(at: Any) -> None:
    room = a_room()
    close_room(room, by=ina_of(room), at=NOON + HOUR)
    assert at(room, CLOSED_AT + HOUR) is None
    assert told() == []
    assert room.events.filter(kind="closed").count() == 1


def test_before_its_time_nobody_is_told(at: Any) -> None:
    room = a_room()
    assert at(room, TOLD_AT - MINUTE) == pytest.approx(60, abs=0.1)
    assert told() == []


def test_who_invigilates_and_who_opened_it_are_told_once_with_what_happens_else(at: Any) -> None:
    room = a_room()
    stop(room, sits(room), reason="Unwell", by=ina_of(room), at=NOON + 10 * MINUTE)
    assert at(room, TOLD_AT) == pytest.approx(10 * 3600, abs=0.1)
    at(room, TOLD_AT + MINUTE)
    assert told() == sorted(f"{room.pk}:{person.pk}" for person in (ina_of(room), room.created_by))
    tell_all()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        person.email for person in (ina_of(room), room.created_by)
    )
    words = " ".join(mail.outbox[0].body.split())
    assert "is not closed yet: Hendon, room 12, Monday 23 November 2026, 12:00 to 13:00." in words
    assert "The clock of one candidate stands still in it." in words
    assert "Let the clocks run on, then close it here:" in words
    assert "it closes itself on Tuesday 24 November 2026, 01:00" in words
    assert room.start_code not in words


def test_who_invigilates_no_more_is_not_told_and_nobody_is_once_it_is_closed(at: Any) -> None:
    room = a_room()
    at(room, TOLD_AT)
    close_room(room, by=ina_of(room), at=TOLD_AT)
    tell_all()
    assert mail.outbox == []


def test_while_a_test_runs_nobody_is_told_and_nothing_is_closed(at: Any) -> None:
    room = a_room()
    attempt = sits(room, extra_minutes=14 * 60)
    assert at(room, TOLD_AT) == 600
    assert at(room, CLOSED_AT) == 600
    assert told() == []
    submit_attempt(attempt, by=attempt.officer, at=CLOSED_AT)
    assert at(room, CLOSED_AT) is None
    room.refresh_from_db()
    assert room.closed_at == CLOSED_AT


def test_a_rest_is_no_clock_that_somebody_forgot(at: Any, person: Any) -> None:
    cara = factories.person("Cara")
    grant_adjustment(
        cara,
        Granted(rest_minutes=60),
        by=person("Admin", "training-admin"),
        valid_from=(NOON - timedelta(days=9)).date(),
    )
    room = a_room()
    attempt = sits(room, cara, extra_minutes=14 * 60)
    begin_rest(attempt.pk, by=cara, at=CLOSED_AT - MINUTE)
    assert at(room, CLOSED_AT) == 600


def test_it_closes_itself_and_a_stopped_clock_runs_on_with_the_time_it_had_left(at: Any) -> None:
    room = a_room()
    ina, stopped = ina_of(room), sits(room)
    stop(room, stopped, reason="Unwell", by=ina, at=NOON + 11 * MINUTE)
    assert at(room, CLOSED_AT) is None
    attempt = fresh(stopped)
    # Ten of forty minutes had gone.
    assert (attempt.paused_at, attempt.deadline_at) == (None, CLOSED_AT + 30 * MINUTE)
    step = attempt.steps.get(kind=StepKind.RESUMED)
    assert (step.by, step.data["reason"]) == (None, NOBODY_CLOSED)
    assert not rebuild_attempt(attempt)
    assert expire_attempt(attempt, at=CLOSED_AT + 31 * MINUTE).state == AttemptState.EXPIRED


def test_the_log_says_that_nobody_closed_it(at: Any) -> None:
    room = a_room()
    stop(room, sits(room), reason="Unwell", by=ina_of(room), at=NOON + 11 * MINUTE)
    at(room, CLOSED_AT)
    lines = log_lines(room)[-2:]
    assert [(line.what, line.about, line.by, line.event.words) for line in lines] == [
        ("Clock running again", "Cara", "The service", NOBODY_CLOSED),
        ("Room closed", "The whole room", "The service", NOBODY_CLOSED),
    ]


def test_closing_twice_is_closing_once(at: Any) -> None:
    room = a_room()
    at(room, CLOSED_AT)
    close_unattended(room, at=CLOSED_AT + SECOND)
    at(room, CLOSED_AT + HOUR)
    assert room.events.filter(kind="closed").count() == 1
    with pytest.raises(RoomRefused, match="The room was closed at 01:00"):
        run_on(room, None, reason="Late", by=ina_of(room), at=CLOSED_AT + HOUR)


@pytest.mark.parametrize("kind", sorted(set(RoomEventKind.values) - {"resumed", "closed"}))
def test_nothing_else_is_done_by_nobody(kind: str) -> None:
    room = a_room()
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomEvent.objects.create(room=room, kind=kind, at=NOON, by=None)


def test_its_page_says_when_it_closes_itself_and_its_log_who_did(at: Any, signed_in: Any) -> None:
    room = a_room()
    desk = signed_in(ina_of(room))
    shown = desk.get(f"/assess/rooms/{room.pk}/").content.decode()
    assert "it closes itself on Tuesday 24 November 2026, 01:00" in shown
    at(room, CLOSED_AT)
    assert "The service" in desk.get(f"/assess/rooms/{room.pk}/log/").content.decode()
    assert "closes itself on" not in desk.get(f"/assess/rooms/{room.pk}/").content.decode()
    assert b"The service" in desk.get(f"/assess/rooms/{room.pk}/log.csv").content
