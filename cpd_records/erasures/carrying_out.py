"""Carrying out an approved erasure, in pieces: each is one transaction, so a process may be killed between any two and another goes on.

A piece takes some records of one plan: openings in the ledger, the rows that hang on a record, the record itself, and the certificates that
go along. Files are removed after the commit, by rows that wait. A legal hold placed meanwhile stops the request; what went before is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, ProtectedError, QuerySet

from cpd_records.erasing import CERTIFICATES
from cpd_records.erasures.files import REMOVE_FILE
from cpd_records.erasures.foreseeing import CERTIFYING, LISTING
from cpd_records.erasures.going_along import certificates_along
from cpd_records.erasures.openings import chain_of, named_openings, openings_of
from cpd_records.erasures.reaching import goes, is_held, reach_of
from cpd_records.erasures.staying import why_it_stays
from cpd_records.erasures.stopping import stop_approved
from cpd_records.ledger.erasure import AFTER_ERASURE, erase_openings
from cpd_records.models import ErasureEnd, ErasurePiece, ErasureRequest, FileToRemove
from people import clock, work
from people.erasure_plans import Files, Part, Plan
from people.models import User

RECORDS_AT_ONCE, ROWS_AT_ONCE = 20, 1000


class HeldBack(Exception):
    """A legal hold stands on the officer: nothing more goes but by another approval after it is lifted."""


class Ended(Exception):
    """The request was stopped or taken back meanwhile: nothing more goes."""


class StillNamed(Exception):
    """A record that something else still names, so that it cannot go: its primary key, and the tables ('app.Model') that name it."""

    def __init__(self, key: Any, tables: frozenset[str]) -> None:
        super().__init__(str(key))
        self.key, self.tables = key, tables


@dataclass
class Went:
    """What a piece took."""

    records: int = 0
    rows: int = 0
    openings: int = 0
    files: int = 0


def carry_out(request_id: UUID, plans: Sequence[Plan]) -> None:
    """Carry out an approved request from wherever it stands to its end; once it has ended, do nothing.

    Where a legal hold stands it is stopped, as placing the hold does, and waits for another approval.
    """
    request = ErasureRequest.objects.select_related("officer", "decision").get(pk=request_id)
    if request.closed_at is not None:
        return
    stayed: Counter[tuple[str, str, str]] = Counter()
    try:
        for plan in plans:
            if plan.retention in request.classes:
                named: dict[Any, frozenset[str]] = {}
                while _carry_out_piece(request, plan, named):
                    pass
                stayed.update((plan.retention, plan.what, why_it_stays(by, plans)) for by in named.values())
        _end(request, stayed)
    except HeldBack:
        stop_approved(request.officer, at=clock.now())
    except Ended:
        return


def _carry_out_piece(request: ErasureRequest, plan: Plan, still_named: dict[Any, frozenset[str]]) -> bool:
    """Take the next records of a plan; return whether there were any. What something names is passed over, and remembered with what."""
    try:
        with transaction.atomic():
            officer = _locked(request)
            going = goes(plan, reach_of(request)).exclude(pk__in=list(still_named))
            if plan.is_opening:
                # It goes with the record that names it.
                going = going.exclude(pk__in=named_openings(officer, plan.retention))
            rows = list(going[: ROWS_AT_ONCE if plan.is_plain else RECORDS_AT_ONCE])
            if rows:
                _take(request, officer, plan, rows)
            return bool(rows)
    except StillNamed as named:
        still_named[named.key] = named.tables
        return True


def _locked(request: ErasureRequest) -> User:
    """Lock the officer and their request, as whoever places a hold does; refuse to go on where one stands or the request has ended."""
    officer = User.objects.select_for_update().get(pk=request.officer_id)
    if is_held(officer):
        raise HeldBack
    if not ErasureRequest.objects.select_for_update().filter(pk=request.pk, closed_at__isnull=True).exists():
        raise Ended
    return officer


def _take(request: ErasureRequest, officer: User, plan: Plan, rows: Sequence[Any]) -> None:
    """Take records, and in the same transaction the certificates that certify or list them."""
    openings = openings_of(plan, [row.pk for row in rows], officer)
    along = certificates_along(plan, rows, openings, officer)
    _take_piece(request, officer, plan, rows, openings, retention=plan.retention, what=plan.what)
    for what, has_list in ((CERTIFYING, False), (LISTING, True)):
        certificates = [one for one in along if one.has_list is has_list]
        if certificates:
            theirs = openings_of(CERTIFICATES, [one.pk for one in certificates], officer)
            _take_piece(request, officer, CERTIFICATES, certificates, theirs, retention=plan.retention, what=what)


def _take_piece(
    request: ErasureRequest,
    officer: User,
    plan: Plan,
    rows: Sequence[Any],
    openings: set[UUID],
    *,
    retention: str,
    what: str,
) -> None:
    at, went = clock.now(), Went(records=len(rows))
    last = request.pieces.order_by("-number").values_list("number", flat=True).first() or 0  # type: ignore[attr-defined]
    piece = ErasurePiece.objects.create(
        request=request, number=last + 1, officer=officer, retention_class=retention, what=what, at=at
    )
    # Openings first: what says in a trigger that its entry was erased may be blanked only then.
    went.openings = len(
        erase_openings(
            officer.public_id,
            sorted(openings, key=str),
            retention_class=retention,
            authority=f"{request.get_ground_display()}. Request {request.pk}",
            at=at,
            subject=str(request.pk),
            more={
                "asked_by": str(request.asked_by.public_id),
                "approved_by": str(request.decision.by.public_id),
            },
        )
        if openings
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
            naming = frozenset(one._meta.label for one in error.protected_objects)
            raise StillNamed(row.pk, naming) from error
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
    keys = list(chain_of(plan, [row.pk]))
    plan.table._base_manager.filter(pk__in=keys).update(supersedes=None)
    return count + plan.table._base_manager.filter(pk__in=keys).delete()[0]


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


@transaction.atomic
def _end(request: ErasureRequest, stayed: Counter[tuple[str, str, str]]) -> None:
    """Write that nothing more goes, with what stayed and why, and let projections follow."""
    officer, at = _locked(request), clock.now()
    ErasureEnd.objects.create(
        request=request,
        officer=officer,
        how=ErasureEnd.How.CARRIED_OUT,
        stayed=[
            {"class": retention, "what": what, "records": count, "why": why}
            for (retention, what, why), count in stayed.items()
        ],
        at=at,
    )
    ErasureRequest.objects.filter(pk=request.pk).update(closed_at=at)
    work.ask(AFTER_ERASURE, f"{officer.public_id}@{request.pk}")
