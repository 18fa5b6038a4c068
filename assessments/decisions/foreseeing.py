"""What a decision would change, reckoned without writing: how many outcomes, which way, and the attempts themselves.

Nobody is named: a decision is about a question, not about those who drew it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from assessments.decisions.standing import ruled_by
from assessments.marks import MarkableItem, mark_of
from assessments.models import (
    CLOSED_STATES,
    Attempt,
    AttemptItem,
    Outcome,
    QuestionDecision,
    QuestionVersion,
)
from people.models import User

AT_ONCE = 500
MOST_SHOWN = 100
GOOD = (Outcome.PASSED, Outcome.COMPLETED)


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """A drawn question with no more than its mark needs; one of a hundred of ten thousand attempts."""

    position: int
    question_version_id: int
    fraction: int | None
    response: dict[str, Any] | None
    question_version: QuestionVersion
    section: str = ""


@dataclass(frozen=True)
class Change:
    """One attempt whose mark would move. Scores in millionths."""

    title: str
    number: int
    closed_at: datetime
    score_before: int
    score_after: int
    outcome_before: str
    outcome_after: str

    @property
    def loses(self) -> bool:
        return self.outcome_before in GOOD and self.outcome_after not in GOOD

    @property
    def gains(self) -> bool:
        return self.outcome_before not in GOOD and self.outcome_after in GOOD

    @property
    def percents(self) -> tuple[int, int]:
        return self.score_before // 10_000, self.score_after // 10_000

    @property
    def outcomes(self) -> tuple[str, str]:
        return Outcome(self.outcome_before).label, Outcome(self.outcome_after).label


@dataclass
class Foreseen:
    """What a decision would do: ``touched`` attempts drew the question, of which ``unmarked`` wait for a mark and ``open`` still run.

    ``changes`` are shown, the lost passes first, then the gained ones, then the rest; the counts are of all.
    """

    touched: int = 0
    open: int = 0
    unmarked: int = 0
    lost: int = 0
    gained: int = 0
    moved: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        return self.touched - self.open - self.unmarked - self.lost - self.gained - self.moved

    @property
    def left_out(self) -> int:
        """How many changes are counted and not listed."""
        return self.lost + self.gained + self.moved - len(self.changes)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers as a confirmation keeps them."""
        return {name: getattr(self, name) for name in ("touched", "open", "unmarked", "lost", "gained", "moved")}

    @property
    def seen(self) -> str:
        """The numbers as a page sends them back, so that nobody confirms what they have not seen."""
        return "-".join(str(count) for count in self.counts.values())


def attempts_touched(decision: QuestionDecision) -> QuerySet[Attempt]:
    """Return every attempt, open ones too, that drew a version the decision names, within what it is limited to."""
    versions = decision.named.values("question_version")  # type: ignore[attr-defined]
    drawn = AttemptItem.objects.filter(question_version__in=versions).values("attempt")
    attempts = Attempt.objects.counted().filter(pk__in=drawn)
    limits = list(decision.limited_to.values_list("assessment_version", flat=True))  # type: ignore[attr-defined]
    return attempts.filter(assessment_version__in=limits) if limits else attempts


def touches_own(decision: QuestionDecision, person: User) -> bool:
    """Return whether the decision would mark an attempt of this person's."""
    return attempts_touched(decision).filter(officer=person).exists()


def foresee(decision: QuestionDecision) -> Foreseen:
    """Reckon what confirming would change. Reads attempts in chunks; for each only the answers to the question are marked."""
    named = set(decision.named.values_list("question_version", flat=True))  # type: ignore[attr-defined]
    ruled = ruled_by(decision)
    found = Foreseen()
    losing: list[Change] = []
    gaining: list[Change] = []
    moving: list[Change] = []
    versions: dict[int, QuestionVersion] = {}
    held = attempts_touched(decision).filter(responses_erased_at=None)
    for attempts in _chunks(held.order_by("closed_at", "pk")):
        items = _items_of(attempts, named, versions)
        for attempt in attempts:
            found.touched += 1
            if attempt.state not in CLOSED_STATES:
                found.open += 1
                continue
            change = _change(attempt, items[attempt.pk], named, ruled)
            if change is None:
                found.unmarked += attempt.score is None
                continue
            found.lost += change.loses
            found.gained += change.gains
            found.moved += not (change.loses or change.gains)
            pile = losing if change.loses else gaining if change.gains else moving
            if len(pile) < MOST_SHOWN:
                pile.append(change)
    found.changes = [*losing, *gaining, *moving][:MOST_SHOWN]
    return found


def _change(attempt: Attempt, items: list[DrawnItem], named: set[int], ruled: dict[str, Any]) -> Change | None:
    if attempt.score is None or attempt.closed_at is None:
        return None
    rulings, kept = rulings_over(items, named, ruled)
    mark = mark_of(attempt, items, rulings, kept=kept)
    if mark is None or (mark.score, mark.outcome) == (attempt.score, attempt.outcome):
        return None
    return Change(
        title=attempt.context_title or attempt.assessment_version.title,
        number=attempt.number,
        closed_at=attempt.closed_at,
        score_before=attempt.score,
        score_after=mark.score,
        outcome_before=attempt.outcome,
        outcome_after=mark.outcome,
    )


def rulings_over(
    items: Sequence[MarkableItem], named: set[int], ruled: dict[str, Any]
) -> tuple[dict[str, dict[str, Any]], frozenset[int]]:
    """Return the ruling on each of these questions, and the positions whose mark stays: one taken out before stays out.

    A marked attempt keeps None as the fraction of what was taken out of it.
    """
    rulings: dict[str, dict[str, Any]] = {}
    kept = set()
    for item in items:
        if item.question_version_id in named:
            rulings[str(item.position)] = ruled
        elif item.fraction is None:
            rulings[str(item.position)] = {"neutral": True}
        else:
            kept.add(item.position)
    return rulings, frozenset(kept)


def _chunks(attempts: QuerySet[Attempt]) -> Iterator[list[Attempt]]:
    keys = list(attempts.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        by_key = Attempt.objects.select_related("assessment_version").in_bulk(keys[start : start + AT_ONCE])
        yield [by_key[key] for key in keys[start : start + AT_ONCE]]


def _items_of(
    attempts: Sequence[Attempt], named: set[int], versions: dict[int, QuestionVersion]
) -> dict[UUID, list[DrawnItem]]:
    """Return what was drawn by attempt; each version is read once, and answers for the named versions alone where no other counts."""
    found: dict[UUID, list[DrawnItem]] = {attempt.pk: [] for attempt in attempts}
    rows = AttemptItem.objects.filter(attempt__in=[attempt.pk for attempt in attempts]).order_by("position")
    plain = list(rows.values_list("attempt_id", "position", "question_version_id", "fraction", "section"))
    answers = {
        (attempt, position): response
        for attempt, position, response in rows.filter(
            Q(question_version__in=named) | Q(attempt__assessment_version__counts_confidence=True)
        ).values_list("attempt_id", "position", "response")
    }
    versions |= QuestionVersion.objects.in_bulk({version for _a, _p, version, _f, _s in plain} - set(versions))
    for attempt, position, version, fraction, section in plain:
        response = answers.get((attempt, position))
        found[attempt].append(DrawnItem(position, version, fraction, response, versions[version], section))
    return found
