"""A judge's page: the questions with their keys, one's ratings, and the spread of the first round once it is closed."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.models import StandardSetting
from assessments.standard_setting.forms import CompromiseForm, RatingsForm
from assessments.standard_setting.rating import accept_between, judge_of, rate
from assessments.standard_setting.reading import ROUNDS, figures_in, item_lines, stage_of
from assessments.standard_setting.refusals import StandardRefused
from people import clock
from people.signed_in import SignedInRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def judge(request: SignedInRequest, exercise_id: UUID) -> HttpResponse:
    """Show the questions to a judge of the panel, and keep their ratings; for everybody else there is no such page."""
    own = StandardSetting.objects.of(request.user).select_related("assessment_version")
    exercise = own.filter(pk=exercise_id).first()
    if exercise is None:
        raise Http404
    stage = stage_of(exercise)
    lines = item_lines(exercise, judge=judge_of(exercise, request.user))
    data = request.POST if request.method == "POST" else None
    form, compromise = RatingsForm(data, lines=lines), CompromiseForm(data)
    if request.method == "POST" and form.is_valid() and (compromise.is_valid() or ROUNDS.get(stage) != 2):
        try:
            with transaction.atomic():
                rate(exercise, form.ratings, by=request.user, at=clock.now())
                if ROUNDS.get(stage) == 2 and compromise.given is not None:
                    accept_between(exercise, **compromise.given, by=request.user, at=clock.now())
        except StandardRefused as refusal:
            place = compromise if refusal.field in compromise.fields else form
            place.add_error(refusal.field or None, str(refusal))
        else:
            left = len(lines) - len(form.ratings)
            messages.success(
                request, f"Kept. {left} still to rate." if left else "Kept. You have rated every question."
            )
            return redirect("assessments:standard", exercise_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or compromise.errors else HTTPStatus.OK
    page = {
        "exercise": exercise,
        "stage": stage,
        "round": ROUNDS.get(stage),
        "rows": [(line, form[f"rating-{line.position}"]) for line in lines],
        "first": figures_in(exercise, 1),
        "form": form,
        "compromise": compromise,
    }
    return render(request, "assessments/standard_setting/judge.html", page, status=status)
