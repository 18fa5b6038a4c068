"""What a credential says: Open Badges 3.0 on the W3C Verifiable Credentials Data Model 2.0. From particulars alone, no database.

Least by default: the holder's name stands in it as a salted hash, which confirms a name to somebody who was told it and tells none. With
``shows_name`` it stands there as it is. Neither the service number nor the code of the certificate, which leads to the name, is in either.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.utils import timezone
from django.utils.http import urlencode

from cpd_records.certificates.particulars import Particulars
from cpd_records.certificates.words import learning_in_words
from cpd_records.credentials import keys
from cpd_records.credentials.data_integrity import multikey, signed

CONTEXT_OF_CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
CONTEXT_OF_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXT_OF_IDENTIFIERS = "https://www.w3.org/ns/cid/v1"
CONTEXTS = [CONTEXT_OF_CREDENTIALS, CONTEXT_OF_BADGES]
# The entries of one status list. The standard's smallest; a place in the ledger is a place in a list.
PER_LIST = 131_072
PURPOSES = ("revocation", "suspension")
# The list that credentials name: two bits for each place. Open Badges has room for one status, and this one tells all of them apart.
MESSAGE, STATUS_SIZE = "message", 2
VALID, REVOKED, SUSPENDED, REPLACED_OR_NOT_HELD = range(4)
MESSAGES = ("valid", "revoked", "suspended", "replaced_or_no_longer_held")


@dataclass(frozen=True)
class Award:
    """What a credential is made from: the certificate's particulars and subject, its place in the ledger, when it was sealed (aware).

    ``salt`` is the entry's own, 32 bytes; it goes into no credential.
    """

    certificate: UUID
    it: Particulars
    subject: str
    index: int
    at: datetime
    salt: bytes


def credential_for(award: Award, *, shows_name: bool = False) -> dict[str, Any]:
    """Return the signed credential of a certificate. The same award gives the same bytes while the key stays."""
    key = keys.signing_key()
    document = unsigned(award, shows_name=shows_name)
    return signed(document, key, method=keys.method_of(key.public_key()), at=award.at)


def written(credential: dict[str, Any]) -> str:
    """Return a credential as the text of a file."""
    return json.dumps(credential, ensure_ascii=False, indent=1) + "\n"


def unsigned(award: Award, *, shows_name: bool) -> dict[str, Any]:
    """Return the credential before it is signed."""
    it = award.it
    document: dict[str, Any] = {
        "@context": CONTEXTS,
        "id": f"urn:uuid:{uuid5(award.certificate, 'named' if shows_name else 'least')}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": it.title,
        "issuer": {"id": keys.issuer_address(), "type": ["Profile"], "name": it.issuer},
        "validFrom": first_moment(it.awarded_on),
        "awardedDate": first_moment(it.awarded_on),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [identity(it.name, award.salt, shows_name=shows_name)],
            "achievement": achievement(it, award.subject),
        },
        "credentialStatus": status_entry(award.index),
    }
    if it.valid_until is not None:
        document["validUntil"] = last_moment(it.valid_until)
    return document


def identity(name: str, salt: bytes, *, shows_name: bool) -> dict[str, Any]:
    """Return the holder as an IdentityObject: the name, or its hash with a salt worked out from the entry's, which it does not tell."""
    if shows_name:
        return {"type": "IdentityObject", "hashed": False, "identityType": "name", "identityHash": name}
    own = hmac.new(salt, b"credential identity", hashlib.sha256).digest()[:16]
    text = base64.b16encode(own).decode().lower()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityType": "name",
        "identityHash": identity_hash(name, text),
        "salt": text,
    }


def identity_hash(name: str, salt: str) -> str:
    """Return the hash of a name as Open Badges writes it: the algorithm, '$', SHA-256 of the name followed by the salt, in hexadecimal."""
    return f"sha256${hashlib.sha256((name + salt).encode()).hexdigest()}"


def achievement(it: Particulars, subject: str) -> dict[str, Any]:
    """Return what was achieved. Nothing about a person; ``version`` is the release it was achieved by."""
    if it.listing is not None:
        kind, what = "Certificate", f"A {it.noun}: the list of what was recorded, as it stood on the day of the award."
        how = f"The force certifies what its ledger recorded about the holder: the list is in the {it.noun} itself."
    elif it.is_grant:
        kind, what = "Award", f"Granted by {it.issuer}: {it.title}."
        how = "The force decided it after the training and assessment that its programme asks for."
    elif it.is_qualification:
        kind, what = "Certificate", f"Awarded by {it.issuer}: the qualification {it.title}."
        how = "The force awarded it for training and assessment that its record of the award names."
    else:
        kind, what = "CertificateOfCompletion", f"Training of {it.issuer}: {it.title}."
        learning = f" of {learning_in_words(it.minutes)}" if it.minutes else ""
        how = f"The whole training{learning} was completed" + (", and its assessment passed." if it.assessed else ".")
    return {
        "id": achievement_address(subject),
        "type": ["Achievement"],
        "achievementType": kind,
        "name": it.title,
        "description": what,
        "criteria": {"narrative": how},
        "humanCode": subject,
        "version": it.release,
        "inLanguage": "en-GB",
    }


def achievement_address(subject: str) -> str:
    """Return the address of what a subject's certificates are awarded for."""
    return f"{settings.SITE_ADDRESS}/credentials/achievements?{urlencode({'of': subject})}"


def status_entry(index: int) -> dict[str, Any]:
    """Return where a verifier finds whether the credential stands. One entry: the schema of Open Badges 3.0 has room for no more."""
    number, place = divmod(index, PER_LIST)
    address = list_address(MESSAGE, number)
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": MESSAGE,
        "statusListIndex": str(place),
        "statusSize": STATUS_SIZE,
        "statusMessage": status_messages(),
        "statusReference": f"{settings.SITE_ADDRESS}/verify/how-it-works/#badge",
        "statusListCredential": address,
    }


def status_messages() -> list[dict[str, str]]:
    """Return what each value at a place of the list means, for programmes; people are told by the page that ``statusReference`` names."""
    return [{"status": f"0x{value:x}", "message": message} for value, message in enumerate(MESSAGES)]


def list_address(purpose: str, number: int) -> str:
    """Return the address of a status list."""
    return f"{settings.SITE_ADDRESS}/credentials/status/{purpose}/{number}"


def issuer_profile(name: str, trusted: Sequence[Ed25519PublicKey]) -> dict[str, Any]:
    """Return the issuer's profile, which is also the document that says which keys sign for it; ``trusted`` are those."""
    address = keys.issuer_address()
    return {
        "@context": [CONTEXT_OF_CREDENTIALS, CONTEXT_OF_IDENTIFIERS, CONTEXT_OF_BADGES],
        "id": address,
        "type": ["Profile"],
        "name": name,
        "url": settings.SITE_ADDRESS,
        "verificationMethod": [
            {"id": keys.method_of(key), "type": "Multikey", "controller": address, "publicKeyMultibase": multikey(key)}
            for key in trusted
        ],
        "assertionMethod": [keys.method_of(key) for key in trusted],
    }


def first_moment(day: date) -> str:
    """Return the beginning of a day where the force is."""
    return timezone.make_aware(datetime.combine(day, time())).isoformat()


def last_moment(day: date) -> str:
    """Return the last second of a day where the force is: a certificate is valid all of its last day."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59))).isoformat()
