"""The form by which somebody confirms that they were at a briefing."""

from __future__ import annotations

from django import forms

from cpd_records import activity_rules
from cpd_records.forms_cpd import asked, text_field


class ConfirmForm(forms.Form):
    """What somebody who was there learned; without words the record says what the briefing was about."""

    learned = text_field("What did you learn?", rows=3, help_text="You may leave it empty.")

    def clean_learned(self) -> str:
        text: str = self.cleaned_data["learned"]
        return asked(activity_rules.checked_learned, text) if activity_rules.cleaned_text(text) else ""
