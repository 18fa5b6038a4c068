"""When the ledger refuses to sign: kept in a row, told in the log and by mail, and asked for by ``/readyz`` and the auditors' page.

The sealer tries again every second. A refusal is written once for as long as its reason stands, and ended when the ledger signs again.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from cpd_records.models import SealRefusal
from people import work

logger = logging.getLogger(__name__)
WARN_WORK = "ledger.warn"


def note_refusal(reason: str, *, at: datetime) -> SealRefusal:
    """Write down why the ledger did not sign, unless it is written already; call outside the transaction that was given up."""
    standing = standing_refusal()
    if standing is not None and standing.reason == reason:
        return standing
    with transaction.atomic():
        end_refusals(at=at)
        refusal = SealRefusal.objects.create(reason=reason, refused_at=at)
        work.ask(WARN_WORK, f"refusal-{refusal.pk}")
    logger.critical("The ledger refuses to sign: %s", reason)
    return refusal


def end_refusals(*, at: datetime) -> None:
    """Write down that the ledger signs again; in the transaction that signs."""
    SealRefusal.objects.filter(ended_at__isnull=True).update(ended_at=at)


def standing_refusal() -> SealRefusal | None:
    """Return the refusal that stands, or None while the ledger signs."""
    return SealRefusal.objects.filter(ended_at__isnull=True).order_by("-refused_at").first()


def trouble() -> str | None:
    """Return why the ledger does not sign, in a sentence, or None. ``/readyz`` asks."""
    standing = standing_refusal()
    return None if standing is None else f"Refused since {standing.refused_at:%Y-%m-%d %H:%M} UTC. {standing.reason}"
