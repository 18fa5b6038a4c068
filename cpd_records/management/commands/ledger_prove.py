"""``manage.py ledger_prove``: write the inclusion proof of an entry, and where asked for its opening."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cpd_records.ledger.proofs import NothingToOpen, NotSealed, opening_of, proof_of
from cpd_records.ledger.tiles import TilesBroken
from cpd_records.models import LedgerEntry


class Command(BaseCommand):
    help = (
        "Write the .tlog-proof of a sealed entry. It discloses nothing; the opening discloses all the entry says. Of an erased entry the "
        "proof is written and the opening is gone: exit status 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("entry", metavar="ENTRY", type=UUID, help="the entry's UUID")
        parser.add_argument(
            "--out", required=True, type=Path, metavar="F.tlog-proof", help="file to write the proof to"
        )
        parser.add_argument("--opening", type=Path, metavar="F.json", help="also write payload and salt: personal data")

    def handle(self, *args: Any, entry: UUID, out: Path, opening: Path | None, **options: Any) -> None:
        proven = LedgerEntry.objects.filter(id=entry).first()
        if proven is None:
            raise CommandError(f"The ledger has no entry {entry}.")
        try:
            proof = proof_of(proven)
        except (NotSealed, TilesBroken) as refusal:
            raise CommandError(str(refusal)) from refusal
        gone: NothingToOpen | None = None
        try:
            opened = json.dumps(opening_of(proven), ensure_ascii=False, indent=1) + "\n" if opening else ""
        except NothingToOpen as erased:
            gone, opened = erased, ""
        try:
            out.write_text(proof, encoding="utf-8", newline="\n")
            if opening and opened:
                opening.write_text(opened, encoding="utf-8", newline="\n")
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error}.", returncode=2) from error
        self.stdout.write(f"Wrote {out}.")
        if gone is not None:
            raise CommandError(f"{gone} The proof of its place is written; {opening} is not.")
