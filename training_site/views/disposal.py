"""Due for disposal: whose records' time is over, as found last night; asked for of one or of several, and decided of several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cpd_records.erasures.due import last_listed
from cpd_records.erasures.foreseeing import Foreseen, foresee, foresee_within
from cpd_records.erasures.reaching import reach_of
from cpd_records.erasures.reading import DueTold, due_told
from cpd_records.erasures.refusals import NOT_FOR_YOU, ONLY_READ, ErasureNotAllowed
from cpd_records.erasures.several import MOST_AT_ONCE, TOO_MANY, ask_for_disposal, decide_several
from cpd_records.models import DueForDisposal, ErasureGround, ErasureRequest
from people import access, clock
from people.erasure_plans import retention_classes
from people.looks import record_looks
from people.signed_in import SignedInRequest
from training_site.erasing import ALL_PLANS
from training_site.forms_erasures import DecideSeveralForm, DisposalForm, DueForm
from training_site.views.erasures import LOOKED as LOOKED_AT_WHAT_WOULD_GO

form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = MOST_AT_ONCE
LOOKED = {"where": "Due for disposal", "saw": "How many of your records are past their time"}
NOBODY = "Choose at least one person, then ask."
NOT_DUE = "Nobody you chose is on the list any more, or can be asked for now."


@require_safe
@never_cache
@login_required
def due(request: SignedInRequest) -> HttpResponse:
    """The list, of one class or all, those with most first; a disclosure officer chooses whose disposal to ask for."""
    if not access.has_any_role(request.user, access.DISCLOSURE_OFFICER, access.AUDITOR):
        raise PermissionDenied(NOT_FOR_YOU)
    form = DueForm(request.GET)
    of_class = form.cleaned_data["class"] if form.is_valid() else ""
    rows = DueForDisposal.objects.visible_to(request.user).still_due().select_related("officer")
    if of_class:
        rows = rows.filter(counts__has_key=of_class)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    record_looks({row.officer_id for row in page}, by=request.user, at=clock.now(), **LOOKED)
    people = due_told(page)
    shown: dict[str, Any] = {"form": form, "page": page, "people": people, "of_class": of_class}
    shown |= {
        "pages": page.paginator.get_elided_page_range(page.number),
        "count": page.paginator.count,
        "found_at": last_listed(),
        "may_choose": access.has_role(request.user, access.DISCLOSURE_OFFICER)
        and any(one.can_be_asked for one in people),
    }
    return render(request, "training_site/erasures/due.html", shown)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Somebody who was chosen: what is due of them now, or why nothing can be asked of them, ``why`` then a sentence."""

    told: DueTold
    found: Foreseen | None
    why: str = ""

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many records of each class are due, by its title."""
        return [(one.retention.title, one.count) for one in self.found.classes if one.count] if self.found else []


@form_page
@never_cache
@login_required
def ask(request: SignedInRequest) -> HttpResponse:
    """What would go in all of the people who were chosen; a POST asks for it, a request for each."""
    _refuse_others(request)
    asked = request.POST if request.method == "POST" else request.GET
    wanted = {one for one in map(_uuid, asked.getlist("shown" if "all" in asked else "who")) if one is not None}
    if not wanted or len(wanted) > MOST_AT_ONCE:
        messages.error(request, TOO_MANY if wanted else NOBODY)
        return redirect("due-for-disposal")
    rows = DueForDisposal.objects.visible_to(request.user).still_due().filter(officer__public_id__in=wanted)
    told = due_told(rows.select_related("officer"))
    _look(request, [one.officer.pk for one in told], "GET")
    chosen = [_chosen(one) for one in told]
    found = [one.found for one in chosen if one.found is not None]
    if not found:
        messages.error(request, NOT_DUE)
        return redirect("due-for-disposal")
    totals = _totals(found)
    initial = {"classes": [asked["class"]] if asked.get("class") else [code for code, *_rest in totals]}
    form = DisposalForm(request.POST or None, totals=totals, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = {one.officer.public_id: request.POST.get(f"seen-{one.officer.public_id}", "") for one in found}
        said = form.cleaned_data
        try:
            done = ask_for_disposal(
                found, classes=said["classes"], reason=said["reason"], seen=seen, by=request.user, at=clock.now()
            )
        except ErasureNotAllowed as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, f"{_requests(done)} for a second disclosure officer. Nothing is erased before.")
            return redirect("erasures")
    _look(request, [one.officer.pk for one in told], "POST")
    shown = {"form": form, "chosen": chosen, "totals": totals, "count": len(found)}
    return render(request, "training_site/erasures/ask.html", shown, status=_status(form))


@form_page
@never_cache
@login_required
def waiting(request: SignedInRequest) -> HttpResponse:
    """What waits for the reader as second person, each with what would go; several are decided at once."""
    _refuse_others(request)
    rows = ErasureRequest.objects.waiting_for(request.user).select_related("officer", "asked_by")
    page: Page[ErasureRequest] = Paginator(rows, MOST_AT_ONCE).get_page(request.GET.get("page"))
    requests = list(page)
    _look(request, [one.officer_id for one in requests], "GET")
    found = {one: foresee_within(reach_of(one), ALL_PLANS, classes=one.classes) for one in requests}
    form = DecideSeveralForm(request.POST or None, requests=requests)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        seen = {one.pk: request.POST.get(f"seen-{one.pk}", "") for one in requests}
        try:
            done = decide_several(
                {one: found[one] for one in requests if str(one.pk) in said["chosen"]},
                approve=said["decision"] == "approve",
                reason=said["reason"],
                seen=seen,
                by=request.user,
                at=clock.now(),
            )
        except ErasureNotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _decided(len(done), is_approved=said["decision"] == "approve"))
            return redirect("erasures-waiting" if len(done) < page.paginator.count else "erasures")
    _look(request, [one.officer_id for one in requests], "POST")
    titles = {code: one.title for code, one in retention_classes().items()}
    shown: dict[str, Any] = {
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "waiting": [(one, [titles.get(code, code) for code in one.classes], found[one]) for one in requests],
        "chosen": form.data.getlist("chosen") if form.is_bound else [],  # type: ignore[attr-defined]  # it was posted
    }
    return render(request, "training_site/erasures/waiting.html", shown, status=_status(form))


def _chosen(told: DueTold) -> Chosen:
    """Return what would be asked of somebody, or why nothing can."""
    if told.is_held:
        return Chosen(told, None, "A legal hold stands, so nothing of theirs may be erased.")
    if told.request is not None:
        return Chosen(told, None, "An erasure is asked for already.")
    found = foresee(told.officer, ALL_PLANS, ground=ErasureGround.RETENTION, on=clock.today())
    return Chosen(told, found) if found.count else Chosen(told, None, "Nothing is due any more.")


def _totals(found: Iterable[Foreseen]) -> list[tuple[str, str, int, int]]:
    """Return code, title, records and people of each class of which something would go."""
    counts = [one.counts for one in found]
    return [
        (code, one.title, sum(of.get(code, 0) for of in counts), sum(bool(of.get(code)) for of in counts))
        for code, one in retention_classes().items()
        if any(of.get(code) for of in counts)
    ]


def _look(request: SignedInRequest, officers: Sequence[int], method: str) -> None:
    """Record that the reader looked: of a page before its previews are made, of what was sent after, or they would differ by this look."""
    if (request.method == "POST") is (method == "POST"):
        record_looks(officers, by=request.user, at=clock.now(), **LOOKED_AT_WHAT_WOULD_GO)


def _requests(done: Sequence[ErasureRequest]) -> str:
    return "One request waits" if len(done) == 1 else f"{len(done)} requests, one for each person, wait"


def _decided(count: int, *, is_approved: bool) -> str:
    what = "One" if count == 1 else f"{count}"
    if not is_approved:
        return f"{what} refused. Nothing was erased."
    return f"{what} approved. The records are being erased; each request says what went."


def _refuse_others(request: SignedInRequest) -> None:
    if access.has_role(request.user, access.DISCLOSURE_OFFICER):
        return
    raise PermissionDenied(ONLY_READ if access.has_role(request.user, access.AUDITOR) else NOT_FOR_YOU)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _status(form: Any) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
