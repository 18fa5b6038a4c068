"""The form of the five answers: what, when, how long, what kind, what was learned; on one day or on several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from cpd_records import activity_rules
from cpd_records.activities import Start
from cpd_records.activities.days import (
    EVERY_DAY,
    WEEKLY,
    WORKING_DAYS,
    days_between,
    minutes_between,
    minutes_over_midnight,
)
from cpd_records.activity_rules import ActivityRefused, DaysRefused
from cpd_records.form_fields import SavedForm, TimesField, moment_text
from cpd_records.models import Activity, ActivityKind, Competency, EthicalPrinciple, UnfinishedForm
from people.form_fields import DayField, MinutesField
from people.refused_forms import answer_refusal

Answer = TypeVar("Answer")

LENGTH_PRESETS = ((30, "30 min"), (45, "45 min"), (60, "1 h"), (120, "2 h"))
# How the form asks: for one day, for one that ran past midnight, for something that came again.
ONE_DAY, TWO_DAYS, SEVERAL_DAYS = "one", "two", "several"
REPEATS = ((EVERY_DAY, "Every day"), (WORKING_DAYS, "Monday to Friday"), (WEEKLY, "Once a week, on the same weekday"))
# What is kept of a half-written form, beside the boxes of its day, length and times.
KEPT = ("title", "kind", "learned", "start", "day_preset", "length_preset", "day_", "length_", "times_")


def asked(rule: Callable[..., Answer], *values: Any, **named: Any) -> Answer:
    """Return what a rule answers, or refuse as a form field does."""
    try:
        return rule(*values, **named)
    except ActivityRefused as refusal:
        raise ValidationError(str(refusal)) from refusal


def text_field(label: str, *, rows: int = 4, **more: Any) -> forms.CharField:
    """Return a field for words, kept as they were typed."""
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, **more)


def line_field(label: str, **more: Any) -> forms.CharField:
    """Return a field for a line of words, kept as it was typed."""
    widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, **more)


def kind_field(label: str = "What kind?") -> forms.ChoiceField:
    """Return the question what kind of learning it was."""
    return forms.ChoiceField(
        label=label,
        choices=ActivityKind.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose what kind of learning it was."},
    )


def offered(framework: type[Competency] | type[EthicalPrinciple], *, kept: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return code and title of what a force offers, and of what was chosen before; one query."""
    rows = framework.objects.values_list("code", "title", "is_active")
    chosen = set(kept)
    return [(code, title) for code, title, is_active in rows if is_active or code in chosen]


class OneDayForm(forms.Form):
    """What is answered of one day: title, kind, day and length, checked as the rules say. The fields are each form's own."""

    at: datetime

    @property
    def asks_long_day(self) -> bool:
        return "is_long_day" in self.errors or bool(self.is_bound and self.data.get("is_long_day"))

    def clean_title(self) -> str:
        return asked(activity_rules.checked_title, self.cleaned_data["title"])

    def clean_kind(self) -> str:
        return asked(activity_rules.checked_kind, self.cleaned_data["kind"])

    def clean_day(self) -> date:
        return asked(activity_rules.checked_day, self.cleaned_data["day"], at=self.at)

    def clean_is_long_day(self) -> bool:
        is_right: bool = self.cleaned_data["is_long_day"]
        if self.cleaned_data.get("length"):
            asked(activity_rules.checked_minutes, self.cleaned_data["length"], is_long_day=is_right)
        return is_right

    def refuse(self, refusal: activity_rules.ActivityRefused) -> None:
        answer_refusal(self, refusal)


