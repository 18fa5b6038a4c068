"""From responses to an outcome: pure arithmetic in whole millionths, compared exactly with the pass mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from assessments.certainty import counted as worth
from assessments.models import Outcome
from assessments.question_types.contract import FULL_MARKS

NO_LEAST: Mapping[str, int | None] = MappingProxyType({})


@dataclass(frozen=True)
class MarkedItem:
    """One question's mark: ``fraction`` in millionths, None while a person has yet to mark it; ``max_mark`` is what it weighs.

    ``certainty`` is how sure the candidate was, '' where that counts for nothing.
    """

    fraction: int | None
    must_pass: str = ""
    is_neutral: bool = False
    max_mark: Fraction = Fraction(1)
    section: str = ""
    certainty: str = ""


@dataclass(frozen=True)
class Mark:
    """An attempt's mark. ``fractions`` by position; None where the question was taken out. Score in millionths.

    ``failed_rules`` are the must-pass rules that were missed, ``failed_sections`` those that stayed below what they must reach.
    """

    fractions: tuple[int | None, ...]
    score: int
    outcome: str
    failed_rules: tuple[str, ...]
    failed_sections: tuple[str, ...] = ()


def mark_items(
    items: Sequence[MarkedItem],
    *,
    pass_percent: int | None,
    must_pass: bool,
    least: Mapping[str, int | None] = NO_LEAST,
) -> Mark | None:
    """Return the mark, or None while an item waits for a person. Neutral items count neither way, must-pass or not.

    ``least`` is the per cent that a section has to reach, None for no such rule. Every rule has to be kept: the pass mark of the
    whole, each section's least, and each must-pass rule; none makes up for another.
    """
    counted = [item for item in items if not item.is_neutral]
    if any(item.fraction is None for item in counted):
        return None
    total, full = marks_of(counted)
    # Certainty may take more away than was given; nobody has less than nothing.
    total = max(total, Fraction(0))
    failed = _failed_rules(counted) if must_pass else ()
    short = _failed_sections(counted, least)
    return Mark(
        fractions=tuple(None if item.is_neutral else item.fraction for item in items),
        score=(2 * total * FULL_MARKS + full) // (2 * full),
        outcome=_outcome(total, full, [*failed, *short], pass_percent),
        failed_rules=failed,
        failed_sections=short,
    )


def marks_of(items: Iterable[MarkedItem]) -> tuple[Fraction, Fraction]:
    """Return the marks given, in millionths, and full marks, of questions that count and are marked.

    With every question taken out, or none that carries a mark, they are the same: nobody can have failed.
    """
    counted = list(items)
    given = (worth(item.fraction, item.certainty) * item.max_mark for item in counted if item.fraction is not None)
    total = sum(given, Fraction(0))
    full = sum((item.max_mark for item in counted), Fraction(0)) * FULL_MARKS
    return (total, full) if full else (Fraction(FULL_MARKS), Fraction(FULL_MARKS))


def mark_data(mark: Mark, *, rulings: dict[str, Any] | None = None, reason: str = "") -> dict[str, Any]:
    """Return the data of the step that records a mark."""
    data: dict[str, Any] = {
        "fractions": list(mark.fractions),
        "score": mark.score,
        "outcome": mark.outcome,
        "failed_rules": list(mark.failed_rules),
    }
    if mark.failed_sections:
        data["failed_sections"] = list(mark.failed_sections)
    if rulings:
        data["rulings"] = rulings
    if reason:
        data["reason"] = reason
    return data


def _failed_rules(items: Sequence[MarkedItem]) -> tuple[str, ...]:
    failed = [item.must_pass for item in items if item.must_pass and item.fraction != FULL_MARKS]
    return tuple(dict.fromkeys(failed))


def _failed_sections(items: Sequence[MarkedItem], least: Mapping[str, int | None]) -> tuple[str, ...]:
    """Return the sections below what they must reach, compared exactly. One of which nothing counts any more fails nobody."""
    failed = []
    for section, percent in least.items():
        total, full = marks_of(item for item in items if item.section == section)
        if percent is not None and total * 100 < percent * full:
            failed.append(section)
    return tuple(failed)


def _outcome(total: Fraction, full: Fraction, failed: Sequence[str], pass_percent: int | None) -> str:
    if pass_percent is None:
        return str(Outcome.COMPLETED)
    # Exact: 79.99 per cent is not 80, whatever a page rounds it to.
    is_passed = total * 100 >= pass_percent * full and not failed
    return str(Outcome.PASSED if is_passed else Outcome.FAILED)
