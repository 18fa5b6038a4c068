"""Carrying out an approved erasure, in pieces: each is one transaction, so a process may be killed between any two and another goes on.

A piece takes some records of one plan: openings in the ledger, the rows that hang on a record, the record itself. Files are removed after
the commit, by rows that wait. A legal hold placed meanwhile stops the next piece; what went before it was placed is gone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import ForeignObjectRel, Model, ProtectedError, QuerySet

from cpd_records.erasures.files import REMOVE_FILE
from cpd_records.erasures.foreseeing import goes, is_held
from cpd_records.ledger.erasure import AFTER_ERASURE, erase_openings
from cpd_records.models import EntryKind, ErasurePiece, ErasureRequest, FileToRemove, LedgerEntry, ReadablePart
from people import clock, work
from people.erasure_plans import Files, Part, Plan, serves
from people.models import User

RECORDS_AT_ONCE, ROWS_AT_ONCE = 20, 1000
# What names an entry and does not keep it: evidence itself, and what goes with it or stays when it is gone.
KEEPS_NOTHING = frozenset(
    {
        "ReadablePart",
        "SealedPlace",
        "Erasure",
        "UnsealedEntry",
        "ImportedRecord",
        "AwardEvidence",
    }
)


class HeldBack(Exception):
    """A legal hold stands on the officer: nothing more goes until it is lifted."""


class StillNamed(Exception):
    """A record that something else still names, so that it cannot go yet; ``key`` is its primary key."""

    def __init__(self, key: Any) -> None:
        super().__init__(str(key))
        self.key = key


@dataclass
class Went:
    """What a piece took."""

    records: int = 0
    rows: int = 0
    openings: int = 0
    files: int = 0


def carry_out(request_id: UUID, plans: Sequence[Plan]) -> None:
    """Carry out an approved request from wherever it stands to its end; once it has ended, do nothing. Raises ``HeldBack``."""
    request = ErasureRequest.objects.select_related("officer", "decision").get(pk=request_id)
    if request.closed_at is not None:
        return
    # As it was when it was asked: the postings that say it may have gone in an earlier piece. Whoever came back serves.
    left_on = None if serves(request.officer) else request.left_on
    for plan in plans:
        if plan.retention in request.classes:
            still_named: set[Any] = set()
            while _carry_out_piece(request, plan, left_on, still_named):
                pass
    _end(request)


def _carry_out_piece(request: ErasureRequest, plan: Plan, left_on: Any, still_named: set[Any]) -> bool:
    """Take the next records of a plan; return whether there were any. What something else names is passed over, and remembered."""
    try:
        with transaction.atomic():
            officer = _locked(request)
            going = goes(plan, officer, ground=request.ground, on=request.on, left_on=left_on)
            most = ROWS_AT_ONCE if plan.is_plain else RECORDS_AT_ONCE
            rows = list(going.exclude(pk__in=still_named)[:most])
            if rows:
                _take(request, officer, plan, rows)
            return bool(rows)
    except StillNamed as named:
        still_named.add(named.key)
        return True


def _locked(request: ErasureRequest) -> User:
    """Lock the request and its officer, as whoever places a hold does; refuse to go on where one stands."""
    ErasureRequest.objects.select_for_update().get(pk=request.pk, closed_at__isnull=True)
    officer = User.objects.select_for_update().get(pk=request.officer_id)
    if is_held(officer):
        raise HeldBack
    return officer


def _take(request: ErasureRequest, officer: User, plan: Plan, rows: Sequence[Any]) -> None:
    at, went = clock.now(), Went(records=len(rows))
    last = request.pieces.order_by("-number").values_list("number", flat=True).first() or 0  # type: ignore[attr-defined]
    piece = ErasurePiece.objects.create(
        request=request,
        number=last + 1,
        officer=officer,
        retention_class=plan.retention,
        what=plan.what,
        at=at,
    )
    # Openings first: what says in a trigger that its entry was erased may be blanked only then.
    entries = [entry for row in rows for entry in _entries(plan, row, officer)]
    went.openings = len(
        erase_openings(
            officer.public_id,
            entries,
            retention_class=plan.retention,
            authority=f"{request.get_ground_display()}. Request {request.pk}",
            at=at,
            subject=str(request.pk),
            more={
                "asked_by": str(request.asked_by.public_id),
                "approved_by": str(request.decision.by.public_id),
            },
        )
        if entries
        else ()
    )
    files: list[FileToRemove] = []
    if plan.is_plain and len(rows) > RECORDS_AT_ONCE:
        try:
            went.rows = plan.table._base_manager.filter(pk__in=[row.pk for row in rows]).delete()[0]
            rows = ()
        except ProtectedError:  # raised before anything was deleted; one by one says which
            went.rows = 0
    for row in rows:
        try:
            went.rows += _take_row(plan, row, piece, files, at)
        except ProtectedError as error:
            raise StillNamed(row.pk) from error
    went.files = len(files)
    FileToRemove.objects.bulk_create(files)
    work.ask_many(REMOVE_FILE, [str(one.pk) for one in files])
    for name in ("records", "rows", "openings", "files"):
        setattr(piece, name, getattr(went, name))
    piece.closed_at = at
    piece.save(update_fields=["records", "rows", "openings", "files", "closed_at"])


def _take_row(plan: Plan, row: Any, piece: ErasurePiece, files: list[FileToRemove], at: datetime) -> int:
    """Delete or blank one record and what hangs on it; return how many rows that was."""
    count = 0
    for part in plan.parts:
        hanging = part.table._base_manager.filter(part.only, **{part.by: row.pk})
        if part.files is not None:
            files += _files(piece, part, part.files, hanging, at)
        if part.blanks is not None:
            hanging.update(**part.blanks)
            continue
        count += hanging.delete()[0]
    if plan.is_opening:
        return count
    itself = plan.table._base_manager.filter(pk=row.pk)
    if plan.files is not None:
        files += _files(piece, plan, plan.files, itself, at)
    if plan.blanks is not None:
        itself.update(**{name: value(row, at) if callable(value) else value for name, value in plan.blanks.items()})
        return count + 1
    if not plan.is_chain:
        return count + itself.delete()[0]
    keys = list(_chain(plan, row))
    plan.table._base_manager.filter(pk__in=keys).update(supersedes=None)
    return count + plan.table._base_manager.filter(pk__in=keys).delete()[0]


def _chain(plan: Plan, row: Any) -> Iterator[Any]:
    """Yield the keys of a row with two times and of all that it corrects, one after the other."""
    key = row.pk
    while key is not None:
        yield key
        key = plan.table._base_manager.filter(pk=key).values_list("supersedes", flat=True).first()


def _files(
    piece: ErasurePiece, owner: Plan | Part, files: Files, rows: QuerySet[Model], at: datetime
) -> list[FileToRemove]:
    """Return the rows that ask for the removal of these rows' files; a shared file stays as long as another row names it."""
    named = [str(path) for path in rows.values_list(files.path, flat=True) if path]
    shared = {"table": owner.model, "column": files.path} if files.is_shared else {"table": "", "column": ""}
    return [
        FileToRemove(
            piece=piece,
            path=files.folder + path,
            named=path if files.is_shared else "",
            asked_at=at,
            **shared,
        )
        for path in dict.fromkeys(named)
    ]


