"""The form by which everything held on a leaver is asked for on their behalf."""

from __future__ import annotations

from django import forms

from people.models.exports import PURPOSE_LENGTH
from training_site.everything import NO_PURPOSE


class PurposeForm(forms.Form):
    """What it is for."""

    purpose = forms.CharField(
        label="What is it for?",
        help_text="For example: their request of 3 March, identity checked. They can read it.",
        max_length=PURPOSE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_PURPOSE},
    )
