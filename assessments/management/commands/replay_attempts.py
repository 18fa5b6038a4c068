"""Rebuild attempts from their steps, and say whose recorded mark comes out otherwise when marked anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.replaying import replay_attempts


class Command(BaseCommand):
    help = "Rebuild the rows of attempts from their steps and hold every recorded mark against marking anew. Exits 1 where one differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--assessment", default="", help="The code of one assessment; left out, all.")
        parser.add_argument("--dry-run", action="store_true", help="Change nothing, only say what is wrong.")

    def handle(self, *args: Any, **options: Any) -> None:
        report = replay_attempts(assessment=options["assessment"], is_dry=options["dry_run"])
        rebuilt = "would be rebuilt" if options["dry_run"] else "rebuilt"
        for attempt in report.wrong_rows:
            self.stdout.write(f"{attempt}: the rows differed from the steps; {rebuilt}.")
        for attempt in report.other_marks:
            self.stdout.write(f"{attempt}: marked anew it comes to another mark. The recorded one stays.")
        self.stdout.write(f"{report.attempts} attempts replayed.")
        if report.other_marks:
            raise CommandError(f"{len(report.other_marks)} recorded marks come out otherwise today.")
