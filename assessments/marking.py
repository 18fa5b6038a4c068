"""From responses to an outcome: pure arithmetic in whole millionths, compared exactly with the pass mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.models import Outcome
from assessments.question_types.contract import FULL_MARKS


@dataclass(frozen=True)
class MarkedItem:
    """One question's mark: ``fraction`` in millionths, None while a person has yet to mark it; ``max_mark`` is what it weighs."""

    fraction: int | None
    must_pass: str = ""
    is_neutral: bool = False
    max_mark: Fraction = Fraction(1)


@dataclass(frozen=True)
class Mark:
    """An attempt's mark. ``fractions`` by position; None where the question was taken out. Score in millionths."""

    fractions: tuple[int | None, ...]
    score: int
    outcome: str
    failed_rules: tuple[str, ...]


def mark_items(items: Sequence[MarkedItem], *, pass_percent: int | None, must_pass: bool) -> Mark | None:
    """Return the mark, or None while an item waits for a person. Neutral items count neither way, must-pass or not."""
    counted = [item for item in items if not item.is_neutral]
    if any(item.fraction is None for item in counted):
        return None
    total = sum((item.fraction * item.max_mark for item in counted if item.fraction is not None), Fraction(0))
    full = sum((item.max_mark for item in counted), Fraction(0)) * FULL_MARKS
    if not full:
        # With every question taken out, or none that carries a mark, nobody can have failed.
        total = full = Fraction(FULL_MARKS)
    failed = _failed_rules(counted) if must_pass else ()
    return Mark(
        fractions=tuple(None if item.is_neutral else item.fraction for item in items),
        score=(2 * total * FULL_MARKS + full) // (2 * full),
        outcome=_outcome(total, full, failed, pass_percent),
        failed_rules=failed,
    )


def mark_data(mark: Mark, *, rulings: dict[str, Any] | None = None, reason: str = "") -> dict[str, Any]:
    """Return the data of the step that records a mark."""
    data: dict[str, Any] = {
        "fractions": list(mark.fractions),
        "score": mark.score,
        "outcome": mark.outcome,
        "failed_rules": list(mark.failed_rules),
    }
    if rulings:
        data["rulings"] = rulings
    if reason:
        data["reason"] = reason
    return data


def _failed_rules(items: Sequence[MarkedItem]) -> tuple[str, ...]:
    failed = [item.must_pass for item in items if item.must_pass and item.fraction != FULL_MARKS]
    return tuple(dict.fromkeys(failed))


def _outcome(total: Fraction, full: Fraction, failed: Sequence[str], pass_percent: int | None) -> str:
    if pass_percent is None:
        return str(Outcome.COMPLETED)
    # Exact: 79.99 per cent is not 80, whatever a page rounds it to.
    is_passed = total * 100 >= pass_percent * full and not failed
    return str(Outcome.PASSED if is_passed else Outcome.FAILED)
