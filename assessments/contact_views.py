"""What the page of a test says now and then, and the end of a rest break. Somebody else's test and an unknown one are answered alike."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.contact import hear_from
from assessments.refusals import UnknownAttempt
from assessments.rests import RestRefused, end_rest
from people import clock, sessions
from people.signed_in import SignedInRequest


@never_cache
@require_POST
@login_required
def contact(request: SignedInRequest, attempt_id: UUID) -> HttpResponse:
    """Keep that the page is there, and tell it how its clock stands."""
    now = clock.now()
    try:
        found = hear_from(attempt_id, by=request.user, at=now)
    except UnknownAttempt as refusal:
        raise Http404 from refusal
    sessions.renew_when_half_over(request)
    return JsonResponse(found.as_data(at=now))


@never_cache
@require_POST
@login_required
def work_on(request: SignedInRequest, attempt_id: UUID) -> HttpResponse:
    """End one's rest break."""
    try:
        end_rest(attempt_id, by=request.user, at=clock.now())
    except UnknownAttempt as refusal:
        raise Http404 from refusal
    except RestRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("assessments:attempt", attempt_id)
