"""An officer's own CPD: log it, reflect on it, hand it in, see what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods as methods
from django.views.decorators.http import require_POST, require_safe

from cpd_records import activities
from cpd_records.activities import ActivityRefused, AlreadyLogged, ChangedMeanwhile
from cpd_records.activity_rules import in_words, long_date
from cpd_records.evidence_files import attach_file, open_file, remove_file
from cpd_records.forms_cpd import (
    ActivityForm,
    ReflectionForm,
    VerifierForm,
    activity_form,
    change_form,
    reflection_form,
    seen_now,
)
from cpd_records.models import Activity, ActivityFile, ActivityState, Competency
from people import access, clock
from people.models import User, display_name

ROWS = 6
LISTS = (
    (ActivityState.RETURNED, "returned", "Returned to you"),
    (ActivityState.DRAFT, "drafts", "Drafts only you can see"),
    (ActivityState.SUBMITTED, "waiting", "Waiting for verification"),
    (ActivityState.VERIFIED, "verified", "Verified"),
)


class SignedInRequest(HttpRequest):
    """A request that ``login_required`` has let through."""

    user: User


def _own(request: SignedInRequest, activity_id: UUID) -> Activity:
    """Return the signed-in officer's own activity; anybody else's does not exist."""
    own = Activity.objects.of(request.user).with_reason().select_related("officer", "verifier")
    return get_object_or_404(own, pk=activity_id)


@require_safe
@login_required
def my_cpd(request: SignedInRequest) -> HttpResponse:
    """Everything I logged, what needs me first; six rows a section unless ``?all=`` names it."""
    own = Activity.objects.of(request.user).with_reason().select_related("verifier").newest_first()
    counts = Activity.objects.of(request.user).count_by_state()
    wanted = request.GET.get("all")
    sections = [
        {
            "name": name,
            "heading": heading,
            "count": counts[state],
            "rows": own.filter(state=state)[: None if wanted == name else ROWS],
            "is_cut": counts[state] > ROWS and wanted != name,
        }
        for state, name, heading in LISTS
        if counts.get(state)
    ]
    totals = activities.totals_of_year(request.user, on=clock.today())
    return render(
        request,
        "cpd_records/cpd_list.html",
        {"sections": sections, "totals": totals, "logs_cpd": access.logs_cpd(request.user)},
    )


@methods(["GET", "HEAD", "POST"])
@login_required
def log(request: SignedInRequest) -> HttpResponse:
    """Five answers make a draft."""
    if not access.logs_cpd(request.user):
        raise PermissionDenied(
            "You hold the auditor's role. Auditors read what others recorded, and log no CPD of their own here."
        )
    at = clock.now()
    if request.method != "POST":
        return _ask(request, activity_form(at=at))
    form = ActivityForm(request.POST, at=at, two_days="length_next_day_hours" in request.POST)
    if "two_days" in request.POST:
        return _ask(request, form.asked_for_two_days())
    if form.is_valid():
        try:
            if form.over_two_days:
                return _logged_over_two_days(request, form)
            token = form.cleaned_data["client_token"]
            activity = activities.log_activity(request.user, **form.answers, client_token=token, at=at)
            return redirect("cpd_records:cpd_reflect", activity.pk)
        except AlreadyLogged as refusal:
            return _ask_again(request, form, refusal.activity, refusal)
        except ActivityRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return _ask(request, form)


def _logged_over_two_days(request: SignedInRequest, form: ActivityForm) -> HttpResponse:
    first, second = activities.log_over_two_days(
        request.user,
        **form.answers,
        minutes_next_day=form.cleaned_data["length_next_day"],
        client_token=form.cleaned_data["client_token"],
        at=form.at,
    )
    messages.success(
        request,
        f"Logged: {in_words(first.minutes)} on {long_date(first.day)} "
        f"and {in_words(second.minutes)} on {long_date(second.day)}.",
    )
    return redirect("cpd_records:cpd")


@methods(["GET", "HEAD", "POST"])
@login_required
def change(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """Change the five answers of what is still in my hands."""
    activity = _own(request, activity_id)
    at = clock.now()
    if request.method != "POST":
        if not activity.is_in_hand:
            return redirect("cpd_records:cpd_activity", activity.pk)
        return _ask(request, change_form(activity, at=at), activity=activity)
    form = ActivityForm(request.POST, at=at)
    if form.is_valid():
        seen = form.cleaned_data["changed_at"] or activity.created_at
        try:
            activities.change_activity(activity, by=request.user, at=at, seen_changed_at=seen, **form.answers)
            return redirect("cpd_records:cpd_activity", activity.pk)
        except ChangedMeanwhile as refusal:
            return _ask_again(request, form, refusal.activity, refusal)
        except ActivityRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return _ask(request, form, activity=activity)


def _ask(
    request: SignedInRequest, form: ActivityForm, *, activity: Activity | None = None, **more: Any
) -> HttpResponse:
    return render(request, "cpd_records/cpd_log.html", {"form": form, "activity": activity, **more})


def _ask_again(
    request: SignedInRequest, form: ActivityForm, activity: Activity, refusal: ActivityRefused
) -> HttpResponse:
    """Show what was typed beside what is logged now; saving again means it."""
    seen_now(form, activity)
    return render(
        request,
        "cpd_records/cpd_log.html",
        {"form": form, "activity": activity, "conflict": refusal, "logged": activity},
        status=409,
    )


@methods(["GET", "HEAD", "POST"])
@login_required
def reflect(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """The officer's own page: it may stay empty, and only they can read it."""
    activity = _own(request, activity_id)
    supervisors = activities.verifiers_for(activity.officer)
    page: dict[str, Any] = {
        "activity": activity,
        "verifier": activity.verifier or next(iter(supervisors), None),
        "files": activity.files.all(),
    }
    if request.method != "POST":
        return render(request, "cpd_records/cpd_reflect.html", {**page, "form": reflection_form(activity)})
    form, at = ReflectionForm(request.POST, request.FILES, kept=activity.competencies), clock.now()
    if not form.is_valid():
        return render(request, "cpd_records/cpd_reflect.html", {**page, "form": form})
    try:
        seen = form.cleaned_data["reflected_at"]
        activities.write_reflection(activity, by=request.user, at=at, seen_reflected_at=seen, **form.written)
        for file in form.cleaned_data["evidence"]:
            attach_file(activity, file, by=request.user, at=at)
    except ChangedMeanwhile as refusal:
        seen_now(form, refusal.activity)
        page.update(form=form, conflict=refusal, written=refusal.activity)
        return render(request, "cpd_records/cpd_reflect.html", page, status=409)
    except ActivityRefused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return render(request, "cpd_records/cpd_reflect.html", {**page, "form": form})
    return _after_reflecting(request, activity)


