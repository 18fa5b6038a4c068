"""Marking again every attempt that drew a question, after a decision on it is confirmed: in chunks, and once for each attempt.

The effect on an attempt is a row, written in one transaction with the step that marks it again: a process that is killed leaves
whole attempts, and whoever goes on finds the others.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from assessments.decisions.foreseeing import attempts_touched, rulings_over
from assessments.decisions.standing import standing_rulings
from assessments.marks import items_of, mark_of, remark
from assessments.models import (
    CLOSED_STATES,
    Attempt,
    DecisionEffect,
    DecisionStep,
    DecisionStepKind,
    QuestionDecision,
)
from assessments.open_attempts import lock_attempt
from assessments.replay import replay
from people import clock, work
from people.mail import tell_of_submission
from people.models import User

logger = logging.getLogger(__name__)
WORK = "assessments.apply_decision"
TELL = "assessments.tell_of_decision"
CHUNK = 100
# An attempt that closed in the very moment of the confirmation might be seen by neither; this finds it.
LOOK_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class WorkKey:
    """A name under which the work is asked for, and how long after."""

    name: str
    due: timedelta | None = None


def key_for(decision: QuestionDecision) -> list[WorkKey]:
    """Return under which names a confirmation asks for the marking: at once, and a second look later."""
    return [WorkKey(str(decision.pk)), WorkKey(f"{decision.pk}:again", LOOK_AGAIN)]


@work.background(WORK)
def apply_decision(key: str) -> None:
    """Mark the next hundred attempts that the decision has not reached, and come back while any is left.

    One that cannot be marked holds up no other; it is named in the log and tried again.
    """
    decision = QuestionDecision.objects.confirmed().select_related("question").get(pk=key.partition(":")[0])
    confirmed = decision.steps.select_related("by").get(kind=DecisionStepKind.CONFIRMED)
    keys = attempts_left(decision)[: CHUNK + 1]
    failed: list[Exception] = []
    for attempt in keys[:CHUNK]:
        try:
            apply_to_attempt(decision, confirmed, attempt, at=clock.now())
        except Exception as error:
            logger.exception("An attempt could not be marked again by decision %s: %s", decision.pk, attempt)
            failed.append(error)
    if failed:
        raise failed[0]
    if len(keys) > CHUNK:
        raise work.NotYet(0)


def attempts_left(decision: QuestionDecision) -> list[UUID]:
    """Return the closed attempts that drew the question and that the decision has not reached; not those whose answers were erased."""
    reached = DecisionEffect.objects.filter(decision=decision, attempt=OuterRef("pk"))
    left = attempts_touched(decision).filter(~Exists(reached), state__in=CLOSED_STATES, responses_erased_at=None)
    return list(left.order_by("pk").values_list("pk", flat=True))


def apply_to_attempt(
    decision: QuestionDecision, confirmed: DecisionStep, attempt_id: UUID, *, at: datetime
) -> DecisionEffect:
    """Mark one attempt again by a decision, once: what it was, what it became and the step stand or fall together."""
    with transaction.atomic():
        attempt = lock_attempt(Attempt.objects.filter(pk=attempt_id))
        done = DecisionEffect.objects.filter(decision=decision, attempt=attempt).first()
        if done is not None:
            return done
        before: dict[str, Any] = {"score_before": attempt.score, "outcome_before": attempt.outcome}
        is_changed = attempt.score is not None and _mark_again(decision, confirmed, attempt, at=at)
        effect = DecisionEffect.objects.create(
            decision=decision,
            attempt=attempt,
            at=at,
            **before,
            score_after=attempt.score,
            outcome_after=attempt.outcome,
            is_changed=is_changed,
        )
        if (attempt.score, attempt.outcome) != (effect.score_before, effect.outcome_before):
            work.ask(TELL, str(effect.pk))
    return effect


def _mark_again(decision: QuestionDecision, confirmed: DecisionStep, attempt: Attempt, *, at: datetime) -> bool:
    """Write the new mark; False where the attempt was marked by this decision, or a later one on the same version, when it closed."""
    items = items_of(attempt)
    earlier = {str(position): ruled for position, ruled in replay(attempt.steps.all()).rulings.items()}
    standing = standing_rulings(items, attempt.assessment_version_id)
    named = set(decision.named.values_list("question_version", flat=True))  # type: ignore[attr-defined]
    places = {str(item.position) for item in items if item.question_version_id in named}
    decided = earlier | {place: standing[place] for place in places}
    if decided == earlier:
        return False
    _rulings, kept = rulings_over(items, named, {})
    mark = mark_of(attempt, items, decided, kept=kept)
    if mark is None:
        return False
    reason = f"Question {decision.question.code}: {decision.reason}"
    told = remark(
        attempt,
        items,
        mark,
        decided,
        by=confirmed.by,
        second=_second_person(decision, confirmed),
        at=at,
        reason=reason,
        decision=str(decision.pk),
    )
    return told.is_changed


def _second_person(decision: QuestionDecision, confirmed: DecisionStep) -> User:
    """Return who stands behind a decision beside who confirmed it: who checked the law, or where that is one person, its author."""
    checked = decision.steps.select_related("by").get(kind=DecisionStepKind.CHECKED)  # type: ignore[attr-defined]
    second: User = checked.by if checked.by_id != confirmed.by_id else decision.by
    return second


@work.background(TELL)
def tell_of_decision(key: str) -> None:
    """Tell a candidate that a mark of theirs has changed; which way is read on the page, after signing in."""
    effect = DecisionEffect.objects.select_related("attempt__officer").get(pk=key)
    attempt = effect.attempt
    if attempt.context_address:
        tell_of_submission(
            attempt.officer,
            subject="A test of yours was marked again",
            template="assessments/mail/marked_again.txt",
            about={"effect": effect},
            path=f"{attempt.context_address}result/{attempt.pk}/",
            wish="approved",
        )
