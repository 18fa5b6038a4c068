"""Forms of reasonable adjustments. None asks why."""

from __future__ import annotations

from typing import Any

from django import forms

from people import clock
from people.adjustments import MOST_PERCENT, MOST_REST, Granted
from people.finding import LONGEST
from people.form_fields import DayField
from people.models import Adjustment

NO_DAY = "Enter a day, for example 22 11 2026."
PERCENT = f"Enter the extra time as a whole number from 0 to {MOST_PERCENT}."
REST = f"Enter the minutes of rest as a whole number from 0 to {MOST_REST}."


def _number(label: str, most: int, sentence: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=most,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-4"}),
    )


class FindForm(forms.Form):
    """Whom it is about."""

    person = forms.CharField(
        label="E-mail address or service number",
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the e-mail address or service number of the person."},
    )


class AdjustmentForm(forms.Form):
    """What is done for somebody, and from when."""

    extra_percent = _number(
        "Extra time in per cent (optional)", MOST_PERCENT, PERCENT, "On every time limit, rounded up to whole minutes."
    )
    rest_minutes = _number(
        "Minutes of rest for each hour (optional)", MOST_REST, REST, "Taken when wished; the clock stops meanwhile."
    )
    has_larger_print = forms.BooleanField(label="Larger print", required=False)
    keeps_order = forms.BooleanField(
        label="Options in the order their author wrote them",
        required=False,
        help_text="They are not shuffled, except where that order would give the answer away.",
    )
    valid_from = DayField(label="From which day?", error_messages={"required": NO_DAY})
    valid_until = DayField(label="Last day (optional)", required=False, help_text="Empty: until they are ended.")

    @classmethod
    def initial_of(cls, row: Adjustment | None) -> dict[str, Any]:
        """Return what the fields show: a row to be corrected, or from today on."""
        if row is None:
            return {"valid_from": clock.today()}
        kept = {name: getattr(row, name) for name in cls.base_fields}
        return {**kept, "extra_percent": row.extra_percent or None, "rest_minutes": row.rest_minutes or None}

    @property
    def granted(self) -> Granted:
        """What was typed, valid or not as a whole."""
        typed = self.cleaned_data
        return Granted(
            typed["extra_percent"] or 0, typed["rest_minutes"] or 0, typed["has_larger_print"], typed["keeps_order"]
        )


class EndForm(forms.Form):
    """Until when they hold."""

    last_day = DayField(label="Which is the last day?", error_messages={"required": NO_DAY})
