"""Write a course as a plain folder in canonical form: ``export_course CODE FOLDER [--check] [--json]``."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.folder.canonical import Files, differences
from courses.folder.checking import check_folder
from courses.folder.digests import files_on_disk
from courses.folder.loading import known_to_the_site
from courses.folder.shapes import Problem
from courses.folder.writing import (
    CannotExport,
    FolderInTheWay,
    export_course,
    place_for,
    write_families_beside,
    write_folder,
)
from courses.models import CoursePage
from people import clock


class Command(BaseCommand):
    help = (
        "Writes a course, as its authors last saved it, to FOLDER/CODE in the canonical form (or to FOLDER itself if it is called CODE), "
        "with families.yaml beside it if there is none. With --check nothing is written: files that differ are listed, exit status 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--check", action="store_true", help="compare with what lies there; write nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, code: str, folder: Path, check: bool, **options: Any) -> None:
        page = CoursePage.objects.filter(code__iexact=code).first()
        if page is None:
            known = ", ".join(CoursePage.objects.order_by("code").values_list("code", flat=True)) or "none"
            raise CommandError(f"There is no course {code}. The courses are: {known}.", returncode=2)
        try:
            files = export_course(page)
            place = place_for(page.code, folder)
            if check:
                self.compare(page.code, files, place, as_json=options["json"])
            else:
                self.write(page.code, files, place, as_json=options["json"])
        except (CannotExport, FolderInTheWay) as error:
            raise CommandError(str(error), returncode=1) from None

    def compare(self, code: str, files: Files, place: Path, *, as_json: bool) -> None:
        if not place.is_dir():
            raise CommandError(f"There is no folder {place}.", returncode=2)
        found = differences(files_on_disk(place), files)
        if as_json:
            listed = [
                {"file": one.path, "line": one.line, "found": one.found, "canonical": one.canonical} for one in found
            ]
            self.stdout.write(json.dumps({"ok": not found, "code": code, "differences": listed}, ensure_ascii=False))
        else:
            for one in found:
                self.stdout.write(str(one))
        if found:
            raise CommandError(f"{len(found)} of {len(files)} files of {code} differ from {place}.", returncode=1)
        if not as_json:
            self.stdout.write(f"{code}: {len(files)} files, all as they lie in {place}.")

    def write(self, code: str, files: Files, place: Path, *, as_json: bool) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        taken_out = write_folder(files, place)
        write_families_beside(place)
        refused = check_folder(place, on=clock.today(), known=known_to_the_site()).refusals
        if as_json:
            written = {"ok": True, "code": code, "folder": str(place), "files": sorted(files), "taken_out": taken_out}
            self.stdout.write(json.dumps({**written, "refusals": [_plain(one) for one in refused]}, ensure_ascii=False))
            return
        self.stdout.write(f"{code}: {len(files)} files in {place}.")
        for path in taken_out:
            self.stdout.write(f"{path}: taken out, it is no longer part of the course.")
        for one in refused:
            self.stderr.write(f"{one.file}:{one.line}: this would be refused on loading: {one.reason}")


def _plain(one: Problem) -> dict[str, str | int]:
    return {"file": one.file, "line": one.line, "reason": one.reason}
