"""``manage.py evidence_pack``: write the evidence pack of a person, a day and a time."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.evidence.building import PackRefused, write_pack
from people import clock
from people.finding import people_named
from people.typed_times import day, moment


class Command(BaseCommand):
    help = (
        "Write what a person was taught, answered and held on a day, as recorded by a time, with proofs, into one zip. That it was "
        "built, and for what, is recorded. Exit status 0: written; 1: refused, or there is no such person; 2: a day, time or file "
        "that cannot be used."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", metavar="PERSON", help="an e-mail address or a service number")
        parser.add_argument(
            "--on", type=day, metavar="DATE", help="the day asked about, such as 2026-03-03; else today"
        )
        parser.add_argument(
            "--known-at",
            type=moment,
            metavar="TIME",
            help="as known at this time, such as 2026-03-03T18:00Z; a day stands for its end; else as known now",
        )
        parser.add_argument(
            "--purpose", default="Built on the command line", help="what it is for: printed and recorded"
        )
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.zip", help="file to write")

    def handle(
        self,
        *args: Any,
        person: str,
        on: date | None,
        known_at: datetime | None,
        purpose: str,
        out: Path,
        **options: Any,
    ) -> None:
        officer = people_named(person).first()
        if officer is None:
            raise CommandError(f"Nobody has the e-mail address or service number '{person}'.")
        # Beside the place it goes to, so that a pack that breaks off never stands there as a whole one.
        part = out.with_name(f".{out.name}.part")
        try:
            with part.open("w+b") as into:
                part.chmod(0o600)
                made = write_pack(
                    officer, on=on or clock.today(), known_at=known_at, purpose=purpose, at=clock.now(), into=into
                )
            part.replace(out)
        except PackRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error}.", returncode=2) from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(f"Wrote {out}: {made.size} bytes, SHA-256 {made.sha256}, ledger of {made.tree_size} entries.")
