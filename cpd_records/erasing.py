"""What of this app goes when an officer's records are erased: CPD, certificates, rulings, and what entries of the ledger say.

A certificate's row stays with its code, so that whoever checks it is told that it is no longer held; its file and particulars go.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q

from cpd_records.models import EntryKind
from people.erasure_plans import Files, Part, Plan


def _entry(row: Any) -> str:
    said = json.loads(row.payload)
    return str(said.get("title") or row.subject or EntryKind(row.kind).label)


def _ruling(model: str, what: str, *entries: str) -> Plan:
    return Plan(model, "officer", what, "exceptions", since=("valid_until",), is_chain=True, entries=entries)


def _entries(what: str, retention: str, *kinds: str) -> Plan:
    """Return the plan for entries of these kinds that no record of ours names any more; corrections go with what they correct."""
    return Plan(
        "cpd_records.ReadablePart",
        "officer",
        what,
        retention,
        since=("day",),
        only=Q(kind__in=kinds),
        parts=(Part("cpd_records.AwardEvidence", "entry__readable", files=Files("path")),),
        entries=("entry",),
        is_opening=True,
        by_public_id=True,
        name=_entry,
    )


PLANS = (
    Plan(
        "cpd_records.Activity",
        "officer",
        "CPD activities",
        "cpd",
        since=("day",),
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
    Plan("cpd_records.PlanItem", "officer", "Plans", "cpd", since=("changed_at",)),
    Plan("cpd_records.ActivityTemplate", "owner", "Templates of their own", "cpd"),
    Plan("cpd_records.UnfinishedForm", "officer", "Forms begun and not sent", "cpd", since=("saved_at",)),
    Plan("cpd_records.Attendance", "officer", "Briefings named for", "cpd", since=("answered_at",)),
    Plan(
        "cpd_records.Declaration",
        "officer",
        "Declarations",
        "cpd",
        since=("at",),
        parts=(Part("cpd_records.DeclarationConfirmation", "declaration"),),
    ),
    Plan(
        "cpd_records.SampleMember",
        "officer",
        "Audit samples",
        "cpd",
        since=("sample__ends_on",),
        parts=(Part("cpd_records.SampleReading", "member"),),
    ),
    Plan("cpd_records.Reminder", "to", "Reminders sent to them", "cpd", since=("day",)),
    Plan("cpd_records.Reminder", "officer", "Reminders about them", "cpd", since=("day",)),
    Plan("cpd_records.DigestMail", "to", "Mails with reminders", "cpd", since=("day",)),
    Plan("cpd_records.ReminderWish", "person", "How they are reminded", "service"),
    _ruling("cpd_records.CurrencyException", "Exceptions"),
    _ruling("cpd_records.Exemption", "Exemptions", "entry"),
    _ruling("cpd_records.Restriction", "Restrictions"),
    Plan(
        "cpd_records.RecordProposal",
        "officer",
        "Changes of their record that were proposed",
        "exceptions",
        since=("proposed_at",),
    ),
    Plan(
        "cpd_records.Certificate",
        "officer",
        "Certificates",
        "cpd",
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
    ),
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
