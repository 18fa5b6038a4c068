"""Issuing: drawing, signing and storing the file of a certificate, and recording its digest. Background work, done once for each.

The steps are: wait for the seal; draw and sign; store under a name that follows from the certificate's id; then, in one transaction,
write the entry ``certificate_issued`` and set the row's four columns. A crash before the transaction leaves at most the stored file,
which the next run finds and takes as it is; a crash after it leaves nothing to do. Nothing is drawn or stored inside a transaction.
"""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cpd_records.certificates import keys
from cpd_records.certificates.awarding import ISSUE_WORK
from cpd_records.certificates.files import FileDiffers, file_key, keep_file
from cpd_records.certificates.listing import digest_of_list
from cpd_records.certificates.particulars import Listing, Particulars
from cpd_records.certificates.record_rendering import render_record
from cpd_records.certificates.rendering import Looks, Sealed, render_certificate
from cpd_records.certificates.signing import check_signature, field_of, sign_certificate
from cpd_records.credentials.awards import award_of, checkpoints_over
from cpd_records.credentials.badges import credential_for, written
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.proofs import NothingToOpen, opening_of, proof_of
from cpd_records.models import Certificate, EntryKind, TrainingRecordList
from people import clock
from people.force import force
from people.prepared import prepared
from people.work import NotYet, background

logger = logging.getLogger(__name__)

SECONDS_UNTIL_SEALED = 0.5


class ListDiffers(Exception):
    """The list of a training record or a statement is gone, or is not the one its ledger entry names. Nothing is issued."""


@background(ISSUE_WORK)
def issue_certificate(key: str) -> None:
    """Issue the certificate whose id is ``key``; once it is issued, do nothing. Raises ``NotYet`` until its entry is sealed."""
    certificate = next(iter(certificates_with_place(certificate=UUID(key))), None)
    if certificate is None or certificate.is_ready:
        return
    try:
        sealed = sealed_particulars(certificate)
    except NothingToOpen:
        logger.info("A certificate was erased before its file was made, so none is made")
        TrainingRecordList.objects.filter(certificate=certificate).delete()
        return
    pdf = draw_and_sign(certificate, sealed)
    try:
        digest = keep_file(certificate.pk, pdf, is_whole=_is_signed_by_us)
    except FileDiffers as race:
        raise NotYet(SECONDS_UNTIL_SEALED) from race
    record_issue(certificate.pk, digest)


def sealed_particulars(certificate: Certificate) -> Sealed:
    """Return place, time, proof and opening of the certificate's entry under the first checkpoint that covers it, and the credential."""
    try:
        index = certificate.entry.place.index
    except ObjectDoesNotExist:
        raise NotYet(SECONDS_UNTIL_SEALED) from None
    checkpoint = next(iter(checkpoints_over(index=index)), None)
    if checkpoint is None:
        raise NotYet(SECONDS_UNTIL_SEALED)
    opening = opening_of(certificate.entry)
    return Sealed(
        index=index,
        at=checkpoint.time,
        proof=proof_of(certificate.entry, checkpoint=checkpoint),
        opening=json.dumps(opening, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        credential=written(credential_for(award_of(certificate, opening, index=index, at=checkpoint.time))),
    )


def draw_and_sign(certificate: Certificate, sealed: Sealed) -> bytes:
    """Return the signed file. What it says comes from the entry's own payload, never from rows that may change."""
    it = Particulars.read(json.loads(sealed.opening)["payload"])
    identity = keys.signing_identity()
    if it.listing is None:
        field = field_of(identity, at=sealed.at, reason="Certificate issued", name=it.issuer)
        return sign_certificate(render_certificate(certificate.pk, it, sealed, looks_now(), signature=field), identity)
    reason = f"{it.noun[0].upper()}{it.noun[1:]} issued"
    field = field_of(identity, at=sealed.at, reason=reason, name=it.issuer)
    text = _list_of(certificate, it.listing)
    return sign_certificate(render_record(certificate.pk, it, sealed, looks_now(), text, signature=field), identity)


def record_issue(certificate_id: UUID, digest: str) -> None:
    """Record the stored file: the ledger entry with its digest, and the row's columns, together and once."""
    moment = clock.now()
    with transaction.atomic():
        (certificate,) = certificates_to_record(certificate=certificate_id)
        if certificate.is_ready:
            return
        entry = append_entry(
            kind=EntryKind.CERTIFICATE_ISSUED,
            officer=certificate.officer.public_id,
            day=timezone.localdate(moment),
            subject=certificate.code,
            payload=_of_issue(certificate, digest, at=moment),
        )
        columns = {"file": file_key(certificate_id), "sha256": digest, "issued_at": moment, "issued_entry": entry.pk}
        certificates_to_change.update(columns, certificate=certificate_id)
        if certificate.has_list:
            TrainingRecordList.objects.filter(certificate=certificate).delete()


def _of_issue(certificate: Certificate, digest: str, *, at: datetime) -> dict[str, Any]:
    """Return what the entry of an issue says: the file's digest, and what of the row no other entry says.

    That is what kind of thing it certifies, when it was awarded, the entry it rests on and that of the certificate it replaces. None of it
    is in the file, whose holder may not want to show a former name's code.
    """
    older = certificate.supersedes
    return {
        "certificate": certificate.entry_id,
        "sha256": digest,
        "issued_at": at,
        "awarded_at": certificate.created_at,
        "certifies": certificate.subject,
        "rests_on": certificate.completion_entry_id,
        **({} if older is None else {"replaces": older.entry_id}),
    }


@prepared
def certificates_with_place(certificate: UUID) -> QuerySet[Certificate]:
    return Certificate.objects.select_related("entry__place").filter(pk=certificate)


@prepared
def certificates_to_record(certificate: UUID) -> QuerySet[Certificate]:
    return (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("officer", "supersedes")
        .filter(pk=certificate)
    )


@prepared
def certificates_to_change(certificate: UUID) -> QuerySet[Certificate]:
    return Certificate.objects.filter(pk=certificate)


def _list_of(certificate: Certificate, listing: Listing) -> str:
    """Return the list that waits to be printed; raise ``ListDiffers`` where it is not the one whose digest stands in the ledger."""
    found = TrainingRecordList.objects.filter(certificate=certificate).first()
    if found is None or digest_of_list(found.content) != listing.sha256:
        raise ListDiffers(f"The list of {certificate.code} is not the one its entry names, so it is not issued.")
    return found.content


def _is_signed_by_us(stored: bytes) -> bool:
    return check_signature(stored, keys.trusted_certificates()).is_good


def looks_now() -> Looks:
    looks = force()
    return Looks(brand=looks.brand_colour, show_chequer=looks.show_chequer, logo=_logo(looks.logo_file))


def _logo(name: str) -> bytes | None:
    if not name:
        return None
    try:
        with default_storage.open(name, "rb") as file:
            content: bytes = file.read()
            return content
    except OSError:
        logger.warning("The force's logo cannot be read, so certificates carry the plain shield")
        return None
