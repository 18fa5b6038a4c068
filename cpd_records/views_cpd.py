"""An officer's own CPD: log it, change it, see what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods as methods
from django.views.decorators.http import require_POST, require_safe

from cpd_records import activities
from cpd_records.activities import ActivityRefused, AlreadyLogged, ChangedMeanwhile
from cpd_records.activities.days import series_of
from cpd_records.activities.evidence import open_file, remove_file
from cpd_records.forms_cpd import (
    ONE_DAY,
    SEVERAL_DAYS,
    TWO_DAYS,
    ActivityForm,
    activity_form,
    change_form,
    unfinished_form,
)
from cpd_records.models import (
    Activity,
    ActivityFile,
    ActivityState,
    Attendance,
    Competency,
    CorrectionRequest,
    EthicalPrinciple,
    UnfinishedForm,
)
from cpd_records.models.verifying import may_be_named
from cpd_records.views_cpd_saving import gone, is_by_itself, not_saved, not_saved_form, saved
from people import access, clock
from people.dates import long_date
from people.durations import hours
from people.looks import record_looks
from people.signed_in import SignedInRequest

ROWS = 6
FILE = {"where": "Your CPD activity", "saw": "A file you shared"}
LISTS = (
    (ActivityState.RETURNED, "returned", "Returned to you"),
    (ActivityState.DRAFT, "drafts", "Drafts only you can see"),
    (ActivityState.SUBMITTED, "waiting", "Waiting for verification"),
    (ActivityState.PROPOSED, "second", "Waiting for a second reviewer"),
    (ActivityState.VERIFIED, "verified", "Verified"),
    (ActivityState.REJECTED, "rejected", "Rejected"),
)


def own_activity(request: SignedInRequest, activity_id: UUID) -> Activity:
    """Return the signed-in officer's own activity; anybody else's does not exist."""
    own = Activity.objects.of(request.user).with_reason().select_related("officer", "verifier", "role")
    return get_object_or_404(own, pk=activity_id)


def refuse_auditors(request: SignedInRequest) -> None:
    """Refuse to log or plan for those who only read."""
    if not access.logs_cpd(request.user):
        raise PermissionDenied(
            "You hold the auditor's role. Auditors read what others recorded, and log no CPD of their own here."
        )


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
    courses = activities.finished_courses(request.user, most=None if wanted == "courses" else ROWS + 1)
    page = {
        "briefings": Attendance.objects.of(request.user).asked().select_related("briefing__recorded_by")[:ROWS],
        "unfinished": UnfinishedForm.objects.of(request.user),
        "sections": sections,
        "courses": courses if wanted == "courses" else courses[:ROWS],
        "courses_are_cut": wanted != "courses" and len(courses) > ROWS,
        "totals": activities.totals_of_year(request.user, on=clock.today()),
        "logs_cpd": access.logs_cpd(request.user),
        "verifies": may_be_named(request.user),
    }
    return render(request, "cpd_records/cpd_list.html", page)


@methods(["GET", "HEAD", "POST"])
@login_required
def log(request: SignedInRequest) -> HttpResponse:
    """Five answers make a draft; what is typed before that is kept by itself."""
    refuse_auditors(request)
    at = clock.now()
    if request.method != "POST":
        return _ask(request, _opened(request))
    form = ActivityForm(request.POST, at=at, days=_days(request))
    if is_by_itself(request):
        return _kept(request, form)
    for days in (TWO_DAYS, SEVERAL_DAYS):
        if f"{days}_days" in request.POST:
            return _ask(request, form.asked_for(days))
    if form.is_valid():
        try:
            return _logged(request, form)
        except AlreadyLogged as refusal:
            return _ask_again(request, form, refusal.activity, refusal)
        except ActivityRefused as refusal:
            form.refuse(refusal)
    return _ask(request, form)


def _days(request: SignedInRequest) -> str:
    if "length_next_day_hours" in request.POST:
        return TWO_DAYS
    return SEVERAL_DAYS if "last_day_day" in request.POST else ONE_DAY


def _opened(request: SignedInRequest) -> ActivityForm:
    """Return the form as it is opened: a half-written one that is named, or a new one, begun from what is named."""
    at = clock.now()
    try:
        token = UUID(request.GET.get("continue", ""))
    except ValueError:
        token = None
    kept = UnfinishedForm.objects.of(request.user).filter(token=token).first() if token else None
    if kept is not None:
        return unfinished_form(kept, at=at)
    text = request.GET.get("from", "")[:60]
    return activity_form(at=at, start=activities.start_from(request.user, text), start_text=text)


def _kept(request: SignedInRequest, form: ActivityForm) -> HttpResponse:
    """Keep what is typed so far."""
    try:
        token = UUID(request.POST.get("client_token", ""))
    except ValueError:
        return not_saved(ActivityRefused("Nothing was kept: open the page again."))
    try:
        kept = activities.keep_unfinished(
            request.user, token=token, fields=form.typed, seen=form.seen(by_itself=True), at=form.at
        )
    except ActivityRefused as refusal:
        return not_saved(refusal)
    return saved(kept.saved_at, seen_at=kept.saved_at) if kept else gone()


def _logged(request: SignedInRequest, form: ActivityForm) -> HttpResponse:
    """Log on one day, or on several as drafts of one series."""
    token, at = form.cleaned_data["client_token"], form.at
    start = activities.start_from(request.user, form.cleaned_data["start"])
    is_another = form.cleaned_data["is_another"]
    if form.days == ONE_DAY:
        activity = activities.log_activity(
            request.user, **form.answers, is_another=is_another, client_token=token, at=at, start=start
        )
        return redirect("cpd_records:cpd_reflect", activity.pk)
    days = form.days_and_minutes if form.on_several_days else form.two_days_and_minutes
    answers = {**form.answers_of_a_day, "at": at, "start": start}
    if token is None:
        raise ActivityRefused("The page did not say which form this is. Open it again.")
    logged = activities.log_on_days(request.user, days=days, client_token=token, **answers)
    if form.over_two_days:
        first, second = logged
        words = (
            f"Logged: {hours(first.minutes)} on {long_date(first.day)} "
            f"and {hours(second.minutes)} on {long_date(second.day)}."
        )
        messages.success(request, words)
        return redirect("cpd_records:cpd")
    messages.success(request, f"Logged: {hours(logged[0].minutes)} on each of {len(logged)} days.")
    return redirect("cpd_records:cpd_series", token)


@methods(["GET", "HEAD", "POST"])
@login_required
def change(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """Change the five answers of what is still in my hands."""
    activity = own_activity(request, activity_id)
    at = clock.now()
    if request.method != "POST":
        if not activity.is_in_hand:
            return redirect("cpd_records:cpd_activity", activity.pk)
        return _ask(request, change_form(activity, at=at), activity=activity)
    form, by_itself = ActivityForm(request.POST, at=at), is_by_itself(request)
    if not form.is_valid():
        return not_saved_form(form) if by_itself else _ask(request, form, activity=activity)
    try:
        kept = activities.change_activity(
            activity, by=request.user, at=at, seen=form.seen(by_itself=by_itself), **form.answers
        )
    except ActivityRefused as refusal:
        if by_itself:
            return not_saved(refusal)
        if isinstance(refusal, ChangedMeanwhile):
            return _ask_again(request, form, refusal.activity, refusal)
        form.refuse(refusal)
        return _ask(request, form, activity=activity)
    return saved(at, seen_at=kept.changed_at) if by_itself else redirect("cpd_records:cpd_activity", activity.pk)


def _ask(
    request: SignedInRequest, form: ActivityForm, *, activity: Activity | None = None, **more: Any
) -> HttpResponse:
    return render(request, "cpd_records/cpd_log.html", {"form": form, "activity": activity, **more})


def _ask_again(
    request: SignedInRequest, form: ActivityForm, activity: Activity, refusal: ActivityRefused
) -> HttpResponse:
    """Show what was typed beside what is logged now; saving again means it."""
    form.seen_now(activity.changed_at)
    return render(
        request,
        "cpd_records/cpd_log.html",
        {"form": form, "activity": activity, "conflict": refusal, "logged": activity},
        status=409,
    )


@require_safe
@login_required
def activity_page(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """One activity of mine: what I wrote, who has it, what I can do now."""
    activity = own_activity(request, activity_id)
    supervisors = activities.verifiers_for(activity.officer) if activity.is_in_hand else []
    page = {
        "activity": activity,
        "verifier": activity.verifier or next(iter(supervisors), None),
        "steps": activity.steps.select_related("by", "to"),
        "files": activity.files.all(),
        "competencies": Competency.titles(activity.competencies),
        "principles": EthicalPrinciple.titles(activity.principles),
        "corrections": CorrectionRequest.objects.of(request.user)
        .filter(activity=activity)
        .select_related("decided_by"),
    }
    return render(request, "cpd_records/cpd_activity.html", page)


@require_safe
@login_required
def series(request: SignedInRequest, series_id: UUID) -> HttpResponse:
    """What I logged on several days at once."""
    found = series_of(request.user, series_id)
    if not found:
        raise Http404
    in_hand = [activity for activity in found if activity.is_in_hand]
    page = {
        "rows": found,
        "title": found[0].title,
        "minutes": sum(activity.minutes for activity in found),
        "in_hand": in_hand,
        "first": in_hand[0] if len(in_hand) > 1 else None,
    }
    return render(request, "cpd_records/cpd_series.html", page)


@methods(["GET", "HEAD", "POST"])
@login_required
def discard(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """Ask once, then delete a private draft."""
    activity = own_activity(request, activity_id)
    if request.method != "POST":
        return render(request, "cpd_records/cpd_discard.html", {"activity": activity})
    try:
        activities.discard_activity(activity, by=request.user, at=clock.now())
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("cpd_records:cpd_activity", activity.pk)
    messages.success(request, "The draft is deleted.")
    return redirect("cpd_records:cpd")


@require_safe
@login_required
def file(request: SignedInRequest, activity_id: UUID, file_id: UUID) -> FileResponse:
    """A file of an activity, to its officer, and to whoever reads the activity while the reflection is shared."""
    found = get_object_or_404(
        ActivityFile.objects.readable_by(request.user).select_related("activity"), pk=file_id, activity=activity_id
    )
    record_looks([found.activity.officer_id], by=request.user, at=clock.now(), **FILE)
    answer = FileResponse(open_file(found), as_attachment=True, filename=found.name, content_type=found.media_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@login_required
def drop_file(request: SignedInRequest, activity_id: UUID, file_id: UUID) -> HttpResponse:
    found = get_object_or_404(own_activity(request, activity_id).files, pk=file_id)
    try:
        remove_file(found, by=request.user, at=clock.now())
        messages.success(request, f"Removed: {found.name}")
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("cpd_records:cpd_activity", activity_id)
