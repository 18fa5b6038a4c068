"""Intakes for training administrators and their trainers, and a recruit's page for those who decide about them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import PARADE_KEEPERS, Intake, Recruit
from courses.programmes.as_known import as_known
from courses.programmes.boards import Group, board_of
from courses.programmes.decisions import Offer, offers_for
from courses.programmes.forms import EARLY, AsKnownForm, IntakeForm, ListForm, RecordForm
from courses.programmes.history import history_of
from courses.programmes.intakes import open_intake, timetable
from courses.programmes.joining import Answer, check_list, enrol_list, numbers_in, numbers_of_file
from courses.programmes.moving import keep_record, last_seen
from courses.programmes.recruits import path_of
from courses.programmes.refusals import RecruitRefused
from courses.programmes.releasing import plan_of
from courses.programmes.trainers import trainers_on
from courses.tutoring.pairing import may_pair, pairings_of
from people import access, clock
from people.dates import long_date
from people.looks import record_looks
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest
from people.stamps import NotRecorded

NOT_FOR_YOU = (
    "Training administrators keep intakes, their trainers and auditors read them. You hold none of these roles."
)
NOT_YOURS_TO_CHANGE = "Only a training administrator opens intakes and enrols recruits."
SAW_BOARD, SAW_RECRUIT = (
    "Phase, week, and how training goes",
    "Path through initial training, with decisions and reasons",
)
NO_LONGER = "This can no longer be decided here: see where they stand now. Nothing was recorded."
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def intakes(request: SignedInRequest) -> HttpResponse:
    """The intakes somebody may see, the latest first."""
    found = list(Intake.objects.visible_to(request.user).select_related("release__programme"))
    if not found and not access.has_any_role(request.user, access.TRAINING_ADMIN, access.AUDITOR):
        raise PermissionDenied(NOT_FOR_YOU)
    page = {
        "intakes": found,
        "may_open": access.has_role(request.user, access.TRAINING_ADMIN),
        "may_count": access.has_any_role(request.user, access.TRAINING_ADMIN, access.AUDITOR, access.SYSTEM_ADMIN),
        "may_parade": access.has_any_role(request.user, *PARADE_KEEPERS),
        "today": clock.today(),
    }
    return render(request, "courses/intakes/list.html", page)


@form_page
@login_required
def new_intake(request: SignedInRequest) -> HttpResponse:
    _refuse_others(request)
    form = IntakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = open_intake(
                given["name"],
                given["release"],
                by=request.user,
                at=clock.now(),
                starts_on=given["starts_on"],
                place=given["place"],
                first_is_early=given["first_week"] == EARLY,
                alternates=given["alternates"],
            )
            messages.success(request, f"{made.name} is open. Enrol its recruits.")
            return redirect("courses:enrol-recruits", made.pk)
        except (RecruitRefused, NotRecorded) as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return _form_page(request, "courses/intakes/new.html", {"form": form})


@require_safe
@login_required
def intake(request: SignedInRequest, intake_id: int) -> HttpResponse:
    """One intake at a glance."""
    found = _intake(request, intake_id)
    today = clock.today()
    board = board_of(found, today)
    looked_at = [member.recruit.officer_id for _heading, members in board.groups for member in members]
    record_looks(looked_at, by=request.user, at=clock.now(), where=f"Intake {found.name}", saw=SAW_BOARD)
    week = (today - found.starts_on).days // 7 + 1
    page = {
        "intake": found,
        "board": board,
        "plan": board.plan,
        "counts": {group.value: board.size(group) for group in Group},
        "weeks": [one for one in timetable(found, board.plan.phases[0].weeks) if week <= one.number < week + 4],
        "may_enrol": access.has_role(request.user, access.TRAINING_ADMIN),
        "trainers": trainers_on(found, today),
        "today": today,
    }
    return render(request, "courses/intakes/intake.html", page)


@form_page
@login_required
def enrol_recruits(request: SignedInRequest, intake_id: int) -> HttpResponse:
    """Enrol a list: looked at first, then done with the same words."""
    _refuse_others(request)
    found = _intake(request, intake_id)
    form = ListForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"intake": found, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            file = form.cleaned_data["file"]
            if file is not None:
                # What was read stands in the box: it can be changed there, and is what is enrolled.
                typed = request.POST.copy()
                typed["numbers"] = form.cleaned_data["numbers"] = numbers_of_file(file)
                form.data = typed
            numbers = numbers_in(form.cleaned_data["numbers"])
            if request.POST.get("do") == "enrol" and file is None:
                whole = form.cleaned_data["all_or_nothing"]
                lines = enrol_list(found, numbers, by=request.user, at=clock.now(), all_or_nothing=whole)
                joined = sum(line.answer is Answer.JOINS for line in lines)
                messages.success(request, f"Enrolled: {joined}. In the intake before: {_count(lines, Answer.IS_IN)}.")
                return redirect("courses:intake", found.pk)
            page["lines"] = lines = check_list(found, numbers, by=request.user)
            page |= {answer.name.lower(): _count(lines, answer) for answer in Answer}
        except (RecruitRefused, NotRecorded) as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return _form_page(request, "courses/intakes/enrol.html", page)


@require_safe
@login_required
def recruit(request: SignedInRequest, recruit_id: UUID) -> HttpResponse:
    """A recruit's way: where they are, what is missing, what was decided, and what one may decide now."""
    found = _recruit(request, recruit_id)
    today = clock.today()
    if not access.is_own(request.user, found.officer):
        record_looks([found.officer_id], by=request.user, at=clock.now(), where="Initial training", saw=SAW_RECRUIT)
    page = {
        "recruit": found,
        "path": path_of(found, today),
        "history": history_of(found),
        "offers": offers_for(found, request.user, on=today),
        "is_own": (is_own := access.is_own(request.user, found.officer)),
        # A tutor or a supervisor sees a recruit without seeing any intake.
        "sees_intakes": not is_own and Intake.objects.visible_to(request.user).exists(),
        "is_supervisor": access.has_role(request.user, access.SUPERVISOR),
        "pairings": (pairings := pairings_of(found)),
        "may_pair": may_pair(found, request.user, at=clock.now()),
        "may_write": any(access.is_own(request.user, one.tutor) for one in pairings),
        "today": today,
    }
    return render(request, "courses/intakes/recruit.html", page)