def _after_reflecting(request: SignedInRequest, activity: Activity) -> HttpResponse:
    """Go where the button that was pressed leads."""
    if "submit_to" in request.POST:
        return submit(request, activity.pk)
    if "choose" in request.POST:
        return redirect("cpd_records:cpd_submit", activity.pk)
    return redirect("cpd_records:cpd_activity", activity.pk)


@require_safe
@login_required
def activity_page(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """One activity of mine: what I wrote, who has it, what I can do now."""
    activity = _own(request, activity_id)
    supervisors = activities.verifiers_for(activity.officer) if activity.is_in_hand else []
    page = {
        "activity": activity,
        "verifier": activity.verifier or next(iter(supervisors), None),
        "steps": activity.steps.select_related("by", "to"),
        "files": activity.files.all(),
        "competencies": Competency.titles(activity.competencies),
    }
    return render(request, "cpd_records/cpd_activity.html", page)


@methods(["GET", "HEAD", "POST"])
@login_required
def submit(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """Hand the summary in to the supervisor named on the button, or to one chosen here."""
    activity = _own(request, activity_id)
    supervisors = activities.verifiers_for(activity.officer)
    if activity.verifier and activity.verifier not in supervisors:
        supervisors.append(activity.verifier)
    data: QueryDict | None = None
    if request.method == "POST":
        data = request.POST.copy()
        data.setdefault("verifier", data.get("submit_to", ""))
    form = VerifierForm(data, officer=activity.officer, supervisors=supervisors)
    if form.is_valid():
        try:
            activities.submit_activity(activity, by=request.user, verifier=form.chosen, at=clock.now())
            messages.success(request, f"Submitted to {display_name(form.chosen)}.")
            return redirect("cpd_records:cpd_activity", activity.pk)
        except ActivityRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return render(request, "cpd_records/cpd_submit.html", {"form": form, "activity": activity})


@require_POST
@login_required
def withdraw(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    activity = _own(request, activity_id)
    return _done(request, activity, activities.withdraw_activity, "Taken back. Only you can see it now.")


@require_POST
@login_required
def share(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    activity = _own(request, activity_id)
    words = "Shared. Whoever verifies this, and your supervisors, can read your reflection."
    return _done(request, activity, activities.share_reflection, words)


@require_POST
@login_required
def unshare(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    activity = _own(request, activity_id)
    return _done(request, activity, activities.unshare_reflection, "Only you can read your reflection now.")


def _done(request: SignedInRequest, activity: Activity, verb: Any, words: str) -> HttpResponse:
    """Call a verb of the officer's and say what came of it."""
    try:
        verb(activity, by=request.user, at=clock.now())
        messages.success(request, words)
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("cpd_records:cpd_activity", activity.pk)


@methods(["GET", "HEAD", "POST"])
@login_required
def discard(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """Ask once, then delete a private draft."""
    activity = _own(request, activity_id)
    if request.method != "POST":
        return render(request, "cpd_records/cpd_discard.html", {"activity": activity})
    try:
        activities.discard_activity(activity, by=request.user)
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("cpd_records:cpd_activity", activity.pk)
    messages.success(request, "The draft is deleted.")
    return redirect("cpd_records:cpd")


@require_safe
@login_required
def file(request: SignedInRequest, activity_id: UUID, file_id: UUID) -> FileResponse:
    """A file of an activity, to its officer, and to whoever reads the activity while the reflection is shared."""
    found = get_object_or_404(ActivityFile.objects.readable_by(request.user), pk=file_id, activity=activity_id)
    answer = FileResponse(open_file(found), as_attachment=True, filename=found.name, content_type=found.media_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@login_required
def drop_file(request: SignedInRequest, activity_id: UUID, file_id: UUID) -> HttpResponse:
    found = get_object_or_404(_own(request, activity_id).files, pk=file_id)
    try:
        remove_file(found, by=request.user)
        messages.success(request, f"Removed: {found.name}")
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("cpd_records:cpd_activity", activity_id)
