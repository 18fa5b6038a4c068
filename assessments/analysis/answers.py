"""What candidates answered: which options the weak and the strong chose, what was left blank, how long it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from assessments.analysis.moments import middle, product_moment
from assessments.question_types import Choice

THIRDS = 3


@dataclass(frozen=True)
class OptionFigures:
    """One choice: how many chose it, their share in the lowest, middle and highest third of candidates, and how it goes with the rest.

    ``correlation`` is that of choosing it with the total of the rest of the test: above 0 for a key, below 0 for a good distractor. A
    share is None where a third is empty. ``group`` is of what it is a choice, such as 'Gap 2'; '' where a question asks for one thing.
    """

    option: str
    text: str
    is_right: bool
    chosen: int
    by_third: tuple[float | None, float | None, float | None]
    correlation: float | None
    group: str = ""


@dataclass(frozen=True)
class Blanks:
    """How many left an item blank: with an answer to a later question (omitted), or with none after it (not reached)."""

    omitted: int = 0
    not_reached: int = 0


def thirds_of(strengths: Sequence[int]) -> list[int]:
    """Return for each candidate 0, 1 or 2: the weakest, middle or strongest third.

    Equals stand together, at the middle of the places they share, so that the order of the rows decides nothing.
    """
    counts, below, third = Counter(strengths), 0, {}
    for strength in sorted(counts):
        # The middle of their places counted from the half, out of all places: exact in whole numbers.
        third[strength] = THIRDS * (2 * below + counts[strength]) // (2 * len(strengths))
        below += counts[strength]
    return [third[strength] for strength in strengths]


def option_figures(
    choices: Sequence[Choice], chosen: Sequence[Sequence[str]], rests: Sequence[int], thirds: Sequence[int]
) -> list[OptionFigures]:
    """Return the figures of a question's choices; ``chosen``, ``rests`` and ``thirds`` are of the same candidates in the same order."""
    if not choices:
        return []
    count, total = len(rests), sum(rests)
    spread = count * sum(rest * rest for rest in rests) - total**2
    sizes = Counter(thirds)
    times: dict[str, list[int]] = {choice.id: [0] * THIRDS for choice in choices}
    sums = dict.fromkeys(times, 0)
    for picked, rest, third in zip(chosen, rests, thirds, strict=True):
        for option in picked:
            if option in times:
                times[option][third] += 1
                sums[option] += rest
    figures = []
    for choice in choices:
        by = sum(times[choice.id])
        shares = [times[choice.id][third] / sizes[third] if sizes[third] else None for third in range(THIRDS)]
        together = product_moment(count * sums[choice.id] - by * total, count * by - by**2, spread)
        by_third = (shares[0], shares[1], shares[2])
        figures.append(OptionFigures(choice.id, choice.text, choice.is_right, by, by_third, together, choice.group))
    return figures


def blank_places(answered: Sequence[bool]) -> tuple[list[int], list[int]]:
    """Return the places (from 0) omitted and not reached by one candidate, from whether each question in their order was answered.

    As Lord (1974) has it: blanks after the last answer were not reached, others were seen and left.
    """
    last = max((place for place, is_answered in enumerate(answered) if is_answered), default=-1)
    blanks = [place for place, is_answered in enumerate(answered) if not is_answered]
    return [place for place in blanks if place < last], [place for place in blanks if place > last]


def seconds_on_questions(events: Sequence[tuple[datetime, int | None]]) -> dict[int, float]:
    """Return the seconds one candidate spent on each position: from events in their order, each with its position or None.

    The time since the event before belongs to an event's position; the first event is the start. What one question took adds up.
    Where answers to several questions came at one moment, as from a page with all of them and no script, nobody knows which of them
    took the time: it is counted for none.
    """
    seconds: dict[int, float] = {}
    before: datetime | None = None
    for at, together in groupby(events, key=itemgetter(0)):
        positions = {position for _at, position in together}
        position = positions.pop() if len(positions) == 1 else None
        if before is not None and position is not None:
            seconds[position] = seconds.get(position, 0.0) + max(0.0, (at - before).total_seconds())
        before = at
    return seconds


def median_seconds(times: Sequence[float]) -> float | None:
    """Return the median of times in seconds, to the millisecond; None without any."""
    found = middle([round(one * 1000) for one in times])
    return None if found is None else float(found / 1000)
