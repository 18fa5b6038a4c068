"""``manage.py ledger_rebuild``: make every projection of the ledger anew from the evidence: its tiles, and the standings of today."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from cpd_records.currency import following
from cpd_records.ledger import sealing
from cpd_records.ledger.checkpoints import LedgerRefuses
from cpd_records.ledger.publishing import forget_files
from cpd_records.projections import STANDINGS, TILES, what_changes


class Command(BaseCommand):
    help = (
        "Make the ledger's tiles anew from its sealed places, and today's standings from the entries; refuses where the "
        "places do not lead to the last checkpoint's root. Says how many rows were wrong before."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with what_changes(TILES) as tiles:
                size = sealing.rebuild()
        except (LedgerRefuses, ImproperlyConfigured) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Made the tiles of {size} entries anew; they lead to the signed root. {tiles}")
        forget_files()
        with what_changes(STANDINGS) as standings:
            officers = following.rebuild()
        self.stdout.write(f"Reckoned the standings of {officers} officers anew. {standings}")
        waiting = len(following.chunks_waiting())
        if waiting:
            self.stdout.write(
                f"{waiting} parts of them are being reckoned by another process, or failed and are tried again."
            )
