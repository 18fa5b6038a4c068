"""Opening a room, who invigilates it, who is expected in it, its start code, and closing it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from assessments.assessment_rules import current_version
from assessments.authors import may_open_rooms
from assessments.models import (
    Assessment,
    Room,
    RoomCandidate,
    RoomEventKind,
    RoomInvigilator,
)
from assessments.refusals import clock_time, day_and_time
from assessments.rooms.codes import new_code
from assessments.rooms.locking import NOT_A_LEADER, Who, lock_room, log_event, sits_in
from assessments.rooms.pausing import stopped_by_invigilator
from assessments.rooms.refusals import RoomRefused
from assessments.rooms.unclosed import watch
from people import work
from people.mail import tell_of_submission
from people.models import User

PLACE_LENGTH = 120
LONGEST_SITTING = timedelta(hours=24)
TELL = "assessments.tell_invigilator"


def open_room(
    assessment: Assessment,
    *,
    place: str,
    opens_at: datetime,
    closes_at: datetime,
    invigilators: Iterable[User],
    expected: Iterable[User] = (),
    by: User,
    at: datetime,
) -> Room:
    """Open a room for a sitting and give it a start code. Tests start from ``opens_at`` to before ``closes_at``.

    ``expected`` are the candidates who should come, as far as somebody gave names.
    """
    invigilators, expected = list(dict.fromkeys(invigilators)), list(dict.fromkeys(expected))
    place = place.strip()
    _refuse_strangers(assessment, by)
    version = current_version(assessment)
    if version is None or not version.is_invigilated:
        raise RoomRefused(
            "This assessment is not invigilated, so it starts without a room. Say so in its rules first.",
            field="assessment",
        )
    if not place:
        raise RoomRefused("Say where the room is, for example Hendon, room 12.", field="place")
    if len(place) > PLACE_LENGTH:
        raise RoomRefused(f"Use at most {PLACE_LENGTH} characters for the place.", field="place")
    _refuse_times(opens_at, closes_at, at=at)
    if not invigilators:
        raise RoomRefused("Name at least one person who invigilates.", field="invigilators")
    with transaction.atomic():
        room = Room.objects.create(
            assessment=assessment,
            place=place,
            opens_at=opens_at,
            closes_at=closes_at,
            start_code=new_code(),
            created_at=at,
            created_by=by,
        )
        words = f"{version.title}, from {day_and_time(opens_at)} to {clock_time(closes_at)}"
        log_event(room, RoomEventKind.OPENED, by=by, at=at, words=words)
        if expected:
            _expect(room, expected, by=by, at=at)
        for person in invigilators:
            _add(room, person, by=by, at=at)
        watch(room)
    return room


def add_invigilator(room: Room, person: User, *, by: User, at: datetime) -> RoomInvigilator:
    """Let somebody invigilate the room too; they are told by mail."""
    with transaction.atomic():
        locked = lock_room(room, Who.LEADERS, by=by)
        return _add(locked, person, by=by, at=at)


def take_invigilator_off(room: Room, person: User, *, by: User, at: datetime) -> RoomInvigilator:
    """Let somebody invigilate the room no more. A room that is not closed keeps at least one."""
    with transaction.atomic():
        locked = lock_room(room, Who.LEADERS, by=by)
        here = {row.invigilator_id: row for row in locked.invigilators.filter(left_at__isnull=True)}
        row: RoomInvigilator | None = here.get(person.pk)
        if row is None:
            raise RoomRefused(f"{person.name} does not invigilate this room. Nothing was changed.")
        if len(here) == 1:
            raise RoomRefused("Nobody would be left to invigilate. Add somebody else first.")
        row.left_at = at
        row.save(update_fields=["left_at"])
        log_event(locked, RoomEventKind.INVIGILATOR_LEFT, by=by, at=at, words=person.name)
    return row


def expect_candidates(room: Room, officers: Iterable[User], *, by: User, at: datetime) -> None:
    """Say anew who is expected; nobody is a wish as well. Whoever has started stays in the room, on the list or not."""
    with transaction.atomic():
        locked = lock_room(room, Who.LEADERS, by=by)
        _expect(locked, list(dict.fromkeys(officers)), by=by, at=at)


def change_code(room: Room, *, by: User, at: datetime) -> Room:
    """Give the room another start code: the one before starts nothing from now on. For its leaders and invigilators."""
    with transaction.atomic():
        locked = lock_room(room, Who.EITHER, by=by)
        locked.start_code = new_code(unlike=locked.start_code)
        locked.save(update_fields=["start_code"])
        log_event(locked, RoomEventKind.CODE_CHANGED, by=by, at=at)
    return locked


def close_room(room: Room, *, by: User, at: datetime) -> Room:
    """Close the room: nothing starts in it and no clock is stopped from it any more. Tests that run go on to their own end."""
    with transaction.atomic():
        locked = lock_room(room, Who.EITHER, by=by)
        if stopped := len(stopped_by_invigilator(locked)):
            whose = "one candidate" if stopped == 1 else f"{stopped} candidates"
            raise RoomRefused(f"The clock of {whose} is stopped. Let it run on first, then close the room.")
        locked.closed_at = at
        locked.save(update_fields=["closed_at"])
        log_event(locked, RoomEventKind.CLOSED, by=by, at=at)
    return locked


@work.background(TELL)
def tell_invigilator(key: str) -> None:
    """Tell somebody that they invigilate; the start code stays out of mail."""
    row = RoomInvigilator.objects.select_related("room__assessment", "invigilator", "added_by").get(pk=key)
    tell_of_submission(
        row.invigilator,
        subject="You invigilate a test",
        template="assessments/mail/invigilator.txt",
        about={"row": row, "room": row.room, "version": current_version(row.room.assessment)},
        path=f"/assess/rooms/{row.room_id}/",
    )


def _refuse_strangers(assessment: Assessment, by: User) -> None:
    if not may_open_rooms(by, assessment.family):
        raise RoomRefused(NOT_A_LEADER)


def _refuse_times(opens_at: datetime, closes_at: datetime, *, at: datetime) -> None:
    if closes_at <= opens_at:
        raise RoomRefused(
            "The room closes before it opens. Give a later time until which tests start.", field="closes_at"
        )
    if closes_at - opens_at > LONGEST_SITTING:
        raise RoomRefused("A room is for one sitting, so it is open for a day at most.", field="closes_at")
    if closes_at <= at:
        raise RoomRefused("This time is past. Give one that is still to come.", field="closes_at")


def _add(room: Room, person: User, *, by: User, at: datetime) -> RoomInvigilator:
    if room.invigilators.filter(invigilator=person, left_at__isnull=True).exists():
        raise RoomRefused(f"{person.name} invigilates this room already.", field="invigilators")
    if not person.is_active:
        raise RoomRefused(f"The account of {person.name} is closed.", field="invigilators")
    if room.expected.filter(officer=person).exists() or sits_in(room, person):
        raise RoomRefused(
            f"{person.name} is a candidate in this room, and nobody invigilates their own test.", field="invigilators"
        )
    row: RoomInvigilator = room.invigilators.create(invigilator=person, since_at=at, added_by=by)
    log_event(room, RoomEventKind.INVIGILATOR_ADDED, by=by, at=at, words=person.name)
    if person.pk != by.pk:
        work.ask(TELL, str(row.pk))
    return row


def _expect(room: Room, officers: list[User], *, by: User, at: datetime) -> None:
    watching = set(room.invigilators.filter(left_at__isnull=True).values_list("invigilator", flat=True))
    if both := [officer.name for officer in officers if officer.pk in watching]:
        raise RoomRefused(
            f"{both[0]} invigilates this room, and nobody invigilates their own test. Take them off one of the lists.",
            field="expected",
        )
    before = set(room.expected.values_list("officer", flat=True))
    wanted = {officer.pk for officer in officers}
    if before == wanted:
        return
    room.expected.exclude(officer__in=wanted).delete()
    RoomCandidate.objects.bulk_create(RoomCandidate(room=room, officer_id=one) for one in sorted(wanted - before))
    words = f"Expected: {len(wanted)}. Added: {len(wanted - before)}. Taken off: {len(before - wanted)}."
    log_event(room, RoomEventKind.EXPECTED, by=by, at=at, words=words)
