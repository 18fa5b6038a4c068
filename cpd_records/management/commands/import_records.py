"""``manage.py import_records FILE [--source NAME] [--dry-run] [--json] [--good-lines]``: 0 done, 1 refused, 2 bad usage."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from cpd_records.importing.records_kind import RECORDS
from people.importing.command import ImportCommand
from people.importing.kinds import checked_options

# The same for every list, so that the same record from another file is still the same record.
UNNAMED = "a list whose source was not named"


class Command(ImportCommand):
    help = (
        "Import past records from a CSV or XLSX file: all of its lines, or none. The same file twice changes nothing."
    )
    kind = RECORDS

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--source", default=UNNAMED, help="where the records come from; every entry says so")
        parser.add_argument("--asserted-by", default="", help="who asserts them, where a line does not say it")

    def options_of(self, options: dict[str, Any]) -> Mapping[str, str]:
        try:
            return checked_options(self.kind, {"source": options["source"], "asserted_by": options["asserted_by"]})
        except ValueError as problem:
            raise CommandError(str(problem), returncode=2) from problem
