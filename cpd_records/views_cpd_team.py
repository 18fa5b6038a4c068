"""The verifier's part of CPD: read the summary, verify it, give it back with a reason, or propose to reject it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods as methods
from django.views.decorators.http import require_POST, require_safe

from cpd_records import activities
from cpd_records.activities import ActivityRefused
from cpd_records.activities.verifiers import may_read_second
from cpd_records.forms_cpd_team import RejectionForm, ReturnForm
from cpd_records.models import Activity, ActivityState, Competency, CorrectionRequest, EthicalPrinciple
from cpd_records.models.activities import REJECTING
from cpd_records.models.verifying import may_be_named
from people import access, clock
from people.durations import hours
from people.looks import record_looks
from people.models import display_name
from people.signed_in import SignedInRequest

LIST = {"where": "CPD to verify", "saw": "Title, day and length of what you handed in"}
SUMMARY = {"where": "Your CPD activity", "saw": "The summary you handed in"}
SHARED = {"where": "Your CPD activity", "saw": "The summary you handed in, and the reflection you shared"}
ROWS = 6
MOST = 400
NOT_NAMED = (
    "No CPD is handed in to you: that is for supervisors, sergeants and above, trainers and assessors. "
    "A system administrator can grant a role."
)


@require_safe
@login_required
def team_cpd(request: SignedInRequest) -> HttpResponse:
    """What waits for me, longest first; what my people handed in to others; what I verified lately."""
    if not may_be_named(request.user):
        raise PermissionDenied(NOT_NAMED)
    people = ("officer", "verifier", "second_reviewer")
    readable = Activity.objects.readable_by_supervisor(request.user).select_related(*people)
    wanted = request.GET.get("all")
    mine = Activity.objects.waiting_for(request.user).select_related(*people)
    waiting = readable.filter(state__in=(ActivityState.SUBMITTED, ActivityState.PROPOSED)).order_by("changed_at", "pk")
    verified = readable.filter(state=ActivityState.VERIFIED, verifier=request.user).order_by("-changed_at", "pk")
    sections = [
        _section("mine", mine, wanted),
        _section("others", waiting.exclude(pk__in=mine.order_by().values("pk")), wanted),
        _section("verified", verified, wanted),
    ]
    corrections = CorrectionRequest.objects.waiting_for(request.user).select_related("asked_by", "activity")
    asked = list(corrections[:MOST])
    shown = [activity.officer_id for section in sections for activity in section["rows"]]
    shown += [correction.asked_by_id for correction in asked]
    record_looks(shown, by=request.user, at=clock.now(), **LIST)
    page = {
        "mine": sections[0],
        "more": sections[1:],
        "corrections": asked,
        "is_supervisor": access.has_role(request.user, access.SUPERVISOR),
    }
    return render(request, "cpd_records/cpd_team.html", page)


def _section(name: str, rows: object, wanted: str | None) -> dict[str, Any]:
    """Return one section's rows; one more than is shown is read, to know whether there are more."""
    found = list(rows[: MOST if wanted == name else ROWS + 1])  # type: ignore[index]
    is_cut = wanted != name and len(found) > ROWS
    return {"name": name, "rows": found[:ROWS] if is_cut else found, "is_cut": is_cut}


