"""How often one address may ask: codes that lead nowhere and files are counted by the minute, so that nobody finds codes by trying.

Kept in the cache under a keyed hash of the address, for two minutes; no log line and no table names who asked.
"""

from __future__ import annotations

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

WRONG_CODES_A_MINUTE = 10
FILES_A_MINUTE = 20
_KEPT_SECONDS = 120


def has_tried_too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Return whether this address has used up its tries of this minute."""
    tried: int = cache.get(_key(request, what), 0)
    return tried >= most


def count_try(request: HttpRequest, what: str) -> None:
    """Count one try of this address."""
    key = _key(request, what)
    cache.add(key, 0, _KEPT_SECONDS)
    try:
        cache.incr(key)
    except ValueError:  # the minute ended between the two
        cache.set(key, 1, _KEPT_SECONDS)


def _key(request: HttpRequest, what: str) -> str:
    address = get_adapter(request).get_client_ip(request)
    hashed = salted_hmac("cpd_records.certificates.tries", address, algorithm="sha256").hexdigest()[:24]
    return f"tries:{what}:{hashed}:{int(time.time() // 60)}"
