"""Which training an officer's role, rank or unit required on the day it was done: a maximum may hold for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from cpd_records.models import Requirement
from cpd_records.schemes.careers import Career, career_of, is_on, standing_rows
from people.models import User

BY_COURSE = "course"


class Required:
    """Answers which entries were required; the requirements are read when the first award is asked about, and not before."""

    def __init__(self, officer: User) -> None:
        self._officer = officer
        self._rows: list[Any] | None = None
        self._career = Career()
        self._by_completion: dict[UUID | tuple[str, date], str] = {}

    def note_award(self, code: str, day: date, said: Mapping[str, Any]) -> None:
        """Remember that a course brought a qualification, by the completion's entry or the course's code that the award names."""
        if said.get("basis") != BY_COURSE:
            return
        if isinstance(said.get("completion"), str):
            try:
                self._by_completion[UUID(said["completion"])] = code
            except ValueError:
                return
        elif isinstance(said.get("course"), str):
            self._by_completion[said["course"], day] = code

    def of_course(self, entry: UUID, subject: str, day: date) -> bool | None:
        """Return whether what a completed course brought was required on the day; None where it brought nothing that is known."""
        code = self._by_completion.get(entry) or self._by_completion.get((subject, day))
        return None if code is None else self.of_qualification(code, day)

    def of_qualification(self, code: str, day: date) -> bool:
        """Return whether the qualification was required of the officer on the day."""
        if self._rows is None:
            self._rows = list(standing_rows(Requirement).select_related("qualification"))
            self._career = career_of(self._officer, self._rows)
        return any(
            row.qualification.code == code and is_on(row, day) and self._career.holds(row, day) for row in self._rows
        )
