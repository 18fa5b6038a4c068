"""Dealing with the lines of a file in pieces: in the background a few seconds at a time, for a command to the end.

A piece is one transaction that holds what its lines change, their answers and how far the import is. So wherever a process is killed, the
import is taken up again after the last whole piece, and no line is dealt with twice. What was read of the file and what earlier lines
said is kept in the process between two turns; another process reads the file again up to where the import is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction

from people import clock
from people.importing.answers import REFUSED, Answer
from people.importing.files import WORK, titles_of
from people.importing.kinds import LineImport, kind_of
from people.models import FileImport, ImportAnswer, ImportState
from people.tables.columns import Line, lines
from people.tables.reading import open_table
from people.tables.rows import TableRefused
from people.work import NotYet, background

# Waiting work of other kinds is let in between two turns.
SECONDS_A_TURN = 2.0
# A turn lasts at least so many times as long as it took to read the file again.
TURN_BY_READING = 3.0
MOST_KEPT = 4


@dataclass
class _UnderWay:
    """An import as this process has it: where it is, the lines that follow, and what is remembered of those before."""

    place: tuple[str, int, int]
    file: IO[bytes]
    coming: Iterator[Line]
    begun: LineImport


class _NoLongerGood(Exception):
    """A line that was good when it was checked is refused now, and all or nothing was chosen."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer))
        self.answer = answer


_kept: dict[int, _UnderWay] = {}


@background(WORK)
def go_on(key: str) -> None:
    """Deal with the next lines of an import for a few seconds, and ask to be called again while there are more."""
    import_id, turn, state = key.split(":")
    run = FileImport.objects.filter(pk=int(import_id), turn=int(turn), state=state).first()
    if run is not None and not advance(run):
        raise NotYet(0.05)


def advance(run: FileImport, *, seconds: float | None = SECONDS_A_TURN) -> bool:
    """Deal with the next lines for so many seconds, None to the end; return whether nothing is left to deal with."""
    began = time.monotonic()
    while True:
        current = FileImport.objects.get(pk=run.pk)
        if not current.is_at_work:
            return True
        try:
            way = _take_up(current)
            # what was spent on reading again is spent once for each turn, so the turn lasts longer
            spent = time.monotonic() - began
            until = (
                None
                if seconds is None
                else began + min(max(seconds, TURN_BY_READING * spent), settings.WORK_LEASE_SECONDS / 3)
            )
            try:
                while _do_piece(current, way):
                    if until is not None and time.monotonic() > until:
                        _keep(current, way)
                        return False
            except BaseException:
                way.file.close()
                raise
        except TableRefused as refusal:
            _stop(current, str(refusal))


def _do_piece(run: FileImport, way: _UnderWay) -> bool:
    """Deal with the next piece; return whether more may follow. A piece another process was quicker with is left to it."""
    piece = list(islice(way.coming, kind_of(run.kind).lines_at_once))
    answers = way.begun.check(piece) if run.state == ImportState.CHECKING else []
    try:
        with transaction.atomic():
            current = FileImport.objects.select_for_update().get(pk=run.pk)
            if _place(current) != way.place:
                way.file.close()
                return False
            if run.state == ImportState.WRITING:
                answers = way.begun.write(piece)
                refused = next((answer for answer in answers if answer.verdict == REFUSED), None)
                if refused is not None and current.all_or_nothing:
                    raise _NoLongerGood(refused)
                _answer_anew(current, answers)
            else:
                ImportAnswer.objects.bulk_create([_row(current, answer) for answer in answers])
            current.done += len(piece)
            if piece:
                current.position = piece[-1].number
            else:
                _finish(current)
            current.save()
    except _NoLongerGood as problem:
        way.file.close()
        _answer_anew(run, [problem.answer])
        run.refresh_from_db(fields=["position"])
        written = (
            f"The lines up to {run.position} are written, the others are not" if run.position else "Nothing is written"
        )
        _stop(
            run,
            f"{problem.answer}. It was good when it was checked, so something changed meanwhile. {written}. "
            "Mend it and import the file again: what is written stays as it is.",
        )
        return False
    way.place = _place(current)
    if not piece:
        way.file.close()
    return bool(piece)


def _finish(run: FileImport) -> None:
    run.total = run.done
    if run.state == ImportState.WRITING:
        run.state, run.finished_at = ImportState.DONE, clock.now()
    else:
        run.state = ImportState.CHECKED
    run.position = 0


def _stop(run: FileImport, sentence: str) -> None:
    FileImport.objects.filter(pk=run.pk, state__in=(ImportState.CHECKING, ImportState.WRITING)).update(
        state=ImportState.STOPPED, sentence=sentence[:1000], finished_at=clock.now()
    )


def _take_up(run: FileImport) -> _UnderWay:
    """Return the import as this process kept it, or begin again from the file and pass over what was dealt with."""
    kept = _kept.pop(run.pk, None)
    if kept is not None:
        if kept.place == _place(run):
            return kept
        kept.file.close()
    kind = kind_of(run.kind)
    file = storages["private"].open(run.path)
    coming = lines(open_table(file), titles_of(run), run.mapping)
    begun = kind.begin(
        by=run.started_by if run.state == ImportState.WRITING else run.by, on=run.on, options=run.options
    )
    passed = islice(coming, run.done)
    while piece := list(islice(passed, kind.lines_at_once)):
        begun.pass_over(piece)
    return _UnderWay(_place(run), file, coming, begun)


def _keep(run: FileImport, way: _UnderWay) -> None:
    while len(_kept) >= MOST_KEPT:
        _kept.pop(next(iter(_kept))).file.close()
    _kept[run.pk] = way


def _place(run: FileImport) -> tuple[str, int, int]:
    return run.state, run.turn, run.done


def _row(run: FileImport, answer: Answer) -> ImportAnswer:
    return ImportAnswer(file_import=run, line=answer.number, who=answer.who, verdict=answer.verdict, words=answer.why)


def _answer_anew(run: FileImport, answers: Sequence[Answer]) -> None:
    """Put right what was answered when the lines were checked, where it came out otherwise."""
    before = {
        row.line: row for row in ImportAnswer.objects.filter(file_import=run, line__in=[one.number for one in answers])
    }
    for answer in answers:
        row = before.get(answer.number)
        if row is None:
            _row(run, answer).save()
        elif (row.verdict, row.words, row.who) != (answer.verdict, answer.why, answer.who):
            row.verdict, row.words, row.who = answer.verdict, answer.why, answer.who
            row.save(update_fields=["verdict", "words", "who"])
