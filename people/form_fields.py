"""Form fields that several apps ask with: a day in three boxes, a length in hours and minutes.

What was typed is shown again exactly as it was typed, also when it was no date or no number.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WHOLE_NUMBER = re.compile(r"\d{1,6}", re.ASCII)


def _number_box(width: int) -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": str(width)})


class DayInput(forms.MultiWidget):
    """Day, month and year: three text boxes named ``<field>_day``, ``_month``, ``_year``."""

    use_fieldset = True
    boxes = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({name: _number_box(width) for name, _, width in self.boxes}, attrs)

    def decompress(self, value: date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class DayField(forms.MultiValueField):
    """A calendar day. Months may be written as words; the year needs four figures."""

    widget = DayInput
    default_error_messages = {
        "required": "Enter the day it happened, for example 22 11 2026.",
        "incomplete": "Enter a day, a month and a year, for example 22 11 2026.",
        "invalid": "There is no such day. Enter a day, a month and a year, for example 22 11 2026.",
    }

    def __init__(self, **more: Any) -> None:
        boxes = tuple(forms.CharField(max_length=20, required=False) for _ in DayInput.boxes)
        super().__init__(boxes, require_all_fields=False, **more)

    def clean(self, value: list[Any] | date | None) -> date | None:
        if isinstance(value, date):
            return value
        day, month, year = (str(part or "").strip() for part in (value or ["", "", ""]))
        if not (day or month or year):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not (day and month and year):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        word = month[:3].lower()
        month = str(MONTHS.index(word) + 1) if word in MONTHS else month
        if not all(WHOLE_NUMBER.fullmatch(part) for part in (day, month, year)) or len(year) != 4:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        self.run_validators(found)
        return found

    def compress(self, data_list: list[Any]) -> date | None:
        return self.clean(data_list)


class HoursInput(forms.MultiWidget):
    """Hours and minutes: two text boxes named ``<field>_hours`` and ``<field>_minutes``."""

    use_fieldset = True
    boxes = (("hours", "Hours", 3), ("minutes", "Minutes", 3))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({name: _number_box(width) for name, _, width in self.boxes}, attrs)

    def decompress(self, value: int | None) -> list[str]:
        return ["", ""] if value is None else [str(value // 60), str(value % 60)]


class MinutesField(forms.MultiValueField):
    """A length of time, cleaned to whole minutes. An empty box counts as 0; 90 in the minutes is an hour and a half."""

    widget = HoursInput
    default_error_messages = {
        "required": "Enter how long it took, in hours and minutes.",
        "invalid": "Hours and minutes are whole numbers, for example 1 and 30.",
        "too_long": "Length must be 24 hours or less on one day.",
        "too_short": "Length must be at least one minute.",
    }

    def __init__(self, *, most: int = 24 * 60, **more: Any) -> None:
        self.most = most
        super().__init__(
            tuple(forms.CharField(max_length=20, required=False) for _ in HoursInput.boxes),
            require_all_fields=False,
            **more,
        )

    def clean(self, value: list[Any] | int | None) -> int | None:
        if isinstance(value, int):
            return value
        hours, minutes = (str(part or "").strip() for part in (value or ["", ""]))
        if not (hours or minutes):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not all(WHOLE_NUMBER.fullmatch(part) for part in (hours or "0", minutes or "0")):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        total = int(hours or 0) * 60 + int(minutes or 0)
        if total > self.most:
            raise ValidationError(self.error_messages["too_long"], code="too_long")
        if total < 1:
            raise ValidationError(self.error_messages["too_short"], code="too_short")
        self.run_validators(total)
        return total

    def compress(self, data_list: list[Any]) -> int | None:
        return self.clean(data_list)
