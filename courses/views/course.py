"""A course's page, enrolling, leaving, and answering what a newer release asks."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from courses import enrolments
from courses.catalogue import family_titled
from courses.course_page import course_body, course_state, particulars, steps_heading
from courses.outlines import outline_of
from courses.standing import (
    CourseStanding,
    course_behind,
    course_standing,
    enrolment_behind,
    reader_standing,
    release_behind,
)
from people import clock
from people.signed_in import SignedInRequest


@require_safe
def course_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a course as of its current release, or the release one is on."""
    course = _course_or_404(slug)
    reader = reader_standing(request.user, slug)
    if reader is None and course.release is None:
        raise Http404
    outline = outline_of(reader.release, reader.digest) if reader else outline_of(course.release or 0, course.digest)
    state = course_state(course, reader, outline, request.user, at=clock.now())
    context = {
        "course": course,
        "reader": reader,
        "outline": outline,
        "state": state,
        "body": course_body(outline),
        "family": family_titled(outline.family),
        "particulars": particulars(course, reader, outline),
        "steps_heading": steps_heading(outline),
        "retake_text": f"Start release {state.to_retake.number}" if state.to_retake else "",
    }
    return render(request, "courses/course.html", context)


@require_POST
@login_required
def enrol_here(request: SignedInRequest, slug: str) -> HttpResponse:
    """Enrol the reader and take them to the first step; refused with a sentence on the course's page."""
    course = course_behind(_course_or_404(slug))
    try:
        enrolment = enrolments.enrol(request.user, course, by=request.user, at=clock.now())
    except enrolments.EnrolmentRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:course", slug)
    messages.success(request, f"You are enrolled on {enrolment.release.title}. What you do is kept from here on.")
    return redirect("courses:learn", slug)


@require_POST
@login_required
def leave_course(request: SignedInRequest, slug: str) -> HttpResponse:
    reader = reader_standing(request.user, slug)
    if reader is not None:
        try:
            enrolments.leave(enrolment_behind(reader), by=request.user, at=clock.now())
            messages.success(request, "You have left this course. What you did is kept and counts if you come back.")
        except enrolments.EnrolmentRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("courses:course", slug)


@require_POST
@login_required
def start_newer_release(request: SignedInRequest, slug: str) -> HttpResponse:
    """Start the release that must be taken instead of the one the reader is on."""
    reader = reader_standing(request.user, slug)
    if reader is None:
        return redirect("courses:course", slug)
    try:
        enrolments.retake(enrolment_behind(reader), by=request.user, at=clock.now())
    except enrolments.EnrolmentRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:course", slug)
    return redirect("courses:learn", slug)


@require_POST
@login_required
def acknowledge(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Record that the reader has read what a newer release changed."""
    reader = reader_standing(request.user, slug)
    release = release_behind(number, reader) if reader else None
    if reader is None or release is None:
        raise Http404
    try:
        enrolments.acknowledge_release(enrolment_behind(reader), release, by=request.user, at=clock.now())
        messages.success(request, f"Recorded: you have read what release {number} changed.")
    except enrolments.EnrolmentRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("courses:course", slug)


def _course_or_404(slug: str) -> CourseStanding:
    course = course_standing(slug)
    if course is None:
        raise Http404
    return course
