"""Bitstring status lists (W3C Bitstring Status List 1.0): which credentials may not be relied on. Whoever asks does not say about which.

The place of a certificate's entry in the ledger is its place in the lists, so nothing has to be given out or kept: list 0 is for the
entries 0 to 131 071, and so on. Most bits belong to entries that are no certificates and are never set.

'message' is the one that credentials name, with two bits for each place. Beside it the same is told by 'revocation': it was withdrawn; and
'suspension': it was not withdrawn, but is suspended, or a newer one replaced it, or what it said is no longer held. Credentials issued
before there was 'message' name those.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, Value, When

from cpd_records.credentials import keys
from cpd_records.credentials.badges import (
    CONTEXT_OF_CREDENTIALS,
    MESSAGE,
    PER_LIST,
    PURPOSES,
    REPLACED_OR_NOT_HELD,
    REVOKED,
    STATUS_SIZE,
    SUSPENDED,
    VALID,
    list_address,
    status_messages,
)
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
    if purpose not in (MESSAGE, *PURPOSES) or not SealedPlace.objects.filter(index=number * PER_LIST).exists():
        raise NoSuchList
    address = list_address(purpose, number)
    if purpose == MESSAGE:
        more: dict[str, Any] = {"statusSize": STATUS_SIZE, "statusMessages": status_messages()}
        listed = encoded(statuses_of(number), size=STATUS_SIZE)
    else:
        more, listed = {}, encoded(dict.fromkeys(places_of(purpose, number), 1))
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
            **more,
            "encodedList": listed,
            "ttl": int(FRESH.total_seconds() * 1000),
        },
    }
    key = keys.signing_key()
    return signed(document, key, method=keys.method_of(key.public_key()), at=at)


def places_of(purpose: str, number: int) -> set[int]:
    """Return the places, 0 to 131 071, that are set in a list of revocations or of suspensions."""
    is_revocation = purpose == "revocation"
    return {place for place, status in statuses_of(number).items() if (status == REVOKED) == is_revocation}


def statuses_of(number: int) -> dict[int, int]:
    """Return what stands at the places of a list, without those that are valid: a withdrawal outweighs the rest, erasure a suspension."""
    first = number * PER_LIST
    suspended = CertificateSuspension.objects.filter(certificate=OuterRef("pk"), end__isnull=True)
    found = (
        Certificate.objects.issued()
        .filter(entry__place__index__range=(first, first + PER_LIST - 1))
        .annotate(
            status=Case(
                When(revocation__isnull=False, then=Value(REVOKED)),
                When(entry__readable__isnull=True, then=Value(REPLACED_OR_NOT_HELD)),
                When(Exists(suspended), then=Value(SUSPENDED)),
                When(superseded_by__isnull=False, then=Value(REPLACED_OR_NOT_HELD)),
                default=Value(VALID),
            )
        )
        .exclude(status=VALID)
    )
    return {index - first: status for index, status in found.values_list("entry__place__index", "status")}


def encoded(statuses: Mapping[int, int], *, size: int = 1) -> str:
    """Return a list with these statuses of ``size`` bits: the first place is the left-most; compressed, in base64url."""
    bits = bytearray(PER_LIST * size // 8)
    for place, status in statuses.items():
        at = place * size
        bits[at // 8] |= status << (8 - size - at % 8)
    return base64url(gzip.compress(bytes(bits), mtime=0))


def status_at(encoded_list: str, place: int, *, size: int = 1) -> int:
    """Return the status at a place of an encoded list; raise ``ValueError`` where it is none, or too short."""
    try:
        bits = gzip.decompress(from_base64url(encoded_list))
    except (OSError, EOFError) as error:
        raise ValueError("This is not a status list.") from error
    if len(bits) < PER_LIST * size // 8 or not 0 <= place < len(bits) * 8 // size:
        raise ValueError("The status list is too short.")
    at = place * size
    return bits[at // 8] >> (8 - size - at % 8) & ((1 << size) - 1)


def is_set(encoded_list: str, place: int) -> bool:
    """Return whether a place is set in an encoded list of one bit for each; raise ``ValueError`` where it is none, or too short."""
    return bool(status_at(encoded_list, place))
