"""Forms of those who lead a standard-setting exercise."""

from __future__ import annotations

from django import forms

from assessments.admin.fields import WordsField
from assessments.models.standard_setting import CANDIDATE_LENGTH
from people.finding import people_named
from people.models import User

POOL, DRAW = "pool", "draw"


class BeginForm(forms.Form):
    """What the panel rates, and for whom."""

    candidate = WordsField(
        label="The candidate who just passes",
        long=True,
        max_length=CANDIDATE_LENGTH,
        help_text="What they know and do, and where they are still unsure. Every judge rates for this person.",
    )
    form = forms.ChoiceField(
        label="What the panel rates",
        choices=[(POOL, "Every approved question the assessment may draw"), (DRAW, "One draw of it, as a fixed form")],
        initial=POOL,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the panel rates.", "invalid_choice": "Choose from the list."},
    )


class LeadForm(forms.Form):
    """What is done with an exercise; which field counts depends on the button."""

    person = WordsField(
        label="Judge: e-mail address or service number",
        max_length=254,
        help_text="About ten judges make a pass mark stable; fewer than five give a hint. They need no role.",
    )
    words = WordsField(label="Why it is given up", long=True, max_length=CANDIDATE_LENGTH)

    @property
    def judge(self) -> User | None:
        """The one person named, if there is one who may sign in."""
        return people_named(self.cleaned_data["person"]).filter(is_active=True).first()