def _entries(plan: Plan, row: Any, officer: User) -> list[UUID]:
    """Return the entries whose openings go with a record: those it names, those about it, and all that correct them."""
    if plan.is_opening and _is_kept(row.pk):
        raise StillNamed(row.pk)
    itself = plan.table._base_manager.filter(pk__in=list(_chain(plan, row)) if plan.is_chain else [row.pk])
    found: set[UUID] = set()
    for name in plan.entries:
        found.update(itself.filter(**{f"{name}__isnull": False}).values_list(name, flat=True))
    for part in plan.parts:
        for name in part.entries:
            named = part.table._base_manager.filter(part.only, **{part.by: row.pk, f"{name}__isnull": False})
            found.update(named.values_list(name, flat=True))
    said = ReadablePart.objects.filter(officer=officer.public_id).exclude(kind=EntryKind.ERASURE)
    if plan.subject:
        found.update(said.filter(subject=str(row.pk)).values_list("entry", flat=True))
    new = set(found)
    while new:
        new = set(said.filter(corrects__in=new).values_list("entry", flat=True)) - found
        found |= new
    return sorted(found, key=str)


def _is_kept(entry: UUID) -> bool:
    """Return whether a record that is still there names an entry: then the entry goes with that record."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: entry}).exists()
        for relation in LedgerEntry._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and relation.related_model.__name__ not in KEEPS_NOTHING
    )


@transaction.atomic
def _end(request: ErasureRequest) -> None:
    """Write that nothing is left to go, and let projections follow."""
    officer = _locked(request)
    ErasureRequest.objects.filter(pk=request.pk).update(closed_at=clock.now())
    work.ask(AFTER_ERASURE, f"{officer.public_id}@{request.pk}")
