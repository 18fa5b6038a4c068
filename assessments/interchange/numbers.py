"""Numbers as other systems write them, read exactly and within bounds."""

from __future__ import annotations

import re
from fractions import Fraction

from assessments.question_types.rational import to_text

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:[.,][0-9]{0,20})?|[.,][0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?")


def read_exact(text: str) -> Fraction:
    """Return the exact value of ``12``, ``-0.5``, ``.5``, ``0,5`` or ``1.5e3``; raises ``ValueError`` for anything else."""
    plain = text.strip().replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(text[:40])
    return Fraction(plain.replace(",", "."))


def number_text(value: Fraction) -> str:
    """Return a number as a definition has it."""
    return to_text(value)
