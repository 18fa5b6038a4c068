"""What came of a selected officer: readings by assessors, and a second assessor for every rejection; nobody reads their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from cpd_records.activity_rules import ActivityRefused, checked_text
from cpd_records.models import SampleMember, SampleReading
from people import access
from people.models import User

Outcome = SampleReading.Outcome
WORDS_LENGTH = 4000
WAITING, SECOND = "waiting", "second"
STANDINGS = {WAITING: "Waiting to be read", SECOND: "Waiting for a second assessor"}
OWN = "You cannot assess your own CPD. Another assessor does."
NOT_AN_ASSESSOR = "Training administrators assess the sample. You do not hold that role."


class ReadingRefused(ActivityRefused):
    """A reading cannot be recorded. The message is a sentence for the person; ``field`` is what it is about."""


def came_to(member: SampleMember) -> str:
    """Return an outcome's code, 'waiting' for a first reading, or 'second' where a rejection waits for a second assessor."""
    readings = list(member.readings.all())
    if not readings:
        return WAITING
    last = readings[-1]
    if last.outcome != Outcome.REJECTED:
        return str(last.outcome)
    is_second = (
        len(readings) > 1 and readings[-2].outcome == Outcome.REJECTED and readings[-2].read_by_id != last.read_by_id
    )
    return str(last.outcome) if is_second else SECOND


def standing_in_words(code: str) -> str:
    return STANDINGS.get(code) or str(Outcome(code).label)


@transaction.atomic
def record_reading(member: SampleMember, *, outcome: str, words: str, by: User, at: datetime) -> SampleReading:
    """Record what an assessor found. A rejection stands once a second assessor has rejected too; until then any outcome may follow.

    Raises ``ReadingRefused``: for one's own, without the role, after it is settled, and for a second reading by the first assessor.
    """
    current = SampleMember.objects.select_for_update(of=("self",)).select_related("officer", "sample").get(pk=member.pk)
    if access.is_own(by, current.officer):
        raise ReadingRefused(OWN)
    if not access.has_role(by, access.TRAINING_ADMIN):
        raise ReadingRefused(NOT_AN_ASSESSOR)
    if not current.is_selected:
        raise ReadingRefused("This person was not selected, so there is nothing to assess.")
    if outcome not in Outcome.values:
        raise ReadingRefused("Choose what came of it.", "outcome")
    words = checked_text(
        words,
        field="words",
        what="What the officer is told",
        most=WORDS_LENGTH,
        missing=""
        if outcome == Outcome.ACCEPTED
        else "Say what is missing or what you advise. The officer reads this.",
    )
    stands = came_to(current)
    if stands not in (WAITING, SECOND, Outcome.RETURNED):
        raise ReadingRefused(
            f"This is settled: {standing_in_words(stands).lower()}. It is not assessed again in this sample."
        )
    last = current.readings.last()
    if stands == SECOND and last is not None and last.read_by_id == by.pk:
        raise ReadingRefused("You proposed to reject this. A second assessor reads it before it is settled.")
    return SampleReading.objects.create(member=current, outcome=outcome, words=words, read_by=by, at=at)
