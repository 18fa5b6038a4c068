"""What supervisors and administrators post about pairings, and tutors after a shift."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from courses.models.tutoring import WORDS_LENGTH
from courses.programmes.forms import NO_CASES
from courses.programmes.refusals import REASON_LENGTH
from courses.tutoring.headings import Heading
from courses.tutoring.notes import WENT_WELL, WHAT_NEXT, Said
from courses.tutoring.rules import began_on
from people import clock
from people.finding import people_named
from people.form_fields import DayField
from people.models import User


def _words(label: str, *, missing: str, most: int, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        error_messages={
            "required": missing,
            "max_length": "That is too long: %(limit_value)s characters fit. Shorten it.",
        },
        **more,
    )


class PairingForm(forms.Form):
    """With whom, from when until when, and why these two; ``seen`` is what stood on the page."""

    tutor = forms.CharField(
        label="Tutor",
        help_text="Service number or e-mail address. We check that they are in date as a tutor before pairing.",
        error_messages={"required": "Enter the tutor’s service number or e-mail address."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    on = DayField(label="First day", error_messages={"required": "Enter the first day, for example 5 1 2027."})
    until = DayField(label="Last day", error_messages={"required": "Enter the last day, for example 15 3 2027."})
    reason = _words(
        "Why these two", missing="Say why these two, in a sentence.", most=REASON_LENGTH, help_text=NO_CASES
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_tutor(self) -> User:
        found = people_named(self.cleaned_data["tutor"]).first()
        if found is None:
            raise forms.ValidationError("Nobody is known by that. Check the service number or e-mail address.")
        return found


class EndPairingForm(forms.Form):
    """The last day, and why."""

    last_day = DayField(
        label="Last day together",
        help_text="A day before the first says that it never began.",
        error_messages={"required": "Enter the last day, for example 15 3 2027."},
    )
    reason = _words("Why", missing="Say why it ends, in a sentence.", most=REASON_LENGTH, help_text=NO_CASES)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["last_day"].initial = clock.today()


class ShiftNoteForm(forms.Form):
    """The note of a shift. The day has two presets, which count where the boxes beside them are empty."""

    day_preset = forms.DateField(required=False, widget=forms.HiddenInput)
    day = DayField(label="Which shift?", required=False, template_name="cpd_records/cpd_day_field.html")
    went_well = _words("What went well?", missing=WENT_WELL, most=WORDS_LENGTH)
    what_next = _words("What next?", missing=WHAT_NEXT, most=WORDS_LENGTH)
    headings = forms.MultipleChoiceField(
        label="What did the shift touch?",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-small": "true"}),
        error_messages={"invalid_choice": "Choose from the list."},
    )
    client_token = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": "The page did not say which note this is. Open it again.",
            "invalid": "The page did not say which note this is. Open it again.",
        },
    )
    field_order = ["day_preset", "day", "went_well", "what_next", "headings", "reason", "client_token"]

    def __init__(self, *args: Any, at: datetime, headings: tuple[Heading, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        self.now = timezone.localtime(at)
        self.fields["headings"].choices = [(one.code, one.title) for one in headings]  # type: ignore[attr-defined]
        if not headings:
            del self.fields["headings"]
        self.fields["client_token"].initial = uuid4
        self.fields["day"].help_text = "The day on which the shift began."
        if self.initial.get("day") is None:
            self.fields["day_preset"].initial = began_on(self.now).isoformat()

    @property
    def day_presets(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen, of the days that one tap fills in: the likelier one first."""
        picked = str(self["day_preset"].value() or "")
        today = self.now.date()
        yesterday, likely = today - timedelta(days=1), began_on(self.now)
        words = {
            today: f"Today, {today:%A}",
            yesterday: f"{'Last night' if likely == yesterday else 'Yesterday'}, {yesterday:%A}",
        }
        days = (yesterday, today) if likely == yesterday else (today, yesterday)
        return [(day.isoformat(), words[day], day.isoformat() == picked) for day in days]

    @property
    def said(self) -> Said:
        """What a valid form says."""
        given = self.cleaned_data
        return Said(given["day"], given["went_well"], given["what_next"], given.get("headings", ()))

    def clean_day(self) -> date:
        day: date | None = self.cleaned_data["day"] or self.cleaned_data.get("day_preset")
        if day is None:
            raise forms.ValidationError("Say which shift: the day on which it began, for example 27 11 2026.")
        return day


class CorrectNoteForm(ShiftNoteForm):
    """The note again as it should read, and what was wrong."""

    reason = _words(
        "What was wrong with the note?", missing="Say what was wrong with the note.", most=REASON_LENGTH, rows=2
    )


class WithdrawNoteForm(forms.Form):
    """Why a note is withdrawn."""

    reason = _words(
        "Why is it withdrawn?",
        missing="Say why the note is withdrawn, in a sentence.",
        most=REASON_LENGTH,
        rows=2,
        help_text="The recruit reads this. Repeat nothing of what the note said.",
    )
