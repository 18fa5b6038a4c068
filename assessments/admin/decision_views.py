"""Screens of decisions on questions: the list, the proposal, and what would change before it is confirmed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from assessments import authors
from assessments.admin.decision_forms import ProposalForm, StepForm
from assessments.admin.question_views import PAGE
from assessments.decisions.applying import attempts_left
from assessments.decisions.deciding import check_law, confirm_decision, propose_decision, withdraw_decision
from assessments.decisions.foreseeing import foresee
from assessments.decisions.reading import assessments_that_drew, decisions_seen_by, standing_of, version_lines
from assessments.decisions.refusals import DecisionRefused
from assessments.models import Question, QuestionDecision
from people import clock
from people.admin.screens import AdminScreen, signed_in
from people.refused_forms import answer_refusal

NOT_A_DECIDER = "Trainers and approvers of a family decide about its questions."


class DecisionIndex(AdminScreen):
    """Decisions on questions of one's families, those that wait in front."""

    page_title = "Decisions on questions"
    template_name = "assessments/admin/decisions.html"
    header_icon = "clipboard-list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.crumbs = [(reverse("assessments_admin:index"), "Questions")]
        page = Paginator(decisions_seen_by(self.request.user), PAGE).get_page(self.request.GET.get("p"))
        rows = [(decision, standing_of(decision)) for decision in page]
        return super().get_context_data(page=page, rows=rows, **kwargs)


class ProposeView(AdminScreen):
    """What to do with versions of a question."""

    template_name = "assessments/admin/decision_new.html"
    header_icon = "edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.question = get_object_or_404(Question.objects.visible_to(request.user), pk=kwargs["question_id"])
        if not authors.may_decide(request.user, self.question.family):
            raise PermissionDenied(NOT_A_DECIDER)
        here = reverse("assessments_admin:question", args=[self.question.pk])
        self.crumbs = [(reverse("assessments_admin:index"), "Questions"), (here, self.question.code)]

    def get_page_title(self) -> str:
        return f"Decide about {self.question.code}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        return super().get_context_data(question=self.question, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if form.is_valid():
            try:
                decision = propose_decision(self.question, **form.proposal, by=signed_in(request), at=clock.now())
            except DecisionRefused as refused:
                answer_refusal(form, refused)
            else:
                messages.success(request, "Proposed. A colleague checks the law next; nothing has changed yet.")
                return redirect("assessments_admin:decision", decision.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def _form(self, data: Any = None) -> ProposalForm:
        lines, drawn_by = version_lines(self.question), assessments_that_drew(self.question)
        return ProposalForm(data, lines=lines, drawn_by=drawn_by)


class DecisionView(AdminScreen):
    """A decision: what it names, what it would change or has changed, and the next step."""

    template_name = "assessments/admin/decision.html"
    header_icon = "clipboard-list"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = QuestionDecision.objects.visible_to(request.user).select_related("question", "by")
        self.decision = get_object_or_404(visible, pk=kwargs["decision_id"])
        self.crumbs = [
            (reverse("assessments_admin:index"), "Questions"),
            (reverse("assessments_admin:decisions"), "Decisions on questions"),
        ]

    def get_page_title(self) -> str:
        return f"{self.decision.question.code}: {self.decision.get_kind_display().lower()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        decision, user, family = self.decision, signed_in(self.request), self.decision.question.family
        standing = standing_of(decision)
        foreseen = None if standing.ended else foresee(decision)
        if standing.is_confirmed:
            standing = standing_of(decision, left=len(attempts_left(decision)))
        kwargs.setdefault("form", StepForm())
        is_open = standing.ended is None
        lines = {line.version.pk: line for line in version_lines(decision.question)}
        may = {
            "check": is_open and not standing.checked and authors.may_check_law(user, family) and user != decision.by,
            "confirm": is_open and bool(standing.checked) and authors.may_decide(user, family),
            "withdraw": is_open and authors.may_decide(user, family),
        }
        return super().get_context_data(
            decision=decision,
            standing=standing,
            foreseen=foreseen,
            seen=foreseen.seen if foreseen else "",
            named=[lines[one.pk] for one in decision.versions.order_by("number")],
            keys=[lines[one.pk] for one in decision.keys.order_by("number")],
            limited_to=decision.assessments.select_related("assessment").order_by("assessment__code", "number"),
            may=may,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = StepForm(request.POST)
        if form.is_valid():
            try:
                said = self._do(request.POST.get("do", ""), form)
            except DecisionRefused as refused:
                answer_refusal(form, refused)
            else:
                messages.success(request, said)
                return redirect("assessments_admin:decision", self.decision.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def _do(self, what: str, form: StepForm) -> str:
        by, at, decision, given = signed_in(self.request), clock.now(), self.decision, form.cleaned_data
        allowed = {
            "check": authors.may_check_law,
            "object": authors.may_check_law,
            "confirm": authors.may_decide,
            "withdraw": authors.may_decide,
        }
        if what not in allowed:
            raise DecisionRefused("Choose what to do with the decision.")
        if not allowed[what](by, decision.question.family):
            raise PermissionDenied("Your roles for this family do not include this step.")
        if what == "withdraw":
            withdraw_decision(decision, by=by, at=at, reason=given["words"])
            return "Withdrawn. Nothing was changed."
        if what == "confirm":
            confirm_decision(decision, by=by, at=at, seen=self.request.POST.get("seen", ""))
            return "Confirmed. The attempts are marked again now; this page says how far it is."
        if given["looked_on"] is None:
            raise DecisionRefused("Enter the day on which you looked.", field="looked_on")
        found = {"reference": given["reference"], "looked_on": given["looked_on"], "words": given["words"]}
        check_law(decision, holds=what == "check", **found, by=by, at=at)
        return "Recorded. It can be confirmed now." if what == "check" else "Recorded. The proposal ends here."
