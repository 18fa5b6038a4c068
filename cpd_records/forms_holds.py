"""Forms of legal holds: on whom, and why; and why it is lifted."""

from __future__ import annotations

from django import forms

from cpd_records.ledger.holds import LONGEST_REASON
from cpd_records.ledger.kept_under_hold import NO_PURPOSE
from cpd_records.models.kept_under_hold import PURPOSE_LENGTH


class PlaceForm(forms.Form):
    """On whom a hold is placed, and why."""

    who = forms.CharField(
        label="On whom?",
        help_text="E-mail address or service number.",
        max_length=254,
        error_messages={"required": "Enter the officer's e-mail address or service number."},
    )
    reason = forms.CharField(
        label="Why?",
        help_text="For example: inquest, with the coroner's reference.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, in a sentence."},
    )


class KeptForm(forms.Form):
    """What it is for that what is kept is taken along."""

    purpose = forms.CharField(
        label="What is it for?",
        help_text="For example: disclosure to the coroner, reference 2026/114.",
        max_length=PURPOSE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": NO_PURPOSE},
    )


class LiftForm(forms.Form):
    """Why a hold is lifted."""

    reason = forms.CharField(
        label="Why is it lifted?",
        help_text="For example: the coroner closed the inquest on 3 March.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why, in a sentence."},
    )
