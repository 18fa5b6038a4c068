"""The form of a template that the force offers."""

from __future__ import annotations

from typing import Any

from django import forms

from cpd_records import activity_rules
from cpd_records.activities import Offered
from cpd_records.form_fields import OpenQuestion
from cpd_records.forms_cpd import asked, kind_field, line_field, offered
from cpd_records.forms_cpd_reflection import competencies_field
from cpd_records.models import ActivityTemplate, Competency
from people.form_fields import MinutesField
from people.refused_forms import answer_refusal

NAMES = ("title", "kind", "is_structured", "is_participatory", "is_core", "competencies", "is_active")


class TemplateForm(forms.Form):
    """What a template fills in. The length may stay open."""

    title = line_field("What is done?")
    kind = kind_field()
    length = MinutesField(label="How long?", required=False, help_text="Leave it empty where it differs.")
    is_structured = OpenQuestion(
        label="Is it structured?",
        yes="Yes: planned, with stated outcomes and a check",
        no="No: reading, a briefing, on the job",
    )
    is_participatory = OpenQuestion(
        label="Do others take part?", yes="Yes, with at least one other person", no="No, on one's own"
    )
    is_core = OpenQuestion(label="Core or own choice?", yes="Core: a role or the force asks for it", no="Own choice")
    competencies = competencies_field("Which competency does it serve?")
    is_active = forms.BooleanField(label="Offered to everybody", required=False, initial=True)

    def __init__(self, *args: Any, kept: ActivityTemplate | None = None, **more: Any) -> None:
        if kept is not None:
            more.setdefault("initial", {**{name: getattr(kept, name) for name in NAMES}, "length": kept.minutes})
        super().__init__(*args, **more)
        field: Any = self.fields["competencies"]
        field.choices = offered(Competency, kept=kept.competencies if kept else ())

    @property
    def shows_every_competency(self) -> bool:
        return True

    @property
    def answers(self) -> Offered:
        """The answers as the verbs take them; only of a valid form."""
        return Offered(**{name: self.cleaned_data[name] for name in NAMES}, minutes=self.cleaned_data["length"])

    def clean_title(self) -> str:
        return asked(activity_rules.checked_title, self.cleaned_data["title"])

    def clean_kind(self) -> str:
        return asked(activity_rules.checked_kind, self.cleaned_data["kind"])

    def refuse(self, refusal: activity_rules.ActivityRefused) -> None:
        answer_refusal(self, refusal)
