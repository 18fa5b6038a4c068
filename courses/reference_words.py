"""How a reference to law or guidance was checked, and how sure one is of it, in the words of a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from people.dates import long_date

AGAINST = {
    "live": "against the official text",
    "stored-copy": "against a copy of the official text",
    "secondary": "against a secondary source",
    "not-checked": "against no source",
}
CONFIDENCE = {"H": "high", "M": "medium", "L": "low"}


def check_in_words(reference: Mapping[str, Any]) -> str:
    """Return 'Checked 22 November 2026 by A. Demo against the official text' or 'Not checked', of a reference as a release keeps it."""
    if not reference["checked_on"]:
        return "Not checked"
    day = date.fromisoformat(reference["checked_on"])
    by = f" by {reference['checked_by']}" if reference["checked_by"] else ""
    return f"Checked {long_date(day)}{by} {AGAINST[reference['against']]}"


def confidence_in_words(reference: Mapping[str, Any]) -> str:
    return CONFIDENCE[reference["confidence"]]
