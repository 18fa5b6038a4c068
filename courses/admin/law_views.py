"""Screens for a change of law: what cites a section, marking it, and what waits to be checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from assessments.authors import WORKING_ROLES
from courses.citing import citing
from courses.law_changes import (
    EVERYTHING,
    LawChangeRefused,
    address_of,
    mark_as_checked,
    mark_for_review,
    open_marks,
)
from courses.models import LawMark
from people import access, clock
from people.admin.screens import AdminScreen, signed_in

# A form may carry a thousand fields; more than this are marked all together.
MOST_CHOSEN = 500
NOT_YOURS = "Trainers, subject reviewers and approvers say what has to be checked when the law changes."


class SectionForm(forms.Form):
    """An act and section to look for."""

    act = forms.CharField(label="Act or guidance", max_length=255, help_text="Such as Mental Health Act 1983.")
    provision = forms.CharField(
        label="Section (empty: the whole act)",
        max_length=255,
        required=False,
        help_text="Such as section 136, or s.136.",
    )


class ChangeForm(forms.Form):
    """What changed."""

    what = forms.CharField(
        label="What changed",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One sentence. Learners read it on the lessons you mark, until they are checked.",
    )


class LawScreen(AdminScreen):
    """A screen for those who work on questions and courses."""

    header_icon = "doc-full-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access.has_any_role(request.user, *WORKING_ROLES):
            raise PermissionDenied(NOT_YOURS)
        return super().dispatch(request, *args, **kwargs)


class LawChangedView(LawScreen):
    """Find by act and section what rests on it, and mark it for review."""

    page_title = "When the law changes"
    template_name = "courses/admin/law_changed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.crumbs = [(reverse("courses_admin:law_marks"), "The law changed")]
        asked = self.request.GET if self.request.method == "GET" else self.request.POST
        kwargs.setdefault("section", SectionForm(asked if "act" in asked else None))
        section = kwargs["section"]
        rows = []
        if section.is_bound and section.is_valid():
            found = section.cleaned_data
            rows = citing(signed_in(self.request), found["act"], found["provision"])
        kwargs.setdefault("form", ChangeForm())
        kwargs.setdefault("chosen", {row.key for row in rows if not row.is_marked})
        are_many = len(rows) > MOST_CHOSEN
        return super().get_context_data(
            rows=rows[:MOST_CHOSEN], count=len(rows), are_many=are_many, everything=EVERYTHING, **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        section, form = SectionForm(request.POST), ChangeForm(request.POST)
        chosen = set(request.POST.getlist("chosen"))
        if section.is_valid() and form.is_valid():
            try:
                change = mark_for_review(
                    **section.cleaned_data,
                    what=form.cleaned_data["what"],
                    chosen=chosen,
                    by=signed_in(request),
                    at=clock.now(),
                )
            except LawChangeRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(
                    request, f"Marked for review: {change.marks.count()}. Their authors see it on their home."
                )
                return redirect("courses_admin:law_marks")
        shown = self.get_context_data(section=section, form=form, chosen=chosen)
        return self.render_to_response(shown, status=422)


class LawMarksView(LawScreen):
    """What waits to be checked; one of them marked as checked."""

    page_title = "The law changed"
    template_name = "courses/admin/law_marks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [(mark, address_of(mark)) for mark in open_marks(signed_in(self.request))]
        return super().get_context_data(rows=rows, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number = request.POST.get("mark", "")
        asked = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
        mark = get_object_or_404(LawMark.objects.visible_to(request.user).select_related("change"), pk=asked)
        try:
            mark_as_checked(mark, by=signed_in(request), at=clock.now())
        except LawChangeRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"{mark.title} is marked as checked.")
        return redirect("wagtailadmin_home" if request.POST.get("from") == "home" else "courses_admin:law_marks")
