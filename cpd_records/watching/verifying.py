"""Verifying everything: the evidence with the verifier's own code, then today's standings against a rebuild."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages

from cpd_records.currency.comparing import differences, misplaced
from cpd_records.ledger.holding import newest_by_name
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.times import times_ahead
from cpd_records.verification.certificates import compare_files
from cpd_records.verification.examination import Examination, examine
from cpd_records.verification.steady import steady_view
from cpd_records.verification.triggers import missing_triggers, unknown_triggers
from people import clock


def verified(*, against: str | None = None, kept: Mapping[str, str] | None = None, files: bool = False) -> Examination:
    """Examine the ledger on this database, its files, and its projections; raises ``ImproperlyConfigured`` without keys.

    ``against`` is a checkpoint kept elsewhere, as text; ``kept`` are those of the nights in our own storage, by the names of their files.
    With ``files`` every stored file of a certificate is read too.
    The newest checkpoint kept there is always held against; ``KeptUnreadable`` where the storage does not answer.
    """
    examination = examine(
        [str(key) for key in verifier_keys()],
        against=against,
        kept={**(kept or {}), **newest_by_name()},
        missing_triggers=missing_triggers(),
        published=Path(settings.LEDGER_TILES_DIR),
        processes=settings.LEDGER_VERIFY_PROCESSES,
    )
    if ahead := times_ahead(at=clock.now()):
        examination.found(None, "time", ahead)
    for name in unknown_triggers():
        examination.found(None, "trigger", f"{name} stands on a table of ours, and no migration made it")
    if files:
        compare_files(examination, storages["private"])
    with steady_view():
        for where in misplaced():
            examination.found(None, "projection", f"{where}; ledger_rebuild makes them anew")
        for difference in differences():
            examination.found(None, "projection", f"{difference}; ledger_rebuild makes it anew")
    return examination
