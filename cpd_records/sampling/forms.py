"""Forms of the audit sample: the draw, and what an assessor found."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cpd_records.models import SampleReading, Scheme
from cpd_records.sampling.drawing import MOST_MONTHS
from people.form_fields import DayField

ASKED = "Have your activities of this period verified, and be ready to show what they rest on. Explain anything that is missing."
NO_SHARE = "The share is a number from 0.1 to 100 per cent, with one decimal at most."


def _day(label: str, example: str, **more: Any) -> DayField:
    sentence = f"Enter a day, for example {example}."
    return DayField(label=label, error_messages={"required": sentence}, **more)


class DrawForm(forms.Form):
    """What a draw needs; the share in per cent."""

    scheme = forms.ModelChoiceField(
        Scheme.objects.all(),
        required=False,
        to_field_name="code",
        label="Of whom",
        empty_label="Everybody who is posted",
        error_messages={"invalid_choice": "Choose a scheme from the list."},
    )
    starts_on = _day("First day of the period", "1 4 2026")
    ends_on = _day("Last day of the period", "31 3 2027")
    seed = forms.CharField(
        label="Published seed",
        required=False,
        strip=False,
        help_text="Something nobody here could choose, named before it was known, such as the lottery numbers of a day.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    share = forms.CharField(
        label="Share, in per cent",
        required=False,
        initial="2.5",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-width": "4"}),
    )
    least_months = forms.CharField(
        label="Leave out those with fewer months of service than",
        required=False,
        initial="12",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "4"}),
    )
    asked = forms.CharField(
        label="What is asked of those selected",
        required=False,
        strip=False,
        initial=ASKED,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    answer_by = _day("To be done by", "31 5 2027")

    def clean_share(self) -> int:
        return tenths_of_a_per_cent(self.cleaned_data["share"])

    def clean_least_months(self) -> int:
        text = self.cleaned_data["least_months"].strip() or "0"
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= MOST_MONTHS):
            raise ValidationError(f"Months of service: a whole number from 0 to {MOST_MONTHS}.")
        return int(text)


class ReadingForm(forms.Form):
    """What an assessor found, and what the officer is told."""

    outcome = forms.ChoiceField(
        label="What came of it",
        choices=SampleReading.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what came of it.", "invalid_choice": "Choose what came of it."},
    )
    words = forms.CharField(
        label="What the officer is told",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


def tenths_of_a_per_cent(text: str) -> int:
    """Return a share somebody typed, such as '2.5 %', in tenths of a per cent, from 1 to 1,000; raises ``ValidationError``."""
    text = text.strip().removesuffix("%").strip()
    try:
        tenths = Decimal(text) * 10 if len(text) <= 6 and text.isascii() else Decimal("NaN")
        whole = int(tenths)
    except (ArithmeticError, ValueError):
        raise ValidationError(NO_SHARE) from None
    if whole != tenths or not 1 <= whole <= 1000:
        raise ValidationError(NO_SHARE)
    return whole
