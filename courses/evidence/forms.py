"""The form by which a pack is asked for: the question as the page before it answered it, and what it is for."""

from __future__ import annotations

from typing import Any

from django import forms

from courses.evidence.building import LONGEST_PURPOSE, NO_PURPOSE
from people import clock


class PackForm(forms.Form):
    """Whom, which day and by which day and time stand in the form as the answer above it had them; the purpose is typed."""

    who = forms.CharField(max_length=254, widget=forms.HiddenInput)
    on = forms.DateField(input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)
    known_on = forms.DateField(required=False, input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)
    known_time = forms.TimeField(required=False, input_formats=["%H:%M:%S"], widget=forms.HiddenInput)
    purpose = forms.CharField(
        label="What is it for?",
        help_text="For example: inquest, with the coroner's reference. It is recorded, and printed in the pack.",
        max_length=LONGEST_PURPOSE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_PURPOSE},
    )

    @property
    def is_astray(self) -> bool:
        """Whether the question itself cannot be read: it was not typed here, so there is nothing to put right in this form."""
        return any(name in self.errors for name in ("who", "on", "known_on", "known_time"))

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        for name in ("on", "known_on"):
            if (day := asked.get(name)) and not 1990 <= day.year <= clock.today().year:
                self.add_error(name, "There is no record of that day.")
        return asked
