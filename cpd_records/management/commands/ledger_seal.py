"""``manage.py ledger_seal``: seal now, rather than within a second."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from cpd_records.ledger.checkpoints import LedgerRefuses
from cpd_records.ledger.sealing import seal_now


class Command(BaseCommand):
    help = "Give committed ledger entries their place in the tree and sign a checkpoint. A second sealer says so and ends well."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = seal_now()
        except (LedgerRefuses, ImproperlyConfigured) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(str(report))
