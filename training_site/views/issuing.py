"""Signed documents an officer asks for: their training record, the certificate of a qualification, one issued again under a new name."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.training_records import issue_training_record
from cpd_records.certificates import CertificateRefused
from cpd_records.certificates.reissuing import of_another_name, reissue_under_present_name
from cpd_records.models import Certificate
from cpd_records.qualifications.certifying import certifiable_of, issue_qualification_certificate
from people import clock
from people.signed_in import SignedInRequest
from training_site.forms_issuing import QualificationForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def issue(request: SignedInRequest) -> HttpResponse:
    """What can be had signed; a POST has the training record issued and leads to it."""
    if request.method == "POST":
        return _issued(request, lambda: issue_training_record(request.user, by=request.user, at=clock.now()), "record")
    return _page(request)


@require_POST
@login_required
def issue_qualification(request: SignedInRequest) -> HttpResponse:
    """Have the certificate of a qualification issued; then lead to it."""
    form = QualificationForm(request.POST, held=certifiable_of(request.user, on=clock.today()))
    if not form.is_valid():
        return _page(request, qualification_form=form)
    code = form.cleaned_data["qualification"]
    return _issued(
        request,
        lambda: issue_qualification_certificate(request.user, code, by=request.user, at=clock.now()),
        "qualification",
    )


@require_POST
@login_required
def issue_again(request: SignedInRequest, certificate: UUID) -> HttpResponse:
    """Have one's own certificate issued again under one's present name; then lead to it."""
    # Whoever reads everybody's certificates has none but their own issued.
    visible = Certificate.objects.visible_to(request.user).filter(officer=request.user)
    found = get_object_or_404(visible.select_related("officer"), pk=certificate)
    return _issued(request, lambda: reissue_under_present_name(found, by=request.user, at=clock.now()), "again")


def _issued(request: SignedInRequest, ask: Callable[[], Certificate], section: str) -> HttpResponse:
    """Lead to what was issued, or show the page again with the refusal in its section."""
    try:
        return redirect(ask())
    except CertificateRefused as refusal:
        return _page(request, refused=section, refusal=str(refusal))


def _page(request: SignedInRequest, **more: Any) -> HttpResponse:
    held = certifiable_of(request.user, on=clock.today())
    page = {
        "qualification_form": QualificationForm(held=held),
        "held": held,
        "elsewhere": [one for one in held if one.refusal],
        "other_names": of_another_name(request.user),
        **more,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if more else HTTPStatus.OK
    return render(request, "training_site/issue.html", page, status=status)
