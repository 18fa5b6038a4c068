"""What is asked about the people of a unit: on which day, as known when, and of what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from people import clock


@dataclass(frozen=True, slots=True)
class Question:
    """What a board, a forecast or a comparison is asked: ``unit`` None is all one supervises; ``code`` names one requirement.

    ``order`` is worst, dates or name. ``known_at`` (aware) asks for the day as it was recorded by then; None is now.
    """

    on: date
    unit: int | None = None
    code: str = ""
    order: str = "worst"
    page: int = 1
    every_column: bool = False
    known_at: datetime | None = None

    @property
    def is_today(self) -> bool:
        return self.on == clock.today() and self.known_at is None
