"""What the page of an import shows: how the file was understood, its first lines, how far it is, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from people.importing.answers import CHANGED, NEW, REFUSED, VERDICTS, Answer
from people.importing.files import counts, missing_column, preview, unused_titles
from people.importing.kinds import kind_of
from people.importing.reports import is_written
from people.models import FileImport, ImportAnswer, ImportState
from people.tables.columns import Line
from people.tables.rows import TableRefused

SHOWN_ANSWERS = 20
WOULD_BE = {NEW: "Would be new", CHANGED: "Would change", "unchanged": "Changes nothing", REFUSED: "Refused"}


@dataclass(frozen=True)
class PreviewedLine:
    """One of the first lines: the cells of the columns that are used, and what would become of it ('' while that is not known)."""

    number: int
    cells: tuple[str, ...]
    verdict: str
    words: str
    why: str


@dataclass(frozen=True)
class Preview:
    """``titles`` head the cells; ``sentence`` says which column is missing, or why the file cannot be read."""

    titles: tuple[str, ...]
    lines: tuple[PreviewedLine, ...]
    first: tuple[str, ...]
    sentence: str


def particulars_of(run: FileImport) -> list[tuple[str, str]]:
    """Return what is known of a file, as rows of label and value."""
    found = [("File", run.name), ("Read as", run.found)]
    found += [(_label(run, name), value) for name, value in run.options.items() if value]
    if run.titles_row > 1:
        found.append(("Titles", f"in line {run.titles_row}"))
    if titles := unused_titles(run):
        found.append(("Columns not used", ", ".join(titles)))
    return found


def preview_of(run: FileImport) -> Preview:
    """Return the first lines and what would become of them. Writes nothing."""
    try:
        found = preview(run)
    except TableRefused as refusal:
        return Preview((), (), (), str(refusal))
    columns = [column for column in kind_of(run.kind).columns if column.name in run.mapping.values()]
    lines = tuple(_previewed(line, answer, [column.name for column in columns]) for line, answer in found)
    first = tuple(found[0][0].texts) if found else ()
    return Preview(tuple(column.title for column in columns), lines, first, missing_column(run))


def verdict_counts(run: FileImport) -> list[tuple[str, int]]:
    """Return how many lines have which verdict, in words; those with none are left out."""
    found = counts(run)
    words = {NEW: "new", CHANGED: "changed", "unchanged": "already so, unchanged", REFUSED: "refused"}
    return [(words[verdict], found[verdict]) for verdict in VERDICTS if found.get(verdict)]


def first_answers(run: FileImport, verdict: str = REFUSED) -> QuerySet[ImportAnswer]:
    """Return the first lines with a verdict."""
    return ImportAnswer.objects.filter(file_import=run, verdict=verdict).order_by("line")[:SHOWN_ANSWERS]


def outcome_of(run: FileImport) -> str:
    """Say in a sentence what became of the whole, or what would."""
    found = counts(run)
    touched = found.get(NEW, 0) + found.get(CHANGED, 0)
    if run.state == ImportState.DONE:
        return (
            f"{touched:,} of {run.done:,} lines changed something."
            if touched
            else "Every line was already so. Nothing changed."
        )
    if run.state == ImportState.CHECKED:
        return f"{touched:,} of {run.total or 0:,} lines would change something. Nothing is written yet."
    if run.state == ImportState.STOPPED:
        return run.sentence if is_written(run) else f"{run.sentence} Nothing was written."
    if run.state == ImportState.REFUSED:
        return "Some lines are refused, and all or nothing was chosen. Nothing was written."
    return ""


def _previewed(line: Line, answer: Answer | None, names: Sequence[str]) -> PreviewedLine:
    cells = tuple(line[name] for name in names)
    if answer is None:
        return PreviewedLine(line.number, cells, "", "", line.trouble)
    return PreviewedLine(line.number, cells, answer.verdict, WOULD_BE[answer.verdict], answer.why)


def _label(run: FileImport, name: str) -> str:
    return next((option.label for option in kind_of(run.kind).options if option.name == name), name)
