"""One person of a supervisor's team: the verdict with its reasons, on any day; an exception; a team lent for a leave."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd_records.qualifications.deciding import (
    absence_recorded,
    decided,
    end_of_absence,
    end_of_ruling,
    ruling_form,
)
from cpd_records.qualifications.forms import AbsenceForm
from cpd_records.qualifications.refusals import QualificationRefused
from cpd_records.qualifications.rulings import end_ruling, grant_exception, latest_exception
from cpd_records.readiness import officer_of
from cpd_records.reminders.finding import remind
from people import clock, lent_teams
from people.delegations import DelegationRefused, delegate_unit, end_delegation
from people.looks import record_looks
from people.models import User
from people.refused_forms import answer_refusal
from people.stamps import NotRecorded
from training_site.forms_team import DayForm, DelegationForm, ExceptionForm
from training_site.team_person import ends_on_of, exception_of, person_page, qualification_of
from training_site.views.team import SupervisorRequest, back_to_team, for_supervisors

SIGHT = {"where": "Your page in the team", "saw": "Verdicts, dates and reasons"}


@require_safe
@for_supervisors
def person(request: SupervisorRequest, officer: UUID) -> HttpResponse:
    """May this officer do it, and why? Today, or on a day of the address, as known today or by the end of that day."""
    today = clock.today()
    typed = request.GET.copy()
    form = DayForm(typed if typed.get("on") or typed.get("as_known") else None)
    on, known_at = today, None
    if form.is_bound and form.is_valid():
        on = form.cleaned_data["on"] or today
        known_at = clock.end_of_day(on) if form.cleaned_data["as_known"] and on <= today else None
    found = _officer(request, officer, on=on)
    record_looks([found.pk], by=request.user, at=clock.now(), **SIGHT)
    context = person_page(found, on=on, known_at=known_at, today=today, by=request.user)
    context |= {"form": form if form.is_bound else DayForm(), "on": on, "known_at": known_at, "today": today}
    return render(request, "team/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisors
def exception(request: SupervisorRequest, officer: UUID, code: str) -> HttpResponse:
    """Grant a risk-assessed exception: why, under which conditions, until when. The rule says who may and for how long."""
    found = _officer(request, officer, on=clock.today())
    qualification = qualification_of(code)
    if qualification is None:
        raise Http404
    form = ExceptionForm(request.POST or None, latest=latest_exception(qualification, on=clock.today()))
    if request.method == "POST" and form.is_valid():
        try:
            grant_exception(
                found,
                qualification,
                by=request.user,
                at=clock.now(),
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                conditions=form.cleaned_data["conditions"],
            )
        except (QualificationRefused, NotRecorded) as refused:
            answer_refusal(form, refused)
        else:
            messages.success(request, f"The exception for {qualification.title} is recorded. The officer can see it.")
            return redirect("team-person", officer=officer)
    context = {"officer": found, "qualification": qualification, "form": form}
    return render(request, "team/exception.html", context)


@require_POST
@for_supervisors
def send_reminder(request: SupervisorRequest, officer: UUID, code: str) -> HttpResponse:
    """Remind the officer of something they must renew; once a day for each."""
    found = _officer(request, officer, on=clock.today())
    qualification = qualification_of(code)
    if qualification is None:
        raise Http404
    ends_on = ends_on_of(found, code, on=clock.today())
    if remind(found, qualification.pk, by=request.user, at=clock.now(), ends_on=ends_on):
        messages.success(request, f"We remind {found.get_short_name()} of {qualification.title} by mail.")
    else:
        messages.info(request, f"{found.get_short_name()} was reminded of {qualification.title} today already.")
    return back_to_team(request, officer)


@require_POST
@for_supervisors
def end_exception(request: SupervisorRequest, officer: UUID, number: int) -> HttpResponse:
    """End an exception: from today it no longer holds."""
    found = _officer(request, officer, on=clock.today())
    running = exception_of(found, number)
    if running is None:
        raise Http404
    try:
        end_ruling(running, by=request.user, at=clock.now(), last_day=clock.today() - timedelta(days=1))
    except (QualificationRefused, NotRecorded) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The exception for {running.qualification.title} has ended.")
    return redirect("team-person", officer=officer)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisors
def restrict(request: SupervisorRequest, officer: UUID) -> HttpResponse:
    """Say that the officer may not act on a qualification, whatever is held."""
    found = _officer(request, officer, on=clock.today())
    form = ruling_form(request)
    if request.method == "POST" and form.is_valid() and decided(request, found, "restriction", form):
        return redirect("team-person", officer=officer)
    context = {"officer": found, "form": form, "kind": "restriction", "is_team": True}
    return render(request, "cpd_records/ruling.html", context)


@require_POST
@for_supervisors
def end_restriction(request: SupervisorRequest, officer: UUID, number: int) -> HttpResponse:
    """End a restriction: from today it no longer holds."""
    end_of_ruling(request, _officer(request, officer, on=clock.today()), "restriction", number)
    return redirect("team-person", officer=officer)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisors
def away(request: SupervisorRequest, officer: UUID) -> HttpResponse:
    """Record that the officer is away for long."""
    found = _officer(request, officer, on=clock.today())
    form = AbsenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and absence_recorded(request, found, form):
        return redirect("team-person", officer=officer)
    return render(request, "cpd_records/absence.html", {"officer": found, "form": form, "is_team": True})


@require_POST
@for_supervisors
def back(request: SupervisorRequest, officer: UUID, number: int) -> HttpResponse:
    """Record that the officer is back since today."""
    end_of_absence(request, _officer(request, officer, on=clock.today()), number)
    return redirect("team-person", officer=officer)


@require_http_methods(["GET", "HEAD", "POST"])
@for_supervisors
def lend(request: SupervisorRequest) -> HttpResponse:
    """Lend a team for the days of a leave, and see what is lent."""
    units = lent_teams.units_to_lend(request.user)
    form = DelegationForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        delegate = lent_teams.find_person(asked["delegate"])
        if delegate is None:
            form.add_error("delegate", "Nobody is known by that. Check the e-mail address or service number.")
        else:
            try:
                delegate_unit(
                    request.user,
                    delegate,
                    lent_teams.unit_of(asked["unit"]),
                    by=request.user,
                    valid_from=asked["valid_from"],
                    valid_until=asked["valid_until"],
                )
            except (DelegationRefused, NotRecorded) as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, "Your team is lent for those days. They see it and can act as you do.")
                return redirect("team-lend")
    context = {"form": form, "units": units, "lent": lent_teams.lent_by(request.user, on=clock.today())}
    return render(request, "team/lend.html", context)


@require_POST
@for_supervisors
def take_back(request: SupervisorRequest, number: int) -> HttpResponse:
    """Take a lent team back from tomorrow on; what has not begun is taken back whole."""
    row = lent_teams.lent_row(request.user, number)
    if row is None:
        raise Http404
    try:
        end_delegation(row, by=request.user, last_day=clock.today())
    except (DelegationRefused, NotRecorded) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "The team is yours alone again from tomorrow.")
    return redirect("team-lend")


def _officer(request: SupervisorRequest, public_id: UUID, *, on: date) -> User:
    found = officer_of(request.user, public_id, on=on)
    if found is None:
        raise Http404
    return found
