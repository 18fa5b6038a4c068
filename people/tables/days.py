"""Reading a day, a number of minutes, a yes or no, as people and systems in Britain write them. What could mean two things is refused."""

from __future__ import annotations

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YES, NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})
_HOW = "write it as 2026-11-22 or 22/11/2026"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d.*)?", re.ASCII)
_FIGURES = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{2}|\d{4})(?:,? \d\d?:\d.*)?", re.ASCII)
_MONTH_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{2}|\d{4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::[0-5]\d)?", re.ASCII)
_IN_WORDS = re.compile(
    r"(?:(\d{1,5}(?:\.\d{1,2})?) ?(?:hours?|hrs?|h))? ?(?:(\d{1,7}) ?(?:minutes?|mins?|min|m))?", re.ASCII
)
_NUMBER = re.compile(r"\d{1,7}(?:\.\d{1,6})?", re.ASCII)


class NoSuchValue(ValueError):
    """The text says no day, no length or neither yes nor no; the message is a sentence's end: ''31/02/2026' is not a day: …'."""


def day_of(text: str) -> date | None:
    """Return the day; None for an empty cell. Days come first, as in Britain.

    2026-11-22 (a time after it is left out), 22/11/2026, 22.11.2026, 22 November 2026. Refused with a reason: a year of two
    figures, a month above 12 (an American day), a day that does not exist, a bare number.
    """
    if not text:
        return None
    year, month, day = _parts(text)
    try:
        return date(int(year), month, int(day))
    except ValueError:
        american = f": days come first, {_HOW}" if month > 12 and int(day) <= 12 else f": {_HOW}"
        raise NoSuchValue(f"'{text}' is not a day{american}") from None


def _parts(text: str) -> tuple[str, int, str]:
    if iso := _ISO.fullmatch(text):
        return iso[1], int(iso[2]), iso[3]
    if found := _FIGURES.fullmatch(text):
        day, month, year = found[1], int(found[2]), found[3]
    elif found := _MONTH_IN_WORDS.fullmatch(text):
        name = found[2].lower()[:3]
        if name not in MONTHS:
            raise NoSuchValue(f"'{text}' is not a day: {_HOW}")
        day, month, year = found[1], MONTHS.index(name) + 1, found[3]
    elif re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        raise NoSuchValue(f"'{text}' is a number, not a day: give the column the format of a date, or {_HOW}")
    else:
        raise NoSuchValue(f"'{text}' is not a day: {_HOW}")
    if len(year) == 2:
        raise NoSuchValue(f"the year of '{text}' has two figures: {_HOW}")
    return year, month, day


def minutes_of(text: str, *, unit: str = "minutes") -> int | None:
    """Return whole minutes; None for an empty cell. A bare number counts in ``unit``: minutes or hours.

    1:30, 1 h 30 min and 90 min are read too.
    """
    if not text:
        return None
    how = "write whole minutes, as in 90" if unit == "minutes" else "write hours, as in 1.5 or 1:30"
    if _NUMBER.fullmatch(text):
        minutes = float(text) * (60 if unit == "hours" else 1)
    elif found := _CLOCK.fullmatch(text):
        minutes = int(found[1]) * 60 + int(found[2])
    elif (found := _IN_WORDS.fullmatch(text.lower())) and (found[1] or found[2]):
        minutes = float(found[1] or 0) * 60 + int(found[2] or 0)
    else:
        raise NoSuchValue(f"'{text}' is not a length of time: {how}")
    if abs(minutes - round(minutes)) > 0.01:
        raise NoSuchValue(f"'{text}' is not a whole number of minutes: {how}")
    return round(minutes)


def yes_or_no(text: str) -> bool | None:
    """Return what the cell says; None for an empty one."""
    if not text:
        return None
    if text.lower() not in YES | NO:
        raise NoSuchValue(f"'{text}' is neither yes nor no")
    return text.lower() in YES
