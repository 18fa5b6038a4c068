"""What is refused about qualifications, and the checks several verbs share."""

from __future__ import annotations

from datetime import date

from cpd_records.activity_rules import cleaned_text, says_something
from people import access
from people.models import User

REASON_LENGTH = 300
ADMINISTRATORS = (access.TRAINING_ADMIN, access.SYSTEM_ADMIN)


class QualificationRefused(Exception):
    """Something about a qualification cannot be done. The message is a sentence for the person; ``field`` is what it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotYours(QualificationRefused):
    """Somebody who may not, or somebody acting on their own behalf."""


def checked_words(text: str, *, field: str, what: str, most: int = REASON_LENGTH, missing: str = "") -> str:
    """Return text in one line as it is kept; refuse one too long and, with a ``missing`` sentence, one that says nothing."""
    line = " ".join(cleaned_text(text).split())
    if not says_something(line):
        if missing:
            raise QualificationRefused(missing, field)
        return ""
    if len(line) > most:
        raise QualificationRefused(f"{what} is {len(line):,} characters long and {most:,} fit. Shorten it.", field)
    return line


def refuse_unless_system_admin(by: User | None) -> None:
    """Refuse anybody but a system administrator; None is the product itself, such as a command."""
    if by is not None and not access.has_role(by, access.SYSTEM_ADMIN):
        raise NotYours("Only a system administrator changes qualifications, rules and requirements.")


def refuse_unless_administrator(by: User, *, to_do: str) -> None:
    if not access.is_person(by) or not access.has_any_role(by, *ADMINISTRATORS):
        raise NotYours(f"Only a training administrator or a system administrator can {to_do}.")


def refuse_backwards(first: date, last: date | None, *, field: str = "valid_until") -> None:
    if last is not None and last < first:
        raise QualificationRefused("The end is before the beginning. Check both days.", field)
