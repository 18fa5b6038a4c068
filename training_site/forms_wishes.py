"""How somebody wishes to be reminded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


def _in_words(days: int) -> str:
    return "On the day it ends" if days == 0 else f"{days} days before" if days > 1 else "The day before"


class WishForm(forms.Form):
    """By mail or not, on which of the force's days, about oneself and about one's team, with a calendar file or without."""

    by_mail = forms.BooleanField(label="Remind me by mail", required=False)
    own_days = forms.TypedMultipleChoiceField(
        label="About what I must hold", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    team_days = forms.TypedMultipleChoiceField(
        label="About people I supervise", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    with_calendar = forms.BooleanField(label="Add a calendar file", required=False)

    def __init__(self, *args: Any, days: Iterable[int], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(day, _in_words(day)) for day in days]
        for name in ("own_days", "team_days"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
