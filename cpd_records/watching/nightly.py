"""Each night the whole ledger is verified, held against every checkpoint kept outside the database, and its own is kept there too."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.db import transaction

from cpd_records.ledger.kept import keep_checkpoint, kept_checkpoints
from cpd_records.ledger.refusals import WARN_WORK
from cpd_records.models import NightlyVerification
from cpd_records.models.watching import Verification
from cpd_records.verification.examination import Examination
from cpd_records.watching.silence import VERIFY_WORK
from cpd_records.watching.verifying import verified
from people import clock, work

logger = logging.getLogger(__name__)
# Whoever began and did not end by then was killed: another may begin anew.
LONGEST = timedelta(hours=6)
AGAIN_SECONDS = 600
PROBLEMS_KEPT = 100
# Harm to the tree itself: a checkpoint of such a tree is not kept, or the kept ones would vouch for it.
OF_THE_TREE = frozenset({"root", "against", "signature", "checkpoint", "index", "entry", "leaf", "commitment"})


@work.background(VERIFY_WORK)
def verify_night(key: str) -> None:
    """Verify for the night whose date is the key, once; what is found wanting is told to auditors and system administrators."""
    verification = _begun(date.fromisoformat(key))
    if verification is None:
        return
    try:
        kept = kept_checkpoints()
        found = verified(kept=kept | gone(kept), files=True)
        _end(verification, found, held_against=len(kept), at=clock.now())
    except Exception:
        # It did not end, so it may begin again; the row of waiting work says why it failed.
        verification.delete()
        raise


def _begun(night: date) -> NightlyVerification | None:
    """Return the row of the night to be filled, None where it is filled; raise ``NotYet`` while another process is at it."""
    now = clock.now()
    with transaction.atomic():
        begun, is_new = NightlyVerification.objects.get_or_create(night=night, defaults={"began_at": now})
        if begun.ended_at is not None:
            return None
        if not is_new:
            if now - begun.began_at < LONGEST:
                raise work.NotYet(AGAIN_SECONDS)
            begun.began_at = now
            begun.save(update_fields=["began_at"])
        return begun


def gone(kept: dict[str, str]) -> dict[str, str]:
    """Return the files that a night wrote and that are there no more, without content: each is found to be no checkpoint."""
    written = NightlyVerification.objects.exclude(kept_as="").values_list("kept_as", flat=True)
    return {name: "" for name in written if name not in kept}


def fill(verification: Verification, found: Examination, *, held_against: int, at: datetime) -> None:
    """Set what a verification found, and say it in the log."""
    if found.checkpoint is not None:
        verification.size = found.signed
    verification.ended_at = at
    verification.entries, verification.sealed = found.entries, found.sealed
    verification.held_against = held_against
    verification.problem_count = len(found.problems)
    verification.problems = found.as_json()["problems"][:PROBLEMS_KEPT]
    if found.problems:
        first = verification.problems[0]
        logger.critical("The ledger was found wanting: %s problems, first %s", len(found.problems), first)
    else:
        logger.info("The ledger was found sound: %s entries", found.entries)


def _end(verification: NightlyVerification, found: Examination, *, held_against: int, at: datetime) -> None:
    note, kinds = found.checkpoint, {problem.kind for problem in found.problems}
    if note is not None:
        verification.kept_as = keep_checkpoint(note) if not kinds & OF_THE_TREE else ""
    fill(verification, found, held_against=held_against, at=at)
    with transaction.atomic():
        verification.save()
        if found.problems:
            work.ask(WARN_WORK, f"night-{verification.night}")
