"""Legal holds: who is kept from erasure and why; placed and lifted here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cpd_records.erasures.reading import pending_of
from cpd_records.forms_holds import KeptForm, LiftForm, PlaceForm
from cpd_records.ledger.holds import NOT_FOR_YOU, HoldRefused, lift_hold, place_hold
from cpd_records.ledger.holds_told import holds_told
from cpd_records.ledger.kept_under_hold import KeptRefused, take_kept
from cpd_records.models import KeptUnderHold, LegalHold
from people import access, clock
from people.finding import people_named
from people.signed_in import SignedInRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])
NOT_YOURS = "Disclosure officers place and lift legal holds; as an auditor you read them."
LIFTED_PENDING = (
    "The hold is lifted. An erasure of this officer’s records waits for a decision, under Erasures. "
    "Nothing goes before it is approved."
)
NOBODY = "Nobody is known by that. Check the e-mail address or service number."


@form_page
@never_cache
@login_required
def holds(request: SignedInRequest) -> HttpResponse:
    """Every hold, those that stand first; a disclosure officer places another."""
    decides = _decides(request)
    form = PlaceForm(request.POST or None) if decides else None
    if form is not None and request.method == "POST" and form.is_valid():
        officer = people_named(form.cleaned_data["who"]).first()
        if officer is None:
            form.add_error("who", NOBODY)
        else:
            try:
                place_hold(officer, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
                messages.success(request, "The hold stands. Nothing of theirs is erased until it is lifted.")
                return redirect("cpd_records:holds")
            except HoldRefused as refusal:
                form.add_error(refusal.field or None, str(refusal))
    page: dict[str, Any] = {"form": form, "holds": holds_told(LegalHold.objects.visible_to(request.user))}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return render(request, "cpd_records/holds/holds.html", page, status=status)


@form_page
@never_cache
@login_required
def lift(request: SignedInRequest, number: int) -> HttpResponse:
    """Lift a hold, with the reason."""
    if not _decides(request):
        raise PermissionDenied(NOT_YOURS)
    hold = get_object_or_404(LegalHold.objects.visible_to(request.user), pk=number)
    form, pending = LiftForm(request.POST or None), pending_of(hold.officer)
    if request.method == "POST" and form.is_valid():
        try:
            lift_hold(hold, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
            messages.success(request, LIFTED_PENDING if pending else "The hold is lifted.")
            return redirect("cpd_records:holds")
        except HoldRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    shown = {"form": form, "it": holds_told([hold])[0], "pending": pending}
    return render(request, "cpd_records/holds/lift.html", shown, status=status)


@form_page
@never_cache
@login_required
def kept(request: SignedInRequest, number: int) -> HttpResponseBase:
    """What is kept under a hold, by sort and day, and who took it along; a POST takes it, as a disclosure officer, with the purpose."""
    decides = _decides(request)
    hold = get_object_or_404(LegalHold.objects.visible_to(request.user), pk=number)
    form = KeptForm(request.POST or None) if decides else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            made = take_kept(hold, purpose=form.cleaned_data["purpose"], by=request.user, at=clock.now())
        except KeptRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            name = f"kept-under-hold-{hold.pk}.zip"
            return FileResponse(made, as_attachment=True, filename=name, content_type="application/zip")
    shown = {
        "form": form,
        "it": holds_told([hold])[0],
        "kept": KeptUnderHold.objects.of(hold).defer("said"),
        "readings": hold.readings.select_related("by"),  # type: ignore[attr-defined]
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return render(request, "cpd_records/holds/kept.html", shown, status=status)


def _decides(request: SignedInRequest) -> bool:
    """Return whether the reader places and lifts holds; refuse who may not even read them."""
    if not access.has_any_role(request.user, access.DISCLOSURE_OFFICER, access.AUDITOR):
        raise PermissionDenied(NOT_FOR_YOU)
    decides = access.has_role(request.user, access.DISCLOSURE_OFFICER)
    if request.method == "POST" and not decides:
        raise PermissionDenied(NOT_YOURS)
    return decides
