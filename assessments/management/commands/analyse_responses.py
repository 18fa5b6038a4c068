"""``manage.py analyse_responses FILE``: how the items of a test performed, from a matrix of marks that others made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessments.analysis.figures import as_json, in_words
from assessments.analysis.items import WholeFigures, analyse
from assessments.analysis.matrix_files import NoSuchColumn, read_matrix
from assessments.analysis.readings import few_candidates
from people.tables.rows import TableRefused

WIDEST_NAME = 30
COLUMNS = (
    ("facility", "facility"),
    ("sd", "sd"),
    ("discrimination", "discrimination"),
    ("discriminative_efficiency", "efficiency"),
    ("effective_weight", "eff. weight"),
    ("alpha_if_deleted", "alpha without"),
)


class Command(BaseCommand):
    help = (
        "Say how the items of a test performed, from a CSV file: a header, a row for each candidate, a column for each item, "
        "cells are marks. A blank cell is a missing mark, and no nought: facility and sd are of those who have a mark; "
        "a missing mark adds nothing to a total, and where items are held against each other it counts as its item's mean. "
        "Exit status 0: done; 1: the file cannot be read; 2: bad usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", help="CSV (or XLSX); encoding and separator are found by reading it"
        )
        parser.add_argument("--id-column", metavar="NAME", help="the column that names candidates and is no item")
        parser.add_argument(
            "--maxima-row",
            action="store_true",
            help="the row under the header gives each item's largest mark; else it is the largest mark seen",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args: Any, file: str, id_column: str | None, maxima_row: bool, **options: Any) -> None:
        try:
            with Path(file).open("rb") as opened:
                marks = read_matrix(opened, id_column=id_column, has_maxima=maxima_row)
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.", returncode=1) from problem
        except TableRefused as refusal:
            raise CommandError(str(refusal), returncode=1) from refusal
        except NoSuchColumn as unknown:
            raise CommandError(str(unknown), returncode=2) from unknown
        figures = analyse(marks)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(figures), ensure_ascii=False))
        else:
            self._tell(figures)

    def _tell(self, figures: WholeFigures) -> None:
        said = as_json(figures)
        self.stdout.write(f"{figures.candidates} candidates, {len(figures.items)} items.")
        if warning := few_candidates(figures.candidates):
            self.stdout.write(warning)
        for name in ("alpha", "mean", "sd", "skewness", "kurtosis", "standard_error", "error_ratio"):
            self.stdout.write(f"{name.replace('_', ' ')}: {in_words(said[name], 3)}")
        width = min(WIDEST_NAME, max(len(item.name) for item in figures.items))
        self.stdout.write("\n" + "item".ljust(width) + "".join(title.rjust(16) for _name, title in COLUMNS))
        for item in figures.items:
            cells = (in_words(getattr(item, name), 3).rjust(16) for name, _title in COLUMNS)
            self.stdout.write(item.name[:width].ljust(width) + "".join(cells))
