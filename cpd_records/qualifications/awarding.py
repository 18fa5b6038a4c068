"""Awarding a qualification: a ledger entry of its own, and for an award on somebody's authority the files behind it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils import timezone

from cpd_records.evidence_files import CheckedFile
from cpd_records.ledger.entries import append_entry
from cpd_records.models import AwardEvidence, EntryKind, LedgerEntry, Qualification
from cpd_records.qualifications.lasting import longest_of
from cpd_records.qualifications.refusals import (
    NotYours,
    QualificationRefused,
    checked_words,
    refuse_unless_administrator,
)
from cpd_records.qualifications.standing_awards import awards_standing
from people import access, clock
from people.dates import long_date
from people.models import User

COURSE, AUTHORISED, IMPORTED = "course", "authorised", "imported"
BASES = (COURSE, AUTHORISED, IMPORTED)
MOST_FILES = 5
MOST_MINUTES = 60_000
OWN = "You cannot award a qualification to yourself. Another administrator can."
NO_EVIDENCE = "Add the evidence: a certificate, a register or a photo of one, or a reference by which it can be found."
NOTHING: Mapping[str, Any] = {}


def award_qualification(
    officer: User,
    qualification: Qualification,
    *,
    day: date,
    by: User | None,
    basis: str,
    title: str = "",
    minutes: int | None = None,
    valid_until: date | None = None,
    details: Mapping[str, Any] = NOTHING,
) -> LedgerEntry:
    """Write the award into the ledger and return its entry; call inside the transaction of the fact behind it.

    ``basis`` is 'course', 'authorised' or 'imported'; ``title`` what it was for, where that is not the qualification's own. It lasts
    as the rule in force on ``day`` says, unless ``valid_until`` gives a last day of its own. ``details`` go into the payload.
    Raises ``QualificationRefused``.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An award is only written inside the transaction of the fact it records.")
    if basis not in BASES:
        raise ValueError(f"An award rests on one of {', '.join(BASES)}, not on '{basis}'.")
    if by is not None and basis == AUTHORISED and access.is_own(by, officer):
        raise NotYours(OWN)
    refuse_impossible(day=day, minutes=minutes, valid_until=valid_until)
    return append_entry(
        kind=EntryKind.QUALIFICATION,
        officer=officer.public_id,
        day=day,
        subject=qualification.code,
        minutes=minutes,
        valid_until=valid_until,
        payload=said_of_award(qualification, by=by, basis=basis, title=title, details=details),
    )


def said_of_award(
    qualification: Qualification,
    *,
    by: User | None,
    basis: str,
    title: str = "",
    details: Mapping[str, Any] = NOTHING,
) -> dict[str, Any]:
    """Return what an award's entry says besides its columns."""
    payload: dict[str, Any] = {"title": title.strip() or qualification.title, "qualification": qualification.title}
    if by is not None:
        payload |= {"by": by.public_id, "by_name": by.get_short_name()}
    return {**payload, "basis": basis, **details}


def authorise_award(
    officer: User,
    qualification: Qualification,
    *,
    by: User,
    at: datetime,
    day: date,
    reason: str,
    taught_by: str,
    files: Sequence[CheckedFile] = (),
    reference: str = "",
    minutes: int | None = None,
    valid_until: date | None = None,
) -> LedgerEntry:
    """Award a qualification on the authority of ``by``, an administrator, never to oneself, with the evidence behind it.

    ``reason`` says what was seen and checked, ``taught_by`` who taught or assessed it. The evidence is files, or a ``reference`` in
    words by which somebody else finds it. The same qualification twice for one day is refused, and a last day of its own that is later
    than the rule allows. The files go to private storage.
    """
    refuse_unless_administrator(by, to_do="award a qualification")
    if access.is_own(by, officer):
        raise NotYours(OWN)
    reason = checked_words(
        reason, field="reason", what="What you checked", missing="Say what you saw and checked, in a sentence."
    )
    taught_by = checked_words(
        taught_by, field="taught_by", what="Who taught or assessed it", missing="Say who taught or assessed it."
    )
    reference = checked_words(reference, field="reference", what="The reference")
    if not files and not reference:
        raise QualificationRefused(NO_EVIDENCE, "files")
    if len(files) > MOST_FILES:
        raise QualificationRefused(f"{MOST_FILES} files fit, and {len(files)} were chosen.", "files")
    kept = _keep(files)
    try:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=officer.pk)
            if any(award.day == day for award in awards_standing(officer, qualification)):
                raise QualificationRefused(
                    f"{qualification.short_title} was awarded for {long_date(day)} already. Open that award to correct it.",
                    "day",
                )
            refuse_longer_than_its_rule(officer, qualification.code, day=day, valid_until=valid_until)
            entry = award_qualification(
                officer,
                qualification,
                day=day,
                by=by,
                basis=AUTHORISED,
                minutes=minutes,
                valid_until=valid_until,
                details=_said(reason, taught_by, reference, kept),
            )
            for evidence in kept:
                evidence.entry, evidence.added_at = entry, at
            AwardEvidence.objects.bulk_create(kept)
    except BaseException:
        for evidence in kept:
            storages["private"].delete(evidence.path)
        raise
    return entry


def refuse_impossible(*, day: date, minutes: int | None, valid_until: date | None) -> None:
    """Refuse an award of a day to come, of a last day before its first, or of minutes that cannot be."""
    if day > clock.today():
        raise QualificationRefused(f"{long_date(day)} is still to come. Enter the day it happened.", "day")
    if valid_until is not None and valid_until < day:
        raise QualificationRefused("The last day is before the day of the award. Check both days.", "valid_until")
    if minutes is not None and not 0 < minutes <= MOST_MINUTES:
        raise QualificationRefused(f"Length is between one minute and {MOST_MINUTES // 60:,} hours.", "minutes")


def refuse_longer_than_its_rule(
    officer: User,
    code: str,
    *,
    day: date,
    valid_until: date | None,
    without: UUID | None = None,
    field: str = "valid_until",
) -> None:
    """Refuse a last day of an award's own that is later than the rule of its day allows; ``without`` is an award that is put right."""
    longest = longest_of(officer, code, awarded_on=day, without=without) if valid_until is not None else None
    if longest is None or valid_until is None or valid_until <= longest.last_day:
        return
    months = f"{longest.months} month{'' if longest.months == 1 else 's'}"
    raise QualificationRefused(
        f"{longest.title} lasts {months} at most: reached on {long_date(day)}, until {long_date(longest.last_day)}. "
        "Enter that day or an earlier one.",
        field,
    )


def _said(reason: str, taught_by: str, reference: str, kept: Sequence[AwardEvidence]) -> dict[str, Any]:
    """Return what the entry says of the authority behind it; what there is not is left out."""
    said = {"reason": reason, "taught_by": taught_by, "evidence": sorted(evidence.sha256 for evidence in kept)}
    return {**said, "reference": reference} if reference else said


def _keep(files: Sequence[CheckedFile]) -> list[AwardEvidence]:
    """Write the files to private storage, each content once, and return their rows, not saved yet."""
    kept: dict[str, AwardEvidence] = {}
    for file in files:
        digest = hashlib.sha256(file.content).hexdigest()
        if digest in kept:
            continue
        path = f"awards/{timezone.now():%Y/%m}/{uuid.uuid4()}{file.ending}"
        storages["private"].save(path, ContentFile(file.content))
        kept[digest] = AwardEvidence(
            name=file.name, path=path, media_type=file.media_type, size=len(file.content), sha256=digest
        )
    return list(kept.values())
