"""Marking an attempt and marking it again. An earlier mark stays as its step; a later one never erases it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from assessments import question_types
from assessments.events import attempt_marked
from assessments.marking import Mark, MarkedItem, mark_data, mark_items
from assessments.models import (
    CLOSED_STATES,
    Attempt,
    AttemptItem,
    AttemptState,
    AttemptStep,
    QuestionVersion,
    StepKind,
)
from assessments.refusals import AttemptRefused, OwnAttempt, UnknownAttempt
from assessments.replay import Replayed, replay
from assessments.steps import add_step
from people.models import User

STATE_AFTER = {StepKind.SUBMITTED: AttemptState.SUBMITTED, StepKind.EXPIRED: AttemptState.EXPIRED}


@dataclass(frozen=True)
class Ruling:
    """A decision on one question of an attempt: taken out (``key_from`` None), or marked by another version's key."""

    key_from: QuestionVersion | None = None


def close_and_mark(attempt: Attempt, kind: StepKind, *, by: User | None, closed_at: datetime, at: datetime) -> Attempt:
    """Close an attempt that the caller has locked, and mark it unless a question waits for a person."""
    add_step(attempt, kind, by=by, at=closed_at)
    attempt.state = STATE_AFTER[kind]
    attempt.closed_at = closed_at
    items = _items(attempt)
    mark = _mark(attempt, items, {})
    if mark is None:
        attempt.save(update_fields=["state", "closed_at"])
        return attempt
    add_step(attempt, StepKind.MARKED, by=by, at=at, data=mark_data(mark))
    _keep_mark(attempt, items, mark, at=at)
    attempt_marked.send(sender=Attempt, attempt=attempt)
    return attempt


def remark_attempt(
    attempt: Attempt, *, by: User, at: datetime, reason: str, rulings: Mapping[int, Ruling] | None = None
) -> Attempt:
    """Mark a closed attempt again by decision: ``rulings`` by position, added to those of earlier decisions.

    Writes a step with the new mark, the reason and the rulings; those above hear of it if anything changed. Never one's own.
    """
    if by.pk == attempt.officer_id:
        raise OwnAttempt
    if not reason.strip():
        raise AttemptRefused("Say why the attempt is marked again.")
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).select_related("assessment_version").get(pk=attempt.pk)
        if locked.state not in CLOSED_STATES or locked.state == AttemptState.VOIDED:
            raise AttemptRefused("Only an attempt that was submitted can be marked again.")
        items = _items(locked)
        before = replay(locked.steps.all())
        decided = {str(position): ruling for position, ruling in before.rulings.items()}
        decided |= _as_data(rulings or {}, items)
        mark = _mark(locked, items, decided)
        if mark is None:
            raise AttemptRefused("A question of this attempt still waits to be marked by a person.")
        data = mark_data(mark, rulings=decided, reason=reason)
        add_step(locked, StepKind.REMARKED, by=by, at=at, data=data)
        is_changed = (locked.score, locked.outcome, [item.fraction for item in items]) != (
            mark.score,
            mark.outcome,
            list(mark.fractions),
        )
        _keep_mark(locked, items, mark, at=at)
        if is_changed:
            attempt_marked.send(sender=Attempt, attempt=locked)
    return locked


def rebuild_attempt(attempt: Attempt) -> bool:
    """Write the caches anew from the steps; return whether anything had been wrong."""
    with transaction.atomic():
        locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
        items = {item.position: item for item in locked.items.all()}
        replayed = replay(locked.steps.all())
        wrong = cache_of(locked, items) != _as_cache(replayed)
        if wrong:
            _write_caches(locked, items, replayed)
    return wrong


def cache_of(attempt: Attempt, items: Mapping[int, AttemptItem]) -> dict[str, Any]:
    """Return what the rows keep of an attempt, in the shape that ``replay`` gives it."""
    return {
        "attempt": [getattr(attempt, name) for name in ATTEMPT_CACHE],
        "items": {position: [getattr(item, name) for name in ITEM_CACHE] for position, item in items.items()},
    }


ATTEMPT_CACHE = ("state", "device", "turn", "closed_at", "score", "outcome", "failed_rules", "marked_at")
ITEM_CACHE = ("response", "saved_at", "turn", "sequence", "flagged", "checked_at", "fraction")


def _as_cache(replayed: Replayed) -> dict[str, Any]:
    return {
        "attempt": [getattr(replayed, name) for name in ATTEMPT_CACHE],
        "items": {position: [getattr(item, name) for name in ITEM_CACHE] for position, item in replayed.items.items()},
    }


def _write_caches(attempt: Attempt, items: Mapping[int, AttemptItem], replayed: Replayed) -> None:
    for name in ATTEMPT_CACHE:
        setattr(attempt, name, getattr(replayed, name))
    attempt.save(update_fields=list(ATTEMPT_CACHE))
    for position, told in replayed.items.items():
        for name in ITEM_CACHE:
            setattr(items[position], name, getattr(told, name))
    AttemptItem.objects.bulk_update(items.values(), ITEM_CACHE)


def _items(attempt: Attempt) -> list[AttemptItem]:
    return list(attempt.items.select_related("question_version").order_by("position"))


def _mark(attempt: Attempt, items: list[AttemptItem], rulings: Mapping[str, Mapping[str, Any]]) -> Mark | None:
    keys = QuestionVersion.objects.in_bulk(
        [ruling["key_from"] for ruling in rulings.values() if ruling.get("key_from")] if rulings else []
    )
    marked = []
    for item in items:
        ruling = rulings.get(str(item.position), {})
        question = keys.get(ruling.get("key_from"), item.question_version)
        fraction = question_types.get(question.type).mark(question.definition, item.response).fraction
        marked.append(
            MarkedItem(
                fraction, item.question_version.must_pass, is_neutral=bool(ruling) and not ruling.get("key_from")
            )
        )
    rules = attempt.assessment_version
    return mark_items(marked, pass_percent=rules.pass_percent, must_pass=rules.must_pass)


def _keep_mark(attempt: Attempt, items: list[AttemptItem], mark: Mark, *, at: datetime) -> None:
    attempt.score, attempt.outcome, attempt.failed_rules = mark.score, mark.outcome, list(mark.failed_rules)
    attempt.marked_at = at
    attempt.save(update_fields=["state", "closed_at", "score", "outcome", "failed_rules", "marked_at"])
    for item, fraction in zip(items, mark.fractions, strict=True):
        item.fraction = fraction
    AttemptItem.objects.bulk_update(items, ["fraction"])


def _as_data(rulings: Mapping[int, Ruling], items: list[AttemptItem]) -> dict[str, dict[str, Any]]:
    by_position = {item.position: item for item in items}
    data = {}
    for position, ruling in rulings.items():
        if position not in by_position:
            raise UnknownAttempt
        key = ruling.key_from
        if key is not None and key.question_id != by_position[position].question_version.question_id:
            raise AttemptRefused(f"The key for question {position} comes from a version of another question.")
        data[str(position)] = {"neutral": True} if key is None else {"key_from": key.pk}
    return data


def latest_rulings(attempt: Attempt) -> dict[int, dict[str, Any]]:
    """Return the decisions the present mark rests on, by position."""
    last = AttemptStep.objects.filter(attempt=attempt, kind=StepKind.REMARKED).order_by("-number").first()
    return {} if last is None else {int(position): ruling for position, ruling in last.data.get("rulings", {}).items()}
