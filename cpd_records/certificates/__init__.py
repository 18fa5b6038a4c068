"""Certificates: awarded with a completion, drawn and signed once its entry is sealed, checked by anybody. ``docs/certificates.md``.

What other apps call is named here; withdrawing, which reaches awards of qualifications too, is in ``revoking``. Drawing
(``rendering``, ``signing``) is imported by the background work alone.
"""

from cpd_records.certificates.awarding import award_certificate, award_statement, award_training_record
from cpd_records.certificates.listing import Table
from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.certificates.standing import Standing, standing_of

__all__ = [
    "CertificateRefused",
    "Standing",
    "Table",
    "award_certificate",
    "award_statement",
    "award_training_record",
    "standing_of",
]
