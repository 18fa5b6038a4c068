"""How figures, hours and days are written on screen. Whole minutes in, words out; London time; the 24-hour clock."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as format_date

from people import durations

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
NUMBER_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def hours(minutes: int) -> str:
    """75 -> '1 h 15 min', 540 -> '9 h', 45 -> '45 min'; the parts do not break apart."""
    return durations.hours(minutes).replace(" ", NO_BREAK_SPACE)


def in_london(value: date) -> date:
    """Return a moment as it is on the clock in London; a plain day as it is."""
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day_as(value: date, pattern: str) -> str:
    return format_date(in_london(value), pattern)


def ledger_number(value: int) -> str:
    """52117 -> '52 117' with narrow spaces that do not break."""
    return f"{int(value):,}".replace(",", NARROW_SPACE)


def in_words(value: int) -> str:
    """Numbers to nine as words, larger ones in figures."""
    return NUMBER_WORDS[value] if 0 <= value < len(NUMBER_WORDS) else str(value)


def code_groups(code: str) -> str:
    """7KQ4M2XD9TRF -> '7KQ4 M2XD 9TRF'."""
    plain = code.replace(" ", "").replace("-", "")
    return NO_BREAK_SPACE.join(plain[start : start + 4] for start in range(0, len(plain), 4))