@require_safe
@login_required
def team_activity(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """One activity that was handed in: the summary, and the reflection only where it is shared."""
    return _page(request, _readable(request, activity_id), ReturnForm())


@require_POST
@login_required
def verify(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """Verify one, and the other days of its series that were shown with it, where ``also`` names them."""
    activity = _handed_in(request, activity_id)
    try:
        done = activities.verify_days(
            activity,
            also=_known(request.POST.getlist("also")),
            by=request.user,
            at=clock.now(),
            seen=request.POST.get("seen", ""),
        )
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
        return _back(request, activity)
    name, length = display_name(activity.officer), hours(activity.minutes)
    if len(done) > 1:
        messages.success(request, f"Verified: {length} on each of {len(done)} days for {name}. It is on their record.")
    else:
        messages.success(request, f"Verified: {length} for {name}. It is on their record.")
    return redirect("cpd_records:cpd_team")


@require_POST
@login_required
def give_back(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    activity = _handed_in(request, activity_id)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, _readable(request, activity_id), form)
    try:
        activities.return_activity(activity, by=request.user, reason=form.cleaned_data["reason"], at=clock.now())
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
        return _back(request, activity)
    messages.success(request, f"Returned to {display_name(activity.officer)} with your reason.")
    return redirect("cpd_records:cpd_team")


@methods(["GET", "HEAD", "POST"])
@login_required
def reject(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """Propose to reject what was handed in: say why, and who reads it second."""
    activity = _handed_in(request, activity_id)
    is_own = access.is_own(request.user, activity.officer)
    if request.method != "POST" and (is_own or activity.state != ActivityState.SUBMITTED):
        return _back(request, activity) if is_own else redirect("cpd_records:cpd_team_activity", activity.pk)
    form = RejectionForm(
        request.POST if request.method == "POST" else None,
        officer=activity.officer,
        supervisors=activities.verifiers_for(activity.officer),
        first=request.user,
    )
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            activities.propose_rejection(activity, by=request.user, second=form.chosen, reason=reason, at=clock.now())
        except ActivityRefused as refusal:
            messages.error(request, str(refusal))
            return _back(request, activity)
        messages.success(request, f"{display_name(form.chosen)} reads it now and decides.")
        return redirect("cpd_records:cpd_team")
    _looked(request, activity)
    return render(request, "cpd_records/cpd_team_reject.html", {"activity": activity, "form": form})


@require_POST
@login_required
def confirm_rejection(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """Reject what somebody else proposed to reject."""
    activity = _handed_in(request, activity_id)
    try:
        activities.confirm_rejection(activity, by=request.user, at=clock.now(), seen=request.POST.get("seen", ""))
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
        return _back(request, activity)
    messages.success(request, f"Rejected. {display_name(activity.officer)} is told, and reads the reason.")
    return redirect("cpd_records:cpd_team")


def _readable(request: SignedInRequest, activity_id: UUID) -> Activity:
    readable = Activity.objects.readable_by_supervisor(request.user).with_reason()
    people = readable.select_related("officer", "verifier", "rejection_by", "second_reviewer", "role")
    return get_object_or_404(people, pk=activity_id)


def _known(keys: list[str]) -> list[UUID]:
    """Return the ids among what a form sent; what is none was never shown."""
    found = []
    for key in keys:
        with suppress(ValueError):
            found.append(UUID(key))
    return found


def _handed_in(request: SignedInRequest, activity_id: UUID) -> Activity:
    """Return what may be acted on; one's own too, so that the refusal can say why."""
    visible = Activity.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("officer"), pk=activity_id)


def _back(request: SignedInRequest, activity: Activity) -> HttpResponse:
    """Lead back to the activity, or to the list where it is out of sight now."""
    if activity.officer_id == request.user.pk:
        return redirect("cpd_records:cpd_activity", activity.pk)
    return redirect("cpd_records:cpd_team")


def _looked(request: SignedInRequest, activity: Activity) -> None:
    sight = SHARED if activity.reflection_shared else SUMMARY
    record_looks([activity.officer_id], by=request.user, at=clock.now(), **sight)


def _page(request: SignedInRequest, activity: Activity, form: ReturnForm) -> HttpResponse:
    shared = activity.reflection_shared
    files = list(activity.files.all())
    _looked(request, activity)
    page = {
        "activity": activity,
        "form": form,
        "length": hours(activity.minutes),
        "seen": activities.summary_mark(activity),
        "files": files if shared else (),
        "private_files": 0 if shared else len(files),
        "competencies": Competency.titles(activity.competencies) if shared else (),
        "principles": EthicalPrinciple.titles(activity.principles),
        "is_rejecting": activity.state in REJECTING,
        "alike": activities.alike_days(activity),
        "reads_second": may_read_second(request.user, activity),
        "may_return": activity.state in (ActivityState.SUBMITTED, ActivityState.PROPOSED),
        "correction": activity.corrections.filter(state__in=CorrectionRequest.WAITING).first(),
    }
    return render(request, "cpd_records/cpd_team_activity.html", page)
