"""Form fields of CPD: times from and to, several files, competencies of which some are folded away, an open question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.dateparse import parse_datetime

from cpd_records.activities import Seen
from cpd_records.activity_rules import ActivityRefused
from cpd_records.evidence_files import CheckedFile, checked_file

CLOCK_TIME = re.compile(r"(\d{1,2})[:.]?(\d{2})", re.ASCII)
LARGEST_SEQUENCE = 2**31 - 1


class TimesInput(forms.MultiWidget):
    """From and to: two text boxes named ``<field>_begins`` and ``<field>_ends``."""

    use_fieldset = True
    boxes = (("begins", "From", 4), ("ends", "To", 4))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        box = {"autocomplete": "off", "data-width": "4"}
        super().__init__({name: forms.TextInput(attrs=dict(box)) for name, _, _ in self.boxes}, attrs)

    def decompress(self, value: Any) -> list[str]:
        return ["", ""]


class TimesField(forms.MultiValueField):
    """Two times by the clock on the wall, cleaned to ``(begins, ends)``, or None where both boxes are empty."""

    widget = TimesInput
    default_error_messages = {
        "incomplete": "Enter both times, or neither.",
        "invalid": "Times are written as 09:30 and 17:45.",
    }

    def __init__(self, **more: Any) -> None:
        boxes = tuple(forms.CharField(max_length=20, required=False) for _ in TimesInput.boxes)
        super().__init__(boxes, require_all_fields=False, required=False, **more)

    def clean(self, value: list[Any] | tuple[time, time] | None) -> tuple[time, time] | None:
        if isinstance(value, tuple):
            return value
        typed = [str(part or "").strip() for part in (value or ["", ""])]
        if not any(typed):
            return None
        if not all(typed):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        begins, ends = (self._time(text) for text in typed)
        return begins, ends

    def compress(self, data_list: list[Any]) -> tuple[time, time] | None:
        return self.clean(data_list)

    def _time(self, text: str) -> time:
        found = CLOCK_TIME.fullmatch(text)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return time(int(found[1]), int(found[2]))


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files, cleaned to a list of ``CheckedFile``."""

    widget = SeveralFilesInput

    def clean(self, data: Iterable[UploadedFile] | UploadedFile | None, initial: Any = None) -> list[CheckedFile]:
        uploads: list[Any] = [] if not data else list(data) if isinstance(data, list | tuple) else [data]
        try:
            return [checked_file(upload) for upload in uploads]
        except ActivityRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class CompetenciesField(forms.MultipleChoiceField):
    """Checkboxes, of which all but the first two are folded away."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.template_name = "cpd_records/cpd_competencies_field.html"


class OpenQuestion(forms.TypedChoiceField):
    """Yes, no, or nothing said: cleaned to True, False or None."""

    def __init__(self, *, yes: str, no: str, **more: Any) -> None:
        widget = forms.RadioSelect(attrs={"data-small": "true"})
        choices = [("yes", yes), ("no", no), ("", "I do not say")]
        super().__init__(
            choices=choices,
            coerce=lambda value: value == "yes",
            empty_value=None,
            required=False,
            widget=widget,
            error_messages={"invalid_choice": "Choose one of these."},
            **more,
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value or ""


class SavedForm(forms.Form):
    """Abstract. A form that saves by itself: ``page`` and ``sequence`` say which save it is, ``seen_at`` what it was opened on."""

    page = forms.CharField(required=False, widget=forms.HiddenInput)
    sequence = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def seen(self, *, by_itself: bool = False) -> Seen:
        """Return what the page says of this save; what is forged or garbled counts as not said."""
        data = {name: str(self.data.get(name) or "") for name in ("page", "sequence", "seen_at")}
        return Seen(
            at=_moment(data["seen_at"]),
            page=_page(data["page"]),
            sequence=int(data["sequence"]) if re.fullmatch(r"[0-9]{1,9}", data["sequence"]) else 0,
            by_itself=by_itself,
        )

    def seen_now(self, moment: datetime | None) -> None:
        """Let the bound form, shown again, act on what is kept now: what was typed stays, what was seen moves."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["seen_at"] = moment_text(moment)
        self.data = data


def moment_text(moment: datetime | None) -> str:
    """Return a moment for a hidden field, to the microsecond; '' for none."""
    return moment.isoformat() if moment else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _page(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
