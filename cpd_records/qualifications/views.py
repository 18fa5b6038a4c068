"""Qualifications with their rules, for administrators and auditors; and the way to one person's awards."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cpd_records.models import RecordProposal
from cpd_records.qualifications.forms import FindForm
from cpd_records.qualifications.reading import (
    administers,
    every_qualification,
    page_of,
    people_readable_by,
    qualification_of,
    reads,
)
from people import access, clock
from people.finding import people_named
from people.signed_in import SignedInRequest

NOT_FOR_YOU = "Administrators record awards, and auditors read them. You hold neither role. What is required of you stands on My record."
NOBODY = "Nobody has this e-mail address or service number. Check it, or ask a system administrator to add the person."


def for_readers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let through training administrators, system administrators and auditors."""

    @wraps(view)
    @login_required
    def guarded(request: SignedInRequest, *args: Any, **more: Any) -> HttpResponse:
        if not reads(request.user):
            raise PermissionDenied(NOT_FOR_YOU)
        return view(request, *args, **more)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def qualifications(request: SignedInRequest) -> HttpResponse:
    """Every qualification with its rule in words; and a person to find."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = people_named(form.cleaned_data["person"]).filter(pk__in=people_readable_by(request.user)).first()
        if found is not None:
            return redirect("cpd_records:qualified_person", found.public_id)
        form.add_error("person", NOBODY)
    page = {
        "form": form,
        "rows": every_qualification(clock.today()),
        "may_award": administers(request.user),
        "waiting": RecordProposal.objects.waiting_for(request.user).count(),
        "may_change": access.has_role(request.user, access.SYSTEM_ADMIN),
    }
    return render(request, "cpd_records/qualifications.html", page)


@require_safe
@for_readers
def qualification(request: SignedInRequest, code: str) -> HttpResponse:
    """One qualification: its rule, how it changed, what it needs, of whom it is asked."""
    found = qualification_of(code)
    if found is None:
        raise Http404
    page = page_of(found, today=clock.today())
    page["may_change"] = access.has_role(request.user, access.SYSTEM_ADMIN)
    return render(request, "cpd_records/qualification.html", page)
