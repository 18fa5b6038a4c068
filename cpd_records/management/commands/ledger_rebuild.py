"""``manage.py ledger_rebuild``: make the tiles anew from the evidence."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from cpd_records.ledger.checkpoints import LedgerRefuses
from cpd_records.ledger.sealing import rebuild


class Command(BaseCommand):
    help = "Make the ledger's tiles anew from its sealed places; refuses where they do not lead to the last checkpoint's root."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            size = rebuild()
        except (LedgerRefuses, ImproperlyConfigured) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Made the tiles of {size} entries anew; they lead to the signed root.")
