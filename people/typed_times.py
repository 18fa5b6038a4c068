"""Days and moments as somebody types them on a command line."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date, datetime, time

from django.utils import timezone


def day(text: str) -> date:
    """Read a day; an unreadable one ends the command with a sentence and exit status 2."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' is no day: write it as 2026-03-03.") from error


def moment(text: str) -> datetime:
    """Read a moment; one without a zone is the force's own time, and a day alone is its end."""
    try:
        if len(text) == len("2026-03-03"):
            return timezone.make_aware(datetime.combine(date.fromisoformat(text), time.max))
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"'{text}' is no time: write it as 2026-03-03T18:00Z.") from error
    return timezone.make_aware(read) if timezone.is_naive(read) else read
