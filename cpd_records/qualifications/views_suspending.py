"""Suspending somebody's certificate, by one administrator and at once; and proposing to lift that, which takes another."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cpd_records.certificates.awarding import CertificateRefused
from cpd_records.certificates.suspending import suspend_certificate
from cpd_records.models import Certificate
from cpd_records.proposals.forms import SuspensionForm
from cpd_records.proposals.proposing import propose_lifting
from cpd_records.proposals.refusals import ProposalRefused
from cpd_records.qualifications import reading
from cpd_records.qualifications.views import for_readers
from cpd_records.qualifications.views_deciding import PROPOSED
from cpd_records.qualifications.views_people import administered_by
from people import clock
from people.models import User
from people.signed_in import SignedInRequest

SUSPENDED = "Suspended. Whoever checks the code is told so from now on, and the officer is told too."


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def suspend(request: SignedInRequest, officer: UUID, certificate: UUID) -> HttpResponse:
    """Suspend a certificate at once."""
    found = administered_by(request, officer)
    row = _certificate(found, certificate)
    form = SuspensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            suspend_certificate(row, by=request.user, reason=form.cleaned_data["reason"], at=clock.now())
        except CertificateRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, SUSPENDED)
            return redirect("cpd_records:qualified_person", officer)
    page = {"officer": found, "certificate": row, "form": form, "is_lifting": False}
    return render(request, "cpd_records/proposals/suspension.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def lift(request: SignedInRequest, officer: UUID, certificate: UUID) -> HttpResponse:
    """Propose to lift the suspension of a certificate."""
    found = administered_by(request, officer)
    row = _certificate(found, certificate)
    form = SuspensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            propose_lifting(row, by=request.user, reason=form.cleaned_data["reason"], at=clock.now())
        except ProposalRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, PROPOSED)
            return redirect("cpd_records:qualified_person", officer)
    page = {"officer": found, "certificate": row, "form": form, "is_lifting": True}
    return render(request, "cpd_records/proposals/suspension.html", page)


def _certificate(officer: User, certificate: UUID) -> Certificate:
    row = reading.certificate_shown(officer, certificate)
    if row is None:
        raise Http404
    return row
