"""How a day is written in a sentence: one way everywhere, '28 February 2026'."""

from datetime import date


def long_date(day: date) -> str:
    """Return a day in full; of a moment, its day as it stands, so give it in local time."""
    return f"{day.day} {day:%B %Y}"
