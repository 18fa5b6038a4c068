"""The intake the demonstration's recruit belongs to, and the tutor whose patrols they share beside the classroom."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from courses.models import Intake, Programme, ProgrammeRelease, Recruit, ShiftNote, TutorPairing
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from courses.programmes.trainers import add_trainer
from courses.tutoring.notes import Said, correct_shift_note, write_shift_note
from courses.tutoring.pairing import pair_tutor
from courses.tutoring.rules import began_on
from people.models import User

PLACE = "Hendon"
# The next intake begins so many weeks after the first, so that somebody can be moved to it.
WEEKS_BETWEEN = 15
PAIRED_DAYS = 42


def open_intakes(people: dict[str, User], at: datetime) -> None:
    """Open two intakes of the constable entry programme; the recruit joins the first, on its first day."""
    release = Programme.objects.get(code="PCEP").current_release
    if release is None:
        raise ValueError("The constable entry programme has no release: it is shipped with one.")
    first = _open(release, people["training-admin"], at, weeks=0)
    _open(release, people["training-admin"], at, weeks=WEEKS_BETWEEN)
    add_trainer(first, people["trainer"], by=people["training-admin"], at=at, on=first.starts_on)
    join(people["recruit"], first, by=people["training-admin"], at=at)


def pair_recruit(people: dict[str, User], at: datetime) -> TutorPairing:
    """The sergeant pairs the recruit with the officer of their team."""
    day = timezone.localdate(at)
    return pair_tutor(
        _recruit(people),
        people["officer"],
        by=people["supervisor"],
        at=at,
        on=day,
        until=day + timedelta(days=PAIRED_DAYS),
        reason="The same team and shifts; first patrols beside the classroom.",
    )


def note(people: dict[str, User], went_well: str, what_next: str, *headings: str) -> Callable[[datetime], ShiftNote]:
    """Return the act of writing about the shift that ends when the act is done."""

    def write(at: datetime) -> ShiftNote:
        recruit = _recruit(people)
        day = began_on(timezone.localtime(at))
        token = uuid.uuid5(uuid.NAMESPACE_URL, f"{recruit.officer.public_id}/shift/{day}")
        said = Said(day, went_well, what_next, headings)
        return write_shift_note(recruit, said, by=people["officer"], at=at, token=token)

    return write


def correct_last_note(people: dict[str, User], what_next: str, reason: str, at: datetime) -> ShiftNote:
    """The tutor corrects what comes next in the note of the latest shift."""
    last = ShiftNote.objects.known().filter(recruit=_recruit(people)).latest("day")
    said = Said(last.day, last.went_well, what_next, [heading["code"] for heading in last.headings])
    token = uuid.uuid5(uuid.NAMESPACE_URL, f"{last.client_token}/correction")
    return correct_shift_note(last, said, by=people["officer"], at=at, reason=reason, token=token)


def _recruit(people: dict[str, User]) -> Recruit:
    found: Recruit = Recruit.objects.select_related("officer", "release__programme").get(officer=people["recruit"])
    return found


def _open(release: ProgrammeRelease, by: User, at: datetime, *, weeks: int) -> Intake:
    day = timezone.localdate(at) + timedelta(weeks=weeks)
    return open_intake(f"{day:%y}/{day:%m} {PLACE}", release, by=by, at=at, starts_on=day, place=PLACE)