@form_page
@login_required
def decide(request: SignedInRequest, recruit_id: UUID, key: str) -> HttpResponse:
    """One decision about a recruit."""
    found = _recruit(request, recruit_id)
    offer = next((one for one in offers_for(found, request.user, on=clock.today()) if one.key == key), None)
    if offer is None:
        if request.method == "POST":
            raise NotRecorded(NO_LONGER, back=reverse("courses:recruit", args=[found.pk]))
        raise Http404
    form = _form_for(offer, found, request)
    if request.method == "POST" and form.is_valid():
        try:
            offer.act(found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, offer.done)
            return redirect("courses:recruit", found.pk)
        except (RecruitRefused, NotRecorded) as refusal:
            answer_refusal(form, refusal)
    return _form_page(request, "courses/intakes/decide.html", {"recruit": found, "offer": offer, "form": form})


@form_page
@login_required
def record(request: SignedInRequest, recruit_id: UUID, slug: str) -> HttpResponse:
    """Keep a record that a phase asks for."""
    found = _recruit(request, recruit_id)
    known = {one.slug: one.title for phase in plan_of(found.release).phases for one in phase.records}
    if slug not in known or not offers_for(found, request.user, on=clock.today()):
        raise Http404
    form = RecordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keep_record(found, slug, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, f"Recorded: {known[slug]}.")
            return redirect("courses:recruit", found.pk)
        except (RecruitRefused, NotRecorded) as refusal:
            answer_refusal(form, refusal)
    return _form_page(request, "courses/intakes/record.html", {"recruit": found, "title": known[slug], "form": form})


@require_safe
@login_required
def recruit_as_known(request: SignedInRequest, recruit_id: UUID) -> HttpResponse:
    """What was known about a recruit on a day; the question stays in the address."""
    found = _recruit(request, recruit_id)
    form = AsKnownForm(request.GET if "on_day" in request.GET else None, initial={"known_on": clock.today()})
    page: dict[str, Any] = {"recruit": found, "form": form}
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        saw = f"What was recorded about {long_date(asked['on'])}"
        record_looks([found.officer_id], by=request.user, at=clock.now(), where="Initial training", saw=saw)
        page["answer"] = as_known(found, asked["on"], known_on=asked["known_on"])
    return render(request, "courses/intakes/as_known.html", page, status=400 if form.errors else 200)


@require_safe
@login_required
def my_path(request: SignedInRequest) -> HttpResponse:
    """One's own way through initial training."""
    own = Recruit.objects.of(request.user).order_by("-began_on").first()
    if own is None:
        raise Http404
    return recruit(request, own.pk)


def _form_for(offer: Offer, found: Recruit, request: SignedInRequest) -> Any:
    more: dict[str, Any] = {"recruit": found} if offer.key == "back-course" else {}
    return offer.form(request.POST or None, initial={"seen": last_seen(found)}, **more)


def _form_page(request: SignedInRequest, template: str, page: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if page["form"].errors else HTTPStatus.OK
    return render(request, template, page, status=status)


def _intake(request: SignedInRequest, intake_id: int) -> Intake:
    readable = Intake.objects.visible_to(request.user).select_related("release__programme")
    return get_object_or_404(readable, pk=intake_id)


def _recruit(request: SignedInRequest, recruit_id: UUID) -> Recruit:
    readable = Recruit.objects.visible_to(request.user).select_related("officer", "release__programme")
    return get_object_or_404(readable.distinct(), pk=recruit_id)


def _refuse_others(request: SignedInRequest) -> None:
    if not access.has_role(request.user, access.TRAINING_ADMIN):
        raise PermissionDenied(NOT_YOURS_TO_CHANGE)


def _count(lines: Any, answer: Answer) -> int:
    return sum(line.answer is answer for line in lines)
