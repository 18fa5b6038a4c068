"""Certificate codes: twelve characters that can be read out, typed and written by hand.

The alphabet is Crockford's: digits and capital letters without I, L, O and U. What somebody types is forgiven its spaces, hyphens and
small letters, O for 0, and I or L for 1. Twelve characters are sixty bits, so that guessing finds nothing.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4
_FORGIVEN = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "\u00a0": None, "\u2013": None})
# As long as what a person could have typed; anything longer is no code.
LONGEST_TYPED = 40


def new_code() -> str:
    """Return a code drawn at random."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """Return the code that ``typed`` stands for, or an empty string where it can stand for none."""
    if len(typed) > LONGEST_TYPED:
        return ""
    code = typed.strip().upper().translate(_FORGIVEN)
    is_code = len(code) == LENGTH and all(character in ALPHABET for character in code)
    return code if is_code else ""


def display_code(code: str) -> str:
    """Return a code in groups of four, as it is printed: ``7KQ4 M2XD 9TRF``."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
