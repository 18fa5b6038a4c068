"""What administrators decide about one person: exempt, restricted, away; and how that ends. Supervisors have the same on My team."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cpd_records.qualifications.deciding import (
    absence_recorded,
    decided,
    end_of_absence,
    end_of_ruling,
    ruling_form,
)
from cpd_records.qualifications.forms import AbsenceForm
from cpd_records.qualifications.views import for_readers
from cpd_records.qualifications.views_people import administered_by
from people.signed_in import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def decide(request: SignedInRequest, officer: UUID, kind: str) -> HttpResponse:
    """Exempt somebody from a qualification, or restrict them in it."""
    found = administered_by(request, officer)
    form = ruling_form(request)
    if request.method == "POST" and form.is_valid() and decided(request, found, kind, form):
        return redirect("cpd_records:qualified_person", officer)
    return render(request, "cpd_records/ruling.html", {"officer": found, "kind": kind, "form": form})


@require_POST
@for_readers
def end_decided(request: SignedInRequest, officer: UUID, number: int, kind: str) -> HttpResponse:
    """End an exemption or a restriction: from today it no longer holds."""
    found = administered_by(request, officer)
    end_of_ruling(request, found, kind, number)
    return redirect("cpd_records:qualified_person", officer)


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
