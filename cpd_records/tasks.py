"""The background functions of this app that Celery discovers; each is written in the module of its subject."""

from cpd_records.certificates.issuing import issue_certificate
from cpd_records.daily import ask_daily
from cpd_records.ledger.sealing import seal_now
from cpd_records.readiness.comparing import count_for_day
from cpd_records.reminders.finding import find_for_day
from cpd_records.reminders.mails import send_asked, send_digest

__all__ = [
    "ask_daily",
    "count_for_day",
    "find_for_day",
    "issue_certificate",
    "seal_now",
    "send_asked",
    "send_digest",
]
