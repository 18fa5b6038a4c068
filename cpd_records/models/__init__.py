"""What is proved: the ledger, CPD activities and certificates. Nothing here knows a course or an assessment."""

from cpd_records.models.activities import Activity, ActivityFile, ActivityKind, ActivityState, ActivityStep, Competency
from cpd_records.models.certificates import Certificate, CertificateRevocation, PublicReason
from cpd_records.models.ledger import (
    Checkpoint,
    EntryKind,
    Erasure,
    HashTile,
    LedgerEntry,
    LegalHold,
    ReadablePart,
    SealedPlace,
    UnsealedEntry,
)

__all__ = [
    "Activity",
    "ActivityFile",
    "ActivityKind",
    "ActivityState",
    "ActivityStep",
    "Certificate",
    "CertificateRevocation",
    "Checkpoint",
    "Competency",
    "EntryKind",
    "Erasure",
    "HashTile",
    "LedgerEntry",
    "LegalHold",
    "PublicReason",
    "ReadablePart",
    "SealedPlace",
    "UnsealedEntry",
]
