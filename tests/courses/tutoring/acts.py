"""What the tests of tutors do again and again, through the product's own verbs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from courses.models import Recruit, ShiftNote, TutorPairing
from courses.tutoring.notes import Said, write_shift_note
from courses.tutoring.pairing import pair_tutor
from people.models import User
from tests import factories
from tests.courses.programmes.acts import START, noon, weeks
from tests.cpd_records.currency.acts import award

# What a tutor needs, and what that needs in turn.
IN_DATE_FOR = ("PPST", "FALP", "TUTOR")


def tutor(name: str = "Tom Demo", *, since: date = START, **more: Any) -> User:
    """Make somebody who is in date as a tutor from a day on."""
    made = factories.person(name, **more)
    for code in IN_DATE_FOR:
        award(made, code, since)
    return made


def paired(
    recruit: Recruit, with_tutor: User, *, by: User, on: date = START, until: date | None = None, **more: Any
) -> TutorPairing:
    """Pair them for ten weeks, or as long as said."""
    at = more.pop("at", noon(on))
    until = until or weeks(10)
    return pair_tutor(recruit, with_tutor, by=by, at=at, on=on, until=until, reason="Same team and shift", **more)


def noted(recruit: Recruit, *, by: User, day: date, at: datetime | None = None, **more: Any) -> ShiftNote:
    """Write about the shift of a day."""
    said = Said(
        day,
        more.pop("went_well", "Spoke calmly to an angry caller."),
        more.pop("what_next", "Say the grounds out loud first."),
        more.pop("headings", ()),
    )
    return write_shift_note(recruit, said, by=by, at=at or noon(day), token=more.pop("token", uuid4()))
