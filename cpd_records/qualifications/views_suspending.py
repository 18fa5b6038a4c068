"""Somebody's certificate: suspended by one administrator, at once; to lift that, or to put a misprint right, takes another."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cpd_records.certificates.awarding import particulars_of
from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.certificates.reissuing import PutRight
from cpd_records.certificates.suspending import suspend_certificate
from cpd_records.models import Certificate
from cpd_records.proposals.certificates import propose_lifting, propose_putting_right
from cpd_records.proposals.forms import PutRightForm, SuspensionForm
from cpd_records.proposals.refusals import ProposalRefused
from cpd_records.qualifications import reading
from cpd_records.qualifications.views import for_readers
from cpd_records.qualifications.views_deciding import PROPOSED
from cpd_records.qualifications.views_people import administered_by
from people import clock
from people.models import User
from people.refused_forms import answer_refusal
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
            answer_refusal(form, refused)
        else:
            messages.success(request, PROPOSED)
            return redirect("cpd_records:qualified_person", officer)
    page = {"officer": found, "certificate": row, "form": form, "is_lifting": True}
    return render(request, "cpd_records/proposals/suspension.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def put_right(request: SignedInRequest, officer: UUID, certificate: UUID) -> HttpResponse:
    """Propose to issue a certificate again without its misprint."""
    found = administered_by(request, officer)
    row = _certificate(found, certificate)
    said = particulars_of(row)
    if said is None:
        raise Http404
    form = PutRightForm(request.POST or None, initial=asdict(PutRight.of(said)))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        wanted = PutRight(typed["title"], typed["release"], typed["minutes"] or 0)
        try:
            propose_putting_right(row, wanted, by=request.user, reason=typed["reason"], at=clock.now())
        except ProposalRefused as refused:
            answer_refusal(form, refused)
        else:
            messages.success(request, PROPOSED)
            return redirect("cpd_records:qualified_person", officer)
    page = {"officer": found, "certificate": row, "form": form}
    return render(request, "cpd_records/proposals/put_right.html", page)


def _certificate(officer: User, certificate: UUID) -> Certificate:
    row = reading.certificate_shown(officer, certificate)
    if row is None:
        raise Http404
    return row
