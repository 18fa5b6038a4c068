"""Importing a list to the end while somebody waits for it: for commands, and for whoever asks what would happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import IO

from people import clock
from people.importing import files
from people.importing.answers import Answer, Report
from people.importing.kinds import ImportKind
from people.importing.reports import report_of
from people.importing.working import advance
from people.models import FileImport, ImportState, User
from people.tables.columns import find_titles, lines, mapping_for, said, unused
from people.tables.reading import open_table
from people.tables.rows import TableRefused


def check_at_once(
    kind: ImportKind,
    file: IO[bytes],
    *,
    by: User | None,
    on: date,
    options: Mapping[str, str] | None = None,
    pairs: Sequence[str] = (),
) -> Report:
    """Say what would become of every line, and write nothing at all."""
    table = open_table(file)
    titles = find_titles(table, kind.columns)
    mapping = mapping_for(titles, kind.columns, files.remembered(kind, titles), said(titles, kind.columns, pairs))
    if sentence := kind.missing(frozenset(filter(None, mapping.values()))):
        raise TableRefused(sentence)
    begun, coming = kind.begin(by=by, on=on, options=options or {}), lines(table, titles, mapping)
    answers: list[Answer] = []
    while piece := list(islice(coming, kind.lines_at_once)):
        answers += begun.check(piece)
    if not answers:
        raise TableRefused(f"The file has titles and no {kind.things} below them.")
    return Report(tuple(answers), unused(titles, mapping), written=False)


def import_at_once(
    kind: ImportKind,
    file: IO[bytes],
    *,
    name: str,
    by: User | None,
    at: datetime | None = None,
    on: date | None = None,
    options: Mapping[str, str] | None = None,
    pairs: Sequence[str] = (),
    all_or_nothing: bool = True,
) -> tuple[FileImport, Report]:
    """Check a list and write it, and return its row among the imports with every line's answer.

    Nothing is written where a line is refused and ``all_or_nothing`` is True.
    """
    at = at or clock.now()
    run = files.take_file(kind, file, name=name, options=options or {}, by=by, at=at, on=on or clock.today())
    try:
        if pairs:
            run = files.map_as_said(run, pairs, by=by, at=at)
        run = files.begin_check(run, by=by, in_background=False)
    except TableRefused:
        files.discard(run, at=at)
        raise
    run = _to_the_end(run)
    if run.state == ImportState.CHECKED:
        report = report_of(run)
        if all_or_nothing and report.is_refused:
            return files.refuse(run, by=by, at=clock.now()), report
        run = files.begin_writing(run, all_or_nothing=all_or_nothing, by=by, at=clock.now(), in_background=False)
        run = _to_the_end(run)
    return run, report_of(run)


def _to_the_end(run: FileImport) -> FileImport:
    while not advance(run, seconds=None):
        pass
    run.refresh_from_db()
    return run
