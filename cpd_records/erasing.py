"""What of this app goes when an officer's records are erased: CPD, certificates, rulings, and what entries of the ledger say.

A certificate's row stays with its code, so that whoever checks it is told that it is no longer held; its file and particulars go.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q

from cpd_records.models import STATEMENT_SUBJECT, TRAINING_RECORD, ActivityState, EntryKind
from people.erasure_plans import Files, Part, Plan


def _entry(row: Any) -> str:
    said = json.loads(row.payload)
    return str(said.get("title") or row.subject or EntryKind(row.kind).label)


def _handed_in(activity: Any) -> tuple[str, ...]:
    return () if activity.state == ActivityState.DRAFT else (STATEMENT_SUBJECT,)


def _ruling(model: str, what: str, *entries: str, listed_in: tuple[str, ...] = ()) -> Plan:
    return Plan(
        model,
        "officer",
        what,
        "exceptions",
        made="recorded_at",
        since=("valid_until",),
        is_chain=True,
        entries=entries,
        listed_in=(lambda row: listed_in) if listed_in else None,
    )


def _entries(what: str, retention: str, *kinds: str) -> Plan:
    """Return the plan for entries of these kinds that no record of ours names any more; corrections go with what they correct."""
    return Plan(
        "cpd_records.ReadablePart",
        "officer",
        what,
        retention,
        made="recorded_at",
        since=("day",),
        only=Q(kind__in=kinds),
        parts=(Part("cpd_records.AwardEvidence", "entry__readable", files=Files("path")),),
        entries=("entry",),
        is_opening=True,
        by_public_id=True,
        name=_entry,
    )


# Also what goes of a certificate that certifies, or prints, a record of another class: with that record.
CERTIFICATES = Plan(
    "cpd_records.Certificate",
    "officer",
    "Certificates",
    "cpd",
    made="created_at",
    since=("valid_until", "awarded_on"),
    only=~Q(title=""),
    parts=(
        Part("cpd_records.CertificateRevocation", "certificate", blanks={"reason": ""}, entries=("entry",)),
        Part(
            "cpd_records.CertificateSuspensionEnd",
            "suspension__certificate",
            blanks={"reason": ""},
            entries=("entry",),
        ),
        Part("cpd_records.CertificateSuspension", "certificate", blanks={"reason": ""}, entries=("entry",)),
        Part("cpd_records.TrainingRecordList", "certificate"),
    ),
    files=Files("file"),
    blanks={"title": "", "subject": ""},
    entries=("entry", "completion_entry", "issued_entry"),
)
PLANS = (
    Plan(
        "cpd_records.Activity",
        "officer",
        "CPD activities",
        "cpd",
        made="created_at",
        since=("day",),
        listed_in=_handed_in,
        parts=(
            Part("cpd_records.CorrectionRequest", "activity", entries=("entry",)),
            Part("cpd_records.Attendance", "activity"),
            Part("cpd_records.DraftSave", "activity"),
            Part("cpd_records.ActivityFile", "activity", files=Files("path")),
            Part("cpd_records.ActivityStep", "activity"),
        ),
        entries=("entry", "corrected_entry"),
        subject=True,
    ),
    Plan("cpd_records.PlanItem", "officer", "Plans", "cpd", made="created_at", since=("changed_at",)),
    Plan("cpd_records.ActivityTemplate", "owner", "Templates of their own", "cpd"),
    Plan(
        "cpd_records.UnfinishedForm", "officer", "Forms begun and not sent", "cpd", made="saved_at", since=("saved_at",)
    ),
    Plan(
        "cpd_records.Attendance",
        "officer",
        "Briefings named for",
        "cpd",
        made="briefing__recorded_at",
        since=("answered_at",),
    ),
    Plan(
        "cpd_records.Declaration",
        "officer",
        "Declarations",
        "cpd",
        made="at",
        since=("at",),
        listed_in=lambda row: (STATEMENT_SUBJECT,),
        parts=(Part("cpd_records.DeclarationConfirmation", "declaration"),),
    ),
    Plan(
        "cpd_records.SampleMember",
        "officer",
        "Audit samples",
        "cpd",
        made="sample__drawn_at",
        since=("sample__ends_on",),
        parts=(Part("cpd_records.SampleReading", "member"),),
    ),
    Plan("cpd_records.Reminder", "to", "Reminders sent to them", "cpd", made="day", since=("day",)),
    Plan("cpd_records.Reminder", "officer", "Reminders about them", "cpd", made="day", since=("day",)),
    Plan("cpd_records.DigestMail", "to", "Mails with reminders", "cpd", made="day", since=("day",)),
    Plan("cpd_records.ReminderWish", "person", "How they are reminded", "service"),
    _ruling("cpd_records.CurrencyException", "Exceptions", listed_in=(TRAINING_RECORD,)),
    _ruling("cpd_records.Exemption", "Exemptions", "entry"),
    _ruling("cpd_records.Restriction", "Restrictions", listed_in=(TRAINING_RECORD,)),
    Plan(
        "cpd_records.RecordProposal",
        "officer",
        "Changes of their record that were proposed",
        "exceptions",
        made="proposed_at",
        since=("proposed_at",),
    ),
    CERTIFICATES,
    _entries("Decisions in the ledger", "initial-training", EntryKind.DECISION),
    _entries("Exemptions in the ledger", "exceptions", EntryKind.EXEMPTION),
    _entries("Awards in the ledger", "accreditation", EntryKind.QUALIFICATION),
    _entries(
        "Other entries of the ledger",
        "cpd",
        EntryKind.COMPLETION,
        EntryKind.CERTIFICATE,
        EntryKind.CERTIFICATE_ISSUED,
        EntryKind.CERTIFICATE_REVOKED,
        EntryKind.CERTIFICATE_SUSPENDED,
        EntryKind.SUSPENSION_LIFTED,
        EntryKind.CPD_ACTIVITY,
        EntryKind.CPD_REFLECTION,
        EntryKind.IMPORTED,
    ),
)
STAYS = {
    "It says that something was erased, and nothing of what it said.": (
        ("cpd_records.Erasure", "officer"),
        ("cpd_records.ErasureRequest", "officer"),
        ("cpd_records.ErasureDecision", "officer"),
        ("cpd_records.ErasureEnd", "officer"),
        ("cpd_records.ErasurePiece", "officer"),
    ),
    "It counts what is left, and is made anew each night.": (("cpd_records.DueForDisposal", "officer"),),
    "It is what others' attendance rests on, and names nobody once the person's own name is erased.": (
        ("cpd_records.Briefing", "recorded_by"),
    ),
    "It holds digests only, so that what was erased is not imported again.": (
        ("cpd_records.ImportedRecord", "entry__readable__officer"),
    ),
}
