"""What administrators decide about one person: exempt, restricted, away; and how that ends. Supervisors have the same on My team."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cpd_records.importing.corrections import Said
from cpd_records.models import PublicReason
from cpd_records.proposals.awards import propose_correction_of_import, propose_end_of_exemption, propose_void_of_import
from cpd_records.proposals.certificates import propose_certificate_withdrawal
from cpd_records.proposals.forms import EndExemptionForm, WithdrawCertificateForm
from cpd_records.proposals.refusals import ProposalRefused
from cpd_records.qualifications import reading
from cpd_records.qualifications.deciding import (
    absence_recorded,
    decided,
    end_of_absence,
    end_of_ruling,
    ruling_form,
)
from cpd_records.qualifications.forms import AbsenceForm, CorrectImportedForm, VoidForm
from cpd_records.qualifications.views import for_readers
from cpd_records.qualifications.views_people import administered_by
from people import clock
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest

PROPOSED = "Proposed. Nothing changes until another administrator approves it."


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def decide(request: SignedInRequest, officer: UUID, kind: str) -> HttpResponse:
    """Propose to exempt somebody from a qualification, or restrict them in it at once."""
    found = administered_by(request, officer)
    form = ruling_form(request)
    if request.method == "POST" and form.is_valid() and decided(request, found, kind, form):
        return redirect("cpd_records:qualified_person", officer)
    return render(request, "cpd_records/ruling.html", {"officer": found, "kind": kind, "form": form})


@require_POST
@for_readers
def end_restriction(request: SignedInRequest, officer: UUID, number: int) -> HttpResponse:
    """End a restriction: from today it no longer holds."""
    found = administered_by(request, officer)
    end_of_ruling(request, found, "restriction", number)
    return redirect("cpd_records:qualified_person", officer)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def end_of_exemption(request: SignedInRequest, officer: UUID, number: int) -> HttpResponse:
    """Propose that an exemption ends: on which day, and why."""
    found = administered_by(request, officer)
    exemption = get_object_or_404(reading.rulings_shown(found, "exemption", today=clock.today()), pk=number)
    form = EndExemptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            propose_end_of_exemption(exemption, by=request.user, at=clock.now(), **form.cleaned_data)
        except ProposalRefused as refused:
            answer_refusal(form, refused)
        else:
            messages.success(request, PROPOSED)
            return redirect("cpd_records:qualified_person", officer)
    page = {"officer": found, "exemption": exemption, "form": form}
    return render(request, "cpd_records/proposals/end_exemption.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def change_imported(request: SignedInRequest, officer: UUID, record: UUID, what: str) -> HttpResponse:
    """Propose to correct an imported record that is no award, or to declare that it was never true."""
    found = administered_by(request, officer)
    shown = reading.import_shown(found, record)
    if shown is None:
        raise Http404
    is_void = what == "void"
    form = VoidForm(request.POST or None) if is_void else _correction_form(request, shown.it)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        said: dict[str, Any] = {"by": request.user, "at": clock.now(), "reason": typed["reason"]}
        try:
            if is_void:
                propose_void_of_import(found, record, **said)
            else:
                wanted = Said(typed["title"], typed["day"], typed["minutes"], typed["until"], typed["result"])
                propose_correction_of_import(found, record, wanted=wanted, **said)
        except ProposalRefused as refused:
            answer_refusal(form, refused, fields={"valid_until": "until"})
        else:
            messages.success(request, PROPOSED)
            return redirect("cpd_records:qualified_person", officer)
    page = {"officer": found, "record": shown, "is_void": is_void, "form": form}
    return render(request, "cpd_records/proposals/imported.html", page)


def _correction_form(request: SignedInRequest, it: Said) -> CorrectImportedForm:
    now = {"title": it.title, "day": it.day, "until": it.valid_until, "minutes": it.minutes, "result": it.result}
    return CorrectImportedForm(request.POST or None, initial=now)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def withdraw_certificate(request: SignedInRequest, officer: UUID, certificate: UUID) -> HttpResponse:
    """Propose to withdraw a certificate, with what its course awarded."""
    found = administered_by(request, officer)
    row = reading.certificate_shown(found, certificate)
    if row is None:
        raise Http404
    form = WithdrawCertificateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            propose_certificate_withdrawal(
                row,
                by=request.user,
                at=clock.now(),
                reason=asked["reason"],
                public_reason=PublicReason(asked["public_reason"]),
            )
        except ProposalRefused as refused:
            answer_refusal(form, refused)
        else:
            messages.success(request, PROPOSED)
            return redirect("cpd_records:qualified_person", officer)
    page = {"officer": found, "certificate": row, "form": form}
    return render(request, "cpd_records/proposals/withdraw_certificate.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def away(request: SignedInRequest, officer: UUID) -> HttpResponse:
    """Record that somebody is away for long."""
    found = administered_by(request, officer)
    form = AbsenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and absence_recorded(request, found, form):
        return redirect("cpd_records:qualified_person", officer)
    return render(request, "cpd_records/absence.html", {"officer": found, "form": form})


@require_POST
@for_readers
def back(request: SignedInRequest, officer: UUID, number: int) -> HttpResponse:
    """Record that somebody is back since today."""
    found = administered_by(request, officer)
    end_of_absence(request, found, number)
    return redirect("cpd_records:qualified_person", officer)
