"""Why something about a standard-setting exercise was refused: a sentence for the person, and the field it is about."""

from __future__ import annotations


class StandardRefused(Exception):
    """Refused; ``field`` names what to put right where a form shows it."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
