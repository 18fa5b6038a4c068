"""Requests for erasure in words, for disclosure officers and auditors: where each stands, and what went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Min, QuerySet, Sum

from cpd_records.erasures.foreseeing import held_among
from cpd_records.models import DueForDisposal, ErasureDecision, ErasurePiece, ErasureRequest, FileToRemove
from people import access
from people.erasure_plans import retention_classes
from people.models import User


@dataclass(frozen=True, slots=True)
class GoneSort:
    """What went of one sort: records, and with them rows in all, openings in the ledger and files."""

    retention: str
    what: str
    records: int
    rows: int
    openings: int
    files: int


@dataclass(frozen=True, slots=True)
class ErasureTold:
    """A request, where it stands as a state with a look and a word, and who may still be asked."""

    request: ErasureRequest
    state: str
    word: str
    classes: tuple[str, ...]
    decision: ErasureDecision | None
    is_held: bool

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decision is None

    def may_decide(self, user: User) -> bool:
        """Whether somebody is a second person here; that they hold the role is asked elsewhere."""
        return self.is_open and user.pk not in (self.request.asked_by_id, self.request.officer_id)


@dataclass(frozen=True, slots=True)
class DueTold:
    """Of whom records are due, how many of each class in words, and what already stands in the way or under way."""

    officer: User
    counts: tuple[tuple[str, int], ...]
    is_held: bool
    request: ErasureRequest | None


def due_told(rows: Iterable[DueForDisposal]) -> list[DueTold]:
    """Return the rows of the list in words, in the order given; two queries however many. Their officers are fetched with them."""
    found = list(rows)
    officers = [row.officer for row in found]
    held, titles = held_among(officers), {code: one.title for code, one in retention_classes().items()}
    open_ones = ErasureRequest.objects.filter(officer__in=officers, closed_at__isnull=True)
    under_way = {request.officer_id: request for request in open_ones}
    return [
        DueTold(
            officer=row.officer,
            counts=tuple((titles[code], row.counts[code]) for code in titles if code in row.counts),
            is_held=row.officer.public_id in held,
            request=under_way.get(row.officer_id),
        )
        for row in found
    ]


def people_erasable_by(user: User) -> QuerySet[User]:
    """Return whose records somebody may ask about: everybody's but their own, for disclosure officers and auditors; else nobody's."""
    if not access.has_any_role(user, access.DISCLOSURE_OFFICER, access.AUDITOR):
        return User.objects.none()
    return User.objects.exclude(pk=user.pk)


def erasures_told(requests: Iterable[ErasureRequest]) -> list[ErasureTold]:
    """Return the requests in the order given; three queries however many. Their officers and who asked are fetched with them."""
    rows = list(requests)
    decisions = {one.request_id: one for one in ErasureDecision.objects.filter(request__in=rows).select_related("by")}
    held = held_among(row.officer for row in rows)
    titles = {code: one.title for code, one in retention_classes().items()}
    return [
        _told(row, decisions.get(row.pk), titles, is_held=row.officer.public_id in held and row.closed_at is None)
        for row in rows
    ]


def _told(
    row: ErasureRequest, decision: ErasureDecision | None, titles: dict[str, str], *, is_held: bool
) -> ErasureTold:
    if decision is not None and not decision.is_approved:
        state, word = "refused", "Refused"
    elif row.closed_at is not None:
        state, word = "no-longer-held", "Erased"
    elif is_held:
        state, word = "restricted", "Held back"
    elif decision is None:
        state, word = "waiting", "Waits for a decision"
    else:
        state, word = "started", "Under way"
    return ErasureTold(
        request=row,
        state=state,
        word=word,
        classes=tuple(titles.get(code, code) for code in row.classes),
        decision=decision,
        is_held=is_held,
    )


def what_went(request: ErasureRequest) -> Sequence[GoneSort]:
    """Return what went, by class and sort, in the order in which it went."""
    classes = retention_classes()
    rows = (
        ErasurePiece.objects.filter(request=request, closed_at__isnull=False)
        .values_list("retention_class", "what")
        .annotate(Sum("records"), Sum("rows"), Sum("openings"), Sum("files"), first=Min("number"))
        .order_by("first")
    )
    return [
        GoneSort(classes[code].title if code in classes else code, what, *counts)
        for code, what, *counts, _first in rows
    ]


def files_waiting(request: ErasureRequest) -> int:
    """Return how many files of what went are still to be removed."""
    return FileToRemove.objects.filter(piece__request=request, removed_at__isnull=True).count()
