"""What learners post from a step's page: one form for the whole page, so that no button loses what stands in another field."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from assessments import question_types
from assessments.question_types import BadResponse
from courses.outlines import Lesson

CHECK, REFLECT = "check:", "reflect:"
SAVE = "save"


class StepPost:
    """The fields of a step's page. ``act`` is ``next``, ``place``, ``save``, or ``check`` or ``reflect`` with a ``slot``.

    ``reflections`` holds every reflection on the page by slot; ``checks`` the slots to be marked: the one whose button was pressed, or,
    when Enter was pressed in a field, those that were answered. ``fields`` are all of them, to be shown again.
    """

    BadResponse = BadResponse

    def __init__(self, data: QueryDict, *, lesson: Lesson) -> None:
        self._data, self._lesson = data, lesson
        act = str(data.get("do") or "next")
        self.act, _, self.slot = act.partition(":")
        self.reflections = {slot: _lines(str(data[slot])) for slot in lesson.reflections if slot in data}
        self.fields = data
        self.checks: list[str] = []
        if self.act == "check":
            self.checks = [self.slot]
        elif self.act == SAVE:
            self.checks = [slot for slot in lesson.checks if self._has_answer(slot)]
            self.slot = next(iter([*self.checks, *self.reflections]), "")

    def response_to(self, slot: str) -> dict[str, Any] | None:
        """Return the response posted to a check, None for no answer; raises ``BadResponse``. An unknown slot has no response."""
        check = self._lesson.checks.get(slot)
        if check is None:
            return None
        return question_types.asked(check["type"], check["definition"]).parse(self._data, slot)

    def _has_answer(self, slot: str) -> bool:
        """Return whether any field of a check was filled in: the one of its name, or one whose name begins with it and a dot."""
        names = [name for name in self._data if name == slot or name.startswith(f"{slot}.")]
        return any(str(value).strip() for name in names for value in self._data.getlist(name))


def _lines(text: str) -> str:
    """Return text with the line ends that browsers change put back, and without characters no database takes."""
    return text.replace("\r\n", "\n").replace("\0", "").strip("\n")
