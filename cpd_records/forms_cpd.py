"""The forms of CPD: five answers, the officer's own page, whom to hand it in to, why it comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from cpd_records import activity_rules
from cpd_records.activity_rules import ActivityRefused
from cpd_records.evidence_files import ACCEPTED, CheckedFile, checked_file
from cpd_records.models import Activity, ActivityKind, Competency, EthicalPrinciple
from cpd_records.verifiers import find_verifier
from people.form_fields import DayField, MinutesField
from people.models import User, display_name

Answer = TypeVar("Answer")

LENGTH_PRESETS = ((30, "30 min"), (45, "45 min"), (60, "1 h"), (120, "2 h"))
# On a phone the two that officers link most often stand first; the others are one tap away.
FIRST = 2
SOMEBODY_ELSE = "somebody-else"


def _asked(rule: Callable[..., Answer], *values: Any, **named: Any) -> Answer:
    """Return what a rule answers, or refuse as a form field does."""
    try:
        return rule(*values, **named)
    except ActivityRefused as refusal:
        raise ValidationError(str(refusal)) from refusal


def _text(label: str, *, rows: int = 4, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, **more)


class ActivityForm(forms.Form):
    """Five answers. Day and length have presets, which count where the boxes beside them are empty.

    ``asks_long_day`` and ``over_two_days`` say which further question the page shows. ``at`` is the present moment.
    """

    title = forms.CharField(
        label="What did you do?",
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    day_preset = forms.DateField(required=False, widget=forms.HiddenInput)
    day = DayField(label="When?", required=False, template_name="cpd_records/cpd_day_field.html")
    length_preset = forms.IntegerField(required=False, widget=forms.HiddenInput)
    length = MinutesField(label="How long?", required=False, template_name="cpd_records/cpd_length_field.html")
    length_next_day = MinutesField(label="How long on the next day?", required=False)
    is_long_day = forms.BooleanField(label="Yes, that is right", required=False)
    kind = forms.ChoiceField(
        label="What kind?",
        choices=ActivityKind.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose what kind of learning it was."},
    )
    learned = _text("What did you learn?", help_text="One sentence is enough.")
    client_token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    changed_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, at: datetime, two_days: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.at = at
        self.today = timezone.localdate(at)
        self.over_two_days = two_days
        if two_days:
            self.fields["day"].label = "When did it begin?"
            self.fields["length"].label = "How long on the first day?"
        else:
            del self.fields["length_next_day"]

    @property
    def asks_long_day(self) -> bool:
        return "is_long_day" in self.errors or bool(self.is_bound and self.data.get("is_long_day"))

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
        value = self["length"].value()
        return bool(self["length"].errors or (any(value) if isinstance(value, list) else value))

    @property
    def is_too_long_for_a_day(self) -> bool:
        return self.has_error("length", "too_long")

    @property
    def answers(self) -> dict[str, Any]:
        """The five answers as the verbs take them; only of a valid form."""
        names = ("title", "day", "kind", "learned", "is_long_day")
        return {**{name: self.cleaned_data[name] for name in names}, "minutes": self.cleaned_data["length"]}

    def clean_title(self) -> str:
        return _asked(activity_rules.checked_title, self.cleaned_data["title"])

    def clean_kind(self) -> str:
        return _asked(activity_rules.checked_kind, self.cleaned_data["kind"])

    def clean_learned(self) -> str:
        return _asked(activity_rules.checked_learned, self.cleaned_data["learned"])

    def clean_day(self) -> date:
        day = self.cleaned_data["day"] or self.cleaned_data.get("day_preset")
        if day is None:
            raise ValidationError(DayField.default_error_messages["required"])
        if self.over_two_days:
            _asked(activity_rules.checked_day, day + timedelta(days=1), at=self.at)
        return _asked(activity_rules.checked_day, day, at=self.at)

    def clean_length(self) -> int:
        return self._minutes("length", self.cleaned_data["length"] or self.cleaned_data.get("length_preset"))

    def clean_length_next_day(self) -> int:
        return self._minutes("length_next_day", self.cleaned_data["length_next_day"])

    def clean_is_long_day(self) -> bool:
        is_right: bool = self.cleaned_data["is_long_day"]
        longest = max(self.cleaned_data.get(name) or 0 for name in ("length", "length_next_day"))
        if longest:
            _asked(activity_rules.checked_minutes, longest, is_long_day=is_right)
        return is_right

    def _minutes(self, name: str, minutes: int | None) -> int:
        if minutes is None:
            raise ValidationError(MinutesField.default_error_messages["required"])
        return _asked(activity_rules.checked_minutes, minutes, is_long_day=True)

    def asked_for_two_days(self) -> ActivityForm:
        """Return the same form, as typed, with a length for each of two days."""
        typed = {name: self[name].value() for name in self.fields if name not in ("length", "length_preset")}
        typed["day"] = typed["day"] if any(typed["day"] or ()) else self._preset_day()
        return ActivityForm(initial=typed, at=self.at, two_days=True)

    def _preset_day(self) -> date | None:
        try:
            return date.fromisoformat(str(self["day_preset"].value() or ""))
        except ValueError:
            return None


def activity_form(*, at: datetime) -> ActivityForm:
    """Return the empty form with a token of its own."""
    return ActivityForm(initial={"client_token": uuid4()}, at=at)


def change_form(activity: Activity, *, at: datetime) -> ActivityForm:
    """Return the form filled with what is logged."""
    initial = {
        **{name: getattr(activity, name) for name in ("title", "day", "kind", "learned")},
        "length": activity.minutes,
        "changed_at": _moment(activity.changed_at),
    }
    return ActivityForm(initial=initial, at=at)


def seen_now(form: forms.Form, activity: Activity) -> None:
    """Let a bound form, shown again, act on the activity as it is now: what was typed stays, what was seen moves."""
    data = form.data.copy()  # type: ignore[attr-defined]
    data["changed_at"] = _moment(activity.changed_at)
    data["reflected_at"] = _moment(activity.reflected_at)
    form.data = data


def _moment(moment: datetime | None) -> str:
    """Return a moment for a hidden field, to the microsecond; '' for none."""
    return moment.isoformat() if moment else ""


def offered(framework: type[Competency] | type[EthicalPrinciple], *, kept: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return code and title of what a force offers, and of what was chosen before; one query."""
    rows = framework.objects.values_list("code", "title", "is_active")
    chosen = set(kept)
    return [(code, title) for code, title, is_active in rows if is_active or code in chosen]


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files, cleaned to a list of ``CheckedFile``."""

    widget = SeveralFilesInput

    def clean(self, data: Iterable[UploadedFile] | UploadedFile | None, initial: Any = None) -> list[CheckedFile]:
        uploads = [] if not data else list(data) if isinstance(data, list | tuple) else [data]
        return [_asked(checked_file, upload) for upload in uploads]


class CompetenciesField(forms.MultipleChoiceField):
    """Checkboxes, of which the last four are folded away."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.template_name = "cpd_records/cpd_competencies_field.html"