class ActivityForm(SavedForm):
    """Five answers. Day and length have presets, which count where the boxes beside them are empty.

    ``asks_long_day``, ``asks_whether_another``, ``over_two_days`` and ``on_several_days`` say which further question the page shows.
    ``at`` is the present moment.
    """

    title = line_field("What did you do?")
    day_preset = forms.DateField(required=False, widget=forms.HiddenInput)
    day = DayField(label="When?", required=False, template_name="cpd_records/cpd_day_field.html")
    last_day = DayField(label="The last day", required=False)
    repeats = forms.ChoiceField(
        label="On which days?",
        choices=REPEATS,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose on which days it was."},
    )
    times = TimesField(label="Or from when to when", template_name="cpd_records/cpd_times_field.html")
    length_preset = forms.IntegerField(required=False, widget=forms.HiddenInput)
    length = MinutesField(label="How long?", required=False, template_name="cpd_records/cpd_length_field.html")
    length_next_day = MinutesField(label="How long on the next day?", required=False)
    is_long_day = forms.BooleanField(label="Yes, that is right", required=False)
    is_another = forms.BooleanField(label="Yes, this is another one", required=False)
    kind = kind_field()
    learned = text_field("What did you learn?", help_text="One sentence is enough.")
    client_token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    start = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, at: datetime, days: str = ONE_DAY, **more: Any) -> None:
        super().__init__(*args, **more)
        self.at = at
        self.today = timezone.localdate(at)
        self.days = days
        if days == TWO_DAYS:
            self.fields["day"].label = "When did it begin?"
            self.fields["length"].label = "How long on the first day?"
        else:
            del self.fields["length_next_day"]
        if days == SEVERAL_DAYS:
            self.fields["day"].label = "The first day"
            self.fields["length"].label = "How long on each day?"
        else:
            del self.fields["last_day"], self.fields["repeats"]
        if days != ONE_DAY:
            del self.fields["times"]

    @property
    def over_two_days(self) -> bool:
        return self.days == TWO_DAYS

    @property
    def on_several_days(self) -> bool:
        return self.days == SEVERAL_DAYS

    @property
    def saves_itself(self) -> bool:
        """Whether the page is kept by itself while somebody writes: one for several days is sent at once."""
        return self.days == ONE_DAY

    @property
    def asks_times(self) -> Any:
        """The field for times, where the form asks for one day; None elsewhere."""
        return self["times"] if "times" in self.fields else None

    @property
    def asks_long_day(self) -> bool:
        return "is_long_day" in self.errors or bool(self["is_long_day"].value())

    @property
    def asks_whether_another(self) -> bool:
        return "is_another" in self.errors or bool(self.is_bound and self.data.get("is_another"))

    @property
    def day_presets(self) -> list[tuple[str, str, bool]]:
        """Value, word and whether it is chosen, of the days that one tap fills in."""
        chosen = str(self["day_preset"].value() or "")
        days = ((self.today, "Today"), (self.today - timedelta(days=1), "Yesterday"))
        return [(day.isoformat(), word, day.isoformat() == chosen) for day, word in days]

    @property
    def length_presets(self) -> list[tuple[int, str, bool]]:
        chosen = str(self["length_preset"].value() or "")
        return [(minutes, word, str(minutes) == chosen) for minutes, word in LENGTH_PRESETS]

    @property
    def shows_length_boxes(self) -> bool:
        """Whether the boxes for another length are open: something is in them, or wrong with them."""
        names = [name for name in ("length", "times") if name in self.fields]
        values = [self[name].value() for name in names]
        filled = any(any(value) if isinstance(value, list | tuple) else value for value in values)
        return filled or any(self[name].errors for name in names)

    @property
    def is_too_long_for_a_day(self) -> bool:
        return self.has_error("length", "too_long")

    @property
    def may_have_passed_midnight(self) -> bool:
        """Whether both times were given and the end is the earlier one, as on a night shift."""
        times = self._times()
        return times is not None and times[1] < times[0]

    @property
    def answers(self) -> dict[str, Any]:
        """The five answers as the verbs take them; only of a valid form."""
        names = ("title", "day", "kind", "learned", "is_long_day")
        times = self.cleaned_data.get("times")
        begins, ends = times or (None, None)
        return {
            **{name: self.cleaned_data[name] for name in names},
            "minutes": self.cleaned_data["length"],
            "begins": begins,
            "ends": ends,
        }

    @property
    def answers_of_a_day(self) -> dict[str, Any]:
        """The answers that are the same on each of several days."""
        return {name: self.cleaned_data[name] for name in ("title", "kind", "learned", "is_long_day", "is_another")}

    @property
    def days_and_minutes(self) -> list[tuple[date, int]]:
        """The several days with the length of each."""
        minutes = self.cleaned_data["length"]
        return [(day, minutes) for day in self.cleaned_data["each_day"]]

    @property
    def two_days_and_minutes(self) -> list[tuple[date, int]]:
        """The day it began and the next, with the length on each."""
        first: date = self.cleaned_data["day"]
        return [
            (first, self.cleaned_data["length"]),
            (first + timedelta(days=1), self.cleaned_data["length_next_day"]),
        ]

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, as it was typed, for keeping a form that is not finished."""
        return {
            name: str(value)
            for name, value in self.data.items()
            if value and any(name == kept or (kept.endswith("_") and name.startswith(kept)) for kept in KEPT)
        }

    def clean_title(self) -> str:
        return asked(activity_rules.checked_title, self.cleaned_data["title"])

    def clean_kind(self) -> str:
        return asked(activity_rules.checked_kind, self.cleaned_data["kind"])

    def clean_learned(self) -> str:
        return asked(activity_rules.checked_learned, self.cleaned_data["learned"])

    def clean_day(self) -> date:
        day = self.cleaned_data["day"] or self.cleaned_data.get("day_preset")
        if day is None:
            raise ValidationError(DayField.default_error_messages["required"])
        if self.over_two_days:
            asked(activity_rules.checked_day, day + timedelta(days=1), at=self.at)
        return asked(activity_rules.checked_day, day, at=self.at)

    def clean_last_day(self) -> date:
        day = self.cleaned_data["last_day"]
        if day is None:
            raise ValidationError(DayField.default_error_messages["required"])
        return asked(activity_rules.checked_day, day, at=self.at)

    def clean_repeats(self) -> str:
        if not self.cleaned_data["repeats"]:
            raise ValidationError("Choose on which days it was.")
        return str(self.cleaned_data["repeats"])

    def clean_times(self) -> Any:
        times = self.cleaned_data["times"]
        return asked(activity_rules.checked_times, *times) if times else None

    def clean_length(self) -> int:
        minutes = self.cleaned_data["length"]
        times, day = self.cleaned_data.get("times"), self.cleaned_data.get("day")
        if minutes is None and times and day:
            minutes = asked(minutes_between, day, *times)
        minutes = minutes or self.cleaned_data.get("length_preset")
        if minutes is None and (self.has_error("times") or (times and self.has_error("day"))):
            return 0  # The times say it once they, or the day, are put right: one mistake has one sentence.
        return self._minutes("length", minutes)

    def clean_length_next_day(self) -> int:
        return self._minutes("length_next_day", self.cleaned_data["length_next_day"])

    def clean_is_long_day(self) -> bool:
        is_right: bool = self.cleaned_data["is_long_day"]
        longest = max(self.cleaned_data.get(name) or 0 for name in ("length", "length_next_day"))
        if longest:
            asked(activity_rules.checked_minutes, longest, is_long_day=is_right)
        return is_right

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last, repeats = cleaned.get("day"), cleaned.get("last_day"), cleaned.get("repeats")
        if self.on_several_days and first and last and repeats:
            try:
                cleaned["each_day"] = days_between(first, last, repeats=repeats)
            except ActivityRefused as refusal:
                self.add_error(refusal.field, str(refusal))
        return cleaned

    def _minutes(self, name: str, minutes: int | None) -> int:
        if minutes is None:
            raise ValidationError(MinutesField.default_error_messages["required"])
        return asked(activity_rules.checked_minutes, minutes, is_long_day=True)

    def refuse(self, refusal: ActivityRefused) -> None:
        """Show a refusal at the field it is about, or above the form where the page has no such field; of several days each."""
        for each in refusal.refusals if isinstance(refusal, DaysRefused) else (refusal,):
            answer_refusal(self, each)

    def asked_for(self, days: str) -> ActivityForm:
        """Return the same form, as typed, asking for several days."""
        left = ("length", "length_preset") if days == TWO_DAYS else ()
        typed = {name: self[name].value() for name in self.fields if name not in left}
        typed["day"] = typed["day"] if any(typed["day"] or ()) else self._preset_day()
        if days == TWO_DAYS:
            typed |= self._lengths_over_midnight()
        return ActivityForm(initial=typed, at=self.at, days=days)

    def _lengths_over_midnight(self) -> dict[str, int]:
        """Return the length on each of two days, where times from before midnight to after it say so."""
        times, day = self._times(), self.cleaned_data.get("day") if not self.errors.get("day") else None
        if times is None or day is None or times[1] >= times[0]:
            return {}
        try:
            first, second = minutes_over_midnight(day, *times)
        except ActivityRefused:
            return {}
        return {"length": first, "length_next_day": second} if second else {}

    def _times(self) -> tuple[time, time] | None:
        """Return the two times as they were typed, where they are two times; also where the form refuses them."""
        if "times" not in self.fields:
            return None
        try:
            times: tuple[time, time] | None = self.fields["times"].clean(self["times"].value())
        except ValidationError:
            return None
        return times

    def _preset_day(self) -> date | None:
        try:
            return date.fromisoformat(str(self["day_preset"].value() or ""))
        except ValueError:
            return None


def activity_form(*, at: datetime, start: Start | None = None, start_text: str = "") -> ActivityForm:
    """Return the form with a token of its own, filled in with what it is begun from."""
    answers = dict(start.answers) if start else {}
    return ActivityForm(initial={**answers, "client_token": uuid4(), "start": start_text}, at=at)


def unfinished_form(form: UnfinishedForm, *, at: datetime) -> ActivityForm:
    """Return a form that was half written, as it was typed."""
    fields: Mapping[str, str] = form.fields
    initial: dict[str, Any] = {name: fields.get(name, "") for name in ("title", "kind", "learned", "start")}
    for name, boxes in (
        ("day", ("day", "month", "year")),
        ("length", ("hours", "minutes")),
        ("times", ("begins", "ends")),
    ):
        initial[name] = [fields.get(f"{name}_{box}", "") for box in boxes]
    initial |= {name: fields.get(name, "") for name in ("day_preset", "length_preset")}
    return ActivityForm(initial={**initial, "client_token": form.token, "seen_at": moment_text(form.saved_at)}, at=at)


def change_form(activity: Activity, *, at: datetime) -> ActivityForm:
    """Return the form filled with what is logged."""
    initial = {
        **{name: getattr(activity, name) for name in ("title", "day", "kind", "learned")},
        "length": activity.minutes,
        "is_long_day": activity.minutes > activity_rules.A_LONG_DAY,
        "times": [f"{moment:%H:%M}" for moment in (activity.begins, activity.ends) if moment],
        "seen_at": moment_text(activity.changed_at),
    }
    return ActivityForm(initial=initial, at=at)
