"""Reasonable adjustments: decided by training administrators, read by the person they are for, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from people import access, clock
from people.adjusting.forms import AdjustmentForm, EndForm, FindForm
from people.adjusting.reading import administered_people, history_of, present_of, standing_of
from people.adjustments import (
    MAY_GRANT,
    AdjustmentRefused,
    correct_adjustment,
    end_adjustment,
    grant_adjustment,
)
from people.finding import people_named
from people.looks import record_looks
from people.models import Adjustment, User
from people.signed_in import SignedInRequest
from people.stamps import NotRecorded

NOT_FOR_YOU = "Training administrators decide on adjustments. Yours, if you have any, stand on Your adjustments."
NOBODY = "Nobody has this e-mail address or service number. Check it, or ask a system administrator to add the person."
OWN = "These are your own. Another training administrator decides on them."
LOOK = {"where": "Adjustments", "saw": "Reasonable adjustments for assessments"}


def for_administrators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let through training administrators."""

    @wraps(view)
    @never_cache
    @login_required
    def guarded(request: SignedInRequest, *args: Any, **more: Any) -> HttpResponse:
        if not access.has_any_role(request.user, *MAY_GRANT):
            raise PermissionDenied(NOT_FOR_YOU)
        return view(request, *args, **more)

    return guarded


@never_cache
@require_safe
@login_required
def mine(request: SignedInRequest) -> HttpResponse:
    """What holds for oneself in assessments, and what held."""
    page = {"present": present_of(request.user, today=clock.today()), "rows": history_of(request.user)}
    return render(request, "people/adjustments/mine.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def find(request: SignedInRequest) -> HttpResponse:
    """Find the person it is about."""
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = people_named(form.cleaned_data["person"]).filter(is_active=True).first()
        if found is not None:
            return redirect("adjustments:person", found.public_id)
        form.add_error("person", NOBODY)
    return render(request, "people/adjustments/find.html", {"form": form})


@require_safe
@for_administrators
def person(request: SignedInRequest, officer: UUID) -> HttpResponse:
    """What holds for somebody, what is to come, and what was recorded before."""
    found = _officer(officer)
    record_looks([found.pk], by=request.user, at=clock.now(), **LOOK)
    page = {
        "officer": found,
        "present": present_of(found, today=clock.today()),
        "standing": standing_of(found, today=clock.today()),
        "rows": history_of(found),
        "is_own": access.is_own(request.user, found),
    }
    return render(request, "people/adjustments/person.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def grant(request: SignedInRequest, officer: UUID) -> HttpResponse:
    """Record adjustments of somebody."""
    return _decide(request, _others(request, officer), None)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def correct(request: SignedInRequest, officer: UUID, number: int) -> HttpResponse:
    """Record what should have stood in a row."""
    found = _others(request, officer)
    return _decide(request, found, _row(found, number))


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def end(request: SignedInRequest, officer: UUID, number: int) -> HttpResponse:
    """Say until when a row holds."""
    found = _others(request, officer)
    row = _row(found, number)
    form = EndForm(request.POST or None, initial={"last_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            end_adjustment(row, by=request.user, last_day=form.cleaned_data["last_day"])
        except (AdjustmentRefused, NotRecorded) as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, "Recorded. Tests begun before keep what they began with.")
            return redirect("adjustments:person", officer)
    return render(request, "people/adjustments/end.html", {"officer": found, "form": form, "row": row})


def _decide(request: SignedInRequest, officer: User, row: Adjustment | None) -> HttpResponse:
    form = AdjustmentForm(request.POST or None, initial=AdjustmentForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("valid_from", "valid_until")}
        try:
            if row is None:
                grant_adjustment(officer, form.granted, by=request.user, **days)
            else:
                correct_adjustment(row, form.granted, by=request.user, **days)
        except (AdjustmentRefused, NotRecorded) as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, "Recorded. They hold in every test begun on those days.")
            return redirect("adjustments:person", officer.public_id)
    return render(request, "people/adjustments/form.html", {"officer": officer, "form": form, "row": row})


def _officer(public_id: UUID) -> User:
    return get_object_or_404(administered_people(), public_id=public_id)


def _others(request: SignedInRequest, public_id: UUID) -> User:
    """Return the person, who is somebody else."""
    found = _officer(public_id)
    if access.is_own(request.user, found):
        raise PermissionDenied(OWN)
    record_looks([found.pk], by=request.user, at=clock.now(), **LOOK)
    return found


def _row(officer: User, number: int) -> Adjustment:
    return get_object_or_404(standing_of(officer, today=clock.today()), pk=number)
