"""What becomes of a line, and of a whole list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from people.tables.columns import Line
from people.tables.days import NoSuchValue

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
VERDICTS = (NEW, CHANGED, UNCHANGED, REFUSED)
LONGEST_WHO = 80

Value = TypeVar("Value")


class LineRefused(Exception):
    """One line cannot be imported; the message says why, as the end of a sentence that begins with the line."""


@dataclass(frozen=True)
class Answer:
    """What became of a line, or would: ``new``, ``changed``, ``unchanged`` or ``refused``, and what was done or why not."""

    number: int
    who: str
    verdict: str
    why: str = ""

    def __str__(self) -> str:
        said = f": {self.why}" if self.why else ""
        return f"Line {self.number}, {self.who or 'nobody'}: {self.verdict}{said}"


@dataclass(frozen=True)
class Report:
    """Every line's answer, in order; ``written`` says whether anything was kept, ``sentence`` why the import stopped half-way."""

    answers: tuple[Answer, ...]
    unused: tuple[str, ...]
    written: bool
    sentence: str = ""

    @property
    def counts(self) -> Counter[str]:
        return Counter(answer.verdict for answer in self.answers)

    @property
    def is_refused(self) -> bool:
        return bool(self.counts[REFUSED])


def in_words(counts: Counter[str] | dict[str, int], verdicts: Iterable[str] = VERDICTS) -> str:
    """Return '2 new, 0 changed, 1 unchanged, 0 refused'."""
    return ", ".join(f"{counts.get(verdict, 0):,} {verdict}" for verdict in verdicts)


def read(rule: Callable[..., Value], line: Line, column: str, **more: str) -> Value:
    """Return what a rule of ``people.tables.days`` reads in a cell, or refuse the line with its reason."""
    try:
        return rule(line[column], **more)
    except NoSuchValue as problem:
        raise LineRefused(f"{column.replace('_', ' ')}: {problem}") from problem


def answered(line: Line, who: str, verdict: str, words: Iterable[str] = ()) -> Answer:
    """Return a line's answer, with what is to be known of the line itself after it."""
    return Answer(line.number, who[:LONGEST_WHO], verdict, "; ".join(filter(None, (*words, line.note))))
