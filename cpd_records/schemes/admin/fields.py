"""Fields of the screens about schemes: hours as figures, whole numbers, and which learning a rule means."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cpd_records.schemes.keeping import kinds_of_learning
from cpd_records.schemes.learning import Category
from cpd_records.schemes.words import QUALITY_WORDS, SOURCE_WORDS

MOST_HOURS = 10_000
YES, NO = "yes", "no"


class Figure(forms.DecimalField):
    """A number from 0 with at most two decimals; an empty one is 0. What was typed is shown again as it was typed."""

    widget = forms.TextInput

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(
            required=False,
            min_value=0,
            max_value=MOST_HOURS,
            max_digits=7,
            decimal_places=2,
            error_messages={
                "invalid": "This is a number, for example 30 or 7.5.",
                "min_value": "This is a number from 0.",
                "max_value": f"At most {MOST_HOURS:,}.",
                "max_digits": f"At most {MOST_HOURS:,}, with two decimals.",
                "max_whole_digits": f"At most {MOST_HOURS:,}.",
                "max_decimal_places": "At most two decimals, for example 7.5.",
            },
            **more,
        )

    def clean(self, value: Any) -> Decimal:
        return super().clean(value) or Decimal(0)


class Whole(forms.IntegerField):
    """A whole number between two; an empty one is 0."""

    def __init__(self, *, least: int = 0, most: int, **more: Any) -> None:
        sentence = f"A whole number from {least} to {most}."
        super().__init__(
            required=False,
            min_value=least,
            max_value=most,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"invalid": sentence, "min_value": sentence, "max_value": sentence},
            **more,
        )

    def clean(self, value: Any) -> int:
        return super().clean(value) or 0


def whole_minutes(hours: Decimal) -> int:
    """Return hours as minutes; refuse what is no whole minute."""
    minutes = hours * 60
    if minutes != minutes.to_integral_value():
        raise ValidationError("Write hours so that they come to whole minutes, for example 0.25 or 7.5.")
    return int(minutes)


class CategoryForm(forms.Form):
    """Which learning a row means: each choice narrows it, and with none it means everything."""

    source = forms.ChoiceField(label="From", required=False)
    kind = forms.ChoiceField(label="Kind", required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        sources: Any = self.fields["source"]
        sources.choices = [("", "Anywhere"), *((source.value, words) for source, words in SOURCE_WORDS.items())]
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", "Any"), *kinds_of_learning()]
        for name, (holds, fails) in QUALITY_WORDS.items():
            self.fields[name] = forms.ChoiceField(
                label=name.capitalize(),
                required=False,
                choices=[("", "Either"), (YES, holds.capitalize()), (NO, fails.capitalize())],
            )

    def category(self) -> dict[str, Any]:
        """Return what was chosen as the rules have it."""
        chosen = {name: self.cleaned_data.get(name) for name in ("source", "kind") if self.cleaned_data.get(name)}
        answers = {name: self.cleaned_data.get(name) for name in QUALITY_WORDS}
        return {**chosen, **{name: answer == YES for name, answer in answers.items() if answer}}

    @staticmethod
    def initial_of(category: Category) -> dict[str, Any]:
        return {
            name: (YES if value else NO) if isinstance(value, bool) else str(value)
            for name, value in category.tests.items()
        }
