"""Load a catalogue of course folders: ``load_catalogue [FOLDER] [--replace] [--check] [--json]``."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.folder.checking import check_folder
from courses.folder.loading import FolderRefused, Loading, known_to_the_site, load_catalogue
from courses.folder.shapes import Problem
from people import clock

STARTER_CATALOGUE = Path(__file__).resolve().parents[2] / "starter_catalogue"


class Command(BaseCommand):
    help = (
        "Loads courses from a folder: a catalogue (families.yaml and course folders) or one course's folder. A course already "
        "loaded is skipped. One refusal refuses the whole folder: each is printed as file:line: reason, and the exit status is 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=STARTER_CATALOGUE, metavar="FOLDER")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="renew courses that differ from the folder, even if edited here: a new revision and release, nothing deleted",
        )
        parser.add_argument("--check", action="store_true", help="only say what would be refused or warned of")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, folder: Path, replace: bool, check: bool, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.", returncode=2)
        try:
            loading = (
                self.look_at(folder) if check else load_catalogue(folder, by=None, at=clock.now(), replace=replace)
            )
        except FolderRefused as refusal:
            self.refuse(refusal, as_json=options["json"])
        else:
            self.report(loading, as_json=options["json"], is_quiet=options["verbosity"] == 0)

    def look_at(self, folder: Path) -> Loading:
        findings = check_folder(folder, on=clock.today(), known=known_to_the_site())
        if findings.refusals:
            raise FolderRefused(findings)
        return Loading((), findings.warnings)

    def report(self, loading: Loading, *, as_json: bool, is_quiet: bool) -> None:
        """Say what became of each course; quietly, of those only that were not skipped."""
        if as_json:
            courses = [
                {"code": course.code, "state": course.state, "detail": course.detail, "release": course.release}
                for course in loading.courses
            ]
            self.print_json(ok=True, courses=courses, refusals=(), warnings=loading.warnings)
            return
        for warning in loading.warnings:
            self.stderr.write(f"{warning.file}:{warning.line}: warning: {warning.reason}")
        for course in loading.courses:
            if is_quiet and course.state == "skipped":
                continue
            self.stdout.write(f"{course.code}: {course.state}. {course.detail}")

    def refuse(self, refusal: FolderRefused, *, as_json: bool) -> None:
        findings = refusal.findings
        if as_json:
            self.print_json(ok=False, courses=[], refusals=findings.refusals, warnings=findings.warnings)
        else:
            for problem in findings.refusals:
                self.stderr.write(str(problem))
        count = len(findings.refusals)
        raise CommandError(
            f"Nothing was loaded: {count} {'reason' if count == 1 else 'reasons'}. Mend what is named above and load again.",
            returncode=1,
        )

    def print_json(
        self, *, ok: bool, courses: list[dict[str, Any]], refusals: tuple[Problem, ...], warnings: tuple[Problem, ...]
    ) -> None:
        found = {
            name: [{"file": one.file, "line": one.line, "reason": one.reason} for one in problems]
            for name, problems in (("refusals", refusals), ("warnings", warnings))
        }
        self.stdout.write(json.dumps({"ok": ok, "courses": courses, **found}, ensure_ascii=False))
