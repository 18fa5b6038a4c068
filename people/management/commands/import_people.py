"""``manage.py import_people FILE [--dry-run]``: answers every line; 0 done, 1 refused, 2 bad usage."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people import clock
from people.importing import ListRefused, import_people, read_people


class Command(BaseCommand):
    help = "Import people from a CSV file: all of its lines, or none. The same file twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="columns: service_number, email, name, and optionally others")
        parser.add_argument("--dry-run", action="store_true", help="answer every line and write nothing")

    def handle(self, *args: Any, file: str, dry_run: bool, **options: Any) -> None:
        try:
            content = Path(file).read_bytes()
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.", returncode=2) from problem
        try:
            people = read_people(content)
        except ListRefused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        report = import_people(people, by=None, on=clock.today(), dry_run=dry_run)
        for answer in report.answers:
            self.stdout.write(str(answer))
        if report.unused:
            self.stdout.write(f"Columns not used: {', '.join(report.unused)}.")
        counts = ", ".join(
            f"{report.counts[verdict]} {verdict}" for verdict in ("new", "changed", "unchanged", "refused")
        )
        if report.is_refused:
            raise CommandError(f"{counts}. Nothing was written: mend the lines that are refused.", returncode=1)
        self.stdout.write(f"{counts}.{' Nothing was written: this was a dry run.' if dry_run else ''}")
