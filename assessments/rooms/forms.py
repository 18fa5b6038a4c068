"""What is typed about rooms: a start code, a new room, names, reasons, minutes, incidents. Typed text is shown again as it was typed."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.models import Assessment, Attempt
from assessments.rooms.codes import LONGEST
from assessments.rooms.incidents import INCIDENT_LENGTH
from assessments.rooms.opening import PLACE_LENGTH
from assessments.rooms.pausing import MOST_MINUTES, REASON_LENGTH
from people import clock
from people.finding import named_in
from people.form_fields import DayField
from people.models import User

CLOCK_TIME = re.compile(r"(\d{1,2})[:.]?(\d{2})", re.ASCII)
WHOLE_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
MOST_NAMES = 500
MOST_CHARACTERS = 20_000
NO_CASES = "Leave out details of cases, health and adjustments: trainers, quality assurers and auditors read this, and it is never changed."
ONE_A_LINE = "One service number or e-mail address on each line."


class StartCodeForm(forms.Form):
    """The code that starts an invigilated test; whether it is right is the engine's to say."""

    start_code = forms.CharField(
        label="Start code",
        required=False,
        strip=False,
        help_text="Six letters. The invigilator gives them out in the room.",
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-width": "10",
            }
        ),
    )

    @property
    def typed(self) -> str:
        """The code as it was typed, empty where none was."""
        return str(self.data.get("start_code", ""))[:LONGEST]


class TimeField(forms.CharField):
    """A time by the clock on the wall, cleaned to a ``time``."""

    def __init__(self, **more: Any) -> None:
        box = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "data-width": "4"})
        super().__init__(
            widget=box, max_length=20, error_messages={"required": "Enter a time, for example 09:30."}, **more
        )

    def clean(self, value: Any) -> Any:
        typed = super().clean(value).strip()
        found = CLOCK_TIME.fullmatch(typed)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError("Write the time by the clock, for example 09:30.")
        return time(int(found[1]), int(found[2]))


class NamesField(forms.CharField):
    """People, one on a line by service number or e-mail address, cleaned to the people. Whoever is not known is named with the line."""

    def __init__(self, *, rows: int = 4, **more: Any) -> None:
        box = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(widget=box, strip=False, max_length=MOST_CHARACTERS, **more)
        self.error_messages["max_length"] = "This list is too long for a room. Divide it."

    def clean(self, value: Any) -> Any:
        found, unknown = named_in(super().clean(value))
        if len(found) > MOST_NAMES:
            raise ValidationError(f"A room has at most {MOST_NAMES} people. Divide the list.")
        if unknown:
            raise ValidationError(
                [
                    f"Line {number}: nobody has the service number or address ‘{typed[:80]}’."
                    for number, typed in unknown[:5]
                ]
            )
        return found


class RoomForm(forms.Form):
    """A new room. Times are of one day; a sitting over midnight ends on the next."""

    assessment = forms.ModelChoiceField(
        label="Test",
        queryset=Assessment.objects.none(),
        empty_label="Choose a test",
        error_messages={"required": "Choose the test.", "invalid_choice": "Choose one of the tests in the list."},
    )
    place = forms.CharField(
        label="Place",
        max_length=PLACE_LENGTH,
        help_text="For example Hendon, room 12.",
        error_messages={"required": "Say where the room is, for example Hendon, room 12."},
    )
    day = DayField(label="Day", error_messages={"required": "Enter the day of the sitting, for example 22 11 2026."})
    opens = TimeField(label="Tests start from")
    closes = TimeField(label="until", help_text="Whoever starts before then has the whole time; nobody starts later.")
    invigilators = NamesField(
        label="Who invigilates",
        help_text=f"{ONE_A_LINE} They need no role, get a mail, and cannot be candidates of the room.",
        error_messages={"required": "Name at least one person who invigilates."},
    )
    expected = NamesField(
        label="Candidates expected (optional)",
        required=False,
        rows=6,
        help_text=f"{ONE_A_LINE} The room then shows who has not started. Whoever has the code may start, on the list or not.",
    )

    def __init__(self, *args: Any, assessments: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["assessment"].queryset = assessments  # type: ignore[attr-defined]
        self.fields["assessment"].label_from_instance = _title  # type: ignore[attr-defined]
        self.fields["day"].initial = clock.today()

    @property
    def times(self) -> tuple[datetime, datetime]:
        """From when and until when tests start, as moments."""
        given = self.cleaned_data
        zone = timezone.get_current_timezone()
        opens, closes = (datetime.combine(given["day"], given[name], zone) for name in ("opens", "closes"))
        return opens, closes


class InvigilatorForm(forms.Form):
    """One more person who invigilates."""

    invigilators = NamesField(
        label="Add who invigilates",
        rows=1,
        help_text=f"{ONE_A_LINE} They get a mail.",
        error_messages={"required": "Name whom to add."},
    )


class ExpectedForm(forms.Form):
    """The whole list of who is expected."""

    expected = NamesField(
        label="Candidates expected",
        required=False,
        rows=8,
        help_text=f"{ONE_A_LINE} The list as a whole: who is not on it is taken off.",
    )


class ReasonForm(forms.Form):
    """Why the clock is stopped or runs on; ``seen`` is the last line of the log on the page."""

    reason = forms.CharField(
        label="Why",
        max_length=REASON_LENGTH,
        help_text="A few words for the log, without details of anybody’s health or adjustments.",
        error_messages={
            "required": "Say why, in a few words. The reason stands in the log.",
            "max_length": f"Use at most {REASON_LENGTH} characters for the reason.",
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def seen_line(self) -> int | None:
        """The line seen, None where the page was forged or told none."""
        typed = self.cleaned_data.get("seen", "")
        return int(typed) if re.fullmatch(r"\d{1,18}", typed, re.ASCII) else None


class MinutesForm(ReasonForm):
    """So many minutes more, and why."""

    minutes = forms.CharField(
        label="Minutes to add",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "3"}),
        error_messages={"required": f"Add between 1 and {MOST_MINUTES} minutes."},
    )
    field_order = ("minutes", "reason", "seen")

    def clean_minutes(self) -> int:
        typed = str(self.cleaned_data["minutes"]).strip()
        if not WHOLE_NUMBER.fullmatch(typed) or not 0 < int(typed) <= MOST_MINUTES:
            raise ValidationError(f"Add between 1 and {MOST_MINUTES} minutes.")
        return int(typed)


class IncidentForm(forms.Form):
    """What happened, in the whole room or with one candidate."""

    about = forms.ModelChoiceField(
        label="About",
        queryset=Attempt.objects.none(),
        required=False,
        empty_label="The whole room",
        error_messages={"invalid_choice": "Choose the whole room or a candidate in the list."},
    )
    words = forms.CharField(
        label="What happened",
        max_length=INCIDENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=NO_CASES,
        error_messages={
            "required": "Write what happened.",
            "max_length": f"Use at most {INCIDENT_LENGTH} characters. Write a second entry for more.",
        },
    )

    def __init__(self, *args: Any, attempts: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["about"].queryset = attempts  # type: ignore[attr-defined]
        self.fields["about"].label_from_instance = _candidate  # type: ignore[attr-defined]


def _title(assessment: Assessment) -> str:
    """The newest version's title with the code; versions come newest first."""
    return f"{assessment.versions.all()[0].title} ({assessment.code})"


def _candidate(attempt: Attempt) -> str:
    officer: User = attempt.officer
    return f"{officer.name}, {officer.service_number}"
