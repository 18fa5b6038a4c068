"""``manage.py ledger_verify``: examine the whole ledger and say what is wrong with it."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cpd_records.ledger.kept import KeptUnreadable
from cpd_records.verification.examination import Examination
from cpd_records.watching.verifying import verified


class Command(BaseCommand):
    help = (
        "Examine every entry, place, checkpoint and tile with code of its own, then compare today's standings with a rebuild; "
        "exit status 1 where anything is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument(
            "--against",
            type=Path,
            metavar="CHECKPOINT",
            help="a checkpoint kept elsewhere, which this ledger must extend",
        )

        parser.add_argument(
            "--files", action="store_true", help="also hold every certificate's stored file against its digest"
        )

    def handle(self, *args: Any, against: Path | None, **options: Any) -> None:
        kept = None
        if against is not None:
            try:
                kept = against.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(f"The checkpoint {against} cannot be read: {error}.", returncode=2) from error
        try:
            examination = verified(against=kept, files=options["files"])
        except (ImproperlyConfigured, KeptUnreadable) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(examination.as_json(), ensure_ascii=False))
        else:
            self._tell(examination)
        if not examination.is_sound:
            raise SystemExit(1)

    def _tell(self, examination: Examination) -> None:
        for problem in examination.problems:
            about = f"entry {problem.entry}" if problem.entry else "the ledger"
            self.stdout.write(f"{about}: {problem.kind}: {problem.detail}")
        sums = f"{examination.entries} entries, {examination.sealed} sealed"
        root = examination.as_json()["root"]
        if examination.is_sound:
            self.stdout.write(f"Sound: {sums}, root {root}.")
        else:
            self.stdout.write(f"Found wanting: {len(examination.problems)} problems in {sums}, root {root}.")
