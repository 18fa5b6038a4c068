"""Forms of the progress page: which period, and the declaration."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cpd_records.schemes.declaring import NOTE_LENGTH
from cpd_records.schemes.keeping import CODE_LENGTH
from people import clock
from people.form_fields import DayField

FIRST_DAY = date(2000, 1, 1)
NO_SUCH_DAY = "There is no record of that day, so this is today's period."


class PeriodForm(forms.Form):
    """A day of the period, and the scheme, as the address has them; both may be absent."""

    on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    scheme = forms.SlugField(required=False, max_length=CODE_LENGTH)
    known_on = forms.DateField(required=False, input_formats=["%d/%m/%Y", "%Y-%m-%d", "%d %m %Y", "%d.%m.%Y"])

    def clean_on(self) -> date:
        day: date | None = self.cleaned_data["on"]
        if day is None:
            return clock.today()
        if not FIRST_DAY <= day <= clock.today():
            raise ValidationError(NO_SUCH_DAY)
        return day

    @property
    def day(self) -> date:
        """The day asked for; today where there is no such day."""
        return self.cleaned_data.get("on") or clock.today()

    @property
    def recorded_by(self) -> date | None:
        """The day by whose end it is to be as recorded, None for today: not a day to come, nor one that is none."""
        day: date | None = self.cleaned_data.get("known_on")
        return day if day is not None and day < clock.today() else None

    @property
    def code(self) -> str:
        return str(self.cleaned_data.get("scheme") or "")


class DeclarationForm(forms.Form):
    """The officer's declaration: the scheme's own words with a box to tick, and a note."""

    agreed = forms.BooleanField(required=False)
    note = forms.CharField(
        required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "maxlength": NOTE_LENGTH})
    )
    on = forms.CharField(required=False, widget=forms.HiddenInput)
    scheme = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, words: str, explains_gaps: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["agreed"].label = words
        self.fields["note"].label = "Explain the months without an entry" if explains_gaps else "Anything to add"


class StatementForm(forms.Form):
    """From which day to which a statement is asked for."""

    starts_on = DayField(label="From", error_messages={"required": "Enter the first day, for example 1 4 2026."})
    ends_on = DayField(label="To", error_messages={"required": "Enter the last day, for example 31 3 2027."})
