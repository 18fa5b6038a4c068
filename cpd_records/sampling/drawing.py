"""Drawing a sample: the verb that keeps a draw as rows, everybody it was made from included."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from cpd_records.activity_rules import ActivityRefused, checked_text, cleaned_text, says_something
from cpd_records.models import Sample, SampleMember, Scheme
from cpd_records.models.schemes import WORDS_LENGTH
from cpd_records.sampling.lot import draw
from cpd_records.sampling.population import Population, Why, population_of
from people import access
from people.models import User

SEED_LENGTH = 200
MOST_MONTHS = 60
IN_ONE_STATEMENT = 2000
NOT_A_DRAWER = "Training administrators draw the sample. You do not hold that role."


class DrawRefused(ActivityRefused):
    """A sample cannot be drawn. The message is a sentence for the person; ``field`` is what it is about."""


def draw_sample(
    *,
    scheme: Scheme | None,
    starts_on: date,
    ends_on: date,
    seed: str,
    share: int,
    least_months: int,
    asked: str,
    answer_by: date,
    by: User,
    at: datetime,
) -> Sample:
    """Draw a sample of a period and keep it. ``share`` is in tenths of a per cent, ``least_months`` the service somebody needs.

    The same seed for the same period again is refused: publish a new one. Raises ``DrawRefused``.
    """
    today = timezone.localdate(at)
    if not access.has_role(by, access.TRAINING_ADMIN):
        raise DrawRefused(NOT_A_DRAWER)
    seed = " ".join(cleaned_text(seed).split())
    if not says_something(seed):
        raise DrawRefused("Enter the seed as it was published, for example lottery numbers of a day.", "seed")
    if len(seed) > SEED_LENGTH:
        raise DrawRefused(
            f"The seed is {len(seed):,} characters long and {SEED_LENGTH} fit. Publish a shorter one.", "seed"
        )
    if ends_on < starts_on:
        raise DrawRefused("The last day is before the first. Check both dates.", "ends_on")
    if starts_on > today:
        raise DrawRefused("This period has not begun, so there is nothing to assess yet.", "starts_on")
    if not 1 <= share <= 1000:
        raise DrawRefused("The share is from 0.1 to 100 per cent.", "share")
    if not 0 <= least_months <= MOST_MONTHS:
        raise DrawRefused(f"Months of service: a whole number from 0 to {MOST_MONTHS}.", "least_months")
    if answer_by < today:
        raise DrawRefused("The day to answer by has passed already.", "answer_by")
    asked = checked_text(
        asked, field="asked", what="What is asked", most=WORDS_LENGTH, missing="Say what is asked of those selected."
    )
    with transaction.atomic():
        if Sample.objects.filter(seed=seed, starts_on=starts_on, ends_on=ends_on).exists():
            raise DrawRefused("A sample of this period was drawn from this seed already. Publish a new seed.", "seed")
        people = population_of(scheme, ends_on=ends_on, on=today, least_months=least_months)
        if not people.drawn_from:
            raise _nobody(people, least_months)
        sample = Sample.objects.create(
            scheme=scheme,
            starts_on=starts_on,
            ends_on=ends_on,
            seed=seed,
            share=share,
            least_months=least_months,
            asked=asked,
            answer_by=answer_by,
            population=len(people.drawn_from),
            drawn_at=at,
            drawn_by=by,
        )
        keys = {person.public_id: pk for pk, person in people.people.items()}
        again = {people.people[pk].public_id for pk in people.again}
        lot = draw(seed, [person.public_id for person in people.drawn_from], share=share, again=again)
        members = [
            SampleMember(
                sample=sample,
                officer_id=keys[public_id],
                why=Why.BY_LOT if place <= lot.number else Why.NOT_SELECTED,
                place=place,
            )
            for place, public_id in enumerate(lot.order, 1)
        ]
        members += [SampleMember(sample=sample, officer_id=pk, why=Why.AGAIN) for pk in sorted(people.again)]
        members += [SampleMember(sample=sample, officer_id=pk, why=why) for pk, why in people.left_out.items()]
        SampleMember.objects.bulk_create(members, batch_size=IN_ONE_STATEMENT)
    return sample


def _nobody(people: Population, least_months: int) -> DrawRefused:
    """Return why there is nobody to draw from, and what to change."""
    if not people.people:
        return DrawRefused("There is nobody to draw from: nobody was posted and in this scheme on the last day.")
    left = Counter(people.left_out.values())
    new, away = left[Why.NEW], left[Why.ABSENT]
    if not new:
        return DrawRefused(f"There is nobody to draw from: all {away} are away today.")
    return DrawRefused(
        f"There is nobody to draw from: of {new + away}, {new} have less than {least_months} months of service and "
        f"{away} are away. Enter fewer months.",
        "least_months",
    )
