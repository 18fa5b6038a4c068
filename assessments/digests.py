"""The fingerprint of what a version says: SHA-256 of its canonical JSON (RFC 8785)."""

from hashlib import sha256
from typing import Any

import rfc8785


def digest_of(value: dict[str, Any]) -> str:
    """Return the digest of plain JSON in 64 hexadecimal digits; equal content has equal digests on every machine."""
    return sha256(rfc8785.dumps(value)).hexdigest()
