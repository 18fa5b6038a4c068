"""Screens of standard setting for those who lead it: exercises of an assessment, the panel, the rounds and what they came to."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from assessments import assessment_rules, authors
from assessments.admin.standard_forms import DRAW, BeginForm, LeadForm
from assessments.bank import BankRefused
from assessments.models import Assessment, StandardSetting
from assessments.standard_setting.leading import (
    apply_standard,
    begin_standard_setting,
    invite_judge,
    move_on,
    pool_of,
    withdraw_exercise,
)
from assessments.standard_setting.reading import Stage, compromise_of, figures_in, item_lines, judge_lines, stage_of
from assessments.standard_setting.refusals import StandardRefused
from people import clock
from people.admin.screens import AdminScreen, signed_in
from people.refused_forms import answer_refusal

NOT_A_LEADER = "Trainers and approvers of a family lead its standard setting."
NEXT_WORDS = {
    Stage.FIRST: "Close the first round",
    Stage.DISCUSSION: "Begin the second round",
    Stage.SECOND: "Close the second round",
}


class StandardsView(AdminScreen):
    """Exercises of an assessment, and beginning one on its newest version."""

    template_name = "assessments/admin/standards.html"
    header_icon = "group"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.assessment = get_object_or_404(Assessment.objects.visible_to(request.user), pk=kwargs["assessment_id"])
        here = reverse("assessments_admin:assessment", args=[self.assessment.pk])
        self.crumbs = [(reverse("assessments_admin:assessments"), "Assessments"), (here, self.assessment.code)]

    def get_page_title(self) -> str:
        return f"Standard setting for {self.assessment.code}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        exercises = StandardSetting.objects.visible_to(user).filter(assessment_version__assessment=self.assessment)
        version = assessment_rules.current_version(self.assessment)
        kwargs.setdefault("form", BeginForm())
        return super().get_context_data(
            assessment=self.assessment,
            version=version,
            pool=len(pool_of(version)) if version else 0,
            exercises=[(one, stage_of(one)) for one in exercises.select_related("assessment_version", "by")],
            may_begin=version is not None and authors.may_decide(user, self.assessment.family),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = assessment_rules.current_version(self.assessment)
        if version is None or not authors.may_decide(request.user, self.assessment.family):
            raise PermissionDenied(NOT_A_LEADER)
        form = BeginForm(request.POST)
        if form.is_valid():
            given = {"candidate": form.cleaned_data["candidate"], "one_draw": form.cleaned_data["form"] == DRAW}
            try:
                exercise = begin_standard_setting(version, **given, by=signed_in(request), at=clock.now())
            except StandardRefused as refused:
                answer_refusal(form, refused)
            else:
                messages.success(request, "The first round has begun. Ask the judges now.")
                return redirect("assessments_admin:standard", exercise.pk)
        return self.render_to_response(self.get_context_data(form=form))


class StandardView(AdminScreen):
    """An exercise: its panel, its rounds, its figures, and the next step."""

    template_name = "assessments/admin/standard.html"
    header_icon = "group"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = StandardSetting.objects.visible_to(request.user).select_related(
            "assessment_version__assessment", "by"
        )
        self.exercise = get_object_or_404(visible, pk=kwargs["exercise_id"])
        self.assessment = self.exercise.assessment_version.assessment
        here = reverse("assessments_admin:standards", args=[self.assessment.pk])
        self.crumbs = [(reverse("assessments_admin:assessments"), "Assessments"), (here, self.assessment.code)]

    def get_page_title(self) -> str:
        return f"Standard setting for {self.assessment.code}, version {self.exercise.assessment_version.number}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        exercise, stage = self.exercise, stage_of(self.exercise)
        lines = item_lines(exercise)
        kwargs.setdefault("form", LeadForm())
        first = figures_in(exercise, 1)
        if first is not None:  # those that lie furthest apart first: they are what a panel talks about
            lines.sort(key=lambda line: -line.spread)
        return super().get_context_data(
            exercise=exercise,
            assessment=self.assessment,
            stage=stage,
            judges=judge_lines(exercise),
            lines=lines,
            rounds=[(number, figures) for number in (1, 2) if (figures := figures_in(exercise, number))],
            compromise=compromise_of(exercise),
            steps=exercise.steps.select_related("by", "version"),
            may_lead=authors.may_decide(self.request.user, self.assessment.family)
            and stage not in (Stage.APPLIED, Stage.WITHDRAWN),
            is_first=stage == Stage.FIRST,
            is_closed=stage == Stage.CLOSED,
            next_words=NEXT_WORDS.get(stage, ""),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not authors.may_decide(request.user, self.assessment.family):
            raise PermissionDenied(NOT_A_LEADER)
        form = LeadForm(request.POST)
        if form.is_valid():
            try:
                said = self._do(request.POST.get("do", ""), form)
            except StandardRefused as refused:
                answer_refusal(form, refused)
            except BankRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, said)
                return redirect("assessments_admin:standard", self.exercise.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def _do(self, what: str, form: LeadForm) -> str:
        by, at, exercise = signed_in(self.request), clock.now(), self.exercise
        if what == "invite":
            if form.judge is None:
                raise StandardRefused("Nobody has this e-mail address or service number. Check it.", field="person")
            invite_judge(exercise, form.judge, by=by, at=at)
            return "Asked. The judge is told by mail."
        if what == "next":
            return f"{move_on(exercise, by=by, at=at).get_kind_display()}."
        if what == "apply":
            version = apply_standard(exercise, by=by, at=at)
            return (
                f"Version {version.number} of {self.assessment.code} has the pass mark {version.pass_percent} per cent."
            )
        if what == "withdraw":
            withdraw_exercise(exercise, by=by, at=at, words=form.cleaned_data["words"])
            return "Given up. What was rated is kept."
        raise StandardRefused("Choose what to do with the exercise.")
