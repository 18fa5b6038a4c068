"""Handing CPD in: what the officer's scheme asks for, whom it goes to, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods as methods
from django.views.decorators.http import require_POST

from cpd_records import activities
from cpd_records.activities import ActivityRefused, ChangedMeanwhile, NotAnswered
from cpd_records.activities.evidence import attach_file
from cpd_records.forms_cpd_reflection import DetailsForm, VerifierForm, details_form
from cpd_records.models import Activity
from cpd_records.schemes import asked_on_days, lost_without_reflection
from cpd_records.schemes.words import joined
from cpd_records.views_cpd import own_activity
from cpd_records.views_cpd_saving import is_by_itself, not_saved, not_saved_form, saved
from people import clock
from people.dates import long_date
from people.models import display_name
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest

MORE = "Your scheme asks for more before this is submitted. What is missing stands below."


@methods(["GET", "HEAD", "POST"])
@login_required
def submit(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """Hand the summary in to the supervisor named on the button, or to one chosen here.

    The button of another page sends a name only; this page sends everything that is asked too.
    """
    activity = own_activity(request, activity_id)
    has_details = "details" in request.POST
    days = [activity, *activities.other_days_in_hand(activity)]
    others = len(days) - 1
    asked = asked_on_days(request.user, days={day.day for day in days})
    asked_of_any: frozenset[str] = frozenset().union(*asked.values())
    details = (
        DetailsForm(request.POST, request.FILES, asked_for=asked_of_any, kept=activity, others=others)
        if has_details
        else details_form(activity, asked_for=asked_of_any, others=others, all_days=request.GET.get("days") == "all")
    )
    if is_by_itself(request):
        return _saved_by_itself(request, activity, details)
    lost = lost_without_reflection(days) if activity.is_in_hand else {}
    if request.method == "POST" and not has_details and lost:
        return redirect("cpd_records:cpd_submit", activity.pk)
    verifiers = _verifiers(request, activity)
    if request.method == "POST" and (not has_details or _is_written(request, activity, details)):
        answer = _handed_in(request, activity, verifiers, details, asked)
        if answer is not None:
            return answer
    conflict = details.conflict
    page: dict[str, Any] = {
        "form": verifiers,
        "details": details,
        "activity": activity,
        "files": activity.files.all(),
        "conflict": conflict,
        **_without_reflection(days, lost, asked),
    }
    return render(request, "cpd_records/cpd_submit.html", page, status=409 if conflict else 200)


def _without_reflection(
    days: list[Activity], lost: Mapping[str, list[Activity]], asked: Mapping[date, frozenset[str]]
) -> dict[str, Any]:
    """Return what the page says of days that nothing is reflected on: what they do not count for, and what is asked for all the same."""
    named = {pk for concerned in lost.values() for pk in (day.pk for day in concerned)}
    wanted = [day for day in days if "reflection" in asked[day.day] and not day.is_reflected_on]
    return {
        "is_series": len(days) > 1,
        "lost": [_of_days(sentence, concerned, len(days)) for sentence, concerned in lost.items()],
        "to_reflect_on": [day for day in days if day.pk in named],
        "asks_for_reflection": wanted,
    }


def _of_days(sentence: str, concerned: list[Activity], days: int) -> str:
    """Return a sentence with the days it is about, where that is not all of them."""
    if len(concerned) == days:
        return sentence
    return f"On {joined([long_date(day.day) for day in concerned])}: {sentence[0].lower()}{sentence[1:]}"


def _handed_in(
    request: SignedInRequest,
    activity: Activity,
    verifiers: VerifierForm,
    details: DetailsForm,
    asked: Mapping[date, frozenset[str]],
) -> HttpResponse | None:
    """Hand it in and lead on; None where the page has to be shown again, with what is missing at its field."""
    if not verifiers.is_valid():
        return None
    given: dict[str, Any] = {"by": request.user, "verifier": verifiers.chosen, "at": clock.now()}
    handed_in = [activity]
    try:
        if details.is_bound and details.takes_all_days:
            handed_in = activities.submit_days(activity, **given, asked=asked.__getitem__, details=details.details)
        else:
            activities.submit_activity(activity, **given, asked=asked[activity.day])
    except NotAnswered as refusal:
        if not details.is_bound:
            messages.warning(request, MORE)
            return redirect("cpd_records:cpd_submit", activity.pk)
        for field, sentence in refusal.missing.items():
            details.add_error(field if field in details.fields else None, sentence)
        return None
    except ActivityRefused as refusal:
        answer_refusal(verifiers, refusal)
        return None
    name = display_name(verifiers.chosen)
    if activity.series is not None and len(handed_in) > 1:
        messages.success(request, f"{len(handed_in)} days submitted to {name}.")
        return redirect("cpd_records:cpd_series", activity.series)
    messages.success(request, f"Submitted to {name}.")
    return redirect("cpd_records:cpd_activity", activity.pk)


def _verifiers(request: SignedInRequest, activity: Activity) -> VerifierForm:
    supervisors = activities.verifiers_for(activity.officer)
    if activity.verifier and activity.verifier not in supervisors:
        supervisors.append(activity.verifier)
    data: QueryDict | None = None
    if request.method == "POST":
        data = request.POST.copy()
        data.setdefault("verifier", data.get("submit_to", ""))
    initial = {"verifier": str(supervisors[0].public_id)} if len(supervisors) == 1 else None
    return VerifierForm(data, officer=activity.officer, supervisors=supervisors, initial=initial)


def _is_written(request: SignedInRequest, activity: Activity, details: DetailsForm) -> bool:
    """Write what the page answers; False, with the sentence at its field, where it cannot be."""
    if not details.is_valid():
        return False
    at = clock.now()
    try:
        activities.write_details(activity, by=request.user, at=at, seen=details.seen(), details=details.details)
        for file in details.files_chosen:
            attach_file(activity, file, by=request.user, at=at)
    except ChangedMeanwhile as refusal:
        details.conflict = refusal
        details.seen_now(refusal.activity.changed_at)
        return False
    except ActivityRefused as refusal:
        answer_refusal(details, refusal)
        return False
    return True


def _saved_by_itself(request: SignedInRequest, activity: Activity, details: DetailsForm) -> HttpResponse:
    if not details.is_valid():
        return not_saved_form(details)
    at = clock.now()
    try:
        kept = activities.write_details(
            activity, by=request.user, at=at, seen=details.seen(by_itself=True), details=details.details
        )
    except ActivityRefused as refusal:
        return not_saved(refusal)
    return saved(at, seen_at=kept.changed_at)


@require_POST
@login_required
def withdraw(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    activity = own_activity(request, activity_id)
    try:
        activities.withdraw_activity(activity, by=request.user, at=clock.now())
        messages.success(request, "Taken back. Only you can see it now.")
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("cpd_records:cpd_activity", activity.pk)
