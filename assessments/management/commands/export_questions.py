"""Export the questions of a topic to a file of another system."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.interchange.exporting import export_questions, versions_of_topic
from assessments.interchange.formats import LABELS


class Command(BaseCommand):
    """Exit status: 0 written, 1 nothing could be written, 2 bad usage. What the format cannot say is named on standard error."""

    help = "Export the newest versions of a topic's questions as GIFT, Moodle XML, Aiken or a QTI package."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--topic", required=True, help="such as Law/Custody; topics below it go with it")
        parser.add_argument("--bank", default="", help="only of this bank")
        parser.add_argument("--format", required=True, choices=sorted(LABELS))
        parser.add_argument("--out", required=True, metavar="FILE")

    def handle(self, *args: Any, topic: str, bank: str, out: str, **options: Any) -> None:
        exported = export_questions(versions_of_topic(topic.strip("/"), bank=bank).iterator(500), options["format"])
        for one in exported.unsaid:
            self.stderr.write(str(one))
        if not exported.written:
            why = "None of its questions can be said in this format." if exported.unsaid else "It has no questions."
            raise CommandError(f"Nothing was written for the topic {topic}. {why}", returncode=1)
        try:
            Path(out).write_bytes(exported.content)
        except OSError as problem:
            raise CommandError(f"{out} cannot be written: {problem.strerror}.", returncode=2) from problem
        self.stdout.write(f"{exported.written} questions written to {out}.")
