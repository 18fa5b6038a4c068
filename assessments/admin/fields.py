"""Fields that keep what an author writes as the question types want it."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from wagtail.admin.widgets import AdminAutoHeightTextInput


class WordsField(forms.CharField):
    """Words as they were typed: line breaks as one character, without characters that no reader sees. Lengths are the type's to say."""

    def __init__(self, **more: Any) -> None:
        self.is_long = more.pop("long", False)
        if self.is_long:
            more.setdefault("widget", AdminAutoHeightTextInput)
        super().__init__(required=False, **more)

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        allowed = "\n\t" if self.is_long else ""
        return "".join(
            letter for letter in text if letter in allowed or unicodedata.category(letter) not in ("Cc", "Cs")
        )


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
