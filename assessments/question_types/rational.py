"""Exact numbers of a definition: read safely, stored as text, never as floating point.

Text is ``0.5``, ``-0.5`` or ``1/3``. The pattern bounds the digits, so that no text can ask for a number of a million digits.
"""

import re
from collections.abc import Mapping, Set
from decimal import Decimal
from fractions import Fraction
from typing import Any

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,12}|/[0-9]{1,6})?")


def to_fraction(value: object) -> Fraction:
    """Return the exact value of an integer, a decimal or such text; raise ``ValueError`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError(f"{value!r} is not a number.")
    text = str(value).strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"'{text[:40]}' is not a number.")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise ValueError(f"'{text}' divides by nothing.") from None


def to_text(value: Fraction) -> str:
    """Return the shortest exact text of a value: a decimal where it ends, else numerator/denominator."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    text = format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def to_millionths(value: Fraction) -> int:
    """Return a share of full marks in millionths, halves rounded up, kept between 0 and full marks."""
    return int(min(max(value, Fraction(0)), Fraction(1)) * 1_000_000 + Fraction(1, 2))


def as_stored(definition: Any, *, keys: Set[str]) -> Any:
    """Return a copy in which the numbers under ``keys``, at any depth, are exact text. What is no number stays as it is."""
    return _convert(definition, keys, _stored)


def as_written(definition: Any, *, keys: Set[str]) -> Any:
    """Return a copy in which the numbers under ``keys`` are numbers again, thirds and the like excepted."""
    return _convert(definition, keys, _written)


def _convert(value: Any, keys: Set[str], change: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: change(inner)
            if key in keys and not isinstance(inner, Mapping | list)
            else _convert(inner, keys, change)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_convert(inner, keys, change) for inner in value]
    return value


def _stored(value: Any) -> Any:
    try:
        return to_text(to_fraction(value))
    except ValueError:
        return value


def _written(value: Any) -> Any:
    try:
        exact = to_fraction(value)
    except ValueError:
        return value
    if exact.denominator == 1:
        return int(exact)
    text = to_text(exact)
    return text if "/" in text else float(text)
