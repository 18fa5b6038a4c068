"""Multibase as credentials use it: base58btc ('z') for keys and proofs, base64url without padding ('u') for status lists."""

from __future__ import annotations

import base64
import binascii

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
# Ours are under a hundred characters; base58 takes time that grows with the square of its length.
_LONGEST = 200


def base58btc(data: bytes) -> str:
    """Return ``data`` with the prefix 'z', each leading zero byte as a '1'."""
    number, digits = int.from_bytes(data, "big"), []
    while number:
        number, rest = divmod(number, 58)
        digits.append(_ALPHABET[rest])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(reversed(digits))


def from_base58btc(text: str) -> bytes:
    """Return the bytes of a text that begins with 'z'; raise ``ValueError`` where it is none."""
    if not text.startswith("z") or len(text) > _LONGEST or any(character not in _VALUES for character in text[1:]):
        raise ValueError("This is not written in base58btc.")
    number = 0
    for character in text[1:]:
        number = number * 58 + _VALUES[character]
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url(data: bytes) -> str:
    """Return ``data`` with the prefix 'u' and without padding."""
    return "u" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Return the bytes of a text that begins with 'u'; raise ``ValueError`` where it is none."""
    if not text.startswith("u") or "=" in text:
        raise ValueError("This is not written in base64url.")
    try:
        return base64.b64decode(text[1:] + "=" * (-(len(text) - 1) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("This is not written in base64url.") from error
