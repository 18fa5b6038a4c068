"""Start codes: six letters that can be read from a board and called out across a hall."""

from __future__ import annotations

import re
import secrets

# No vowels, so that no code is a word; none of I, L, O, Q, S and Z, which are taken for other letters or for figures.
LETTERS = "BCDFGHJKMNPRTVWXY"
LENGTH = 6
_NO_LETTER = re.compile("[^A-Z]")
# As long as anything somebody types for a code; a longer text is none.
LONGEST = 60


def new_code(*, unlike: str = "") -> str:
    """Return a code by chance, another one than ``unlike``: one of 24 million."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))
        if code != unlike:
            return code


def tidy(typed: str) -> str:
    """Return what was typed as codes are kept: capitals, and nothing between them."""
    return _NO_LETTER.sub("", typed[:LONGEST].upper())
