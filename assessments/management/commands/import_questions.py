"""Import a file of questions as drafts, or say of each why it does not arrive."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.bank import BankRefused
from assessments.interchange.formats import LABELS, read_file
from assessments.interchange.importing import plan_import, write_plan
from assessments.interchange.places import place_for
from assessments.interchange.reading import Unreadable
from assessments.interchange.reports import as_json, in_lines
from people import clock


class Command(BaseCommand):
    """Exit status: 0 every question arrived or is named, 1 the file cannot be read, 2 bad usage."""

    help = "Import questions as drafts from GIFT, Moodle XML, Aiken, or QTI 2.1 and 2.2."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--format", choices=sorted(LABELS), default="", help="left out, it is found by the content")
        parser.add_argument("--topic", required=True, help="such as Law/Custody; made where there is none")
        parser.add_argument("--bank", default="", help="left out, the one that has the topic, or one named after it")
        parser.add_argument("--family", default="", help="whose trainers write it; left out, the family of the bank")
        parser.add_argument("--dry-run", action="store_true", help="say what would be imported and write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, file: str, dry_run: bool, **options: Any) -> None:
        try:
            content = Path(file).read_bytes()
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.", returncode=1) from problem
        try:
            place = place_for(options["topic"], bank=options["bank"], family=options["family"])
            plan = plan_import(read_file(content, format=options["format"]), place)
            if not dry_run:
                write_plan(plan, by=None, at=clock.now())
        except (Unreadable, BankRefused) as refusal:
            if options["json"]:
                nothing: dict[str, Any] = {"format": None, "read": 0, "imported": 0, "skipped": [], "questions": []}
                self.stdout.write(json.dumps({**nothing, "error": str(refusal)}, ensure_ascii=False))
                raise SystemExit(1) from refusal
            raise CommandError(str(refusal), returncode=1) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(as_json(plan), ensure_ascii=False))
            return
        for line in in_lines(plan, is_dry=dry_run):
            self.stdout.write(line)
