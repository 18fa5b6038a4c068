"""Marking an attempt and marking it again. An earlier mark stays as its step; a later one never erases it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol

from django.db import transaction

from assessments import question_types
from assessments.blueprints import least_by_section
from assessments.certainty import certainty_of
from assessments.decisions.standing import standing_rulings
from assessments.marking import Mark, MarkedItem, mark_data, mark_items
from assessments.models import (
    Attempt,
    AttemptItem,
    AttemptState,
    QuestionVersion,
    StepKind,
)
from assessments.question_types.contract import FULL_MARKS
from assessments.releasing import tell_or_wait
from assessments.replay import Replayed, replay
from assessments.rulings import Ruled, is_awarded, is_neutral, key_ids, keys_by_id
from assessments.steps import add_step
from people import work
from people.models import User

SEND_RECEIPT = "assessments.send_receipt"
STATE_AFTER = {StepKind.SUBMITTED: AttemptState.SUBMITTED, StepKind.EXPIRED: AttemptState.EXPIRED}

MARKS = (StepKind.MARKED, StepKind.REMARKED, StepKind.MODERATED)


class MarkableItem(Protocol):
    """A drawn question with its answer, as far as a mark needs it; ``AttemptItem`` rows are such. ``fraction`` is the mark so far."""

    @property
    def position(self) -> int: ...
    @property
    def question_version_id(self) -> int: ...
    @property
    def section(self) -> str: ...
    @property
    def fraction(self) -> int | None: ...
    @property
    def response(self) -> Any: ...
    @property
    def question_version(self) -> QuestionVersion: ...


@dataclass(frozen=True)
class Remarked:
    """What marking again came to. ``data`` is what the step keeps; ``is_changed`` says whether any mark moved."""

    data: dict[str, Any]
    is_changed: bool


def close_and_mark(attempt: Attempt, kind: StepKind, *, by: User | None, closed_at: datetime, at: datetime) -> Attempt:
    """Close an attempt that the caller has locked, and mark it, by the decisions there are, unless a question waits for a person.

    Its candidate gets a receipt by mail.
    """
    add_step(attempt, kind, by=by, at=closed_at)
    work.ask(SEND_RECEIPT, str(attempt.pk))
    attempt.state = STATE_AFTER[kind]
    attempt.closed_at = closed_at
    attempt.paused_at = None
    items = items_of(attempt)
    rulings = standing_rulings(items, attempt.assessment_version_id)
    mark = mark_of(attempt, items, rulings)
    if mark is None:
        attempt.save(update_fields=["state", "closed_at", "paused_at"])
        return attempt
    add_step(attempt, StepKind.MARKED, by=by, at=at, data=mark_data(mark, rulings=rulings))
    _keep_mark(attempt, items, mark, at=at)
    tell_or_wait(attempt, at=at)
    return attempt


def remark(
    attempt: Attempt,
    items: list[AttemptItem],
    mark: Mark,
    rulings: Mapping[str, Ruled],
    *,
    by: User,
    second: User,
    at: datetime,
    reason: str,
    decision: str,
) -> Remarked:
    """Write a new mark of an attempt the caller has locked: a step, the caches, and word to those above if anything changed.

    It always follows a ``decision`` on a question, by its id: ``by`` confirmed it, and ``second`` stands behind it too. Who may is
    said there.
    """
    data = {**mark_data(mark, rulings=dict(rulings), reason=reason), "decision": decision}
    add_step(attempt, StepKind.REMARKED, by=by, at=at, data=data)
    is_changed = (attempt.score, attempt.outcome, [item.fraction for item in items]) != (
        mark.score,
        mark.outcome,
        list(mark.fractions),
    )
    _keep_mark(attempt, items, mark, at=at)
    if is_changed:
        tell_or_wait(attempt, at=at, by=by, second=second, reason=reason)
    return Remarked(data, is_changed)


def rebuild_attempt(attempt: Attempt) -> bool:
    """Write the caches anew from the steps; return whether anything had been wrong."""
    with transaction.atomic():
        locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
        items = {item.position: item for item in locked.items.all()}
        replayed = replay(locked.steps.all())
        wrong = cache_of(locked, items) != cache_as_told(replayed, locked)
        if wrong:
            _write_caches(locked, items, replayed)
    return wrong


def cache_of(attempt: Attempt, items: Mapping[int, AttemptItem]) -> dict[str, Any]:
    """Return what the rows keep of an attempt, in the shape that ``replay`` gives it."""
    return {
        "attempt": [getattr(attempt, name) for name in ATTEMPT_CACHE],
        "items": {position: [getattr(item, name) for name in ITEM_CACHE] for position, item in items.items()},
    }


ATTEMPT_CACHE = (
    "state",
    "device",
    "turn",
    "paused_at",
    "reached",
    "closed_at",
    "score",
    "outcome",
    "failed_rules",
    "marked_at",
    "deadline_at",
)
ITEM_CACHE = ("response", "saved_at", "turn", "sequence", "flagged", "checked_at", "fraction")


def cache_as_told(replayed: Replayed, attempt: Attempt) -> dict[str, Any]:
    """Return what the steps tell, in the shape of ``cache_of``; the deadline is the attempt's own where no step says it."""
    if not replayed.tells_deadline:
        replayed.deadline_at = attempt.deadline_at
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


