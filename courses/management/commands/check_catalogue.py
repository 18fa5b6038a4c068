"""Look at a catalogue as a second reader: ``check_catalogue [FOLDER] [--json]``."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.catalogue_review.explanations import Explained, explain
from courses.catalogue_review.measures import CourseMeasures, measure_course
from courses.catalogue_review.warnings import warn_reviewer
from courses.folder.checking import check_folder
from courses.folder.loading import known_to_the_site
from courses.folder.shapes import Course, Problem
from courses.management.commands.load_catalogue import STARTER_CATALOGUE
from people import clock


class Command(BaseCommand):
    help = (
        "Measures and warns of a catalogue's courses: how they read, whether options give keys away, what is covered, items that are alike,"
        " words to look at, references past review. A warning that stays has its reason in the question's note ('Why KIND: reason') or in"
        " explained.yaml. Exit status: 0, or 1 when the folder would be refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=STARTER_CATALOGUE, metavar="FOLDER")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.", returncode=2)
        on = clock.today()
        findings = check_folder(folder, on=on, known=known_to_the_site())
        if findings.refusals:
            self.refuse(findings.refusals, as_json=options["json"])
        measured = [(course, measure_course(course)) for course in findings.catalogue.courses]
        explained = explain(folder, findings.catalogue, warn_reviewer(findings.catalogue, on=on))
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(measured, explained), ensure_ascii=False))
            return
        for course, measures in measured:
            self.stdout.write("\n".join(_lines_of_course(course, measures)))
        for warning, reason in explained.explained:
            self.stdout.write(f"{warning.file}:{warning.line}: {warning.kind}, explained: {reason}")
        for warning in (*explained.unexplained, *explained.idle):
            self.stdout.write(f"{warning.file}:{warning.line}: {warning.kind or 'reason'}: {warning.reason}")
        self.stdout.write(
            f"{len(explained.unexplained)} warnings without a reason, {len(explained.explained)} explained,"
            f" {len(explained.idle)} reasons to look at."
        )

    def refuse(self, refusals: tuple[Problem, ...], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(
                json.dumps({"ok": False, "refusals": [_problem(one) for one in refusals]}, ensure_ascii=False)
            )
        else:
            for problem in refusals:
                self.stderr.write(str(problem))
        count = len(refusals)
        raise CommandError(
            f"The folder would be refused: {count} {'reason' if count == 1 else 'reasons'}. Mend what is named above first.",
            returncode=1,
        )


def _lines_of_course(course: Course, measures: CourseMeasures) -> Iterator[str]:
    read = measures.readability
    yield f"{course.code} {course.title}"
    yield f"  {measures.lessons} lessons, {measures.words} words, {measures.minutes} minutes with tests"
    if read.ease is not None and read.grade is not None and read.words_a_sentence is not None:
        yield f"  reading ease {read.ease:.0f}, grade {read.grade:.1f}, {read.words_a_sentence:.1f} words a sentence"
    types = ", ".join(f"{count} {name}" for name, count in sorted(measures.types.items()))
    yield f"  {measures.exam_items} exam items ({types}), {measures.lesson_items} for lessons"
    if balance := measures.balance:
        yield (
            f"  options: the key is the longest in {balance.longest_key:.0%} and the shortest in {balance.shortest_key:.0%} of"
            f" {balance.items} choice items, {balance.mean_ratio:.2f} of the others' length"
        )
    for row in measures.coverage:
        yield f"  {row.outcome}: taught in {row.lessons} steps, {row.checks} checks, {row.exam_items} exam items, {row.drawn} drawn"


def _as_json(measured: list[tuple[Course, CourseMeasures]], explained: Explained) -> dict[str, Any]:
    return {
        "ok": True,
        "courses": [
            {
                "code": course.code,
                **asdict(measures),
                "reading_ease": measures.readability.ease,
                "grade": measures.readability.grade,
                "words_a_sentence": measures.readability.words_a_sentence,
            }
            for course, measures in measured
        ],
        "explained": [{**_problem(warning), "because": reason} for warning, reason in explained.explained],
        "warnings": [_problem(warning) for warning in explained.unexplained],
        "idle_reasons": [_problem(problem) for problem in explained.idle],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return asdict(problem)
