"""The background functions of this app that Celery discovers; each is written in the module of its subject.

Every module that does waiting work is named here: a worker loads no addresses and so no views, and knows of nothing else.
"""

from cpd_records.activities.telling import tell_of_step
from cpd_records.certificates.issuing import issue_certificate
from cpd_records.certificates.suspending import tell_holder
from cpd_records.certificates.telling import tell_of_replacement, tell_of_withdrawal
from cpd_records.currency.following import follow_checkpoint, reckon_chunk, reckon_officer, roll_to
from cpd_records.daily import ask_daily
from cpd_records.erasures.files import remove_file
from cpd_records.erasures.telling import tell_decider
from cpd_records.ledger.kept_under_hold import let_go
from cpd_records.ledger.sealing import seal_now
from cpd_records.proposals.telling import tell_officer
from cpd_records.readiness.comparing import count_for_day
from cpd_records.reminders.finding import find_for_day
from cpd_records.reminders.mails import send_asked, send_digest
from cpd_records.watching.asking import verify_asked
from cpd_records.watching.nightly import verify_night
from cpd_records.watching.silence import look_for_silence
from cpd_records.watching.warning import warn, warn_one

__all__ = [
    "ask_daily",
    "count_for_day",
    "find_for_day",
    "follow_checkpoint",
    "issue_certificate",
    "let_go",
    "look_for_silence",
    "reckon_chunk",
    "reckon_officer",
    "remove_file",
    "roll_to",
    "seal_now",
    "send_asked",
    "send_digest",
    "tell_decider",
    "tell_holder",
    "tell_of_replacement",
    "tell_of_step",
    "tell_of_withdrawal",
    "tell_officer",
    "verify_asked",
    "verify_night",
    "warn",
    "warn_one",
]
