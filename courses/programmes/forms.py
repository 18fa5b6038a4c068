"""What administrators and supervisors post about intakes and recruits."""

from __future__ import annotations

from typing import Any

from django import forms

from courses.models import Intake, ProgrammeRelease, Recruit
from courses.programmes.intakes import NAME_LENGTH, PLACE_LENGTH
from courses.programmes.joining import MOST_CHARACTERS
from courses.programmes.moving import CAUSES
from courses.programmes.refusals import REASON_LENGTH
from people import clock
from people.finding import people_named
from people.form_fields import DayField
from people.models import User

EARLY, LATE = "early", "late"
NO_CASES = "No names of others, crime numbers or details of a case: say where they are kept."


def _day(label: str, **more: Any) -> DayField:
    return DayField(label=label, error_messages={"required": "Enter a day, for example 5 1 2027."}, **more)


def _words(label: str, missing: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=REASON_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": missing,
            "max_length": "That is too long: %(limit_value)s characters fit. Shorten it.",
        },
        **more,
    )


class IntakeForm(forms.Form):
    """A new intake."""

    name = forms.CharField(
        label="Name",
        max_length=NAME_LENGTH,
        help_text="As people call it, such as 26/07 Hendon.",
        error_messages={"required": "Give the intake a name."},
    )
    release = forms.ModelChoiceField(
        ProgrammeRelease.objects.none(),
        label="Programme",
        empty_label=None,
        error_messages={"required": "Choose a programme.", "invalid_choice": "Choose a programme from the list."},
    )
    starts_on = _day("First day")
    place = forms.CharField(
        label="Place", max_length=PLACE_LENGTH, error_messages={"required": "Say where it is taught."}
    )
    first_week = forms.ChoiceField(
        label="The first week is",
        choices=[(EARLY, "Early"), (LATE, "Late")],
        initial=EARLY,
        widget=forms.RadioSelect,
    )
    alternates = forms.BooleanField(label="Early and late weeks take turns", required=False, initial=True)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        releases = ProgrammeRelease.objects.offered().select_related("programme")
        self.fields["release"].queryset = releases  # type: ignore[attr-defined]


class ListForm(forms.Form):
    """Service numbers, one a line, or a file of them, whose numbers are put into the box."""

    file = forms.FileField(
        label="CSV or Excel file",
        required=False,
        allow_empty_file=True,
        help_text="Read from the column called ‘service number’, else from the first. Or paste the numbers below.",
    )
    numbers = forms.CharField(
        label="Service numbers",
        required=False,
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        help_text="One on each line. What stands behind a comma is not read, so a column of a spreadsheet can be pasted as it is.",
        error_messages={"max_length": "This list is longer than an intake. Divide it."},
    )
    all_or_nothing = forms.BooleanField(label="Enrol nobody if a line is refused", required=False, initial=True)


class DecisionForm(forms.Form):
    """Abstract. From which day, why, and where the evidence is; ``seen`` is what stood on the page."""

    on = _day("From")
    reason = _words("Why", "Say what it rests on, in a sentence.", help_text=NO_CASES)
    evidence = forms.CharField(
        label="Where the evidence is",
        required=False,
        max_length=REASON_LENGTH,
        help_text="A reference or a place; may be left empty.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["on"].initial = clock.today()


class BackCourseForm(DecisionForm):
    """To which intake, and the cause."""

    later = forms.ModelChoiceField(
        Intake.objects.none(),
        label="To the intake",
        empty_label="Choose an intake",
        error_messages={
            "required": "Choose the intake they move to.",
            "invalid_choice": "Choose an intake from the list.",
        },
    )
    cause = forms.ChoiceField(
        label="Cause",
        choices=[("", "Choose the cause"), *CAUSES.items()],
        error_messages={
            "required": "Choose the cause from the list.",
            "invalid_choice": "Choose the cause from the list.",
        },
    )
    field_order = ["later", "on", "cause", "reason", "evidence"]

    def __init__(self, *args: Any, recruit: Recruit, **more: Any) -> None:
        super().__init__(*args, **more)
        later = Intake.objects.filter(release__programme=recruit.release.programme_id, starts_on__gt=recruit.began_on)
        self.fields["later"].queryset = later  # type: ignore[attr-defined]


class UntilForm(DecisionForm):
    """With a last day."""

    until = _day("Last day")
    field_order = ["on", "until", "reason", "evidence"]


class RecordForm(forms.Form):
    """A record a phase asks for."""

    on = _day("Done on")
    words = _words(
        "What was done, and where it is kept",
        "Say in a sentence what was done, and where it is kept.",
        help_text=NO_CASES,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["on"].initial = clock.today()


class AsKnownForm(forms.Form):
    """About which day, as recorded by the end of which."""

    on = _day("About which day?")
    known_on = _day("As recorded by the end of which day?")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "known_on" in cleaned and cleaned["known_on"] > clock.today():
            self.add_error("known_on", "That day is still to come. Choose today or an earlier day.")
        return cleaned


class TrainerForm(forms.Form):
    """Who teaches an intake, from when, until when where that is known."""

    trainer = forms.CharField(
        label="Trainer",
        help_text="Service number or e-mail address of somebody who holds the trainer’s role.",
        error_messages={"required": "Enter the trainer’s service number or e-mail address."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    on = _day("First day")
    until = DayField(label="Last day", required=False, help_text="Leave it empty where it is not known yet.")

    def __init__(self, *args: Any, intake: Intake, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["on"].initial = max(clock.today(), intake.starts_on)

    def clean_trainer(self) -> User:
        found = people_named(self.cleaned_data["trainer"]).first()
        if found is None:
            raise forms.ValidationError("Nobody is known by that. Check the service number or e-mail address.")
        return found


class EndTrainerForm(forms.Form):
    """The last day, and why."""

    last_day = _day("Last day", help_text="A day before the first says that they never taught this intake.")
    reason = _words("Why", "Say why it ends, in a sentence.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["last_day"].initial = clock.today()
