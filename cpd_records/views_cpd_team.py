"""The supervisor's part of CPD: read the summary, verify it or give it back with a reason."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from cpd_records import activities
from cpd_records.activities import ActivityRefused
from cpd_records.activity_rules import in_words
from cpd_records.forms_cpd import ReturnForm
from cpd_records.models import Activity, ActivityState, Competency
from cpd_records.views_cpd import SignedInRequest
from people import access, clock
from people.models import display_name

ROWS = 6
NO_SUPERVISOR = "You hold no supervisor's role, so no CPD is handed in to you. A system administrator can grant one."


@require_safe
@login_required
def team_cpd(request: SignedInRequest) -> HttpResponse:
    """What waits for me, longest first; what my people handed in to others; what I verified lately."""
    if not access.has_role(request.user, access.SUPERVISOR):
        raise PermissionDenied(NO_SUPERVISOR)
    readable = Activity.objects.readable_by_supervisor(request.user).select_related("officer", "verifier")
    waiting = readable.filter(state=ActivityState.SUBMITTED).order_by("changed_at", "pk")
    wanted = request.GET.get("all")
    verified = readable.filter(state=ActivityState.VERIFIED, verifier=request.user).order_by("-changed_at", "pk")
    sections = [
        _section("mine", Activity.objects.waiting_for(request.user).select_related("officer", "verifier"), wanted),
        _section("others", waiting.exclude(verifier=request.user), wanted),
        _section("verified", verified, wanted),
    ]
    return render(request, "cpd_records/cpd_team.html", {"mine": sections[0], "more": sections[1:]})


def _section(name: str, rows: object, wanted: str | None) -> dict[str, object]:
    """Return one section's rows; one more than is shown is read, to know whether there are more."""
    found = list(rows[: 400 if wanted == name else ROWS + 1])  # type: ignore[index]
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
    activity = _handed_in(request, activity_id)
    try:
        activities.verify_activity(activity, by=request.user, at=clock.now(), seen=request.POST.get("seen", ""))
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
        return _back(request, activity)
    messages.success(
        request, f"Verified: {in_words(activity.minutes)} for {display_name(activity.officer)}. It is on their record."
    )
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


def _readable(request: SignedInRequest, activity_id: UUID) -> Activity:
    readable = Activity.objects.readable_by_supervisor(request.user)
    return get_object_or_404(readable.select_related("officer", "verifier"), pk=activity_id)


def _handed_in(request: SignedInRequest, activity_id: UUID) -> Activity:
    """Return what may be acted on; one's own too, so that the refusal can say why."""
    visible = Activity.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("officer"), pk=activity_id)


def _back(request: SignedInRequest, activity: Activity) -> HttpResponse:
    """Lead back to the activity, or to the list where it is out of sight now."""
    if activity.officer_id == request.user.pk:
        return redirect("cpd_records:cpd_activity", activity.pk)
    return redirect("cpd_records:cpd_team")


def _page(request: SignedInRequest, activity: Activity, form: ReturnForm) -> HttpResponse:
    page = {
        "activity": activity,
        "form": form,
        "length": in_words(activity.minutes),
        "seen": activities.summary_mark(activity),
        "files": activity.files.all() if activity.reflection_shared else (),
        "competencies": Competency.titles(activity.competencies) if activity.reflection_shared else (),
    }
    return render(request, "cpd_records/cpd_team_activity.html", page)
