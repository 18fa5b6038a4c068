"""What reading a file comes to: every question in it, whole or named with its line and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.question_types.exchange import Exchanged

MOST_BYTES = 100 * 1024 * 1024


class Unreadable(Exception):
    """The file as a whole cannot be read; the message is a sentence for whoever handed it in."""


@dataclass(frozen=True)
class Skipped:
    """A question that does not arrive: where it stands (line 0 where a file has none), what it is called, and why not."""

    line: int
    name: str
    reason: str


class NotRead(ValueError):
    """One question of a file cannot be read; the message is a sentence that says why."""


Found = Exchanged | Skipped


@dataclass(frozen=True)
class Reading:
    """A file as it was read. ``format`` is its short name."""

    format: str
    found: Sequence[Found]
