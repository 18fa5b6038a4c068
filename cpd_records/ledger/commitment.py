"""The commitment of an entry: what the tree sees of it, and nothing else does.

WARNING. Existing entries depend on every byte, as in ``canonical``. The salt keeps a payload that could be guessed (a name, a course,
a day) from being found by trying: once salt and payload are erased, the commitment says nothing.
"""

import hashlib
import secrets

SALT_BYTES = 32


def new_salt() -> bytes:
    """Return 32 random bytes; every entry has its own."""
    return secrets.token_bytes(SALT_BYTES)


def commit(salt: bytes, canonical: bytes) -> bytes:
    """Return SHA-256(salt || canonical bytes), 32 bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A salt has {SALT_BYTES} bytes, not {len(salt)}.")
    return hashlib.sha256(salt + canonical).digest()
