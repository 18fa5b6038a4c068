"""``manage.py export_log``: write the whole public log into a folder, for whoever checks it with the stand-alone verifier."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cpd_records.ledger.exporting import NothingToExport, export_log
from cpd_records.ledger.publishing import NoSuchTile


class Command(BaseCommand):
    help = (
        "Write checkpoints, tiles and entry bundles into a folder. Nothing in it is personal data. "
        "docs/verifier/verify_ledger.py checks it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="a new or empty folder")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            size = export_log(folder)
        except (NothingToExport, ImproperlyConfigured) as refusal:
            raise CommandError(str(refusal)) from refusal
        except NoSuchTile as broken:
            raise CommandError(
                "The tiles are not those of the last checkpoint: run ledger_verify, then ledger_rebuild."
            ) from broken
        except OSError as error:
            raise CommandError(f"The folder cannot be written: {error}.", returncode=2) from error
        self.stdout.write(f"Wrote the log of {size} entries to {folder}.")
