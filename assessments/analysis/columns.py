"""Marks as an analysis takes them: a column for each item, whole numbers of a unit, and only the marks there are.

**A missing mark.** Where a candidate has no mark on an item (a blank cell, a question not drawn, one taken out) the item was not put to
them. It is no nought: facility, deviation and times are those of the candidates who have a mark. Figures that hold several items
against each other take each mark as its distance from its item's mean, and a missing mark has none, which is the imputation of the
item's mean that Lord (1974, 'Estimation of latent ability and item parameters when there are omitted responses') starts from for items
not presented. With no mark missing this changes no figure, as a constant taken from a column changes no variance or covariance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm


@dataclass(frozen=True)
class Column:
    """One item: who has a mark (numbers of candidates from 0), their marks and the largest mark, in units."""

    name: str
    maximum: int
    who: Sequence[int]
    marks: Sequence[int]


@dataclass(frozen=True)
class Marks:
    """All marks of a test: how many candidates, how many units make one mark, a column for each item.

    ``is_drawn`` says that candidates had different questions from a bank: the test is then as long as the mean candidate's, and not as
    the number of columns.
    """

    candidates: int
    unit: int
    columns: tuple[Column, ...]
    is_drawn: bool = False


def columns_of(
    names: Sequence[str], maxima: Sequence[Fraction | None], rows: Sequence[Sequence[Fraction | None]]
) -> Marks:
    """Return the marks of a matrix: a row for each candidate, None where there is no mark.

    A maximum that is None is the largest mark seen in its column, and 0 in a column without marks.
    """
    unit = lcm(*(mark.denominator for row in rows for mark in row if mark is not None), 1)
    unit = lcm(unit, *(most.denominator for most in maxima if most is not None))
    columns = []
    for place, name in enumerate(names):
        who = [number for number, row in enumerate(rows) if row[place] is not None]
        marks = [_in_units(mark, unit) for row in rows if (mark := row[place]) is not None]
        said = maxima[place]
        most = max(marks, default=0) if said is None else _in_units(said, unit)
        columns.append(Column(name, most, who, marks))
    return Marks(len(rows), unit, tuple(columns))


def in_largest_units(marks: Marks) -> Marks:
    """Return the same marks in the largest unit in which all are whole: sums of small numbers are the quickest."""
    shared = gcd(marks.unit, *_every_number(marks.columns))
    if shared == 1:
        return marks
    known: dict[int, int] = {}

    def reduced(number: int) -> int:
        return known.setdefault(number, number // shared)

    columns = (
        Column(column.name, reduced(column.maximum), column.who, [reduced(mark) for mark in column.marks])
        for column in marks.columns
    )
    return Marks(marks.candidates, marks.unit // shared, tuple(columns), marks.is_drawn)


def _every_number(columns: Iterable[Column]) -> Iterable[int]:
    for column in columns:
        yield column.maximum
        yield from set(column.marks)


def _in_units(mark: Fraction, unit: int) -> int:
    return mark.numerator * (unit // mark.denominator)
