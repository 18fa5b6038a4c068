"""Bitstring status lists (W3C Bitstring Status List 1.0): which credentials may not be relied on. Whoever asks does not say about which.

The place of a certificate's entry in the ledger is its place in the lists, so nothing has to be given out or kept: list 0 is for the
entries 0 to 131 071, and so on. Most bits belong to entries that are no certificates and are never set. 'revocation': it was withdrawn.
'suspension': it was not withdrawn, but is suspended, or a newer one replaced it, or what it said is no longer held.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from cpd_records.credentials import keys
from cpd_records.credentials.badges import CONTEXT_OF_CREDENTIALS, PER_LIST, PURPOSES, list_address
from cpd_records.credentials.data_integrity import moment_text, signed
from cpd_records.credentials.multibase import base64url, from_base64url
from cpd_records.models import Certificate, CertificateSuspension, SealedPlace

# How long an answer may be kept, and how long one that somebody kept is worth anything.
FRESH = timedelta(minutes=5)
GOOD_FOR = timedelta(days=1)


class NoSuchList(LookupError):
    """There is no such list: no entry of the ledger has a place in it, or no list has such a purpose."""


def status_list(purpose: str, number: int, *, at: datetime) -> dict[str, Any]:
    """Return the signed list as it stands ``at`` (aware), or raise ``NoSuchList``."""
    if purpose not in PURPOSES or not SealedPlace.objects.filter(index=number * PER_LIST).exists():
        raise NoSuchList
    address = list_address(purpose, number)
    document = {
        "@context": [CONTEXT_OF_CREDENTIALS],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": keys.issuer_address(),
        "validFrom": moment_text(at),
        "validUntil": moment_text(at + GOOD_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded(places_of(purpose, number)),
            "ttl": int(FRESH.total_seconds() * 1000),
        },
    }
    key = keys.signing_key()
    return signed(document, key, method=keys.method_of(key.public_key()), at=at)


def places_of(purpose: str, number: int) -> set[int]:
    """Return the places, 0 to 131 071, that are set in a list."""
    first = number * PER_LIST
    issued = Certificate.objects.issued().filter(entry__place__index__range=(first, first + PER_LIST - 1))
    if purpose == "revocation":
        found = issued.filter(revocation__isnull=False)
    else:
        suspended = CertificateSuspension.objects.filter(certificate=OuterRef("pk"), end__isnull=True)
        found = issued.filter(
            Q(superseded_by__isnull=False) | Q(entry__readable__isnull=True) | Exists(suspended),
            revocation__isnull=True,
        )
    return {index - first for index in found.values_list("entry__place__index", flat=True)}


def encoded(places: Iterable[int]) -> str:
    """Return a list with these places set: the first place is the left-most bit; compressed, in base64url."""
    bits = bytearray(PER_LIST // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    return base64url(gzip.compress(bytes(bits), mtime=0))


def is_set(encoded_list: str, place: int) -> bool:
    """Return whether a place is set in an encoded list; raise ``ValueError`` where it is none, or too short."""
    try:
        bits = gzip.decompress(from_base64url(encoded_list))
    except (OSError, EOFError) as error:
        raise ValueError("This is not a status list.") from error
    if len(bits) < PER_LIST // 8 or not 0 <= place < len(bits) * 8:
        raise ValueError("The status list is too short.")
    return bool(bits[place // 8] & 0x80 >> place % 8)
