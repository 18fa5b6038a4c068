"""What the import commands share: their arguments, what they print, how they end."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from people import clock
from people.importing.answers import VERDICTS, Report, in_words
from people.importing.at_once import check_at_once, import_at_once
from people.importing.kinds import ImportKind
from people.tables.rows import TableRefused

NOTHING_WRITTEN = "Nothing was written"


class ImportCommand(BaseCommand):
    """A command that imports a list of one kind. Exit status: 0 done, 1 refused, 2 bad usage."""

    kind: ImportKind

    def add_arguments(self, parser: ArgumentParser) -> None:
        columns = ", ".join(column.name for column in self.kind.columns)
        parser.add_argument("file", metavar="FILE", help=f"CSV or XLSX; columns: {columns}")
        parser.add_argument("--dry-run", action="store_true", help="answer every line and write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="TITLE=COLUMN",
            help="what a title means; remembered for lists with the same titles. An empty column is not used",
        )
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--all-or-nothing", action="store_true", help="write nothing where a line is refused (the default)"
        )
        choice.add_argument("--good-lines", action="store_true", help="write the lines that are not refused")

    def options_of(self, options: dict[str, Any]) -> Mapping[str, str]:
        """Return what the command's own arguments say for the whole list."""
        return {}

    def handle(self, *args: Any, file: str, dry_run: bool, good_lines: bool, **options: Any) -> None:
        said = {"options": self.options_of(options), "pairs": options["map"]}
        try:
            with Path(file).open("rb") as opened:
                if dry_run:
                    report = check_at_once(self.kind, opened, by=None, on=clock.today(), **said)
                else:
                    name = Path(file).name
                    _run, report = import_at_once(
                        self.kind, opened, name=name, by=None, all_or_nothing=not good_lines, **said
                    )
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.", returncode=2) from problem
        except TableRefused as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"ok": False, "written": False, "sentence": str(refusal), "lines": []}))
                raise SystemExit(1) from refusal
            raise CommandError(str(refusal), returncode=1) from refusal
        is_refused = bool(report.sentence) or (report.is_refused and (dry_run or not report.written))
        (self._print_json if options["json"] else self._print)(report, dry_run, is_refused)

    def _print(self, report: Report, dry_run: bool, is_refused: bool) -> None:
        for answer in report.answers:
            self.stdout.write(str(answer))
        if report.unused:
            self.stdout.write(f"Columns not used: {', '.join(report.unused)}.")
        counts = f"{in_words(report.counts)}."
        if report.sentence:
            raise CommandError(f"{counts} {report.sentence}", returncode=1)
        if is_refused:
            raise CommandError(f"{counts} {NOTHING_WRITTEN}: mend the lines that are refused.", returncode=1)
        self.stdout.write(f"{counts} {NOTHING_WRITTEN}: this was a dry run." if dry_run else counts)

    def _print_json(self, report: Report, dry_run: bool, is_refused: bool) -> None:
        answer = {
            "ok": not is_refused,
            "dry_run": dry_run,
            "written": report.written,
            "sentence": report.sentence,
            "counts": {verdict: report.counts[verdict] for verdict in VERDICTS},
            "unused": list(report.unused),
            "lines": [
                {"line": one.number, "who": one.who, "verdict": one.verdict, "why": one.why} for one in report.answers
            ],
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if is_refused:
            raise SystemExit(1)
