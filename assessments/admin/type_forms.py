"""What an author fills in for each question type, and how it becomes the type's definition. A type joins by a form in ``FORMS``.

Nothing is judged here: a definition is put together as far as it goes, and the type's own ``validate`` says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict

from assessments.admin.fields import NumberText, WordsField

MOST_ROWS = 30
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class RowForm(forms.Form):
    """One line of a list: an option, an accepted answer, a near answer. One left blank does not count."""

    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in self.visible_names())

    def visible_names(self) -> list[str]:
        return [bound.name for bound in self.visible_fields() if bound.name != "DELETE"]

    def entry(self) -> dict[str, Any]:
        """Return the line as the definition has it."""
        return {name: self.cleaned_data.get(name, "") for name in self.visible_names()}


class OptionRow(RowForm):
    id = WordsField(widget=forms.HiddenInput)
    text = WordsField(label="Option", long=True)
    fraction = NumberText(label="Worth", help_text="1 is right. Empty or 0 is wrong. A part is 0.5 or 1/3.")
    feedback = WordsField(label="Feedback", long=True, help_text="Say why, also when it is right.")

    def entry(self) -> dict[str, Any]:
        words = super().entry()
        return {"id": self.cleaned_data.get("id", ""), **words, "fraction": words["fraction"] or "0"}


class NearRow(RowForm):
    value = NumberText(label="Wrong value")
    fraction = NumberText(label="Worth", help_text="From 0 up to, not including, 1. Empty is 0.")
    feedback = WordsField(label="Feedback", long=True, help_text="Say what mistake leads to this value.")

    def entry(self) -> dict[str, Any]:
        words = super().entry()
        return {**words, "fraction": words["fraction"] or "0"}


class AcceptedRow(RowForm):
    text = WordsField(label="Accepted answer", help_text="Capitals and punctuation do not matter.")
    fraction = NumberText(label="Worth", help_text="1 is full marks, 0.5 half of them.")
    feedback = WordsField(label="Feedback", long=True)


class RowSet(BaseFormSet):  # type: ignore[type-arg]
    """The list of one type: rows that are blank or marked for removal do not count."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove this line when I save"

    def kept(self) -> list[RowForm]:
        """Return the rows that count, in order."""
        return [form for form in self.forms if not form.cleaned_data.get("DELETE") and not form.is_blank()]


