"""Why something about a room was refused: a sentence for the person, and the field it is about."""

from __future__ import annotations

from assessments.refusals import AttemptRefused


class RoomRefused(Exception):
    """Refused; ``field`` names what to put right where a form shows it."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class CodeRefused(AttemptRefused):
    """An invigilated test did not start, for want of the code of a room that is open now. What was typed is shown again."""

    kind = "code"
