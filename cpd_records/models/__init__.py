"""What is proved: the ledger, CPD activities and certificates. Nothing here knows a course or an assessment."""

from cpd_records.models.activities import (
    Activity,
    ActivityFile,
    ActivityKind,
    ActivitySource,
    ActivityState,
    ActivityStep,
)
from cpd_records.models.briefings import Attendance, Briefing
from cpd_records.models.certificate_templates import CertificateTemplate, CertificateTemplateVersion, Design
from cpd_records.models.certificates import (
    TRAINING_RECORD,
    Certificate,
    CertificateRevocation,
    PublicReason,
    TrainingRecordList,
)
from cpd_records.models.corrections import CorrectionRequest
from cpd_records.models.erasures import (
    ErasureDecision,
    ErasureGround,
    ErasurePiece,
    ErasureRequest,
    FileToRemove,
)
from cpd_records.models.frameworks import Competency, EthicalPrinciple
from cpd_records.models.imported import ImportedRecord
from cpd_records.models.ledger import (
    Checkpoint,
    EntryKind,
    Erasure,
    HashTile,
    LedgerEntry,
    LegalHold,
    LegalHoldEnd,
    ReadablePart,
    SealedPlace,
    UnsealedEntry,
)
from cpd_records.models.plans import PlanItem, PlanState
from cpd_records.models.proposals import RecordProposal
from cpd_records.models.qualifications import (
    AwardEvidence,
    CurrencyException,
    Exemption,
    OfficerStanding,
    Projected,
    Qualification,
    QualificationNeed,
    QualificationRule,
    ReadinessCount,
    Requirement,
    Restriction,
    RoleStanding,
    RuleStatus,
    Standing,
)
from cpd_records.models.reminders import DigestMail, Reminder, ReminderWish
from cpd_records.models.sampling import SELECTED, Sample, SampleMember, SampleReading
from cpd_records.models.schemes import (
    Declaration,
    DeclarationConfirmation,
    Scheme,
    SchemeInForce,
    SchemeRules,
    Statement,
)
from cpd_records.models.starting import ActivityTemplate, DraftSave, UnfinishedForm
from cpd_records.models.watching import NightlyVerification, SealRefusal

__all__ = [
    "SELECTED",
    "TRAINING_RECORD",
    "Activity",
    "ActivityFile",
    "ActivityKind",
    "ActivitySource",
    "ActivityState",
    "ActivityStep",
    "ActivityTemplate",
    "Attendance",
    "AwardEvidence",
    "Briefing",
    "Certificate",
    "CertificateRevocation",
    "CertificateTemplate",
    "CertificateTemplateVersion",
    "Checkpoint",
    "Competency",
    "CorrectionRequest",
    "CurrencyException",
    "Declaration",
    "DeclarationConfirmation",
    "Design",
    "DigestMail",
    "DraftSave",
    "EntryKind",
    "Erasure",
    "ErasureDecision",
    "ErasureGround",
    "ErasurePiece",
    "ErasureRequest",
    "EthicalPrinciple",
    "Exemption",
    "FileToRemove",
    "HashTile",
    "ImportedRecord",
    "LedgerEntry",
    "LegalHold",
    "LegalHoldEnd",
    "NightlyVerification",
    "OfficerStanding",
    "PlanItem",
    "PlanState",
    "Projected",
    "PublicReason",
    "Qualification",
    "QualificationNeed",
    "QualificationRule",
    "ReadablePart",
    "ReadinessCount",
    "RecordProposal",
    "Reminder",
    "ReminderWish",
    "Requirement",
    "Restriction",
    "RoleStanding",
    "RuleStatus",
    "Sample",
    "SampleMember",
    "SampleReading",
    "Scheme",
    "SchemeInForce",
    "SchemeRules",
    "SealRefusal",
    "SealedPlace",
    "Standing",
    "Statement",
    "TrainingRecordList",
    "UnfinishedForm",
    "UnsealedEntry",
]
