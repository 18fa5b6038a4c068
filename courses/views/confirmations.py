"""A supervisor's word that an officer has finished a course that asks for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from courses.confirmations import enrolment_to_confirm
from courses.progress import ProgressRefused, confirm_completion
from people import clock
from people.looks import record_looks
from people.signed_in import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def confirm(request: SignedInRequest, enrolment: UUID) -> HttpResponse:
    """Show what is to be confirmed, and confirm it."""
    found = enrolment_to_confirm(request.user, enrolment)
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            confirm_completion(found, by=request.user, at=clock.now())
            messages.success(request, f"Confirmed: {found.officer.name} has finished {found.release.title}.")
        except ProgressRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("/my/")
    saw = f"That you did every step of {found.course.code}"
    record_looks([found.officer_id], by=request.user, at=clock.now(), where="A course to confirm", saw=saw)
    return render(request, "courses/confirm.html", {"enrolment": found})
