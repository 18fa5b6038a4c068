"""Briefings recorded once for a shift: by the supervisor, and confirmed by each one who was there."""

from __future__ import annotations

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
from cpd_records.activities.briefings import NO_SUPERVISOR, units_of
from cpd_records.forms_cpd_briefing import ConfirmForm
from cpd_records.forms_cpd_team import BriefingForm, briefing_form
from cpd_records.models import Attendance, Briefing
from people import access, clock
from people.durations import hours
from people.looks import record_looks
from people.models import Unit, display_name
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest

MOST = 50
SIGHT = {"where": "A briefing", "saw": "Whether you were there"}


def _own(request: SignedInRequest, briefing_id: UUID) -> Attendance:
    named = Attendance.objects.of(request.user).select_related("briefing__recorded_by", "activity", "officer")
    return get_object_or_404(named, briefing=briefing_id)


@methods(["GET", "HEAD", "POST"])
@login_required
def briefing(request: SignedInRequest, briefing_id: UUID) -> HttpResponse:
    """A briefing I was named for: confirm that I was there, with my own words if I like."""
    attendance = _own(request, briefing_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            activity = activities.confirm_attendance(
                attendance, by=request.user, at=clock.now(), learned=form.cleaned_data["learned"]
            )
            messages.success(request, f"Confirmed: {hours(activity.minutes)}. It is on your record.")
            return redirect("cpd_records:cpd")
        except ActivityRefused as refusal:
            answer_refusal(form, refusal)
    page = {"attendance": attendance, "briefing": attendance.briefing, "form": form}
    return render(request, "cpd_records/cpd_briefing.html", page)


@require_POST
@login_required
def absent(request: SignedInRequest, briefing_id: UUID) -> HttpResponse:
    """Say that I was not there."""
    attendance = _own(request, briefing_id)
    try:
        activities.deny_attendance(attendance, by=request.user, at=clock.now())
        name = display_name(attendance.briefing.recorded_by)
        messages.success(request, f"Nothing is recorded for you. {name} sees that you were not there.")
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("cpd_records:cpd")


def _refuse_others(request: SignedInRequest) -> None:
    if not access.has_role(request.user, access.SUPERVISOR):
        raise PermissionDenied(NO_SUPERVISOR)


@require_safe
@login_required
def briefings(request: SignedInRequest) -> HttpResponse:
    """The briefings I recorded, the latest first, with who confirmed."""
    _refuse_others(request)
    found = list(Briefing.objects.run_by(request.user).with_counts().order_by("-day", "-recorded_at")[: MOST + 1])
    page = {"briefings": found[:MOST], "is_cut": len(found) > MOST}
    return render(request, "cpd_records/cpd_team_briefings.html", page)


@methods(["GET", "HEAD", "POST"])
@login_required
def new_briefing(request: SignedInRequest) -> HttpResponse:
    """Record a briefing for those who were there; ``?unit=`` chooses among the units I supervise."""
    _refuse_others(request)
    at, units = clock.now(), units_of(request.user, on=clock.today())
    place = _place(units, request.POST.get("unit") or request.GET.get("unit") or "")
    if request.method == "POST":
        form = BriefingForm(request.POST, at=at, supervisor=request.user, place=place)
        if form.is_valid():
            try:
                recorded = activities.record_briefing(request.user, **form.answers, unit=place, at=at)
                messages.success(request, "Recorded. Each one you named is asked to confirm.")
                return redirect("cpd_records:briefing_recorded", recorded.pk)
            except ActivityRefused as refusal:
                form.refuse(refusal)
    else:
        form = briefing_form(at=at, supervisor=request.user, place=place)
    page = {"form": form, "units": units, "place": place}
    return render(request, "cpd_records/cpd_team_briefing_new.html", page)


def _place(units: list[tuple[Unit, str]], code: str) -> Unit | None:
    """Return the unit that was chosen, or the first; None where there is none to choose."""
    return next((unit for unit, _name in units if unit.code == code), units[0][0] if units else None)


@require_safe
@login_required
def briefing_recorded(request: SignedInRequest, briefing_id: UUID) -> HttpResponse:
    """A briefing I recorded: who confirmed, who was not there, who has not answered."""
    found = get_object_or_404(Briefing.objects.run_by(request.user).with_counts(), pk=briefing_id)
    named = list(found.attendances.select_related("officer", "activity").order_by("officer__name", "pk"))
    record_looks([one.officer_id for one in named], by=request.user, at=clock.now(), **SIGHT)
    groups = [
        (str(state.label), [one for one in named if one.state == state])
        for state in (Attendance.State.ASKED, Attendance.State.ABSENT, Attendance.State.CONFIRMED)
    ]
    return render(request, "cpd_records/cpd_team_briefing.html", {"briefing": found, "groups": groups})


@require_POST
@login_required
def close(request: SignedInRequest, briefing_id: UUID) -> HttpResponse:
    """Ask nobody any more."""
    found = get_object_or_404(Briefing.objects.run_by(request.user), pk=briefing_id)
    activities.close_briefing(found, by=request.user, at=clock.now())
    messages.success(request, "Closed. What was confirmed stays on the record.")
    return redirect("cpd_records:briefing_recorded", found.pk)
