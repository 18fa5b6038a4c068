"""The payload of an entry, and its canonical bytes by RFC 8785.

WARNING. Every entry ever written depends on every byte that comes out of here: its commitment is a hash of them. Nothing here may
change for payloads of version 1. A different rule is a new version, written beside this one and chosen by the payload's ``v``.
"""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import rfc8785

VERSION = 1
LARGEST_INTEGER = 2**53 - 1
DEEPEST = 32


class PayloadRefused(ValueError):
    """A payload that cannot be written so that everybody reads the same bytes; the message says which part and why."""


def day_text(day: date) -> str:
    """Return a day as ``YYYY-MM-DD``."""
    if isinstance(day, datetime):
        raise PayloadRefused(f"{day!r} is a time, and a day is wanted.")
    return day.isoformat()


def time_text(moment: datetime) -> str:
    """Return an aware moment as UTC, ``YYYY-MM-DDTHH:MM:SS.ffffffZ``, always with six digits."""
    if moment.tzinfo is None:
        raise PayloadRefused(f"{moment!r} has no time zone: say which moment is meant.")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def plain(value: Any, where: str = "payload") -> Any:
    """Return ``value`` in the words of the format: strings in NFC, days, times and UUIDs as text, tuples as lists.

    What has no place in the format (floats, null, sets, …) is left as it is, for ``canonical_bytes`` to refuse by name.
    """
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str.__str__(value))
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(item, f"{where}[{place}]") for place, item in enumerate(value)]
    if isinstance(value, Mapping):
        members = {plain(key, where): plain(item, f"{where}.{key}") for key, item in value.items()}
        if len(members) != len(value):
            raise PayloadRefused(f"Two names in {where} are the same text once it is in NFC.")
        return members
    return value


def canonical_bytes(payload: Mapping[str, Any]) -> bytes:
    """Return the canonical UTF-8 bytes of a payload, or raise ``PayloadRefused`` naming the part that has no place in it."""
    if not isinstance(payload, Mapping):
        raise PayloadRefused("A payload is an object with named members.")
    _check(payload, "payload", 0)
    return rfc8785.dumps(payload)


def _check(value: Any, where: str, depth: int) -> None:
    if depth > DEEPEST:
        raise PayloadRefused(f"{where} is nested more than {DEEPEST} levels deep.")
    if isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise PayloadRefused(f"{where} is {value}, beyond the integers every reader keeps exactly (2^53 - 1).")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            _check(item, f"{where}[{place}]", depth + 1)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if not isinstance(name, str):
                raise PayloadRefused(f"{where} has a member named {name!r}, which is not text.")
            _check_text(name, f"a name in {where}")
            _check(item, f"{where}.{name}", depth + 1)
    elif value is None:
        raise PayloadRefused(f"{where} is null: a value that is missing is left out.")
    elif isinstance(value, float):
        raise PayloadRefused(f"{where} is a float: write minutes and marks as integers, fractions in millionths.")
    else:
        raise PayloadRefused(f"{where} is a {type(value).__name__}, which a payload cannot hold.")


def _check_text(text: str, where: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise PayloadRefused(f"{where} holds half of a surrogate pair, which is no character.")
    if not unicodedata.is_normalized("NFC", text):
        raise PayloadRefused(f"{where} is not in Unicode normalisation form C.")
