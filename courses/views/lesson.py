"""A step as its learner reads it: at /learn/<course>/<step>/. A GET writes nothing; what is done is posted to the same address."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from courses import lesson_answers, progress
from courses.course_lines import step_address, step_to_resume, steps_in_module
from courses.course_page import steps_done_on
from courses.forms import StepPost
from courses.law_changes import notices_on
from courses.lesson_page import NOTHING_TYPED, Typed, lesson_parts
from courses.models import Enrolment
from courses.outlines import Outline, Step, lesson_of, outline_of
from courses.standing import ReaderStanding, course_standing, enrolment_behind, reader_standing
from courses.views.assessment import assessment_step
from people import clock
from people.signed_in import SignedInRequest


@require_safe
@login_required
def learn(request: SignedInRequest, slug: str) -> HttpResponse:
    """Lead to the place to resume at; to the course's page when nothing is left."""
    reader = reader_standing(request.user, slug)
    if reader is None:
        return redirect("courses:course", slug)
    outline = outline_of(reader.release, reader.digest)
    step = step_to_resume(outline, reader.place, steps_done_on(reader)) if reader.is_open else outline.steps[0]
    return redirect(step_address(outline, step)) if step else redirect("courses:course", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def step_page(request: SignedInRequest, slug: str, step_slug: str) -> HttpResponse:
    """Show a step, or do what was posted; closed to those who are not enrolled."""
    reader = reader_standing(request.user, slug)
    if reader is None:
        return _closed(request, slug)
    outline = outline_of(reader.release, reader.digest)
    step = outline.by_slug.get(step_slug)
    if step is None:
        messages.info(request, f"That step is not part of release {reader.number}, which you are on.")
        return redirect("courses:course", slug)
    if reader.retake:
        messages.info(request, "A newer release of this course must be taken instead.")
        return redirect("courses:course", slug)
    if step.is_assessment:
        return assessment_step(request, reader, outline, step)
    if request.method == "POST":
        return _do(request, reader, outline, step)
    return _show(request, reader, outline, step)


def _do(request: SignedInRequest, reader: ReaderStanding, outline: Outline, step: Step) -> HttpResponse:
    enrolment, at = enrolment_behind(reader), clock.now()
    posted = StepPost(request.POST, lesson=lesson_of(step))
    try:
        if posted.act == "place":
            progress.remember_place(enrolment, step.slug, at=at)
            return HttpResponse(status=204)
        typed = _keep(posted, enrolment, step, request)
        if typed is not None:
            return _show(request, reader, outline, step, typed=typed)
        if posted.slot:
            progress.remember_place(enrolment, step.slug, at=at)
            return redirect(f"{step_address(outline, step)}#{posted.slot}")
        following = progress.finish_step(enrolment, step.slug, by=request.user, at=at)
    except progress.ProgressRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(step_address(outline, step))
    return redirect(step_address(outline, following)) if following else redirect("courses:course", outline.slug)


def _keep(posted: StepPost, enrolment: Enrolment, step: Step, request: SignedInRequest) -> Typed | None:
    """Keep every reflection on the page and mark the check that was asked for; return what could not be taken, if anything."""
    errors: dict[str, str] = {}
    at = clock.now()
    for slot, text in posted.reflections.items():
        try:
            lesson_answers.write_reflection(enrolment, step.slug, slot, text, by=request.user, at=at)
        except lesson_answers.ReflectionTooLong as refusal:
            errors[slot] = str(refusal)
    for slot in posted.checks:
        try:
            response = posted.response_to(slot)
            lesson_answers.answer_check(enrolment, step.slug, slot, response, by=request.user, at=at)
        except (lesson_answers.NothingAnswered, posted.BadResponse) as refusal:
            errors[slot] = str(refusal)
    return Typed(posted.reflections, posted.fields, errors) if errors else None


def _show(
    request: SignedInRequest, reader: ReaderStanding, outline: Outline, step: Step, *, typed: Typed = NOTHING_TYPED
) -> HttpResponse:
    done = steps_done_on(reader)
    lines, count = steps_in_module(outline, step, done)
    module = outline.module_of(step)
    context = {
        "reader": reader,
        "outline": outline,
        "step": step,
        "module": module,
        "module_lines": lines,
        "module_count": count,
        "number": module.steps.index(step) + 1,
        "parts": lesson_parts(reader, step, lesson_of(step), again=request.GET.get("again", ""), typed=typed),
        "errors": typed.errors,
        "previous": outline.before(step),
        "following": outline.after(step),
        "is_done": step.slug in done,
        "to_acknowledge": reader.acknowledge,
        "address": step_address(outline, step),
        "law_notices": notices_on(reader.course_id, step.slug),
    }
    return render(request, "courses/lesson.html", context, status=422 if typed.errors else 200)


def _closed(request: SignedInRequest, slug: str) -> HttpResponse:
    course = course_standing(slug)
    if course is None or course.release is None:
        raise Http404
    outline = outline_of(course.release, course.digest)
    return render(request, "courses/closed.html", {"course": course, "outline": outline}, status=403)
