"""An assessment's start page and the result of an attempt, both inside the course they belong to."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assessments.refusals import AttemptRefused
from assessments.rooms.forms import StartCodeForm
from assessments.rooms.refusals import CodeRefused
from courses import progress
from courses.assessment_page import assessment_state, rules_rows
from courses.course_lines import step_address
from courses.outlines import Outline, Step, lesson_of
from courses.result_page import calendar_file, result_page, words_of
from courses.standing import ReaderStanding, enrolment_behind
from people import clock, sessions
from people.signed_in import SignedInRequest

MOST_MISSED = 3


def assessment_step(request: SignedInRequest, reader: ReaderStanding, outline: Outline, step: Step) -> HttpResponse:
    """Show the start page, or start: called by the step's view, which has found the reader."""
    if request.method == "POST":
        return _start(request, reader, outline, step)
    return _start_page(request, reader, outline, step, StartCodeForm())


def _start_page(
    request: SignedInRequest, reader: ReaderStanding, outline: Outline, step: Step, code: StartCodeForm
) -> HttpResponse:
    state = assessment_state(reader, outline, step, request.user, at=clock.now())
    context = {
        "reader": reader,
        "outline": outline,
        "step": step,
        "module": outline.module_of(step),
        "state": state,
        "rules": rules_rows(step, state),
        "introduction": [part.html for part in lesson_of(step).parts],
        "address": step_address(outline, step),
        "to_acknowledge": reader.acknowledge,
        "form": code,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if code.errors else HTTPStatus.OK
    return render(request, "courses/start.html", context, status=status)


@require_safe
@login_required
def attempt_result(request: SignedInRequest, slug: str, step_slug: str, attempt: UUID) -> HttpResponse:
    """Show the candidate their result, and what it means for the course."""
    page = result_page(request.user, attempt, address=f"/learn/{slug}/{step_slug}/", at=clock.now())
    if page is None:
        raise Http404
    show_all = request.GET.get("show") == "all"
    context = {
        "page": page,
        "show_all": show_all,
        "shown_items": page.items if show_all else page.missed[:MOST_MISSED],
        **words_of(page, show_all=show_all),
    }
    return render(request, "courses/result.html", context)


@require_safe
@login_required
def next_attempt(request: SignedInRequest, slug: str, step_slug: str, attempt: UUID) -> HttpResponse:
    """The moment of the next attempt as a calendar file."""
    page = result_page(request.user, attempt, address=f"/learn/{slug}/{step_slug}/", at=clock.now())
    if page is None or page.answer is None or page.answer.opens_at is None:
        raise Http404
    address = request.build_absolute_uri(page.address)
    response = HttpResponse(
        calendar_file(page, address=address, at=clock.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="next-attempt.ics"'
    return response


def _start(request: SignedInRequest, reader: ReaderStanding, outline: Outline, step: Step) -> HttpResponse:
    address = step_address(outline, step)
    code = StartCodeForm(request.POST)
    try:
        attempt = progress.start_assessment(
            enrolment_behind(reader),
            step.slug,
            by=request.user,
            at=clock.now(),
            address=address,
            start_code=code.typed,
        )
    except CodeRefused as refusal:
        code.add_error("start_code", str(refusal))
        return _start_page(request, reader, outline, step, code)
    except (progress.ProgressRefused, AttemptRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect(address)
    # Nobody is signed out in the middle of it: the session begins anew with the attempt, and again while answers are saved.
    sessions.renew(request)
    return redirect(f"/assess/{attempt.pk}/")
