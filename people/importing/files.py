"""Taking a file: kept privately, understood as far as it can be, its columns mapped and the mapping remembered."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import IO

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Count, QuerySet

from people import work
from people.importing.answers import CHANGED, NEW, REFUSED, Answer
from people.importing.kinds import ImportKind, kind_of, kinds_for
from people.importing.letting_go import let_file_go
from people.models import ColumnMapping, FileImport, ImportAnswer, ImportState, User
from people.models.imports import OPEN
from people.tables.columns import Line, Titles, find_titles, lines, mapping_for, one_line, said, unused
from people.tables.reading import open_table
from people.tables.rows import TableRefused

WORK = "people.import"
PREVIEWED_LINES = 10


class NotNow(Exception):
    """The import is not at the point where this can be done; the message says how it stands."""


def imports_visible_to(user: User) -> QuerySet[FileImport]:
    """Return the imports of the kinds that this person may import, the latest first."""
    kinds = [kind.code for kind in kinds_for(user)]
    return FileImport.objects.filter(kind__in=kinds).select_related("by", "started_by").order_by("-at", "-pk")


def take_file(
    kind: ImportKind, file: IO[bytes], *, name: str, options: Mapping[str, str], by: User | None, at: datetime, on: date
) -> FileImport:
    """Keep a file and what was found in it; nothing is imported yet. Raises ``TableRefused`` where it is no list."""
    table = open_table(file)
    titles = find_titles(table, kind.columns)
    # a list without a line below its titles is refused here, before anybody waits for it
    if next(lines(table, titles, {}), None) is None:
        raise TableRefused(f"The file has titles and no {kind.things} below them.")
    digest, size = _digest(file)
    path = f"imports/{uuid.uuid4()}.{table.found.format}"
    store = storages["private"]
    file.seek(0)
    store.save(path, File(file))
    try:
        return FileImport.objects.create(
            kind=kind.code,
            name=one_line(PurePath(name.replace("\\", "/")).name)[-200:] or "list",
            path=path,
            size=size,
            sha256=digest,
            found=table.found.words[:200],
            titles_row=titles.row,
            titles=[list(pair) for pair in zip(titles.keys, titles.texts, strict=True)],
            mapping=mapping_for(titles, kind.columns, remembered(kind, titles)),
            options=dict(options),
            on=on,
            by=by,
            at=at,
        )
    except BaseException:
        store.delete(path)
        raise


def titles_of(run: FileImport) -> Titles:
    return Titles(run.titles_row, tuple(text for _key, text in run.titles), tuple(key for key, _text in run.titles))


def unused_titles(run: FileImport) -> tuple[str, ...]:
    """Return the titles of columns that are not used."""
    return unused(titles_of(run), run.mapping)


def remembered(kind: ImportKind, titles: Titles) -> dict[str, str]:
    """Return what somebody said before that these titles mean."""
    row = ColumnMapping.objects.filter(kind=kind.code, digest=titles.digest).values_list("mapping", flat=True).first()
    return dict(row or {})


@transaction.atomic
def map_columns(run: FileImport, mapping: Mapping[str, str], *, by: User | None, at: datetime) -> FileImport:
    """Say what the columns mean (our column by title's key, '' for one that is not used) and remember it for lists with the same titles."""
    current = _locked(run, *OPEN, by=by)
    kind, titles = kind_of(current.kind), titles_of(current)
    names = [name for name in mapping.values() if name]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        title = next(column.title for column in kind.columns if column.name == twice)
        raise TableRefused(f"Two columns of the list are mapped to '{title}'. Choose one of them.")
    current.mapping = mapping_for(titles, kind.columns, mapping)
    current.state = ImportState.UPLOADED
    current.save(update_fields=["mapping", "state"])
    ColumnMapping.objects.update_or_create(
        kind=kind.code, digest=titles.digest, defaults={"mapping": dict(mapping), "by": by, "at": at}
    )
    return current


def map_as_said(run: FileImport, pairs: Sequence[str], *, by: User | None, at: datetime) -> FileImport:
    """Map columns by ``Title=column`` pairs, over what is recognised and remembered."""
    kind, titles = kind_of(run.kind), titles_of(run)
    wanted = mapping_for(titles, kind.columns, run.mapping, said(titles, kind.columns, pairs))
    return map_columns(run, {key: wanted.get(key, "") for key in titles.keys}, by=by, at=at)


def missing_column(run: FileImport) -> str:
    """Return the sentence about a column that is missing; '' where none is."""
    return kind_of(run.kind).missing(frozenset(filter(None, run.mapping.values())))


def preview(run: FileImport) -> list[tuple[Line, Answer | None]]:
    """Return the first lines and what would become of them; None while a column is missing. Writes nothing."""
    kind = kind_of(run.kind)
    with storages["private"].open(run.path) as file:
        first = list(islice(lines(open_table(file), titles_of(run), run.mapping), PREVIEWED_LINES))
    if missing_column(run):
        return [(line, None) for line in first]
    begun = kind.begin(by=run.by, on=run.on, options=run.options)
    return list(zip(first, begun.check(first), strict=True))


@transaction.atomic
def begin_check(run: FileImport, *, by: User | None, in_background: bool = True) -> FileImport:
    """Have every line checked; nothing is written by it. Raises ``TableRefused`` where a column is missing."""
    current = _locked(run, *OPEN, by=by)
    if sentence := missing_column(current):
        raise TableRefused(sentence)
    current.answers.all().delete()
    current.state, current.turn, current.sentence = ImportState.CHECKING, current.turn + 1, ""
    current.position, current.done, current.total, current.finished_at = 0, 0, None, None
    current.save()
    _ask(current, in_background)
    return current


@transaction.atomic
def begin_writing(
    run: FileImport, *, all_or_nothing: bool, by: User | None, at: datetime, in_background: bool = True
) -> FileImport:
    """Have the lines written after they were checked: all of them, or the good ones where ``all_or_nothing`` is False.

    A list that changes nothing is done at once. Raises ``NotNow`` where a line is refused and all or nothing was chosen.
    """
    current = _locked(run, ImportState.CHECKED, by=by)
    verdicts = counts(current)
    if all_or_nothing and verdicts.get(REFUSED):
        raise NotNow("Some lines are refused, and all or nothing was chosen. Mend them, or import the good lines only.")
    current.state, current.all_or_nothing = ImportState.WRITING, all_or_nothing
    current.started_by, current.started_at = by, at
    current.position, current.done = 0, 0
    if not verdicts.get(NEW) and not verdicts.get(CHANGED):
        current.state, current.done, current.finished_at = ImportState.DONE, current.total or 0, at
        current.save()
        return current
    current.save()
    _ask(current, in_background)
    return current


@transaction.atomic
def refuse(run: FileImport, *, by: User | None, at: datetime) -> FileImport:
    """Say that nothing of a checked list is written, because of the lines that are refused."""
    current = _locked(run, ImportState.CHECKED, by=by)
    current.state, current.finished_at = ImportState.REFUSED, at
    current.save(update_fields=["state", "finished_at"])
    return current


@transaction.atomic
def discard(run: FileImport, *, at: datetime) -> FileImport:
    """Let go of a file of which nothing was written, with its content and what was found in it."""
    current = _locked(run, *OPEN, by=run.by)
    current.answers.all().delete()
    current.state, current.finished_at = ImportState.DISCARDED, at
    current.save(update_fields=["state", "finished_at"])
    transaction.on_commit(partial(let_file_go, current, at=at))
    return current


def counts(run: FileImport) -> dict[str, int]:
    """Return how many lines have which verdict."""
    rows = ImportAnswer.objects.filter(file_import=run).values_list("verdict").annotate(lines=Count("pk")).order_by()
    return dict(rows)


def _ask(run: FileImport, in_background: bool) -> None:
    if in_background:
        work.ask(WORK, f"{run.pk}:{run.turn}:{run.state}")


def _locked(run: FileImport, *states: ImportState, by: User | None) -> FileImport:
    """Return the import under a lock; refuse what it is not ready for, and others than whoever handed it in.

    What a line may do depends on who imports it, and was shown to them.
    """
    current = FileImport.objects.select_for_update(of=("self",)).select_related("by").get(pk=run.pk)
    if current.by_id != (by.pk if by else None):
        raise NotNow(
            f"{current.by or 'A command'} handed this file in, and only they can go on. Import the file yourself."
        )
    if current.state not in states:
        raise NotNow(f"This cannot be done now. The import stands at: {current.get_state_display().lower()}.")
    return current


def _digest(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(256 * 1024):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size
