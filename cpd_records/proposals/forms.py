"""Forms of proposals: what is decided, how an exemption ends, why a certificate is withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms

from cpd_records.certificates.decisions import LONGEST_REASON
from cpd_records.certificates.reissuing import LONGEST_LINE
from cpd_records.certificates.suspending import SAY_WHY
from cpd_records.models import PublicReason
from cpd_records.qualifications.awarding import MOST_MINUTES
from cpd_records.qualifications.refusals import REASON_LENGTH
from people import clock
from people.form_fields import DayField, MinutesField


class DecideForm(forms.Form):
    """A sentence with the decision: needed where it is refused."""

    words = forms.CharField(
        label="A sentence with it",
        help_text="Whoever proposed it reads it. Needed where you refuse.",
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class EndExemptionForm(forms.Form):
    """The last day on which an exemption holds, and why it ends."""

    last_day = DayField(
        label="Last day on which it holds",
        error_messages={"required": "Enter a day, for example 22 11 2026."},
    )
    reason = forms.CharField(
        label="Why?",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": "Say why it ends, in a sentence."},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"initial": {"last_day": clock.today()}, **more})


class SuspensionForm(forms.Form):
    """Why a certificate is suspended, or why that is lifted."""

    reason = forms.CharField(
        label="Why?",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="For the record. The officer reads it, strangers do not.",
        error_messages={"required": SAY_WHY},
    )


class WithdrawCertificateForm(forms.Form):
    """Why a certificate is withdrawn: for the record, and what strangers are told."""

    public_reason = forms.ChoiceField(
        label="What are strangers told?",
        choices=[(one.value, one.told) for one in PublicReason],
        widget=forms.RadioSelect,
        help_text="Whoever checks the code reads this, and nothing else of why.",
        error_messages={"required": "Choose what strangers are told.", "invalid_choice": "Choose one of these."},
    )
    reason = forms.CharField(
        label="Why?",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="For the record. The officer reads it.",
        error_messages={"required": "Say why the certificate is withdrawn. The reason stays in the record."},
    )


class PutRightForm(forms.Form):
    """What a certificate should have said, and why it says something else."""

    title = forms.CharField(
        label="What it is for",
        max_length=LONGEST_LINE,
        error_messages={"required": "Say what the certificate is for."},
    )
    release = forms.CharField(
        label="Release, as it is printed",
        max_length=LONGEST_LINE,
        error_messages={"required": "Say by which release, as it is printed."},
    )
    minutes = MinutesField(
        label="Learning time",
        help_text="Empty: none is printed.",
        most=MOST_MINUTES,
        required=False,
        error_messages={"too_long": f"Learning time must be {MOST_MINUTES // 60:,} hours or less."},
    )
    reason = forms.CharField(
        label="Why?",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="For the record. The officer reads it, strangers do not.",
        error_messages={"required": "Say what was misprinted, and how you know. The reason stays on the record."},
    )
