"""Screens of candidates' queries: what waits, what was answered, and answering. Candidates stay without a name here."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from assessments.admin.query_forms import AnswerForm
from assessments.admin.question_views import PAGE
from assessments.models import QuestionQuery
from assessments.queries.answering import answer_query
from assessments.queries.asking import QueryRefused
from assessments.queries.reading import answered_queries, decisions_on, question_line, waiting_queries
from people import clock
from people.admin.screens import AdminScreen, signed_in
from people.refused_forms import answer_refusal

MOST_ANSWERED = 20


class QueryIndex(AdminScreen):
    """Queries on assessments of the families one is a trainer of: those that wait, the oldest first, and the last answered."""

    page_title = "Queries of candidates"
    template_name = "assessments/admin/queries.html"
    header_icon = "help"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.crumbs = [(reverse("assessments_admin:index"), "Questions")]
        user = signed_in(self.request)
        page = Paginator(waiting_queries(user), PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page=page, answered=answered_queries(user)[:MOST_ANSWERED], **kwargs)


class QueryView(AdminScreen):
    """A query with the question and the answer given to it, and what it is answered."""

    template_name = "assessments/admin/query.html"
    header_icon = "help"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = QuestionQuery.objects.visible_to(request.user).select_related(
            "item__question_version__question", "item__attempt__assessment_version", "answer__by", "answer__decision"
        )
        self.asked = get_object_or_404(visible, pk=kwargs["query_id"])
        self.crumbs = [
            (reverse("assessments_admin:index"), "Questions"),
            (reverse("assessments_admin:queries"), "Queries of candidates"),
        ]

    def get_page_title(self) -> str:
        return f"Query about {self.asked.item.question_version.question.code}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", AnswerForm(decisions=decisions_on(self.asked)))
        return super().get_context_data(
            query=self.asked,
            line=question_line(self.asked.item),
            version=self.asked.item.question_version,
            answer=getattr(self.asked, "answer", None),
            is_own=self.asked.officer_id == signed_in(self.request).pk,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = AnswerForm(request.POST, decisions=decisions_on(self.asked))
        if form.is_valid():
            try:
                answer_query(self.asked, **form.cleaned_data, by=signed_in(request), at=clock.now())
            except QueryRefused as refused:
                answer_refusal(form, refused)
            else:
                messages.success(request, "Answered. The candidate is told by mail.")
                return redirect("assessments_admin:queries")
        return self.render_to_response(self.get_context_data(form=form))
