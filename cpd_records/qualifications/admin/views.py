"""Screens about qualifications: the list, one with its rule in words and its history, a change of rule, needs, requirements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from cpd_records.qualifications import reading
from cpd_records.qualifications.admin.forms import (
    EndForm,
    FromForm,
    NamesForm,
    NeedForm,
    RequirementForm,
    RuleForm,
    SinceForm,
)
from cpd_records.qualifications.refusals import QualificationRefused
from cpd_records.qualifications.requirements import end_requirement, require
from cpd_records.qualifications.rules import add_need, change_rule, create_qualification, end_need, rule_on
from people import clock
from people.admin.screens import SystemAdminScreen, signed_in
from people.dates import long_date
from people.refused_forms import answer_refusal
from people.stamps import NotRecorded

NOT_FOR_YOU = "Only a system administrator changes qualifications. Training administrators and auditors read them under Qualifications."


class QualificationScreen(SystemAdminScreen):
    header_icon = "list-ul"
    not_for_you = NOT_FOR_YOU


class QualificationsView(QualificationScreen):
    """Every qualification with its rule in short, and where it comes from."""

    template_name = "cpd_records/admin/qualifications.html"
    page_title = "Qualifications"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=reading.every_qualification(clock.today()), **kwargs)


class OneQualification(QualificationScreen):
    """A screen about one qualification."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = reading.qualification_numbered(kwargs["pk"])
        if found is None:
            raise Http404
        self.qualification = found
        self.crumbs = [(reverse("qualifications_admin:index"), "Qualifications")]

    def get_page_title(self) -> str:
        return f"{self.qualification.code}: {self.qualification.title}"

    def back(self) -> HttpResponse:
        return redirect("qualifications_admin:qualification", self.qualification.pk)


class QualificationView(OneQualification):
    """One qualification whole: its rule, how it changed and when that was known, what it needs, of whom it is asked."""

    template_name = "cpd_records/admin/qualification.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("need_form", NeedForm())
        kwargs.setdefault("requirement_form", RequirementForm())
        kwargs.setdefault("end_form", EndForm())
        return super().get_context_data(**reading.page_of(self.qualification, today=clock.today()), **kwargs)


class PartView(QualificationView, ABC):
    """Abstract. Something posted from the screen of one qualification; what is refused is shown on that screen."""

    form_name = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.back()

    @abstractmethod
    def form(self, request: HttpRequest) -> forms.Form:
        """Return the form that was posted."""

    @abstractmethod
    def record(self, typed: dict[str, Any], request: HttpRequest) -> str:
        """Call the verb and return what is said of it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request)
        if form.is_valid():
            try:
                said = self.record(dict(form.cleaned_data), request)
            except (QualificationRefused, NotRecorded) as refused:
                answer_refusal(form, refused)
            else:
                messages.success(request, said)
                return self.back()
        return self.again(**{self.form_name: form, "form": form, "ended": self.kwargs.get("row")})


class AddNeedView(PartView):
    """Record that it needs another; a circle is refused."""

    form_name = "need_form"

    def form(self, request: HttpRequest) -> forms.Form:
        return NeedForm(request.POST)

    def record(self, typed: dict[str, Any], request: HttpRequest) -> str:
        row = add_need(self.qualification, by=signed_in(request), **typed)
        return f"{self.qualification.title} needs {row.needed.title} from {long_date(row.valid_from)}."


class RequireView(PartView):
    """Ask it of some."""

    form_name = "requirement_form"

    def form(self, request: HttpRequest) -> forms.Form:
        return RequirementForm(request.POST)

    def record(self, typed: dict[str, Any], request: HttpRequest) -> str:
        row = require(self.qualification, by=signed_in(request), **typed)
        return f"Asked of {reading.requirement_row(row).whom} from {long_date(row.valid_from)}."


class EndView(PartView):
    """Abstract. Record the last day of a need or a requirement."""

    form_name = "end_form"

    def form(self, request: HttpRequest) -> forms.Form:
        return EndForm(request.POST)


class EndNeedView(EndView):
    """Record the last day on which it needs another."""

    def record(self, typed: dict[str, Any], request: HttpRequest) -> str:
        row = get_object_or_404(reading.standing_needs(self.qualification), pk=self.kwargs["row"])
        end_need(row, by=signed_in(request), **typed)
        return f"Recorded: the need of {row.needed.title} ends."


class EndRequirementView(EndView):
    """Record the last day on which it is asked of some."""

    def record(self, typed: dict[str, Any], request: HttpRequest) -> str:
        row = get_object_or_404(reading.requirements_of(self.qualification), pk=self.kwargs["row"])
        end_requirement(row, by=signed_in(request), **typed)
        return f"Recorded: it ends for {reading.requirement_row(row).whom}."


class ChangeRuleView(OneQualification):
    """Another rule from a day on: a new row, never a change of the old one."""

    template_name = "cpd_records/admin/qualification_rule.html"

    def get_page_title(self) -> str:
        return f"Change the rule: {self.qualification.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = reverse("qualifications_admin:qualification", args=[self.qualification.pk])
        self.crumbs = [*self.crumbs[:1], (address, self.qualification.title)]
        rule = rule_on(self.qualification, clock.today())
        kwargs.setdefault("form", RuleForm(initial=RuleForm.initial_of(rule) if rule else None))
        kwargs.setdefault("change", FromForm())
        return super().get_context_data(qualification=self.qualification, leave=address, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form, change = RuleForm(request.POST), FromForm(request.POST)
        if form.is_valid() & change.is_valid():
            try:
                row = change_rule(self.qualification, terms=form.terms(), by=signed_in(request), **change.cleaned_data)
            except (QualificationRefused, NotRecorded) as refused:
                refuse(refused, form, change)
            else:
                messages.success(request, f"The rule holds from {long_date(row.valid_from)}.")
                return self.back()
        return self.again(form=form, change=change)


class NewQualificationView(QualificationScreen):
    """A qualification of the force's own, with its first rule."""

    template_name = "cpd_records/admin/qualification_rule.html"
    page_title = "New qualification"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.crumbs = [(reverse("qualifications_admin:index"), "Qualifications")]
        kwargs.setdefault("names", NamesForm())
        kwargs.setdefault("form", RuleForm())
        kwargs.setdefault("change", SinceForm())
        return super().get_context_data(leave=reverse("qualifications_admin:index"), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        names, form, change = NamesForm(request.POST), RuleForm(request.POST), SinceForm(request.POST)
        if names.is_valid() & form.is_valid() & change.is_valid():
            try:
                made = create_qualification(
                    **names.cleaned_data, terms=form.terms(), by=signed_in(request), **change.cleaned_data
                )
            except (QualificationRefused, NotRecorded) as refused:
                refuse(refused, form, change, names)
            else:
                messages.success(request, f"{made.title} is there. Say of whom it is asked.")
                return redirect("qualifications_admin:qualification", made.pk)
        return self.again(names=names, form=form, change=change)


def refuse(refused: QualificationRefused | NotRecorded, *shown: forms.Form) -> None:
    """Put a refusal beside the field it is about, or above the first form."""
    about = next((form for form in shown if refused.field in form.fields), None)
    (about or shown[0]).add_error(refused.field if about else None, str(refused))