def items_of(attempt: Attempt) -> list[AttemptItem]:
    """Return the questions of an attempt in their order, with what they say."""
    return list(attempt.items.select_related("question_version").order_by("position"))


def mark_of(
    attempt: Attempt, items: Sequence[MarkableItem], rulings: Mapping[str, Ruled], *, kept: frozenset[int] = frozenset()
) -> Mark | None:
    """Return the mark of these answers under rulings by position, or None where one waits for a person.

    ``kept`` are positions whose fraction stays as it is: a decision on one question moves no other.
    """
    keys = keys_by_id(rulings.values())
    marked = [
        MarkedItem(
            item.fraction if item.position in kept else _fraction(item, rulings.get(str(item.position), {}), keys),
            item.question_version.must_pass,
            is_neutral=is_neutral(rulings.get(str(item.position), {})),
            max_mark=Fraction(item.question_version.max_mark),
            section=item.section,
            certainty=certainty_in(attempt, item, rulings.get(str(item.position), {})),
        )
        for item in items
    ]
    rules = attempt.assessment_version
    least = least_by_section(rules)
    return mark_items(marked, pass_percent=rules.pass_percent, must_pass=rules.must_pass, least=least)


def certainty_in(attempt: Attempt, item: MarkableItem, ruled: Ruled) -> str:
    """Return how sure the candidate was, where that counts; a mark that everybody is given is given whole."""
    if not attempt.assessment_version.counts_confidence or is_awarded(ruled):
        return ""
    return certainty_of(item.question_version, item.response)


def _fraction(item: MarkableItem, ruled: Ruled, keys: Mapping[int, QuestionVersion]) -> int | None:
    """Return one answer's fraction in millionths, by the best of the keys it is marked by."""
    if is_awarded(ruled):
        return FULL_MARKS
    versions = [keys[key] for key in key_ids(ruled)] or [item.question_version]
    fractions = [question_types.asked(one.type, one.definition).mark(item.response).fraction for one in versions]
    given = [fraction for fraction in fractions if fraction is not None]
    return max(given) if given else None


def _keep_mark(attempt: Attempt, items: list[AttemptItem], mark: Mark, *, at: datetime) -> None:
    attempt.score, attempt.outcome, attempt.failed_rules = mark.score, mark.outcome, list(mark.failed_rules)
    attempt.marked_at = at
    attempt.save(update_fields=["state", "closed_at", "paused_at", "score", "outcome", "failed_rules", "marked_at"])
    for item, fraction in zip(items, mark.fractions, strict=True):
        item.fraction = fraction
    AttemptItem.objects.bulk_update(items, ["fraction"])
