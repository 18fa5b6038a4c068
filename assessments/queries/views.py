"""A candidate's pages of queries about their own attempt. Somebody else's and an unknown one are answered alike: no such page."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.queries.asking import QueryRefused, ask_query
from assessments.queries.forms import QueryForm
from assessments.queries.reading import QueriesPage, queries_page
from assessments.refusals import UnknownAttempt
from people import clock
from people.signed_in import SignedInRequest


@never_cache
@require_safe
@login_required
def queries(request: SignedInRequest, attempt_id: UUID) -> HttpResponse:
    """Show what was asked and answered, and the questions that may be queried."""
    return render(request, "assessments/queries/queries.html", {"page": _page(request, attempt_id)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def query(request: SignedInRequest, attempt_id: UUID, position: int) -> HttpResponse:
    """Show one question, and take a query about it."""
    page = _page(request, attempt_id)
    line = next((one for one in page.questions if one.position == position), None)
    if line is None:
        raise Http404
    form = QueryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_query(attempt_id, position, words=form.cleaned_data["words"], by=request.user, at=clock.now())
        except QueryRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(
                request, f"We have your query about question {position}. You get a mail when it is answered."
            )
            return redirect("assessments:queries", attempt_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    shown = {"page": page, "line": line, "form": form}
    return render(request, "assessments/queries/query.html", shown, status=status)


def _page(request: SignedInRequest, attempt_id: UUID) -> QueriesPage:
    try:
        return queries_page(request.user, attempt_id, at=clock.now())
    except UnknownAttempt as refusal:
        raise Http404 from refusal