class TypeForm(forms.Form):
    """What one type asks beside the stem. ``rows_key`` is where its list stands in the definition, '' where it has none."""

    rows_key = ""
    row_form: type[RowForm] = RowForm
    rows_title = ""
    row_word = ""
    blank_rows = 0

    @classmethod
    def initial_of(cls, definition: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the fields show of a stored definition."""
        return {name: definition[name] for name in cls.base_fields if name in definition}

    def parts(self, rows: Sequence[RowForm]) -> dict[str, Any]:
        """Return the definition without its stem."""
        # Said by each type's form. Django's forms have a metaclass of their own, so this cannot be an abstract method.
        raise NotImplementedError


class Verdicts(TypeForm):
    """Two texts of feedback, for right and for wrong."""

    feedback_right = WordsField(label="Feedback when right", long=True)
    feedback_wrong = WordsField(label="Feedback when wrong", long=True)

    @classmethod
    def initial_of(cls, definition: Mapping[str, Any]) -> dict[str, Any]:
        told = {f"feedback_{verdict}": text for verdict, text in definition["feedback"].items()}
        return {**super().initial_of(definition), **told}

    def verdicts(self) -> dict[str, str]:
        return {verdict: self.cleaned_data.get(f"feedback_{verdict}", "") for verdict in ("right", "wrong")}


class Choices(TypeForm):
    """Options, in an order of the attempt's own unless theirs is natural."""

    keep_order = forms.BooleanField(
        label="Keep the options in this order",
        required=False,
        help_text="For options with a natural order, such as times. Otherwise everybody gets an order of their own.",
    )
    rows_key = "options"
    row_form = OptionRow
    rows_title = "Options"
    row_word = "option"
    blank_rows = 4

    @classmethod
    def initial_of(cls, definition: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().initial_of(definition), "keep_order": definition.get("shuffle") is False}

    def parts(self, rows: Sequence[RowForm]) -> dict[str, Any]:
        options = with_ids([row.entry() for row in rows])
        return {"options": options, **({"shuffle": False} if self.cleaned_data.get("keep_order") else {})}


class SingleChoiceForm(Choices):
    pass


class MultipleResponseForm(Choices):
    choose = WordsField(
        label="How many to choose", help_text="As many as are right. The worths of the right ones add up to 1."
    )
    partial = forms.BooleanField(
        label="Give part of the marks for part of the answer",
        required=False,
        help_text="Wrong options then take marks away: give each a worth below 0, such as -0.5.",
    )
    field_order = ["choose", "partial", "keep_order"]

    def parts(self, rows: Sequence[RowForm]) -> dict[str, Any]:
        choose = self.cleaned_data.get("choose", "")
        is_whole = choose.isascii() and choose.isdigit() and len(choose) < 4
        partial = {"partial": True} if self.cleaned_data.get("partial") else {}
        return {**super().parts(rows), "choose": int(choose) if is_whole else choose, **partial}


class TrueFalseForm(Verdicts):
    answer = forms.ChoiceField(
        label="The statement is",
        choices=[("true", "True"), ("false", "False")],
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ["answer"]

    @classmethod
    def initial_of(cls, definition: Mapping[str, Any]) -> dict[str, Any]:
        return {**super().initial_of(definition), "answer": "true" if definition["answer"] else "false"}

    def parts(self, rows: Sequence[RowForm]) -> dict[str, Any]:
        answer = {"true": True, "false": False}.get(self.cleaned_data.get("answer", ""))
        return {"answer": answer, "feedback": self.verdicts()}


class NumberForm(Verdicts):
    answer = NumberText(label="Right answer", help_text="In figures, such as 24 or 1.5.")
    tolerance = NumberText(
        label="Tolerance (optional)", help_text="Answers this far away, above or below, are right too."
    )
    unit = WordsField(label="Unit", help_text="Shown beside the box, such as ‘hours from arrival’.")
    field_order = ["answer", "tolerance", "unit"]
    rows_key = "near"
    row_form = NearRow
    rows_title = "Wrong values worth a word of their own (optional)"
    row_word = "wrong value"
    blank_rows = 1

    def parts(self, rows: Sequence[RowForm]) -> dict[str, Any]:
        told = {name: self.cleaned_data.get(name, "") for name in ("answer", "unit", "tolerance")}
        if not told["tolerance"]:
            del told["tolerance"]
        near = {"near": [row.entry() for row in rows]} if rows else {}
        return {**told, **near, "feedback": self.verdicts()}


class ShortTextForm(TypeForm):
    otherwise = WordsField(label="Feedback for every other answer", long=True)
    rows_key = "accept"
    row_form = AcceptedRow
    rows_title = "Accepted answers"
    row_word = "accepted answer"
    blank_rows = 2

    def parts(self, rows: Sequence[RowForm]) -> dict[str, Any]:
        return {"accept": [row.entry() for row in rows], "otherwise": self.cleaned_data.get("otherwise", "")}


FORMS: dict[str, type[TypeForm]] = {
    "single_choice": SingleChoiceForm,
    "multiple_response": MultipleResponseForm,
    "true_false": TrueFalseForm,
    "number": NumberForm,
    "short_text": ShortTextForm,
}


def with_ids(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each new option a letter; those that had an id keep it, so that versions can be compared."""
    used = {option["id"] for option in options}
    free = (letter for letter in LETTERS if letter not in used)
    return [{**option, "id": option["id"] or next(free, "")} for option in options]


def row_set(
    form: type[TypeForm], *, data: QueryDict | None = None, initial: Sequence[Mapping[str, Any]] | None = None
) -> RowSet | None:
    """Return the rows of a type: as posted, as stored, or blank ones for a new question; None where the type has none."""
    if not form.rows_key:
        return None
    kind = formset_factory(
        form.row_form,
        formset=RowSet,
        extra=form.blank_rows if initial is None else 0,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
    )
    return kind(data, prefix=form.rows_key, initial=initial)  # type: ignore[return-value]


def with_one_row_more(data: QueryDict, prefix: str) -> QueryDict:
    """Return what was posted with room for one row more, as far as there may be more."""
    more = data.copy()
    total = str(data.get(f"{prefix}-TOTAL_FORMS", ""))
    if total.isascii() and total.isdigit() and len(total) < 4:
        more[f"{prefix}-TOTAL_FORMS"] = str(min(int(total) + 1, MOST_ROWS))
    return more
