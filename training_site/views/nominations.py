"""Nominating somebody of one's team for a course with a click, withdrawing that, and declining a nomination of one's own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from courses.nominations import (
    NominationRefused,
    course_called,
    decline,
    nominate,
    nomination_of_people_of,
    own_nomination,
    withdraw,
)
from cpd_records.readiness import officer_of
from people import clock
from people.signed_in import SignedInRequest
from training_site.forms_team import DeclineForm
from training_site.team_person import why_nominated
from training_site.views.team import SupervisorRequest, back_to_team, for_supervisors


@require_POST
@for_supervisors
def nominate_officer(request: SupervisorRequest, officer: UUID, course: str, code: str) -> HttpResponse:
    """Nominate an officer for a course that leads to the qualification; why is what currency says of it now."""
    found, taught = officer_of(request.user, officer, on=clock.today()), course_called(course)
    if found is None or taught is None:
        raise Http404
    try:
        nominate(
            found,
            taught,
            qualification=code,
            by=request.user,
            at=clock.now(),
            reason=why_nominated(found, code, on=clock.today()),
        )
    except NominationRefused as refused:
        messages.error(request, str(refused))
    else:
        name = found.get_short_name()
        messages.success(request, f"{name} is nominated, and finds the course on their page ‘My learning’.")
    return back_to_team(request, officer)


@require_POST
@for_supervisors
def withdraw_nomination(request: SupervisorRequest, officer: UUID, number: int) -> HttpResponse:
    """Withdraw an open nomination of somebody of one's team."""
    nomination = nomination_of_people_of(request.user, officer, number)
    if nomination is None:
        raise Http404
    try:
        withdraw(nomination, by=request.user, at=clock.now())
    except NominationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The nomination is withdrawn.")
    return back_to_team(request, officer)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_nomination(request: SignedInRequest, number: int) -> HttpResponse:
    """A nomination of one's own: who, for what and why; and how to decline it."""
    nomination = own_nomination(request.user, number)
    if nomination is None:
        raise Http404
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decline(nomination, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"])
        except NominationRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "You declined the nomination. Your supervisor reads why.")
            return redirect("my-learning")
    return render(request, "training_site/my_nomination.html", {"nomination": nomination, "form": form})
