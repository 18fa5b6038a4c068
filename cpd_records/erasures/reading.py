"""Requests for erasure in words, for disclosure officers and auditors: where each stands, and what went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Min, QuerySet, Sum

from cpd_records.erasures.reaching import held_among
from cpd_records.models import DueForDisposal, ErasureDecision, ErasureEnd, ErasurePiece, ErasureRequest, FileToRemove
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
class Stayed:
    """What could not go: how many of a sort, and why in a sentence."""

    retention: str
    what: str
    records: int
    why: str


@dataclass(frozen=True, slots=True)
class ErasureTold:
    """A request, where it stands as a state with a look and a word, how it ended, and who may still be asked."""

    request: ErasureRequest
    state: str
    word: str
    classes: tuple[str, ...]
    decision: ErasureDecision | None
    end: ErasureEnd | None
    stayed: tuple[Stayed, ...]
    is_held: bool

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet, and it has not ended."""
        return self.decision is None and self.request.closed_at is None

    @property
    def follows(self) -> ErasureEnd | None:
        """How the request ended that a hold stopped and of which this is what is left."""
        return getattr(self.request, "follows", None)

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

    @property
    def can_be_asked(self) -> bool:
        """Whether an erasure can be asked for now."""
        return not self.is_held and self.request is None


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


def may_end(told: ErasureTold, user: User) -> str:
    """Return what somebody may do to end a request, in a word: 'Take it back', 'Cancel it', '' for nothing."""
    if told.request.closed_at is not None or user.pk == told.request.officer_id:
        return ""
    if user.pk == told.request.asked_by_id:
        return "Take it back"
    return "Cancel it" if told.is_held else ""


def pending_of(officer: UUID) -> ErasureRequest | None:
    """Return the request about somebody, by public id, that has not ended; at most one has not."""
    rows = ErasureRequest.objects.filter(officer__public_id=officer, closed_at__isnull=True)
    return rows.select_related("officer", "asked_by").first()


def people_erasable_by(user: User) -> QuerySet[User]:
    """Return whose records somebody may ask about: everybody's but their own, for disclosure officers and auditors; else nobody's."""
    if not access.has_any_role(user, access.DISCLOSURE_OFFICER, access.AUDITOR):
        return User.objects.none()
    return User.objects.exclude(pk=user.pk)


def erasures_told(requests: Iterable[ErasureRequest]) -> list[ErasureTold]:
    """Return the requests in the order given; four queries however many. Their officers and who asked are fetched with them."""
    rows = list(requests)
    ends = {
        one.request_id: one
        for one in ErasureEnd.objects.filter(request__in=rows).select_related("by", "hold", "followed_by")
    }
    decisions = {one.request_id: one for one in ErasureDecision.objects.filter(request__in=rows).select_related("by")}
    held = held_among(row.officer for row in rows)
    titles = {code: one.title for code, one in retention_classes().items()}
    return [
        _told(
            row,
            decisions.get(row.pk),
            ends.get(row.pk),
            titles,
            is_held=row.officer.public_id in held and row.closed_at is None,
        )
        for row in rows
    ]


def _told(
    row: ErasureRequest,
    decision: ErasureDecision | None,
    end: ErasureEnd | None,
    titles: dict[str, str],
    *,
    is_held: bool,
) -> ErasureTold:
    stayed = tuple(
        Stayed(titles.get(one["class"], one["class"]), one["what"], one["records"], one["why"])
        for one in (end.stayed if end is not None else ())
    )
    if decision is not None and not decision.is_approved:
        state, word = "refused", "Refused"
    elif end is not None and end.how != ErasureEnd.How.CARRIED_OUT:
        state, word = ("restricted" if end.how == ErasureEnd.How.STOPPED else "refused"), end.get_how_display()
    elif stayed:
        state, word = "no-longer-held", f"Erased, but for {sum(one.records for one in stayed):,}"
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
        end=end,
        stayed=stayed,
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
