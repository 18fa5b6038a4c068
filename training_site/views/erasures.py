"""Lawful erasure: what would go, asked for by one disclosure officer and decided by another; auditors read."""

from __future__ import annotations

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

from cpd_records.erasures.asking import ask_for_erasure, decide_erasure
from cpd_records.erasures.foreseeing import Foreseen, foresee
from cpd_records.erasures.reading import erasures_told, files_waiting, people_erasable_by, what_went
from cpd_records.erasures.refusals import NOT_FOR_YOU, ONLY_READ, ErasureNotAllowed
from cpd_records.models import DueForDisposal, ErasureGround, ErasureRequest
from people import access, clock
from people.erasure_plans import retention_classes
from people.finding import people_named
from people.looks import record_looks
from people.models import User
from people.signed_in import SignedInRequest
from training_site.erasing import ALL_PLANS
from training_site.forms_erasures import AskForm, DecideForm, GroundForm, WhoForm

form_page = require_http_methods(["GET", "HEAD", "POST"])
ROWS = 25
NOBODY = "Nobody is known by that. Check the e-mail address or service number."
OWN = "Nobody asks about an erasure of their own records. Ask another disclosure officer."
LOOKED = {"where": "Erasures", "saw": "What would be, or was, erased of your records"}
ASKED = "It waits for a second disclosure officer. Nothing is erased until they approve."
APPROVED = "Approved. The records are being erased; this page says what went."
REFUSED = "Refused. Nothing was erased."


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
    record_looks([person.pk], by=request.user, at=clock.now(), **LOOKED)
    shown = {"officer": person, "it": found, "ground_form": choice, "form": form, "ground": ground}
    return render(request, "training_site/erasures/preview.html", shown, status=_status(form))


@form_page
@never_cache
@login_required
def erasure(request: SignedInRequest, erasure: UUID) -> HttpResponse:
    """One request: what would go now, the second person's decision, and what went."""
    decides = _decides(request)
    rows = ErasureRequest.objects.visible_to(request.user).select_related("officer", "asked_by")
    row = get_object_or_404(rows, pk=erasure)
    (told,) = erasures_told([row])
    found = foresee(row.officer, ALL_PLANS, ground=row.ground, classes=row.classes, on=row.on)
    form = DecideForm(request.POST or None) if decides and told.is_open else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            approved = _decide(request, row, form, found)
        except ErasureNotAllowed as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, APPROVED if approved else REFUSED)
            return redirect("erasure", erasure=row.pk)
    record_looks([row.officer_id], by=request.user, at=clock.now(), **LOOKED)
    shown = {"it": told, "found": found, "form": form if told.may_decide(request.user) else None}
    shown |= {"went": what_went(row), "files_waiting": files_waiting(row), "errors": form}
    return render(request, "training_site/erasures/erasure.html", shown, status=_status(form))


def _ask(request: SignedInRequest, officer: User, form: AskForm, found: Foreseen) -> ErasureRequest:
    said = form.cleaned_data
    counted = sum(found.counts.get(code, 0) for code in said["classes"])
    return ask_for_erasure(
        officer,
        ground=said["ground"],
        classes=said["classes"],
        reason=said["reason"],
        foreseen=counted,
        by=request.user,
        at=clock.now(),
    )


def _decide(request: SignedInRequest, row: ErasureRequest, form: DecideForm, found: Foreseen) -> bool:
    said = form.cleaned_data
    approve = said["decision"] == "approve"
    decide_erasure(row, approve=approve, reason=said["reason"], foreseen=found.counts, by=request.user, at=clock.now())
    return approve


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
