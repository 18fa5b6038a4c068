"""What a judge fills in: a rating of each question, and what they would accept at all."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from assessments.standard_setting.reading import ItemLine

PERCENT = re.compile(r"[0-9]{1,3}", re.ASCII)
SENTENCE = "Enter a whole number from 0 to 100."
BOX = {"inputmode": "numeric", "autocomplete": "off", "data-width": "3"}


class PercentField(forms.CharField):
    """A whole number from 0 to 100, or None where nothing was typed. What is no number is shown again as it was typed."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput(attrs=BOX), **more)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip().rstrip("%").strip()
        if not text:
            return None
        if not PERCENT.fullmatch(text) or int(text) > 100:
            raise forms.ValidationError(SENTENCE)
        return int(text)


class RatingsForm(forms.Form):
    """One box for each question, named ``rating-<position>``; an empty one stays unrated."""

    def __init__(self, *args: Any, lines: list[ItemLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"rating-{line.position}"] = PercentField(
                label=f"Question {line.position}: how many of 100 who just pass answer it right?",
                initial=line.own_first if line.own is None else line.own,
            )

    @property
    def ratings(self) -> dict[int, int]:
        given = {int(name.partition("-")[2]): value for name, value in self.cleaned_data.items()}
        return {position: percent for position, percent in given.items() if percent is not None}


class CompromiseForm(forms.Form):
    """The pass marks and shares of fails a judge would accept at all; all four or none."""

    least_mark = PercentField(label="Lowest pass mark you would accept, in per cent")
    most_mark = PercentField(label="Highest pass mark you would accept, in per cent")
    least_fails = PercentField(label="Lowest share of fails you would accept, in per cent")
    most_fails = PercentField(label="Highest share of fails you would accept, in per cent")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and any(value is not None for value in cleaned.values()):
            for name in [name for name, value in cleaned.items() if value is None]:
                self.add_error(name, "Fill in all four, or none.")
        return cleaned

    @property
    def given(self) -> dict[str, tuple[int, int]] | None:
        """What ``accept_between`` takes, or None where nothing was filled in."""
        values = self.cleaned_data
        if values["least_mark"] is None:
            return None
        return {
            "marks": (values["least_mark"], values["most_mark"]),
            "fails": (values["least_fails"], values["most_fails"]),
        }
