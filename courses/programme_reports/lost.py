"""Weeks of training somebody lost, and why: by moving to a later intake, and while training was paused. Pure: knows no database.

A move loses the time from when the phase was begun until it is begun anew. No day is lost twice: where two moves follow each other, the
first loses until the second; what is paused within a move is the move's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from courses.programmes.states import Kind

PAUSED = "paused"
DAY = timedelta(days=1)


class StateRow(NamedTuple):
    """A row of a recruit's states that stands: what it says, from when until when."""

    kind: str
    phase: str
    intake_id: int | None
    cause: str
    valid_from: date
    valid_until: date | None

    @property
    def reason(self) -> str:
        """Nothing: reports show causes, and no reasons."""
        return ""


@dataclass(frozen=True, slots=True)
class Loss:
    """Days lost for one cause: ``first`` is the first of them, ``until`` the first day that is not lost."""

    cause: str
    first: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.first).days


def losses(rows: Sequence[StateRow], on: date) -> list[Loss]:
    """Return what was lost by a day, as the rows that stand tell it; a move counts whole from the day it was decided for."""
    moves = list(_moves(rows, on))
    return moves + list(_pauses(rows, moves, on))


def weeks(days: int) -> float:
    """Return days as weeks, to a tenth."""
    return round(days / 7, 1)


def _moves(rows: Sequence[StateRow], on: date) -> Iterator[Loss]:
    moved = sorted((row for row in rows if row.kind == Kind.INTAKE and row.cause), key=lambda row: row.valid_from)
    phases = sorted((row for row in rows if row.kind == Kind.PHASE), key=lambda row: row.valid_from)
    for number, move in enumerate(moved):
        if move.valid_from > on:
            return
        before = [
            row for row in phases if row.valid_from < move.valid_from and row.valid_until == move.valid_from - DAY
        ]
        first = before[-1].valid_from if before else move.valid_from
        anew = next((row.valid_from for row in phases if row.valid_from >= move.valid_from), None)
        ends = [day for day in (anew, moved[number + 1].valid_from if number + 1 < len(moved) else None) if day]
        if ends and min(ends) > first:
            yield Loss(move.cause, first, min(ends))


def _pauses(rows: Sequence[StateRow], moves: Sequence[Loss], on: date) -> Iterator[Loss]:
    for row in sorted((row for row in rows if row.kind == Kind.PAUSED), key=lambda row: row.valid_from):
        last = min(row.valid_until or on, on)
        yield from (Loss(PAUSED, first, until) for first, until in _without(row.valid_from, last + DAY, moves))


def _without(first: date, until: date, moves: Iterable[Loss]) -> Iterator[tuple[date, date]]:
    """Yield what of a time from ``first`` until ``until`` belongs to no move."""
    for move in sorted(moves, key=lambda one: one.first):
        if move.until <= first or move.first >= until:
            continue
        if move.first > first:
            yield first, move.first
        first = max(first, move.until)
    if first < until:
        yield first, until
