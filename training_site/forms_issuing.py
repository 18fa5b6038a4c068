"""Forms of the page on which an officer has signed documents issued."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from cpd_records.qualifications.certifying import Certifiable
from people.dates import long_date

CHOOSE = {
    "required": "Choose the qualification.",
    "invalid_choice": "That is none of the qualifications below. Choose one of them.",
}


class QualificationForm(forms.Form):
    """Which qualification; offered are those whose certificate is ours to give."""

    qualification = forms.ChoiceField(label="Which one?", widget=forms.RadioSelect, error_messages=CHOOSE)

    def __init__(self, *args: Any, held: Sequence[Certifiable], **more: Any) -> None:
        super().__init__(*args, **more)
        offered = [(one.held.code, _in_words(one)) for one in held if not one.refusal]
        self.fields["qualification"].choices = offered  # type: ignore[attr-defined]


def _in_words(one: Certifiable) -> str:
    until = f"valid to {long_date(one.held.valid_until)}" if one.held.valid_until else "no end date"
    return f"{one.held.title}, awarded {long_date(one.held.day)}, {until}"
