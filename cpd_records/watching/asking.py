"""Verifying the ledger because somebody asks: one at a time, in the background; what is found is told as a night's is.

It is no night's: it keeps no checkpoint, and does not stand for a night that was missed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from cpd_records.ledger.kept import kept_checkpoints
from cpd_records.ledger.refusals import WARN_WORK
from cpd_records.models import AskedVerification, NightlyVerification
from cpd_records.watching.nightly import AGAIN_SECONDS, LONGEST, fill, gone
from cpd_records.watching.silence import ASKED_WORK
from cpd_records.watching.verifying import verified
from people import access, clock, work
from people.models import User

ASKERS = (access.AUDITOR, access.SYSTEM_ADMIN)
NOT_YOURS = "Auditors and system administrators have the ledger verified. You read here what was found."
RUNNING = "A verification that was asked for is running already. This page shows what it finds."
NIGHT_RUNNING = "The night’s verification is running. This page shows what it finds; ask again once it has ended."
# The whole ledger is read each time, and every stored certificate.
REST = timedelta(minutes=10)
# Somebody waits, so whoever was killed is not waited for as long as at night. Where one is slower than that a second begins, and the
# first to end says what was found.
KILLED_AFTER = timedelta(hours=1)


class VerificationRefused(Exception):
    """A verification that is not begun; the message says why and what to do."""


def ask_verification(*, by: User, at: datetime) -> AskedVerification:
    """Ask for the whole ledger to be verified, as at night, by the background work. Raises ``VerificationRefused``.

    Only auditors and system administrators; one at a time, and none within ten minutes of the last one asked for.
    """
    if not access.has_any_role(by, *ASKERS):
        raise VerificationRefused(NOT_YOURS)
    if AskedVerification.objects.filter(is_running=True).exists():
        raise VerificationRefused(RUNNING)
    if NightlyVerification.objects.filter(ended_at__isnull=True, began_at__gt=at - LONGEST).exists():
        raise VerificationRefused(NIGHT_RUNNING)
    again = asked_again_from()
    if again is not None and at < again:
        raise VerificationRefused(
            f"The ledger was verified a moment ago. It can be asked for again from {timezone.localtime(again):%H:%M}."
        )
    try:
        with transaction.atomic():
            asked = AskedVerification.objects.create(asked_by=by, asked_at=at)
            work.ask(ASKED_WORK, str(asked.pk))
    except IntegrityError as other:
        raise VerificationRefused(RUNNING) from other
    return asked


def asked_again_from() -> datetime | None:
    """Return from when another may be asked for; None where none was yet."""
    last = AskedVerification.objects.filter(ended_at__isnull=False).order_by("-ended_at").first()
    return None if last is None or last.ended_at is None else last.ended_at + REST


@work.background(ASKED_WORK)
def verify_asked(key: str) -> None:
    """Verify what was asked for by the row of that number, once; what is found wanting is told to auditors and system administrators."""
    asked = _begun(key)
    if asked is None:
        return
    try:
        kept = kept_checkpoints()
        found = verified(kept=kept | gone(kept), files=True)
    except Exception:
        # It did not end, so whoever tries again begins anew; the row of waiting work says why it failed.
        AskedVerification.objects.filter(pk=asked.pk, is_running=True).update(began_at=None)
        raise
    with transaction.atomic():
        if not AskedVerification.objects.select_for_update().filter(pk=asked.pk, is_running=True).exists():
            return
        fill(asked, found, held_against=len(kept), at=clock.now())
        asked.is_running = False
        asked.save()
        if found.problems:
            work.ask(WARN_WORK, f"asked-{asked.pk}")


def _begun(key: str) -> AskedVerification | None:
    """Return the row to be filled, None where it is filled; raise ``NotYet`` while another process is at it."""
    now = clock.now()
    with transaction.atomic():
        asked = AskedVerification.objects.select_for_update().filter(pk=key, is_running=True).first()
        if asked is None:
            return None
        if asked.began_at is not None and now - asked.began_at < KILLED_AFTER:
            raise work.NotYet(AGAIN_SECONDS)
        asked.began_at = now
        asked.save(update_fields=["began_at"])
        return asked
