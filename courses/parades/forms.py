"""What is posted to ask for a parade."""

from __future__ import annotations

from typing import Any

from django import forms

from courses.models import Intake, Shape
from courses.parades.issuing import TITLE_LENGTH
from courses.parades.looking import subjects
from courses.programmes.joining import MOST_CHARACTERS
from people.form_fields import DayField


class ParadeForm(forms.Form):
    """Its name and day, what is handed out, to whom in which order, and as which file."""

    title = forms.CharField(
        label="Name",
        max_length=TITLE_LENGTH,
        help_text="As people call it, such as Passing out of 26/07.",
        error_messages={"required": "Give the parade a name."},
    )
    day = DayField(label="Day of the parade", error_messages={"required": "Enter a day, for example 5 1 2027."})
    subject = forms.ChoiceField(
        label="What is handed out",
        error_messages={
            "required": "Choose what is handed out.",
            "invalid_choice": "Choose what is handed out from the list.",
        },
    )
    intake = forms.ModelChoiceField(
        Intake.objects.none(),
        label="To everybody of an intake",
        required=False,
        empty_label="No intake: the list below",
        help_text="In the order of their names. For another order, list the service numbers below.",
        error_messages={"invalid_choice": "Choose an intake from the list."},
    )
    numbers = forms.CharField(
        label="Or service numbers, in the order of the parade",
        required=False,
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text="One on each line. What stands behind a comma is not read.",
        error_messages={"max_length": "This list is too long. Divide it."},
    )
    shape = forms.ChoiceField(
        label="As",
        choices=Shape.choices,
        initial=Shape.ZIP,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a zip or one file for the printer."},
    )

    def __init__(self, *args: Any, intakes: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["intake"].queryset = intakes  # type: ignore[attr-defined]
        self.fields["subject"].choices = [("", "Choose"), *subjects().items()]  # type: ignore[attr-defined]
