"""The forms of those who verify: why something comes back or is rejected, a correction decided, a briefing recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cpd_records import activity_rules
from cpd_records.activities import verifying
from cpd_records.activities.briefings import MOST_NAMED, people_for
from cpd_records.form_fields import OpenQuestion
from cpd_records.forms_cpd import OneDayForm, asked, kind_field, line_field, text_field
from cpd_records.forms_cpd_reflection import VerifierForm
from people.form_fields import DayField, MinutesField
from people.models import Unit, User, display_name


class ReturnForm(forms.Form):
    """Why an activity goes back to the officer."""

    reason = text_field("What is missing?", rows=3, help_text="The officer reads this.")

    def clean_reason(self) -> str:
        return asked(activity_rules.checked_reason, self.cleaned_data["reason"])


class RejectionForm(VerifierForm):
    """Why an activity should be rejected, and who reads it second."""

    reason = text_field(
        "Why should it be rejected?", rows=3, help_text="The second reviewer and the officer read this."
    )
    field_order = ("reason", "verifier", "other_verifier")

    def clean_reason(self) -> str:
        return asked(activity_rules.checked_reason, self.cleaned_data["reason"], missing=verifying.WHY_REJECTED)


class DecisionForm(forms.Form):
    """A word with a decision on a correction; a refusal needs one."""

    decision = text_field(
        "Why not, or what else?", rows=3, help_text="The officer reads this. A refusal needs a reason."
    )

    def clean_decision(self) -> str:
        text: str = self.cleaned_data["decision"]
        return asked(activity_rules.checked_reason, text) if activity_rules.cleaned_text(text) else ""


class AgreementForm(VerifierForm):
    """A word with the agreement to a correction, and who reads it second; of a refusal the word alone."""

    decision = text_field(
        "Why not, or what else?", rows=3, help_text="The officer reads this. A refusal needs a reason."
    )
    field_order = ("decision", "verifier", "other_verifier")
    clean_decision = DecisionForm.clean_decision

    def __init__(self, *args: Any, is_agreeing: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        self.is_agreeing = is_agreeing
        # Left open it is the nearest of them; where there is none somebody has to be named.
        self.fields["verifier"].required = is_agreeing and not self.people
        if self.people and not self.is_bound:
            self.fields["verifier"].initial = next(iter(self.people))

    def clean(self) -> dict[str, Any]:
        return super().clean() if self.is_agreeing else self.cleaned_data


class BriefingForm(OneDayForm):
    """A briefing for a shift: what, when, how long, what it was about, who was there. ``at`` is the present moment."""

    title = line_field("What was it?")
    day = DayField(label="When?")
    length = MinutesField(label="How long?")
    is_long_day = forms.BooleanField(label="Yes, that is right", required=False)
    kind = kind_field()
    about = text_field(
        "What was it about?",
        help_text="One sentence. Each one who was there may add what they learned. Name no victim, suspect or case.",
    )
    is_structured = OpenQuestion(
        label="Was it structured?",
        yes="Yes: planned, with stated outcomes and a check",
        no="No: a briefing or talk",
    )
    is_core = OpenQuestion(
        label="Core, or their own choice?", yes="Core: their role or the force asks for it", no="Their own choice"
    )
    officers = forms.MultipleChoiceField(
        label="Who was there?",
        help_text="Each of them is asked to confirm. Only who confirms gets it on their record.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose people from the list."},
    )
    client_token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    unit = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, at: datetime, supervisor: User, place: Unit | None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.at = at
        people = people_for(supervisor, place, on=timezone.localdate(at))
        self.is_cut = len(people) > MOST_NAMED
        self.people = {str(person.public_id): person for person in people[:MOST_NAMED]}
        field: Any = self.fields["officers"]
        field.choices = [(key, display_name(person)) for key, person in self.people.items()]

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as ``record_briefing`` takes them; only of a valid form."""
        names = ("title", "kind", "day", "about", "is_structured", "is_core", "is_long_day", "client_token")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "minutes": self.cleaned_data["length"],
            "officers": [self.people[key] for key in self.cleaned_data["officers"]],
        }

    def clean_about(self) -> str:
        return asked(activity_rules.checked_learned, self.cleaned_data["about"])

    def clean_officers(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["officers"]
        if not chosen:
            raise ValidationError("Choose who was there.")
        return chosen


def briefing_form(*, at: datetime, supervisor: User, place: Unit | None) -> BriefingForm:
    """Return the empty form with a token of its own, for today and the people of a unit."""
    initial = {
        "client_token": uuid4(),
        "unit": place.code if place else "",
        "day": timezone.localdate(at),
        "kind": "briefing",
    }
    return BriefingForm(initial=initial, at=at, supervisor=supervisor, place=place)
