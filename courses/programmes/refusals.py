"""What is refused about programmes, intakes and recruits, and the checks several verbs share."""

from __future__ import annotations

from people import access
from people.models import User

REASON_LENGTH = 300


class RecruitRefused(Exception):
    """Something about a recruit, an intake or a programme cannot be done. The message is a sentence; ``field`` is what it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotYours(RecruitRefused):
    """Somebody who may not, or somebody deciding about themselves."""


class MovedMeanwhile(RecruitRefused):
    """Somebody else recorded something about the recruit since the page was opened."""


def checked_words(text: str, *, field: str, missing: str = "", most: int = REASON_LENGTH) -> str:
    """Return text in one line; refuse one too long and, with a ``missing`` sentence, one that says nothing."""
    line = " ".join(text.replace("\x00", "").split())
    if missing and not any(sign.isalnum() for sign in line):
        raise RecruitRefused(missing, field)
    if len(line) > most:
        raise RecruitRefused(f"That is {len(line):,} characters long and {most:,} fit. Shorten it.", field)
    return line


def refuse_unless_administrator(by: User, *, to_do: str) -> None:
    if not access.is_person(by) or not access.has_role(by, access.TRAINING_ADMIN):
        raise NotYours(f"Only a training administrator can {to_do}.")
