"""Pages of a round of practice, only ever one's own. They work as plain forms."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.pictures import FOLDER as PICTURES
from assessments.posted import FIELD
from assessments.practice.pages import first_unanswered, own_round, picture_in_round, practice_end, practice_page
from assessments.practice.rounds import PracticeRefused, answer_question
from assessments.private_files import private_file
from assessments.question_types import BadResponse
from people import clock
from people.signed_in import SignedInRequest


@never_cache
@require_safe
@login_required
def practice(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Lead to the question where a round goes on, or show how it went."""
    found = own_round(request.user, round_id)
    position = first_unanswered(found)
    if position is not None:
        return redirect("assessments:practice-question", found.pk, position)
    return render(request, "assessments/practice/end.html", {"page": practice_end(found, at=clock.now())})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question(request: SignedInRequest, round_id: UUID, position: int) -> HttpResponse:
    """Show a question, or take the answer and show it again with what came of it."""
    found = own_round(request.user, round_id)
    page = practice_page(found, position, on=clock.today())
    if request.method != "POST":
        return render(request, "assessments/practice/question.html", {"page": page})
    try:
        response = page.asked.parse(request.POST, FIELD)
        answer_question(found, position, response, by=request.user, at=clock.now())
    except (BadResponse, PracticeRefused) as refusal:
        again = practice_page(found, position, on=clock.today(), typed=request.POST, error=str(refusal))
        context = {"page": again, "error": str(refusal)}
        return render(request, "assessments/practice/question.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("assessments:practice-question", found.pk, position)


@require_safe
@login_required
def picture(request: SignedInRequest, round_id: UUID, position: int, digest: str) -> HttpResponseBase:
    """Answer with a picture that a question of one's own round shows."""
    shown = picture_in_round(own_round(request.user, round_id), position, digest)
    if shown is None:
        raise Http404
    return private_file(f"{PICTURES}/{digest}", content_type=shown.content_type)
