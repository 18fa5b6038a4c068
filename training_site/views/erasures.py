"""Lawful erasure: what would go, asked for by one disclosure officer and decided by another; auditors read."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cpd_records.erasures.asking import ask_for_erasure, decide_erasure, end_erasure
from cpd_records.erasures.foreseeing import Foreseen, foresee, foresee_within
from cpd_records.erasures.reaching import reach_of
from cpd_records.erasures.reading import (
    ErasureTold,
    erasures_told,
    files_waiting,
    may_end,
    people_erasable_by,
    what_went,
)
from cpd_records.erasures.refusals import NOT_FOR_YOU, ONLY_READ, ErasureNotAllowed
from cpd_records.models import DueForDisposal, ErasureGround, ErasureRequest
from people import access, clock
from people.erasure_plans import retention_classes
from people.finding import people_named
from people.looks import record_looks
from people.models import User
from people.signed_in import SignedInRequest
from training_site.erasing import ALL_PLANS
from training_site.forms_erasures import AskForm, DecideForm, EndForm, GroundForm, WhoForm

form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = 25
NOBODY = "Nobody is known by that. Check the e-mail address or service number."
OWN = "Nobody asks about an erasure of their own records. Ask another disclosure officer."
LOOKED = {"where": "Erasures", "saw": "What would be, or was, erased of your records"}
ASKED = "It waits for a second disclosure officer. Nothing is erased until they approve."
APPROVED = "Approved. The records are being erased; this page says what went."
REFUSED = "Refused. Nothing was erased."
ENDED = {"taken_back": "Taken back. Nothing more is erased.", "cancelled": "Cancelled. Nothing more is erased."}


@form_page
@never_cache
@login_required
def erasures(request: SignedInRequest) -> HttpResponse:
    """Every request, the newest first; a disclosure officer begins another by naming somebody."""
    form = WhoForm(request.POST or None) if _decides(request) else None
    if form is not None and request.method == "POST" and form.is_valid():
        officer = people_named(form.cleaned_data["who"]).first()
        if officer is not None and not access.is_own(request.user, officer):
            return redirect("erasure-preview", officer=officer.public_id)
        form.add_error("who", NOBODY if officer is None else OWN)
    found = ErasureRequest.objects.visible_to(request.user).select_related("officer", "asked_by")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    record_looks({row.officer_id for row in page}, by=request.user, at=clock.now(), **LOOKED)
    shown: dict[str, Any] = {"form": form, "page": page, "erasures": erasures_told(page)}
    shown |= {"pages": page.paginator.get_elided_page_range(page.number), "classes": retention_classes().values()}
    shown["due_count"] = DueForDisposal.objects.visible_to(request.user).still_due().count()
    shown["waiting_count"] = ErasureRequest.objects.waiting_for(request.user).count()
    return render(request, "training_site/erasures/erasures.html", shown, status=_status(form))


@form_page
@never_cache
@login_required
def preview(request: SignedInRequest, officer: UUID) -> HttpResponse:
    """What would go of an officer on a ground, class by class; a disclosure officer asks for it here."""
    decides = _decides(request)
    person = get_object_or_404(people_erasable_by(request.user), public_id=officer)
    asked = request.POST if request.method == "POST" else request.GET
    choice = GroundForm(asked if "ground" in asked else None)
    ground = choice.cleaned_data["ground"] if choice.is_bound and choice.is_valid() else ErasureGround.RETENTION
    _look(request, person, "GET")
    found = foresee(person, ALL_PLANS, ground=ground, on=clock.today())
    form = AskForm(request.POST or None, foreseen=found, initial={"ground": ground}) if decides else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            row = _ask(request, person, form, found)
        except ErasureNotAllowed as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, ASKED)
            return redirect("erasure", erasure=row.pk)
    _look(request, person, "POST")
    _show_anew(form, found)
    shown = {"officer": person, "it": found, "ground_form": choice, "form": form, "ground": ground}
    return render(request, "training_site/erasures/preview.html", shown, status=_status(form))


@form_page
@never_cache
@login_required
def erasure(request: SignedInRequest, erasure: UUID) -> HttpResponse:
    """One request: what would go now, the second person's decision, what went and what stayed; who may end it does so here."""
    decides, at = _decides(request), clock.now()
    rows = ErasureRequest.objects.visible_to(request.user).select_related("officer", "asked_by")
    row = get_object_or_404(rows, pk=erasure)
    _look(request, row.officer, "GET")
    (told,) = erasures_told([row])
    found = foresee_within(reach_of(row), ALL_PLANS, classes=row.classes) if row.closed_at is None else None
    is_ending = "end-reason" in request.POST
    deciding = DecideForm(None if is_ending else request.POST or None) if decides and told.is_open else None
    ending = EndForm(request.POST if is_ending else None, prefix="end") if decides else None
    form = ending if is_ending else deciding
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            done = _end(request, row, form, at) if is_ending else _decide(request, row, form, found, at)
        except ErasureNotAllowed as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("erasure", erasure=row.pk)
    _look(request, row.officer, "POST")
    _show_anew(deciding, found)
    shown = {"it": told, "found": found, "errors": form, **_forms(request, told, deciding, ending)}
    shown |= {"went": what_went(row), "files_waiting": files_waiting(row)}
    return render(request, "training_site/erasures/erasure.html", shown, status=_status(form))


