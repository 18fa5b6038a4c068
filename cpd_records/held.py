"""What this app holds about a person, for whoever asks to be handed all of it."""

from __future__ import annotations

from collections.abc import Iterator

from people.held import DEED
from people.models import User
from people.subject_data import Held, LeftOut, Part, parts_of

HELD = (
    Held("cpd_records.ReadablePart", "officer", "Entries of the ledger", by_public_id=True),
    Held("cpd_records.Erasure", "officer", "Entries that were erased", by_public_id=True),
    Held("cpd_records.ErasureRequest", "officer", "Erasures of your records that were asked for"),
    Held("cpd_records.ErasureDecision", "officer", "What was decided about them"),
    Held("cpd_records.ErasureEnd", "officer", "How they ended"),
    Held("cpd_records.ErasurePiece", "officer", "What was erased, by counts", is_long=True),
    Held("cpd_records.DueForDisposal", "officer", "Records of yours whose time is over, by counts"),
    Held("cpd_records.Activity", "officer", "CPD"),
    Held("cpd_records.ActivityStep", "activity__officer", "What happened to your CPD"),
    Held("cpd_records.ActivityFile", "activity__officer", "Files of your CPD", path="path", name="name"),
    Held("cpd_records.DraftSave", "activity__officer", "Which page saved a draft last", is_long=True),
    Held("cpd_records.UnfinishedForm", "officer", "Forms begun and not sent"),
    Held("cpd_records.CorrectionRequest", "activity__officer", "Corrections asked for"),
    Held("cpd_records.RecordProposal", "officer", "Changes of your record that were proposed"),
    Held("cpd_records.PlanItem", "officer", "What you plan to learn"),
    Held("cpd_records.ActivityTemplate", "owner", "Templates of your own"),
    Held("cpd_records.Briefing", "recorded_by", "Briefings you recorded"),
    Held("cpd_records.Attendance", "officer", "Briefings you were named for"),
    Held("cpd_records.Certificate", "officer", "Certificates", path="file"),
    Held("cpd_records.TrainingRecordList", "certificate__officer", "Lists behind training records and CPD statements"),
    Held("cpd_records.CertificateRevocation", "certificate__officer", "Certificates that were revoked"),
    Held("cpd_records.CertificateSuspension", "certificate__officer", "Certificates that were suspended"),
    Held("cpd_records.CertificateSuspensionEnd", "suspension__certificate__officer", "Suspensions that were lifted"),
    Held("cpd_records.ImportedRecord", "entry__readable__officer", "Brought over from elsewhere", by_public_id=True),
    Held(
        "cpd_records.AwardEvidence",
        "entry__readable__officer",
        "Files behind your awards",
        by_public_id=True,
        path="path",
        name="name",
    ),
    Held("cpd_records.CurrencyException", "officer", "Exceptions"),
    Held("cpd_records.Exemption", "officer", "Exemptions"),
    Held("cpd_records.Restriction", "officer", "Restrictions"),
    Held("cpd_records.Declaration", "officer", "Declarations"),
    Held("cpd_records.DeclarationConfirmation", "declaration__officer", "Declarations confirmed"),
    Held("cpd_records.SampleMember", "officer", "Audit samples you are in"),
    Held("cpd_records.SampleReading", "member__officer", "What was found in a sample"),
    Held("cpd_records.Reminder", "to", "Reminders you were sent", is_long=True),
    Held("cpd_records.Reminder", "officer", "Reminders about you", is_long=True),
    Held("cpd_records.DigestMail", "to", "Mails with reminders", is_long=True),
    Held("cpd_records.ReminderWish", "person", "How you are reminded"),
)
LEFT_OUT: LeftOut = {
    DEED: (
        "cpd_records.Activity.verifier",
        "cpd_records.Activity.rejection_by",
        "cpd_records.Activity.second_reviewer",
        "cpd_records.ActivityStep.by",
        "cpd_records.ActivityStep.to",
        "cpd_records.AskedVerification.asked_by",
        "cpd_records.CertificateRevocation.revoked_by",
        "cpd_records.CertificateSuspension.suspended_by",
        "cpd_records.CertificateSuspensionEnd.approved_by",
        "cpd_records.CertificateSuspensionEnd.lifted_by",
        "cpd_records.CertificateTemplate.made_by",
        "cpd_records.CertificateTemplate.retired_by",
        "cpd_records.CertificateTemplateVersion.by",
        "cpd_records.CorrectionRequest.asked_by",
        "cpd_records.CorrectionRequest.agreed_by",
        "cpd_records.CorrectionRequest.decided_by",
        "cpd_records.RecordProposal.proposed_by",
        "cpd_records.RecordProposal.decided_by",
        "cpd_records.CurrencyException.recorded_by",
        "cpd_records.ErasureDecision.asked_by",
        "cpd_records.ErasureDecision.by",
        "cpd_records.ErasureEnd.by",
        "cpd_records.ErasureRequest.asked_by",
        "cpd_records.Exemption.recorded_by",
        "cpd_records.Restriction.recorded_by",
        "cpd_records.DeclarationConfirmation.confirmed_by",
        "cpd_records.LegalHold.placed_by",
        "cpd_records.LegalHoldEnd.lifted_by",
        "cpd_records.KeptReading.by",
        "cpd_records.QualificationNeed.recorded_by",
        "cpd_records.QualificationRule.recorded_by",
        "cpd_records.Requirement.recorded_by",
        "cpd_records.Reminder.asked_by",
        "cpd_records.Sample.drawn_by",
        "cpd_records.SampleReading.read_by",
        "cpd_records.SchemeInForce.recorded_by",
        "cpd_records.SchemeRules.recorded_by",
    ),
    "Telling of a hold could warn somebody it is there because of; a disclosure officer decides what is told.": (
        "cpd_records.LegalHold.officer",
    ),
    "It names a file of a row that was erased, until the file is removed.": ("cpd_records.FileToRemove.piece",),
    "A projection: made anew at any time from entries and rows that are handed over.": (
        "cpd_records.Standing.officer",
        "cpd_records.RoleStanding.officer",
        "cpd_records.OfficerStanding.officer",
    ),
    "It leads to a row that is handed over, from another that is.": (
        "cpd_records.Activity.plan_item",
        "cpd_records.Attendance.activity",
        "cpd_records.Attendance.briefing",
        "cpd_records.Certificate.supersedes",
        "cpd_records.CurrencyException.supersedes",
        "cpd_records.ErasureDecision.request",
        "cpd_records.ErasureEnd.request",
        "cpd_records.ErasureEnd.followed_by",
        "cpd_records.ErasurePiece.request",
        "cpd_records.Exemption.supersedes",
        "cpd_records.Restriction.supersedes",
        "cpd_records.Reminder.mail",
    ),
}


def export_officer(officer: User) -> Iterator[Part]:
    """Yield everything this app holds about somebody, table by table."""
    return parts_of(HELD, officer)
