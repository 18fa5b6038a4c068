"""A candidate queries a question of their own result, once, in their own words, while the window is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import Attempt, AttemptItem, AttemptState, QuestionQuery
from assessments.models.queries import WORDS_LENGTH
from assessments.refusals import AttemptRefused, UnknownAttempt
from assessments.releasing import is_withheld, told_from
from people.dates import long_date
from people.models import User


class QueryRefused(AttemptRefused):
    """A query is refused; ``field`` names what to put right where the form shows it."""

    kind = "query"

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class QueryWindow:
    """Until when questions of an attempt may be queried. ``closed`` is a sentence where they cannot be now."""

    last_day: date | None
    closed: str = ""


def query_window(attempt: Attempt, *, at: datetime) -> QueryWindow:
    """Answer whether questions of a result may be queried now: so many working days after it was told, that day included."""
    rules = attempt.assessment_version
    if attempt.closed_at is None or attempt.state in (AttemptState.OPEN, AttemptState.VOIDED):
        return QueryWindow(None, "You can query a question once you have handed the test in.")
    if is_withheld(rules, at=at) or attempt.score is None:
        return QueryWindow(None, "You can query a question once you have your result.")
    if not rules.query_days:
        return QueryWindow(None, "This test takes no queries. Ask your trainer.")
    told = max(attempt.closed_at, told_from(rules) or attempt.closed_at)
    last_day = working_days_after(timezone.localdate(told), rules.query_days)
    if timezone.localdate(at) > last_day:
        return QueryWindow(
            last_day, f"Questions of this test could be queried until {long_date(last_day)}. Ask your trainer."
        )
    return QueryWindow(last_day)


def ask_query(attempt_id: UUID, position: int, *, words: str, by: User, at: datetime) -> QuestionQuery:
    """Keep a candidate's query about one question of their own attempt; those who answer see it without a name."""
    item = own_item(attempt_id, position, by=by)
    window = query_window(item.attempt, at=at)
    if QuestionQuery.objects.filter(item=item).exists():
        raise _asked_already()
    if window.closed:
        raise QueryRefused(window.closed)
    words = words.strip()
    if not words:
        raise QueryRefused("Write what you think is wrong with the question.", field="words")
    if len(words) > WORDS_LENGTH:
        raise QueryRefused(f"Use at most {WORDS_LENGTH} characters; you have used {len(words)}.", field="words")
    try:
        with transaction.atomic():
            return QuestionQuery.objects.create(item=item, officer=by, words=words, at=at)
    except IntegrityError as repeated:
        raise _asked_already() from repeated


def own_item(attempt_id: UUID, position: int, *, by: User) -> AttemptItem:
    """Return a question of somebody's own attempt; for everybody else there is none."""
    own = Attempt.objects.sat_by(by).filter(pk=attempt_id)
    items = AttemptItem.objects.filter(attempt__in=own.values("pk"), position=position)
    item = items.select_related("attempt__assessment_version", "question_version").first()
    if item is None:
        raise UnknownAttempt
    return item


def working_days_after(day: date, days: int) -> date:
    """Return the day so many working days later: Monday to Friday count, holidays are not known here."""
    left = days
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def _asked_already() -> QueryRefused:
    return QueryRefused("You have queried this question already. Its answer comes on the page of your result.")
