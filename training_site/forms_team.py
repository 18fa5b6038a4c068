"""What a supervisor asks of the board, and what they decide on a person's page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from cpd_records.models import Qualification
from cpd_records.qualifications.rulings import NO_CONDITIONS
from cpd_records.readiness import UnitChoice
from cpd_records.readiness.scope import nearby
from people import clock
from people.dates import long_date
from people.form_fields import DayField

TYPED_DAYS = ["%d/%m/%Y", "%Y-%m-%d", "%d %m %Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y"]
TYPED_TIMES = ["%H:%M", "%H.%M", "%H:%M:%S"]
ORDERS = (("worst", "Worst first"), ("dates", "Next date first"), ("name", "By name"))
AS_KNOWN = (("", "As recorded today"), ("then", "As recorded by the end of that day"))
FIRST_DAY = date(1990, 1, 1)


class BoardForm(forms.Form):
    """Day, unit, requirement and order, all in the address. What is left empty is today, the whole tree, all, and the worst first."""

    on = forms.DateField(
        label="As at",
        required=False,
        input_formats=TYPED_DAYS,
        error_messages={"invalid": "Enter a day, for example 22/11/2026."},
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    unit = forms.TypedChoiceField(label="Unit", required=False, coerce=int, empty_value=None)
    requirement = forms.ChoiceField(label="Requirement", required=False)
    show = forms.ChoiceField(label="Show", required=False, choices=ORDERS)
    as_known = forms.ChoiceField(label="As known when?", required=False, choices=AS_KNOWN)

    def __init__(self, *args: Any, units: Iterable[UnitChoice], requirements: Iterable[tuple[str, str]], **more: Any):
        super().__init__(*args, **more)
        chosen = str(self.data.get("unit", ""))
        units = nearby(list(units), int(chosen) if chosen.isascii() and chosen.isdecimal() else None)
        whole = [("", "All my units")] if len([unit for unit in units if not unit.depth]) > 1 else []
        self.fields["unit"].choices = [*whole, *((unit.id, unit.label) for unit in units)]  # type: ignore[attr-defined]
        self.fields["requirement"].choices = [("", "All"), *requirements]  # type: ignore[attr-defined]

    @property
    def selects(self) -> list[forms.BoundField]:
        """The boxes beside the day."""
        return [self["unit"], self["requirement"], self["show"], self["as_known"]]

    @property
    def forecast_selects(self) -> list[forms.BoundField]:
        """The boxes beside the day where it is asked what ends next."""
        return [self["unit"], self["requirement"], self["as_known"]]

    @property
    def comparison_selects(self) -> list[forms.BoundField]:
        """The boxes beside the day where units are compared."""
        return [self["unit"], self["as_known"]]

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"] or clock.today()
        if day < FIRST_DAY or day.year > clock.today().year + 10:
            raise forms.ValidationError("Enter a day from 1990 to ten years from now.")
        return day


class DayForm(forms.Form):
    """Another day, and as known when, for one person's page."""

    on = forms.DateField(
        label="On which day?",
        required=False,
        input_formats=TYPED_DAYS,
        error_messages={"invalid": "Enter a day, for example 22/11/2026."},
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    as_known = forms.ChoiceField(
        label="As known when?",
        required=False,
        choices=AS_KNOWN,
    )

    clean_on = BoardForm.clean_on


KNOWN_THEN, KNOWN_ON, KNOWN_NOW = "then", "day", "now"


class EvidenceForm(forms.Form):
    """Who, on which day, and by what was recorded until when. Only a day that has begun can have been recorded."""

    who = forms.CharField(
        label="Who?",
        help_text="E-mail address or service number.",
        max_length=254,
        error_messages={"required": "Enter the officer's e-mail address or service number."},
    )
    on = forms.DateField(
        label="On which day?",
        input_formats=TYPED_DAYS,
        error_messages={
            "required": "Enter a day, for example 22/11/2026.",
            "invalid": "Enter a day, for example 22/11/2026.",
        },
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    as_known = forms.ChoiceField(
        label="According to what was recorded by",
        choices=((KNOWN_THEN, "The end of that day"), (KNOWN_NOW, "Today"), (KNOWN_ON, "Another day and time")),
        initial=KNOWN_THEN,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose by when it was recorded."},
    )
    known_on = forms.DateField(
        label="Which other day?",
        required=False,
        input_formats=TYPED_DAYS,
        error_messages={"invalid": "Enter a day, for example 22/11/2026."},
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    known_time = forms.TimeField(
        label="By which time of it?",
        help_text="For example 14:05. Empty: the end of the day.",
        required=False,
        input_formats=TYPED_TIMES,
        error_messages={"invalid": "Enter a time, for example 14:05."},
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
    )

    clean_on = BoardForm.clean_on

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if asked.get("as_known") == KNOWN_ON and "known_on" not in self.errors:
            known_on = asked.get("known_on")
            if known_on is None:
                self.add_error("known_on", "Enter the day, for example 22/11/2026, or choose another answer above.")
            elif not FIRST_DAY <= known_on <= clock.today():
                self.add_error("known_on", "Enter a day from 1990 to today.")
            elif asked.get("known_time") and clock.by_the_time(known_on, asked["known_time"]) > clock.now():
                self.add_error("known_time", "That time is still to come. Enter an earlier one, or leave it empty.")
        return asked


class ExceptionForm(forms.Form):
    """A risk-assessed exception: until when, why the risk is acceptable, under which conditions."""

    reason = forms.CharField(
        label="Why is the risk acceptable?",
        help_text="A sentence. The officer reads it. No diagnosis.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the risk is acceptable, in a sentence."},
    )
    conditions = forms.CharField(
        label="Under which conditions?",
        help_text="For example: double-crewed with a first aider.",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": NO_CONDITIONS},
    )
    until = DayField(
        label="Until which day?",
        error_messages={"required": "Enter the last day of the exception, for example 22 11 2026."},
    )

    def __init__(self, *args: Any, latest: date | None, **more: Any):
        super().__init__(*args, **more)
        if latest is not None:
            self.fields["until"].help_text = f"{long_date(latest)} at the latest."


class DeclineForm(forms.Form):
    """Why a nomination is declined."""

    reason = forms.CharField(
        label="Why do you decline?",
        help_text="A sentence. Your supervisor reads it.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why you decline, in a sentence. Your supervisor reads it."},
    )


class DelegationForm(forms.Form):
    """To whom a unit is lent, for which days."""

    unit = forms.TypedChoiceField(label="Which unit?", help_text="The whole of yours, or one below it.", coerce=int)
    delegate = forms.CharField(
        label="Who acts for you?",
        help_text="E-mail address or service number.",
        max_length=254,
        error_messages={"required": "Enter the e-mail address or service number of whoever acts for you."},
    )
    valid_from = DayField(
        label="From which day?",
        error_messages={"required": "Enter the first day of the leave, for example 22 11 2026."},
    )
    valid_until = DayField(
        label="Until which day?",
        error_messages={"required": "Enter the last day of the leave, for example 22 11 2026."},
    )

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **more: Any):
        super().__init__(*args, **more)
        self.fields["unit"].choices = list(units)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if "unit" in self.errors:
            raise forms.ValidationError("That unit is not yours to lend. Choose one of your own.")
        return super().clean() or self.cleaned_data


def requirement_choices() -> list[tuple[str, str]]:
    """Return every qualification that something requires, as ``(code, short title)``."""
    rows = Qualification.objects.filter(requirements__isnull=False).distinct().order_by("order", "code")
    return [(code, title) for code, title in rows.values_list("code", "short_title")]