class ReflectionForm(forms.Form):
    """The officer's own page. Everything may be left empty."""

    reflection = _text("What will you do differently?")
    helps = _text(
        "Who or what does it help?", rows=2, help_text="A colleague, a victim, the public, your own practice."
    )
    competencies = CompetenciesField(
        label="Link it to a competency",
        required=False,
        error_messages={"invalid_choice": "Choose competencies from the list."},
        widget=forms.CheckboxSelectMultiple,
    )
    evidence = SeveralFilesField(
        label="Evidence",
        required=False,
        help_text="Photo, PDF or Office file, up to 10 MB. We remove the location from photos.",
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED}),
    )
    reflected_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kept: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["competencies"]
        field.choices = offered(Competency, kept=kept)

    def clean_reflection(self) -> str:
        return _asked(activity_rules.checked_reflection, self.cleaned_data["reflection"])

    def clean_helps(self) -> str:
        return _asked(activity_rules.checked_reflection, self.cleaned_data["helps"])

    @property
    def shows_every_competency(self) -> bool:
        """Whether one that is folded away is chosen."""
        field: Any = self.fields["competencies"]
        return bool(set(self["competencies"].value() or ()) - {code for code, _title in field.choices[:FIRST]})

    @property
    def written(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reflection", "helps", "competencies")}


def reflection_form(activity: Activity) -> ReflectionForm:
    names = ("reflection", "helps", "competencies")
    initial = {name: getattr(activity, name) for name in names}
    return ReflectionForm(
        initial={**initial, "reflected_at": _moment(activity.reflected_at)}, kept=activity.competencies
    )


class VerifierForm(forms.Form):
    """Whom to hand an activity in to: one of the officer's supervisors, or a named other person; cleans to ``chosen``."""

    verifier = forms.ChoiceField(
        label="Your supervisors",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose who verifies it.",
            "invalid_choice": "That person does not supervise you now. Choose again.",
        },
    )
    other_verifier = forms.CharField(
        label="E-mail address or service number of another supervisor",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, officer: User, supervisors: list[User], **more: Any) -> None:
        super().__init__(*args, **more)
        self.officer = officer
        self.people = {str(person.public_id): person for person in supervisors}
        choices = [(key, display_name(person)) for key, person in self.people.items()]
        field: Any = self.fields["verifier"]
        field.choices = [*choices, (SOMEBODY_ELSE, "Somebody else")]
        if not choices:
            field.label = "Nobody supervises you today"
            field.initial = SOMEBODY_ELSE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        key = cleaned.get("verifier")
        if key == SOMEBODY_ELSE:
            try:
                self.chosen = find_verifier(cleaned.get("other_verifier") or "", officer=self.officer)
            except ActivityRefused as refusal:
                self.add_error("other_verifier", str(refusal))
        elif key:
            self.chosen = self.people[key]
        return cleaned


class ReturnForm(forms.Form):
    """Why an activity goes back to the officer."""

    reason = _text("What is missing?", rows=3, help_text="The officer reads this.")

    def clean_reason(self) -> str:
        return _asked(activity_rules.checked_reason, self.cleaned_data["reason"])
