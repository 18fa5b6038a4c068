"""That a course and what it leads to never say different days: said of values alone, so that a folder is checked as a page is.

A certificate has one last day, so a course lasts as long as each qualification it leads to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cpd_records.currency.values import Lasting


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a course cannot lead where it says: ``code`` is the qualification it is about, None where its own months are wrong."""

    sentence: str
    code: str | None = None


def what_contradicts(codes: Sequence[str], months: int | None, known: Mapping[str, Lasting]) -> Iterator[Fault]:
    """Yield what keeps a course that lasts ``months`` from leading to the qualifications."""
    for code in codes:
        if code not in known:
            yield Fault(
                f"It leads to the qualification '{code}', and there is none of that code. Choose one there is, or take it out.",
                code,
            )
    found = [known[code] for code in codes if code in known]
    if not found:
        return
    first = found[0]
    for other in found[1:]:
        if other.months != first.months:
            yield Fault(
                f"It leads to {first.title} ({first.lasts}) and to {other.title} ({other.lasts}). A certificate has one last day, "
                "so a course leads only to qualifications that last equally long.",
                other.code,
            )
            return
    if months != first.months:
        own = "does not expire" if months is None else f"lasts {months} month{'' if months == 1 else 's'}"
        right = "Let it not expire." if first.months is None else f"Write {first.months} months."
        rule = "does not lapse" if first.months is None else f"lasts {first.lasts}"
        yield Fault(f"It {own}, but it leads to {first.title}, which {rule} by its rule. {right}")
