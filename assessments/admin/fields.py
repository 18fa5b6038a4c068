"""Fields that keep what an author writes as the question types want it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from wagtail.admin.widgets import AdminAutoHeightTextInput

from assessments.question_types.words import without_hidden, wrong_in


class WordsField(forms.CharField):
    """Words as they were typed, line breaks as one character; refused where ``words`` says so. Lengths are the type's to say."""

    def __init__(self, **more: Any) -> None:
        self.is_long = more.pop("long", False)
        if self.is_long:
            more.setdefault("widget", AdminAutoHeightTextInput)
        super().__init__(required=False, **more)
        # One sentence for what cannot be kept: Django's own about one such character would stand beside it.
        self.validators = [one for one in self.validators if not isinstance(one, ProhibitNullCharactersValidator)]

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: Any) -> None:
        super().validate(value)
        if reason := wrong_in(value):
            raise forms.ValidationError(reason)
        if not self.is_long and "\n" in value:
            raise forms.ValidationError("Write this on one line.")


class SearchField(WordsField):
    """Words to look for. Nothing is kept of them, so what cannot be seen is left out instead of refused."""

    def to_python(self, value: Any) -> str:
        return without_hidden(super().to_python(value))

    def validate(self, value: Any) -> None:
        """Take everything: whoever looks for a tag finds none."""


class NumberText(WordsField):
    """An exact number such as 1, 0.5, -0.5 or 1/3, kept as text; what is no number stays, for the type to refuse."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("−", "-").replace("–", "-").replace(" ", "")


class WholeNumber(forms.CharField):
    """A whole number, or None where nothing was typed. A text box, so that what is no number is shown again."""

    def __init__(self, *, sentence: str, **more: Any) -> None:
        self.sentence = sentence
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **more)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).replace(",", "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 8):
            raise forms.ValidationError(self.sentence)
        return int(text)
