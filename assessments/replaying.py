"""Rebuilding every attempt from its steps: the rows from the fold, and the recorded mark held against marking anew.

A recorded mark is never changed here: where marking anew gives another, that is said, and a decision somebody takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from assessments.marks import cache_as_told, cache_of, items_of, mark_of, rebuild_attempt
from assessments.models import Attempt
from assessments.replay import replay


@dataclass
class Report:
    """What replaying found: attempts read, those whose rows were wrong, those whose mark comes out otherwise today."""

    attempts: int = 0
    wrong_rows: list[UUID] = field(default_factory=list)
    other_marks: list[UUID] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.wrong_rows and not self.other_marks


def replay_attempts(*, assessment: str = "", is_dry: bool = False) -> Report:
    """Replay every attempt, or those at the assessment of this code; rows that were wrong are written anew unless ``is_dry``."""
    report = Report()
    for attempt in _attempts(assessment):
        report.attempts += 1
        if is_dry:
            items = {item.position: item for item in attempt.items.all()}
            wrong = cache_of(attempt, items) != cache_as_told(replay(attempt.steps.all()), attempt)
        else:
            wrong = rebuild_attempt(attempt)
        if wrong:
            report.wrong_rows.append(attempt.pk)
        if not marks_the_same(attempt):
            report.other_marks.append(attempt.pk)
    return report


def marks_the_same(attempt: Attempt) -> bool:
    """Return whether the answers in the steps, under the rulings in the steps, come to the recorded mark today.

    True where there is no mark, where a person has to give one, or where the answers were lawfully erased.
    """
    if attempt.responses_erased_at is not None:
        return True
    with transaction.atomic():
        told = replay(attempt.steps.all())
        if told.score is None:
            return True
        items = items_of(attempt)
        for item in items:
            item.response = told.items[item.position].response
        rulings = {str(position): ruled for position, ruled in told.rulings.items()}
        mark = mark_of(attempt, items, rulings)
    if mark is None:
        return True
    fractions = tuple(told.items[position].fraction for position in sorted(told.items))
    recorded = (told.score, told.outcome, tuple(told.failed_rules), tuple(told.failed_sections), fractions)
    return recorded == (mark.score, mark.outcome, mark.failed_rules, mark.failed_sections, mark.fractions)


def _attempts(assessment: str) -> Iterator[Attempt]:
    attempts = Attempt.objects.order_by("pk").select_related("assessment_version")
    if assessment:
        attempts = attempts.filter(assessment_version__assessment__code=assessment)
    return attempts.iterator(chunk_size=200)
