"""Forms of awards and of what is decided about one person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from cpd_records.evidence_files import ACCEPTED
from cpd_records.form_fields import SeveralFilesField, SeveralFilesInput
from cpd_records.models import ActivityKind
from cpd_records.qualifications.awarding import MOST_FILES, MOST_MINUTES
from cpd_records.qualifications.refusals import REASON_LENGTH
from people import clock
from people.finding import LONGEST
from people.form_fields import DayField, MinutesField
from people.models import AbsenceKind

WHICH = {"required": "Choose the qualification.", "invalid_choice": "Choose the qualification from the list."}
NO_DAY = "Enter a day, for example 22 11 2026."
FIRST_DAY = date(1990, 1, 1)


def _words(label: str, *, help_text: str = "", rows: int = 0, required: str = "") -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows, "dir": "auto"}) if rows else forms.TextInput(attrs={"dir": "auto"})
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=bool(required),
        error_messages={"required": required},
        max_length=REASON_LENGTH,
        widget=box,
    )


def _length(label: str) -> MinutesField:
    too_long = f"Length must be {MOST_MINUTES // 60:,} hours or less."
    return MinutesField(label=label, most=MOST_MINUTES, required=False, error_messages={"too_long": too_long})


class FindForm(forms.Form):
    """Whom it is about."""

    person = forms.CharField(
        label="E-mail address or service number",
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the e-mail address or service number of the person."},
    )


class ChooseForm(forms.Form):
    """Which qualification was reached on which day: what the rule needs to say how long it lasts."""

    qualification = forms.ChoiceField(label="Which qualification?", error_messages=WHICH)
    day = DayField(label="On which day was it reached?")
    until = DayField(
        label="Last day, if its certificate names one",
        required=False,
        help_text="Empty: the rule decides. Never later than the rule allows.",
    )

    def __init__(self, *args: Any, qualifications: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["qualification"].choices = [("", "Choose"), *qualifications]  # type: ignore[attr-defined]


class AwardForm(forms.Form):
    """Who taught or assessed it, what it took, the evidence, and why it is awarded."""

    taught_by = _words("Who taught or assessed it?", required="Say who taught or assessed it.")
    minutes = _length("How long did it take? (optional)")
    evidence = SeveralFilesField(
        label="Evidence",
        required=False,
        help_text=f"A certificate, a register or a photo of one. At most {MOST_FILES}.",
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED}),
    )
    reference = _words(
        "Or a reference", help_text="By which somebody else finds the evidence, such as a register's number."
    )
    reason = _words("What did you see and check?", rows=3, required="Say what you saw and checked, in a sentence.")


class CorrectForm(forms.Form):
    """What an award should say instead."""

    day = DayField(label="On which day was it reached?")
    until = DayField(
        label="Last day, if its certificate names one",
        required=False,
        help_text="Empty: the rule decides. Never later than the rule allows.",
    )
    minutes = _length("How long did it take? (optional)")
    reason = _words("Why?", rows=3, required="Say why. The reason stays on the officer's record.")


class WithdrawForm(forms.Form):
    """The last day on which an award holds."""

    last_day = DayField(label="Last day on which it holds", error_messages={"required": NO_DAY})
    reason = _words("Why?", rows=3, required="Say why. The reason stays on the officer's record.")


class VoidForm(forms.Form):
    """Why an award was never true."""

    reason = _words("Why?", rows=3, required="Say why. The reason stays on the officer's record.")


class CorrectCompletionForm(forms.Form):
    """On which day a course was completed, and how long it took. Its last day follows by the rule."""

    day = DayField(label="On which day was it completed?")
    minutes = _length("How long did it take?")
    reason = _words("Why?", rows=3, required="Say why. The reason stays on the officer's record.")


class CorrectActivityForm(forms.Form):
    """What the record should say of verified CPD. What the officer learned stays in their own words."""

    title = _words("What was done?", required="Say in a few words what was done.")
    kind = forms.ChoiceField(
        label="What kind of learning was it?",
        choices=ActivityKind.choices,
        error_messages={"required": "Choose what kind of learning it was.", "invalid_choice": "Choose one of these."},
    )
    day = DayField(label="On which day?")
    minutes = MinutesField(label="How long?")
    reason = _words("Why?", rows=3, required="Say why. The reason stays on the officer's record.")


class CorrectImportedForm(forms.Form):
    """What an imported record should say instead."""

    title = _words("What was it?", required="Say what it was, in words.")
    day = DayField(label="On which day did it happen?")
    until = DayField(label="Last day on which it holds (optional)", required=False)
    minutes = _length("How long did it take? (optional)")
    result = _words("Result there (optional)")
    reason = _words("Why?", rows=3, required="Say why. The reason stays on the officer's record.")


class RulingForm(forms.Form):
    """Something decided about one person and one qualification, for some days."""

    qualification = forms.ChoiceField(label="Which qualification?", error_messages=WHICH)
    reason = _words(
        "What applies?",
        help_text="A sentence that the officer reads. No diagnosis.",
        rows=3,
        required="Say it in a sentence.",
    )
    valid_from = DayField(label="From which day?", error_messages={"required": NO_DAY})
    until = DayField(label="Until which day?", required=False, help_text="Empty: until it is ended.")

    def __init__(self, *args: Any, qualifications: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **{"initial": {"valid_from": clock.today()}, **more})
        self.fields["qualification"].choices = [("", "Choose"), *qualifications]  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    """From when, until when, and in a word why somebody is away."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=AbsenceKind.choices,
        widget=forms.RadioSelect,
        help_text="Nothing about health is kept here.",
        error_messages={"required": "Choose what kind of absence it is.", "invalid_choice": "Choose one of these."},
    )
    valid_from = DayField(label="First day away", error_messages={"required": NO_DAY})
    valid_until = DayField(label="Last day away", required=False, help_text="Empty: not known yet.")


def _typed_day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%d/%m/%Y", "%Y-%m-%d", "%d %m %Y", "%d.%m.%Y", "%d %B %Y"],
        error_messages={"invalid": "Enter a day, for example 22/11/2026."},
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class KnownForm(forms.Form):
    """As recorded by the end of which day."""

    known_on = _typed_day("As recorded by the end of")


class BothTimesForm(forms.Form):
    """On which day, and as recorded by the end of which. What is left empty is today, and all that is recorded."""

    on = _typed_day("On which day?")
    known_on = _typed_day("As recorded by the end of")

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"] or clock.today()
        if day < FIRST_DAY or day.year > clock.today().year + 10:
            raise forms.ValidationError("Enter a day from 1990 to ten years from now.")
        return day

    def clean_known_on(self) -> date | None:
        day: date | None = self.cleaned_data["known_on"]
        if day is not None and not FIRST_DAY <= day <= clock.today():
            raise forms.ValidationError("Enter a day from 1990 to today. What will be recorded later is not known.")
        return day
