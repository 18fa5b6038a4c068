"""Screens of an analysis: how the questions of an assessment performed, one question's options, and the same as a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from assessments import authors
from assessments.admin.question_views import PAGE
from assessments.analysis import pictures, readings, tables
from assessments.analysis.answers import OptionFigures
from assessments.analysis.counted_attempts import Policy
from assessments.analysis.figures import in_words, percent
from assessments.analysis.reports import BAND, Analysis, QuestionReport, kept_analysis
from assessments.analysis.weak_questions import weak_questions_of
from assessments.decisions.reading import decisions_seen_by, standing_of
from assessments.models import Assessment
from people.admin.screens import AdminScreen, signed_in
from people.tables.writing import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx

NOT_A_TRAINER = "Trainers of its family see how an assessment was answered."
ROWS = 10
POLICIES = {Policy.FIRST: "First attempts", Policy.LAST: "Last attempts", Policy.BEST: "Best attempts"}


class NarrowingForm(forms.Form):
    """Which version of the rules, and which attempt of a candidate."""

    version = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    policy = forms.TypedChoiceField(
        label="Attempts", coerce=Policy, empty_value=Policy.FIRST, choices=list(POLICIES.items()), required=False
    )

    def __init__(self, *args: Any, versions: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "All versions"), *((number, f"Version {number}") for number in versions)]
        self.fields["version"].choices = choices  # type: ignore[attr-defined]


class WeakIndex(AdminScreen):
    """The questions of one's families that perform badly, the worst first."""

    page_title = "Questions performing badly"
    template_name = "assessments/analysis/weak.html"
    header_icon = "warning"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(weak_questions_of(self.request.user), PAGE).get_page(self.request.GET.get("p"))
        self.crumbs = [(reverse("assessments_admin:assessments"), "Assessments")]
        return super().get_context_data(page=page, **kwargs)


class AnalysisScreen(AdminScreen):
    """What the screens of an analysis have in common: whose it is, and how it is narrowed in the address."""

    header_icon = "view"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = Assessment.objects.visible_to(request.user)
        self.assessment = get_object_or_404(visible, pk=kwargs["assessment_id"])
        if not authors.may_write(signed_in(request), self.assessment.family):
            raise PermissionDenied(NOT_A_TRAINER)
        versions = list(self.assessment.versions.order_by("-number").values_list("number", "title"))
        self.title = versions[0][1] if versions else self.assessment.code
        self.numbers = [number for number, _title in versions]
        self.form = NarrowingForm(request.GET, versions=self.numbers)
        if not self.form.is_valid():
            raise Http404
        here = reverse("assessments_admin:assessment", args=[self.assessment.pk])
        self.crumbs = [(reverse("assessments_admin:assessments"), "Assessments"), (here, self.assessment.code)]

    @property
    def analysis(self) -> Analysis:
        chosen = self.form.cleaned_data
        return kept_analysis(self.assessment, policy=chosen["policy"], version=chosen["version"])

    @property
    def narrowed(self) -> str:
        """The part of an address that narrows alike."""
        chosen = self.form.cleaned_data
        version = "" if chosen["version"] is None else chosen["version"]
        return f"version={version}&policy={chosen['policy'].value}"


class AnalysisView(AnalysisScreen):
    """Which question to mend first, all of them at a glance, and the test as a whole."""

    page_title = "How the questions performed"
    template_name = "assessments/analysis/analysis.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        analysis = self.analysis
        shown = analysis.questions if "all" in self.request.GET else analysis.questions[:ROWS]
        chosen = {"version": analysis.version or "", "policy": analysis.policy.value}
        return super().get_context_data(
            assessment=self.assessment,
            title=self.title,
            form=NarrowingForm(initial=chosen, versions=self.numbers),
            analysis=analysis,
            narrowed=self.narrowed,
            few=readings.few_candidates(analysis.figures.candidates),
            shown=shown,
            hidden=len(analysis.questions) - len(shown),
            scatter=pictures.scatter(analysis),
            undrawn=pictures.undrawn(analysis),
            distribution=pictures.distribution(analysis),
            bands=[
                (f"{number * BAND} to {(number + 1) * BAND}%", count)
                for number, count in enumerate(analysis.bands)
                if count
            ],
            whole=_whole(analysis),
            **kwargs,
        )


