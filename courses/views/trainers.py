"""The trainers of an intake: who teaches it, added and ended by a training administrator; and who taught it on a day."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Intake
from courses.programmes.forms import AsKnownForm, EndTrainerForm, TrainerForm
from courses.programmes.refusals import RecruitRefused
from courses.programmes.trainers import add_trainer, end_trainer, taught_on, trainer_row, trainers_of
from people import access, clock
from people.dates import long_date
from people.models import display_name
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest
from people.stamps import NotRecorded

NOT_YOURS_TO_NAME = "Only a training administrator names an intake’s trainers."
CHANGED_MEANWHILE = "Somebody changed this meanwhile. See who teaches it now; nothing was recorded."
form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@login_required
def trainers(request: SignedInRequest, intake_id: int) -> HttpResponse:
    """Who teaches an intake; a training administrator adds somebody on the same page."""
    found = _intake(request, intake_id)
    may_name = access.has_role(request.user, access.TRAINING_ADMIN)
    if request.method == "POST" and not may_name:
        raise PermissionDenied(NOT_YOURS_TO_NAME)
    form = TrainerForm(request.POST or None, intake=found)
    if request.method == "POST" and form.is_valid():
        try:
            row = add_trainer(found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, f"Recorded: {display_name(row.trainer)} is a trainer of {found.name}.")
            return redirect("courses:intake-trainers", found.pk)
        except (RecruitRefused, NotRecorded) as refusal:
            answer_refusal(form, refusal)
    page = {
        "intake": found,
        "form": form,
        "rows": trainers_of(found),
        "may_name": may_name,
        "today": clock.today(),
    }
    return _form_page(request, "courses/intakes/trainers.html", page)


@form_page
@login_required
def end(request: SignedInRequest, intake_id: int, number: int) -> HttpResponse:
    """Record a trainer's last day."""
    found = _intake(request, intake_id)
    if not access.has_role(request.user, access.TRAINING_ADMIN):
        raise PermissionDenied(NOT_YOURS_TO_NAME)
    row = trainer_row(found, number)
    if row is None:
        if request.method == "POST":
            raise NotRecorded(CHANGED_MEANWHILE, back=reverse("courses:intake-trainers", args=[found.pk]))
        raise Http404
    form = EndTrainerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_trainer(row, by=request.user, at=clock.now(), **form.cleaned_data)
            last = form.cleaned_data["last_day"]
            messages.success(request, f"Recorded: {display_name(row.trainer)} until {long_date(last)}.")
            return redirect("courses:intake-trainers", found.pk)
        except (RecruitRefused, NotRecorded) as refusal:
            answer_refusal(form, refusal)
    return _form_page(request, "courses/intakes/trainer_ends.html", {"intake": found, "row": row, "form": form})


@require_safe
@login_required
def as_known(request: SignedInRequest, intake_id: int) -> HttpResponse:
    """Who taught an intake on a day, as recorded by another; the question stays in the address."""
    found = _intake(request, intake_id)
    form = AsKnownForm(request.GET if "on_day" in request.GET else None, initial={"known_on": clock.today()})
    page: dict[str, Any] = {"intake": found, "question": form}
    if form.is_bound and form.is_valid():
        page["answer"] = taught_on(found, form.cleaned_data["on"], known_on=form.cleaned_data["known_on"])
    return render(request, "courses/intakes/trainers_as_known.html", page, status=400 if form.errors else 200)


def _form_page(request: SignedInRequest, template: str, page: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if page["form"].errors else HTTPStatus.OK
    return render(request, template, page, status=status)


def _intake(request: SignedInRequest, intake_id: int) -> Intake:
    readable = Intake.objects.visible_to(request.user).select_related("release__programme")
    return get_object_or_404(readable, pk=intake_id)
