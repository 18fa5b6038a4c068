"""What there is to practise, and beginning a round of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.practice.rounds import PracticeRefused
from courses.practice import begin_practice, practice_page
from people import clock
from people.signed_in import SignedInRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def practice(request: SignedInRequest) -> HttpResponse:
    """Show what is due and what else can be practised; a press begins a round."""
    officer, today, now = request.user, clock.today(), clock.now()
    if request.method == "POST":
        try:
            begun = begin_practice(officer, request.POST.get("what", ""), by=officer, on=today, at=now)
        except PracticeRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("courses:practice")
        return redirect("assessments:practice", begun.pk)
    return render(request, "courses/practice.html", {"page": practice_page(officer, on=today, at=now)})
