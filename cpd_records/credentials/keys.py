"""The key that signs credentials and status lists, and where its public half stands.

It is neither the ledger's nor the one that signs PDF files. Production takes it from its environment (``CREDENTIAL_SIGNING_KEY``);
embedded mode makes it once and says so. Keys that signed earlier stay trusted, and published, through ``CREDENTIAL_RETIRED_KEYS``.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cpd_records.credentials.data_integrity import from_multikey, multikey
from cpd_records.ledger.keys import made_once

KEY_FILE = "credential_signing_key"


def signing_key() -> Ed25519PrivateKey:
    """Return the key in use; raise ``ImproperlyConfigured`` with a sentence where it cannot be used."""
    encoded, source = settings.CREDENTIAL_SIGNING_KEY, "CREDENTIAL_SIGNING_KEY"
    if not encoded:
        if not settings.EMBEDDED:
            raise ImproperlyConfigured("CREDENTIAL_SIGNING_KEY is needed: production makes no keys itself.")
        fresh = base64.b64encode(secrets.token_bytes(32)).decode()
        encoded = made_once(KEY_FILE, fresh, "the key that signs credentials; keep a copy of it in a safe place")
        source = KEY_FILE
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(encoded, validate=True))
    except ValueError as error:
        raise ImproperlyConfigured(f"{source} must be 32 bytes written in base64.") from error


def trusted_keys() -> list[Ed25519PublicKey]:
    """Return every key whose credentials are ours, the current one first."""
    found = [signing_key().public_key()]
    for text in settings.CREDENTIAL_RETIRED_KEYS:
        try:
            found.append(from_multikey(text))
        except ValueError as error:
            raise ImproperlyConfigured(f"CREDENTIAL_RETIRED_KEYS cannot be used: '{text}' is no such key.") from error
    return found


def issuer_address() -> str:
    """Return the address of the issuer's profile, which is also the issuer's identifier in every credential."""
    return f"{settings.SITE_ADDRESS}/credentials/issuer"


def method_of(key: Ed25519PublicKey) -> str:
    """Return the address of a key: a fragment of the issuer's profile."""
    return f"{issuer_address()}#{multikey(key)}"


def trusted_methods() -> dict[str, Ed25519PublicKey]:
    """Return the keys whose credentials are ours by their addresses."""
    return {method_of(key): key for key in trusted_keys()}