class QuestionAnalysisView(AnalysisScreen):
    """One question: its figures, and who chose which option."""

    template_name = "assessments/analysis/question.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        wanted = (kwargs["question_id"], kwargs["number"])
        self.found = self.analysis
        questions = [one for one in self.found.questions if (one.question_id, one.version) == wanted]
        if not questions:
            raise Http404
        self.question = questions[0]
        here = reverse("assessments_admin:analysis", args=[self.assessment.pk])
        self.crumbs = [*self.crumbs, (f"{here}?{self.narrowed}", "How the questions performed")]

    def get_page_title(self) -> str:
        return f"Question {self.question.number}: {self.question.figures.name}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        family = self.assessment.family
        decisions = decisions_seen_by(self.request.user).filter(question=self.question.question_id)
        return super().get_context_data(
            question=self.question,
            few=readings.few_candidates(self.question.figures.count),
            curves=pictures.option_curves(self.question),
            groups=_groups(self.question),
            may_decide=authors.may_decide(self.request.user, family),
            decisions=[(decision, standing_of(decision)) for decision in decisions],
            **kwargs,
        )


class AnalysisFile(AnalysisScreen):
    """The questions as a file, the worst first."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = kwargs["kind"]
        if kind not in ("csv", "xlsx"):
            raise Http404
        rows = tables.rows(self.analysis)
        content, content_type = (
            (as_csv(tables.TITLES, rows), CSV_TYPE)
            if kind == "csv"
            else (as_xlsx(tables.TITLES, rows, sheet="Questions"), XLSX_TYPE)
        )
        answer = HttpResponse(content, content_type=content_type)
        answer["Content-Disposition"] = f'attachment; filename="{self.assessment.code}-questions.{kind}"'
        answer["Cache-Control"] = "private, no-store"
        return answer


def _groups(question: QuestionReport) -> list[tuple[str, list[tuple[str, OptionFigures]]]]:
    """Return the choices with their letters, by what they are choices of."""
    groups: dict[str, list[tuple[str, OptionFigures]]] = {}
    for option in question.options:
        here = groups.setdefault(option.group, [])
        here.append((pictures.option_letter(len(here)), option))
    return list(groups.items())


def _whole(analysis: Analysis) -> list[tuple[str, str, str]]:
    """Return name, figure and reading of each figure of the whole test."""
    figures = analysis.figures
    low, high = analysis.pass_bounds or (None, None)
    shape = f"skewness {in_words(figures.skewness)}, kurtosis {in_words(figures.kurtosis)}"
    return [
        (
            "Passed",
            percent(analysis.pass_rate),
            f"{analysis.passed} of {analysis.decided}; in all who might sit it, between {percent(low)} and {percent(high)}."
            if analysis.decided
            else "It has no pass mark.",
        ),
        (
            "Mean",
            f"{in_words(figures.mean, 1)} of {analysis.full}",
            f"Half have {in_words(figures.median, 1)} or more.",
        ),
        ("Spread", f"{in_words(figures.sd, 1)} marks", readings.reading_of_spread(figures, full=analysis.full)),
        ("Shape", shape, readings.reading_of_shape(figures)),
        ("Alpha", in_words(figures.alpha), readings.reading_of_alpha(figures.alpha)),
        ("Error ratio", in_words(figures.error_ratio), readings.reading_of_error_ratio(figures.error_ratio)),
        ("Standard error", f"{in_words(figures.standard_error, 1)} marks", readings.reading_of_error(figures)),
        ("Same decision twice", percent(analysis.consistency), readings.reading_of_consistency(analysis.consistency)),
    ]
