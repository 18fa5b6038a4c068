"""Django forms built from what a question type declares its author fills in (``question_types.authoring``). No type is named here.

Nothing is judged here: a definition is put together as far as it goes, and the type's own ``validate`` says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict

from assessments.admin.fields import NumberText, WordsField
from assessments.question_types.authoring import AuthorField, AuthorLines, Entry

FEW_CHOICES = 3


class RowForm(forms.Form):
    """One line of a list: an option, an accepted answer, a row of a blueprint. One left blank does not count."""

    # Fields that have a value in a line nobody touched.
    not_counted: frozenset[str] = frozenset()

    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in self.visible_names() if name not in self.not_counted)

    def visible_names(self) -> list[str]:
        return [bound.name for bound in self.visible_fields() if bound.name != "DELETE"]

    def entry(self) -> dict[str, Any]:
        """Return the line as the definition has it."""
        return {name: self.cleaned_data.get(name, "") for name in self.visible_names()}


class AskedRow(RowForm):
    """One line of a list that a type declares."""

    asked: tuple[AuthorField, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update({one.name: field_of(one) for one in self.asked})
        self.not_counted = frozenset(one.name for one in self.asked if one.entry in (Entry.CHOICE, Entry.TICK))

    def entry(self) -> dict[str, Any]:
        return {one.name: self.cleaned_data.get(one.name, "") for one in self.asked}


class RowSet(BaseFormSet):  # type: ignore[type-arg]
    """A list: rows that are blank or marked for removal do not count."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove this line when I save"

    def kept(self) -> list[RowForm]:
        """Return the rows that count, in order."""
        return [form for form in self.forms if not form.cleaned_data.get("DELETE") and not form.is_blank()]


class AskedForm(forms.Form):
    """The fields that a type declares, lists excepted."""

    def __init__(self, asked: Sequence[AuthorField], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update({one.name: field_of(one) for one in asked})


def field_of(asked: AuthorField) -> forms.Field:
    """Return the form field for one thing to fill in. Nothing is required here: what is missing, the type says."""
    more: dict[str, Any] = {"label": asked.label, "help_text": asked.hint}
    if asked.longest:
        more["max_length"] = asked.longest
    match asked.entry:
        case Entry.TICK:
            return forms.BooleanField(label=asked.label, help_text=asked.hint, required=False)
        case Entry.CHOICE:
            widget = forms.RadioSelect if len(asked.choices) <= FEW_CHOICES else forms.Select
            return forms.ChoiceField(
                label=asked.label,
                help_text=asked.hint,
                required=False,
                choices=asked.choices,
                widget=widget,
                initial=asked.begins_with or None,
            )
        case Entry.NUMBER:
            return NumberText(**more)
        case Entry.HIDDEN:
            return WordsField(widget=forms.HiddenInput)
        case Entry.LONG:
            return WordsField(long=True, **more)
        case _:
            return WordsField(**more)


def row_set(
    lines: AuthorLines,
    *,
    prefix: str = "",
    data: QueryDict | None = None,
    initial: Sequence[Mapping[str, Any]] | None = None,
) -> RowSet:
    """Return the rows of a list: as posted, as stored, or blank ones for a new question."""
    row = type("AskedRow", (AskedRow,), {"asked": lines.fields})
    kind = formset_factory(
        row,
        formset=RowSet,
        extra=lines.blank if initial is None else 0,
        can_delete=True,
        max_num=lines.most,
        absolute_max=lines.most,
    )
    return kind(data, prefix=prefix or lines.key, initial=initial)  # type: ignore[return-value]


def with_one_row_more(data: QueryDict, prefix: str, *, most: int) -> QueryDict:
    """Return what was posted with room for one row more in the list of that prefix, as far as there may be more."""
    more = data.copy()
    total = str(data.get(f"{prefix}-TOTAL_FORMS", ""))
    if total.isascii() and total.isdigit() and len(total) < 4:
        more[f"{prefix}-TOTAL_FORMS"] = str(min(int(total) + 1, most))
    return more
