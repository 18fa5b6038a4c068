"""When a missed question comes back: boxes after Leitner. Plain values, no database.

Sebastian Leitner, 'So lernt man lernen' (Herder, 1972): what is known moves to the next box, each looked at less often than the one before;
what is missed goes back to the first. The days are ours: each box waits twice as long as the one before, so that a question is gone
after a month.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# Days a card waits in box 1, 2, …
DAYS = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Card:
    """Where a missed question lies: its box from 1, and the day it is due."""

    box: int
    due_on: date


def after_answer(card: Card | None, *, is_right: bool, on: date) -> Card | None:
    """Return the card after an answer on a day; None where there is nothing (more) to bring back.

    What was never missed gets no card. A right answer before the card is due moves nothing: practising a question five times in a
    row is not knowing it in a month.
    """
    if not is_right:
        return _in_box(1, on)
    if card is None or on < card.due_on:
        return card
    return _in_box(card.box + 1, on) if card.box < len(DAYS) else None


def after_answers(answers: Iterable[tuple[bool, date]]) -> Card | None:
    """Return the card that answers (whether right, and on which day) come to, in their order."""
    card = None
    for is_right, on in answers:
        card = after_answer(card, is_right=is_right, on=on)
    return card


def _in_box(box: int, on: date) -> Card:
    return Card(box, on + timedelta(days=DAYS[box - 1]))
