"""A judge rates: each question of a round, and what pass mark and share of fails they would accept at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from assessments.models import StandardCompromise, StandardJudge, StandardRating, StandardSetting
from assessments.standard_setting.reading import ROUNDS, ratings_of, stage_of
from assessments.standard_setting.refusals import StandardRefused
from people.models import User

CLOSED = "No round is open now. What you rated before is kept."


def rate(exercise: StandardSetting, ratings: Mapping[int, int], *, by: User, at: datetime) -> int:
    """Keep a judge's ratings by the question's position, in whole per cent; return how many were new or other than before."""
    judge = judge_of(exercise, by)
    number = ROUNDS.get(stage_of(exercise))
    if number is None:
        raise StandardRefused(CLOSED)
    items = {item.position: item for item in exercise.items.all()}  # type: ignore[attr-defined]
    if set(ratings) - set(items) or any(not 0 <= percent <= 100 for percent in ratings.values()):
        raise StandardRefused("Rate the questions shown, each from 0 to 100.")
    with transaction.atomic():
        before = ratings_of(judge, number)
        news = {position: percent for position, percent in ratings.items() if before.get(position) != percent}
        StandardRating.objects.bulk_create(
            StandardRating(judge=judge, item=items[position], round=number, percent=percent, at=at)
            for position, percent in news.items()
        )
    return len(news)


def accept_between(
    exercise: StandardSetting, *, marks: tuple[int, int], fails: tuple[int, int], by: User, at: datetime
) -> StandardCompromise:
    """Keep the lowest and highest pass mark and share of fails a judge would accept, in per cent; asked in the second round."""
    judge = judge_of(exercise, by)
    if ROUNDS.get(stage_of(exercise)) != 2:
        raise StandardRefused(CLOSED)
    for name, (least, most) in (("most_mark", marks), ("most_fails", fails)):
        if not 0 <= least < most <= 100:
            raise StandardRefused("The second number is the larger one, and neither is above 100.", field=name)
    return StandardCompromise.objects.create(
        judge=judge, least_mark=marks[0], most_mark=marks[1], least_fails=fails[0], most_fails=fails[1], at=at
    )


def judge_of(exercise: StandardSetting, person: User) -> StandardJudge:
    """Return somebody's place on the panel; for everybody else there is none."""
    judge = StandardJudge.objects.filter(exercise=exercise, person=person).first()
    if judge is None:
        raise StandardRefused("You are not on the panel of this exercise. Its leader asks the judges.")
    return judge
