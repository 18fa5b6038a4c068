"""The officer's own page: reflection, evidence, who may read it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods as methods
from django.views.decorators.http import require_POST

from cpd_records import activities
from cpd_records.activities import ActivityRefused, ChangedMeanwhile
from cpd_records.activities.evidence import attach_file
from cpd_records.activities.reflecting import prompts_for
from cpd_records.forms_cpd_reflection import ReflectionForm, reflection_form
from cpd_records.models import Activity
from cpd_records.views_cpd import own_activity
from cpd_records.views_cpd_saving import is_by_itself, not_saved, not_saved_form, saved
from cpd_records.views_cpd_submit import submit
from people import clock
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest


@methods(["GET", "HEAD", "POST"])
@login_required
def reflect(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """The officer's own page: it may stay empty, and only they can read it."""
    activity = own_activity(request, activity_id)
    if request.method != "POST":
        return _page(request, activity, reflection_form(activity))
    form = ReflectionForm(request.POST, request.FILES, kept=activity.competencies)
    by_itself, at = is_by_itself(request), clock.now()
    if not form.is_valid():
        return not_saved_form(form) if by_itself else _page(request, activity, form)
    try:
        kept = activities.write_reflection(
            activity, by=request.user, at=at, seen=form.seen(by_itself=by_itself), **form.written
        )
        if by_itself:
            return saved(at, seen_at=kept.reflected_at)
        for file in form.files_chosen:
            attach_file(activity, file, by=request.user, at=at)
    except ActivityRefused as refusal:
        if by_itself:
            return not_saved(refusal)
        if isinstance(refusal, ChangedMeanwhile):
            form.seen_now(refusal.activity.reflected_at)
            return _page(request, activity, form, status=409, conflict=refusal, written=refusal.activity)
        answer_refusal(form, refusal)
        return _page(request, activity, form)
    return _after_reflecting(request, activity)


def _page(
    request: SignedInRequest, activity: Activity, form: ReflectionForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    supervisors = activities.verifiers_for(activity.officer)
    page = {
        "activity": activity,
        "form": form,
        "verifier": activity.verifier or next(iter(supervisors), None),
        "files": activity.files.all(),
        "prompts": prompts_for(activity.kind),
        **more,
    }
    return render(request, "cpd_records/cpd_reflect.html", page, status=status)


def _after_reflecting(request: SignedInRequest, activity: Activity) -> HttpResponse:
    """Go where the button that was pressed leads."""
    if "submit_to" in request.POST:
        return submit(request, activity.pk)
    if "choose" in request.POST:
        return redirect("cpd_records:cpd_submit", activity.pk)
    return redirect("cpd_records:cpd_activity", activity.pk)


@require_POST
@login_required
def share(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    activity = own_activity(request, activity_id)
    words = "Shared. Whoever verifies this, and your supervisors, can read your reflection."
    return done(request, activity, activities.share_reflection, words)


@require_POST
@login_required
def unshare(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    activity = own_activity(request, activity_id)
    return done(request, activity, activities.unshare_reflection, "Only you can read your reflection now.")


def done(request: SignedInRequest, activity: Activity, verb: Any, words: str) -> HttpResponse:
    """Call a verb of the officer's and say what came of it."""
    try:
        verb(activity, by=request.user, at=clock.now())
        messages.success(request, words)
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("cpd_records:cpd_activity", activity.pk)
