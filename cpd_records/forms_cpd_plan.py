"""The forms of what is planned, and of a correction asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from cpd_records import activity_rules
from cpd_records.activities.correcting import WHY
from cpd_records.form_fields import moment_text
from cpd_records.forms_cpd import OneDayForm, asked, kind_field, line_field, offered, text_field
from cpd_records.models import Activity, Competency, PlanItem, Qualification
from people.form_fields import DayField, MinutesField
from people.refused_forms import answer_refusal


class PlanForm(forms.Form):
    """What, why, by when, and what it is for. ``link`` names a requirement or a competency, such as 'qualification:PPST'."""

    title = line_field("What do you plan to learn?")
    why = text_field("Why?", rows=2, help_text="What you will be able to do, or for whom. You may leave it empty.")
    due_on = DayField(label="By when?", required=False, help_text="You may leave it empty.")
    link = forms.ChoiceField(
        label="What is it for?",
        required=False,
        error_messages={"invalid_choice": "Choose what it is for from the list, or nothing."},
    )
    client_token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kept: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        requirements = [
            (f"qualification:{code}", title)
            for code, title in Qualification.objects.order_by("order", "code").values_list("code", "title")
        ]
        competencies = [(f"competency:{code}", title) for code, title in offered(Competency, kept=[kept])]
        field: Any = self.fields["link"]
        field.choices = [("", "Nothing in particular"), ("Requirements", requirements), ("Competencies", competencies)]

    def clean_title(self) -> str:
        text = activity_rules.cleaned_text(self.cleaned_data["title"])
        if not activity_rules.says_something(text):
            raise ValidationError("Say in a few words what you plan to learn.")
        return text

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as the verbs take them; only of a valid form."""
        kind, _colon, code = self.cleaned_data["link"].partition(":")
        return {
            **{name: self.cleaned_data[name] for name in ("title", "why", "due_on")},
            "qualification": code if kind == "qualification" else "",
            "competency": code if kind == "competency" else "",
        }

    def refuse(self, refusal: activity_rules.ActivityRefused) -> None:
        answer_refusal(self, refusal)


def plan_form() -> PlanForm:
    """Return the empty form with a token of its own."""
    return PlanForm(initial={"client_token": uuid4()})


def plan_change_form(item: PlanItem) -> PlanForm:
    """Return the form filled with what is planned."""
    initial = {
        **{name: getattr(item, name) for name in ("title", "why", "due_on")},
        "link": link_of(item),
        "seen_at": moment_text(item.changed_at),
    }
    return PlanForm(initial=initial, kept=item.competency)


def link_of(item: PlanItem) -> str:
    if item.qualification:
        return f"qualification:{item.qualification}"
    return f"competency:{item.competency}" if item.competency else ""


class CorrectionForm(OneDayForm):
    """What the record should say, and why. With ``counts_no_more`` it should not count at all."""

    counts_no_more = forms.BooleanField(
        label="It should not count at all", required=False, help_text="Such as: it is on my record twice."
    )
    title = line_field("What did you do?")
    day = DayField(label="When?")
    length = MinutesField(label="How long?")
    is_long_day = forms.BooleanField(label="Yes, that is right", required=False)
    kind = kind_field()
    learned = text_field("What did you learn?")
    reason = text_field("Why?", rows=3, help_text="Whoever decides reads this, and it stands on your record.")

    def __init__(self, *args: Any, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.at = at

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as ``ask_for_correction`` takes them; only of a valid form."""
        names = ("title", "kind", "day", "learned", "reason", "is_long_day")
        minutes = 0 if self.cleaned_data["counts_no_more"] else self.cleaned_data["length"]
        return {**{name: self.cleaned_data[name] for name in names}, "minutes": minutes}

    def clean_learned(self) -> str:
        return asked(activity_rules.checked_learned, self.cleaned_data["learned"])

    def clean_reason(self) -> str:
        return asked(activity_rules.checked_reason, self.cleaned_data["reason"], missing=WHY)


def correction_form(activity: Activity, *, at: datetime) -> CorrectionForm:
    """Return the form filled with what the record says now."""
    initial = {name: getattr(activity, name) for name in ("title", "day", "kind", "learned")}
    return CorrectionForm(initial={**initial, "length": activity.minutes}, at=at)
