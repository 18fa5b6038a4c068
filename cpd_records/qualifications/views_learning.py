"""Proposing to put right what somebody learned: a completed course, or verified CPD. By administrators, never about themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cpd_records.activities.putting_right import Told
from cpd_records.proposals.learning import (
    propose_correction_of_activity,
    propose_correction_of_completion,
    propose_void_of_activity,
    propose_void_of_completion,
)
from cpd_records.proposals.refusals import ProposalRefused
from cpd_records.qualifications import reading
from cpd_records.qualifications.forms import CorrectActivityForm, CorrectCompletionForm, VoidForm
from cpd_records.qualifications.views import for_readers
from cpd_records.qualifications.views_deciding import PROPOSED
from cpd_records.qualifications.views_people import administered_by
from people import clock
from people.models import User
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest

Propose = Callable[[dict[str, Any], dict[str, Any]], object]


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def change_completion(request: SignedInRequest, officer: UUID, completion: UUID, what: str) -> HttpResponse:
    """Propose to correct on which day a course was completed, or to declare that it never was."""
    found = administered_by(request, officer)
    shown = reading.completion_shown(found, completion)
    if shown is None:
        raise Http404
    if what == "void":
        form: forms.Form = VoidForm(request.POST or None)
    else:
        form = CorrectCompletionForm(request.POST or None, initial={"day": shown.day, "minutes": shown.minutes})

    def propose(typed: dict[str, Any], said: dict[str, Any]) -> object:
        if what == "void":
            return propose_void_of_completion(found, completion, **said)
        return propose_correction_of_completion(found, completion, day=typed["day"], minutes=typed["minutes"], **said)

    page = {"about": shown.title, "day": shown.day, "is_course": True, "is_void": what == "void"}
    return _answered(request, found, form, propose, page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def change_activity(request: SignedInRequest, officer: UUID, activity: UUID, what: str) -> HttpResponse:
    """Propose to correct verified CPD, or to declare that it was never true."""
    found = administered_by(request, officer)
    shown = reading.activity_shown(found, activity)
    if shown is None:
        raise Http404
    it = shown.it
    if what == "void":
        form: forms.Form = VoidForm(request.POST or None)
    else:
        initial = {"title": it.title, "kind": it.kind, "day": it.day, "minutes": it.minutes}
        form = CorrectActivityForm(request.POST or None, initial=initial)

    def propose(typed: dict[str, Any], said: dict[str, Any]) -> object:
        if what == "void":
            return propose_void_of_activity(found, activity, **said)
        wanted = Told(typed["title"], typed["kind"], typed["day"], typed["minutes"])
        return propose_correction_of_activity(found, activity, wanted=wanted, **said)

    page = {"about": it.title, "day": it.day, "is_course": False, "is_void": what == "void"}
    return _answered(request, found, form, propose, page)


def _answered(
    request: SignedInRequest, officer: User, form: forms.Form, propose: Propose, page: dict[str, Any]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        said = {"by": request.user, "at": clock.now(), "reason": form.cleaned_data["reason"]}
        try:
            propose(form.cleaned_data, said)
        except ProposalRefused as refused:
            answer_refusal(form, refused, fields={"length": "minutes"})
        else:
            messages.success(request, PROPOSED)
            return redirect("cpd_records:qualified_person", officer.public_id)
    return render(request, "cpd_records/proposals/learning.html", {**page, "officer": officer, "form": form})
