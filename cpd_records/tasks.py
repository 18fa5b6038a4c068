"""The background functions of this app that Celery discovers; each is written in the module of its subject."""

from cpd_records.certificates.issuing import issue_certificate
from cpd_records.ledger.sealing import seal_now

__all__ = ["issue_certificate", "seal_now"]
