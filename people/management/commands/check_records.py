"""``manage.py check_records``: hold every table of rows with two times to what its verbs keep."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from people.record_checks import check_records, tables_with_two_times


class Command(BaseCommand):
    help = (
        "Check every table of rows with two times: no two of one subject overlap, a correction is about the same subject and "
        "recorded no earlier, no time is later than the last one given. Exit status 1 where anything is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(check_records())
        if options["json"]:
            problems = [{"table": one.table, "row": one.row, "detail": one.detail} for one in found]
            self.stdout.write(json.dumps({"ok": not found, "problems": problems}))
        else:
            for one in found:
                self.stdout.write(str(one))
            tables = len(tables_with_two_times())
            self.stdout.write(f"Found wanting: {len(found)} rows." if found else f"Sound: {tables} tables.")
        if found:
            raise SystemExit(1)
