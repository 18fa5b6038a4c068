"""Forms of the page editor: lists a line each, choices from the course itself, instead of raw JSON."""

from __future__ import annotations

from typing import Any

from django import forms
from wagtail.admin.forms.pages import WagtailAdminPageForm
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.admin.widgets.datetime import AdminDateTimeInput
from wagtail.models import Page

from assessments.models import Assessment
from courses import qualifying
from courses.models.releases import Course
from cpd_records.certificates.templates import templates_by_code
from people import clock

LOCAL_DEFAULTS = [
    ("minutes", "Hours"),
    ("validity_months", "How long it lasts"),
    ("pass_percent", "Pass mark"),
]


class LinesField(forms.Field):
    """A list of short texts, written a line each. Cleans to a list without empty lines."""

    widget = AdminAutoHeightTextInput

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        if isinstance(value, list):
            return value
        return [line.strip() for line in (value or "").splitlines() if line.strip()]


class ListedChoices(forms.MultipleChoiceField):
    """Tick boxes that clean to a list. What was chosen earlier and is no longer offered stays visible, and ticked."""

    widget = forms.CheckboxSelectMultiple
    missing = "not in the course"

    def offer(self, choices: list[tuple[str, str]], chosen: list[str] | None) -> None:
        known = {code for code, _label in choices}
        self.choices = [
            *choices,
            *((code, f"{code} ({self.missing})") for code in chosen or [] if code not in known),
        ]


def go_live_widget() -> AdminDateTimeInput:
    """Return the widget for the day a release comes out, as Wagtail's schedule dialog expects it."""
    return AdminDateTimeInput(
        js_overlay_parent_selector="#schedule-publishing-dialog",
        attrs={
            "data-controller": "w-action",
            "data-action": "w-dialog:hidden->w-action#reset",
            "data-w-dialog-target": "notify",
        },
    )


class CoursePageForm(WagtailAdminPageForm):
    """The course page: audience and support a line each, prerequisites from the courses there are."""

    audience = LinesField(required=False, help_text="Who it is for, a line each.")
    requires = ListedChoices(required=False, label="Requires", help_text="Courses to be held first.")
    leads_to = ListedChoices(
        required=False,
        label="Leads to",
        help_text="Qualifications that finishing it awards. It then lasts as long as their rules say.",
    )
    certificate_template = forms.ChoiceField(
        required=False,
        label="Certificate template",
        help_text="What its certificates look like and say. Specimens are under Certificate templates in the menu.",
    )
    local_defaults = forms.MultipleChoiceField(
        required=False,
        choices=LOCAL_DEFAULTS,
        widget=forms.CheckboxSelectMultiple,
        help_text="Shown as 'local default, not a national standard'.",
    )
    warning_support = LinesField(
        required=False, label="Where support is found", help_text="A line each; shown beside every content warning."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Course.objects.exclude(code=self.instance.code).order_by("code").values_list("code", flat=True)
        self.fields["requires"].offer([(code, code) for code in others], self.instance.requires)
        self.fields["certificate_template"].choices = _templates(self.instance.certificate_template)
        known = qualifying.known_qualifications(None, on=clock.today())
        self.fields["leads_to"].missing = "no such qualification"
        self.fields["leads_to"].offer(
            [(code, f"{one.title} ({code}): {one.lasts}") for code, one in known.items()], self.instance.leads_to
        )


def _templates(chosen: str) -> list[tuple[str, str]]:
    """Return the templates that may be chosen, and the one that was, should it be retired since."""
    named = templates_by_code(offered_only=True)
    if chosen and chosen not in named:
        named[chosen] = f"{templates_by_code(offered_only=False).get(chosen, chosen)} (retired)"
    return [("", "The product's own form"), *named.items()]


class PartForm(WagtailAdminPageForm):
    """A module or a step; knows the course it is part of."""

    def course_page(self) -> Any:
        """Return the course page as last saved, or None."""
        above = self.parent_page
        while isinstance(above, Page) and not above.is_root():
            specific = above.specific
            if hasattr(specific, "promise"):
                return specific.get_latest_revision_as_object()
            above = above.get_parent()
        return None

    def offer_outcomes(self) -> None:
        """Fill the outcome boxes from the course."""
        course = self.course_page()
        offered = [(row.code, f"{row.code}: {row.text}") for row in course.outcomes.all()] if course else []
        self.fields["outcomes"].offer(offered, self.instance.outcomes)


class LessonPageForm(PartForm):
    """A lesson: outcomes from its course, topics a line each."""

    outcomes = ListedChoices(required=False, help_text="What this lesson teaches towards.")
    topics = LinesField(required=False, help_text="A line each, such as s136-place; questions carry the same topics.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_outcomes()


class ReflectiveTaskForm(PartForm):
    """A reflective task: outcomes from its course."""

    outcomes = ListedChoices(required=False, help_text="What this task serves.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_outcomes()


class AssessmentStepForm(PartForm):
    """The place of an assessment: one of this course's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course = self.course_page()
        field = self.fields.get("assessment")
        if isinstance(field, forms.ModelChoiceField) and course:
            field.queryset = Assessment.objects.filter(bank=course.code)