def _look(request: SignedInRequest, officer: User, method: str) -> None:
    """Record that the reader looked: of a page before its preview is made, of what was sent after, or the two would differ by this look."""
    if (request.method == "POST") is (method == "POST"):
        record_looks([officer.pk], by=request.user, at=clock.now(), **LOOKED)


def _forms(request: SignedInRequest, told: ErasureTold, deciding: Any, ending: Any) -> dict[str, Any]:
    """Return the forms that are for the reader, and the word on the button that ends the request."""
    word = may_end(told, request.user)
    return {
        "form": deciding if told.may_decide(request.user) else None,
        "end_form": ending if word else None,
        "end_word": word,
    }


def _show_anew(form: Any, found: Foreseen | None) -> None:
    """Let a form carry the preview that is shown with it, also where what was typed comes back."""
    if form is None or found is None:
        return
    form.initial["seen"] = found.digest
    if form.is_bound:
        form.data = form.data.copy()
        form.data["seen"] = found.digest


def _ask(request: SignedInRequest, officer: User, form: AskForm, found: Foreseen) -> ErasureRequest:
    said = form.cleaned_data
    return ask_for_erasure(
        officer,
        ground=said["ground"],
        classes=said["classes"],
        reason=said["reason"],
        foreseen=found,
        seen=said["seen"],
        by=request.user,
        at=clock.now(),
    )


def _decide(request: SignedInRequest, row: ErasureRequest, form: Any, found: Foreseen | None, at: datetime) -> str:
    """Decide as the form says; return what to tell."""
    assert found is not None, "what is open has a preview"
    said = form.cleaned_data
    approve = said["decision"] == "approve"
    decide_erasure(
        row, approve=approve, reason=said["reason"], foreseen=found, seen=said["seen"], by=request.user, at=at
    )
    return APPROVED if approve else REFUSED


def _end(request: SignedInRequest, row: ErasureRequest, form: Any, at: datetime) -> str:
    """Take the request back or cancel it; return what to tell."""
    return ENDED[end_erasure(row, reason=form.cleaned_data["reason"], by=request.user, at=at).how]


def _decides(request: SignedInRequest) -> bool:
    """Return whether the reader asks for erasures and decides; refuse who may not even read them."""
    if not access.has_any_role(request.user, access.DISCLOSURE_OFFICER, access.AUDITOR):
        raise PermissionDenied(NOT_FOR_YOU)
    decides = access.has_role(request.user, access.DISCLOSURE_OFFICER)
    if request.method == "POST" and not decides:
        raise PermissionDenied(ONLY_READ)
    return decides


def _status(form: Any) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
