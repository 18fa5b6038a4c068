"""What became of each line, to download."""

from __future__ import annotations

from collections.abc import Iterator

from people.importing.answers import CHANGED, NEW, Answer, Report, in_words
from people.importing.files import counts, unused_titles
from people.models import FileImport, ImportAnswer, ImportState
from people.tables.writing import Cell, as_csv, as_xlsx

TITLES = ("Line", "Who", "Verdict", "Why")
# What has been refused as a whole is not 'new'.
WOULD_BE = {"new": "would be new", "changed": "would be changed"}


def report_as_csv(run: FileImport) -> bytes:
    return as_csv(TITLES, _rows(run))


def report_as_xlsx(run: FileImport) -> bytes:
    return as_xlsx(TITLES, _rows(run), sheet=f"Import of {run.kind}")


def report_of(run: FileImport) -> Report:
    """Return every line's answer."""
    answers = tuple(Answer(row.line, row.who, row.verdict, row.words) for row in _answers(run))
    return Report(answers, unused_titles(run), is_written(run), run.sentence)


def is_written(run: FileImport) -> bool:
    """Return whether anything of the file was kept."""
    if run.started_at is None:
        return False
    rows = ImportAnswer.objects.filter(file_import=run, verdict__in=(NEW, CHANGED))
    return rows.exists() if run.state == ImportState.DONE else rows.filter(line__lte=run.position).exists()


def verdict_in_words(run: FileImport, answer: ImportAnswer) -> str:
    """Return the verdict, in the conditional where the line was not written, or not yet."""
    is_written = run.state == ImportState.DONE or answer.line <= run.position
    if run.started_at is not None and is_written:
        return answer.verdict
    return WOULD_BE.get(answer.verdict, answer.verdict)


def summary(run: FileImport) -> str:
    """Return '2 new, 0 changed, 1 unchanged, 0 refused'."""
    return in_words(counts(run))


def _rows(run: FileImport) -> Iterator[tuple[Cell, ...]]:
    for row in _answers(run):
        yield row.line, row.who, verdict_in_words(run, row), row.words


def _answers(run: FileImport) -> Iterator[ImportAnswer]:
    return ImportAnswer.objects.filter(file_import=run).order_by("line").iterator(chunk_size=2000)
