"""What one type asks of its author, as forms: fields, lists, and for a type made of questions the questions inside it.

The same for a question and for a part of one, told apart by a prefix of the fields' names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from assessments import question_types
from assessments.admin.type_forms import AskedForm, RowForm, RowSet, row_set, with_one_row_more
from assessments.question_types import Problem
from assessments.question_types.authoring import ID, STEM, AuthorForm, AuthorLines, AuthorParts

ADD = "add:"
VOWELS = "aeiou"


@dataclass
class ListEditor:
    """One list of a type being written."""

    asked: AuthorLines
    rows: RowSet

    @property
    def add_act(self) -> str:
        return f"{ADD}{self.rows.prefix}"

    @property
    def add_words(self) -> str:
        return add_words(self.asked.word)

    @property
    def has_errors(self) -> bool:
        return self.rows.is_bound and (bool(self.rows.non_form_errors()) or any(self.rows.errors))

    def show(self, problem: Problem, rest: str) -> None:
        number, _dot, field = rest.partition(".")
        kept = self.rows.kept()
        if number.isdigit() and int(number) < len(kept):
            row = kept[int(number)]
            row.add_error(_name_in(row, field), problem.message)
        else:
            self.rows.non_form_errors().append(problem.message)


@dataclass
class TypeEditor:
    """What a type asks. ``prefix`` begins the names of a part's fields, '' for the question itself."""

    type: str
    prefix: str
    fields: AskedForm
    lists: list[ListEditor]
    parts: PartsEditor | None = None

    @property
    def has_errors(self) -> bool:
        below = self.parts is not None and self.parts.has_errors
        return bool(self.fields.errors) or any(one.has_errors for one in self.lists) or below

    @property
    def media(self) -> forms.Media:
        media = self.fields.media
        for one in self.lists:
            media += one.rows.empty_form.media
        return media if self.parts is None else media + self.parts.media

    def is_valid(self) -> bool:
        """Return whether everything can be taken at all; all is looked at, so that all is said."""
        parts = True if self.parts is None else self.parts.is_valid()
        return all([self.fields.is_valid(), *(one.rows.is_valid() for one in self.lists), parts])

    def values(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what was filled in: fields, and lines by the key of their list."""
        lines: dict[str, Any] = {one.asked.key: [row.entry() for row in one.rows.kept()] for one in self.lists}
        if self.parts is not None:
            lines[self.parts.asked.key] = self.parts.values()
        return dict(self.fields.cleaned_data), lines

    def put_together(self) -> dict[str, Any]:
        """Return the definition without its stem."""
        values, lines = self.values()
        return question_types.get(self.type).put_together(values, lines)

    def show(self, problem: Problem) -> bool:
        """Put a problem beside what it is about; return whether it is about anything here."""
        key, _dot, rest = problem.path.partition(".")
        if self.parts is not None and key == self.parts.asked.key:
            self.parts.show(problem, rest)
            return True
        for one in self.lists:
            if key == one.asked.key:
                one.show(problem, rest)
                return True
        name = _name_in(self.fields, problem.path)
        if name is not None:
            self.fields.add_error(name, problem.message)
        return name is not None


@dataclass
class PartEditor:
    """One question inside another: what its list asks of it and its stem, and what its type asks."""

    about: AskedForm
    inner: TypeEditor

    @property
    def type_label(self) -> str:
        return question_types.get(self.inner.type).label

    @property
    def is_removed(self) -> bool:
        return bool(self.about.cleaned_data.get("DELETE"))


@dataclass
class PartsEditor:
    """The questions inside one. ``prefix`` names their count, their fields and the type of one to be added."""

    asked: AuthorParts
    prefix: str
    items: list[PartEditor]
    error: str = ""

    @property
    def count_name(self) -> str:
        return f"{self.prefix}-TOTAL"

    @property
    def new_type_name(self) -> str:
        return f"{self.prefix}-new-type"

    @property
    def add_act(self) -> str:
        return f"{ADD}{self.prefix}"

    @property
    def add_words(self) -> str:
        return add_words(self.asked.word)

    @property
    def types(self) -> list[tuple[str, str]]:
        known = [name for name in question_types.names() if name in self.asked.types]
        return [(name, question_types.get(name).label) for name in known]

    @property
    def has_errors(self) -> bool:
        return bool(self.error) or any(part.about.errors or part.inner.has_errors for part in self.items)

    @property
    def media(self) -> forms.Media:
        media = forms.Media()
        for part in self.items:
            media += part.about.media + part.inner.media
        return media

    def is_valid(self) -> bool:
        seen = [(part.about.is_valid(), part.inner.is_valid()) for part in self.items]
        return all(about and inner for about, inner in seen)

    def kept(self) -> list[PartEditor]:
        return [part for part in self.items if not part.is_removed]

    def values(self) -> list[dict[str, Any]]:
        shapes = []
        for part in self.kept():
            values, lines = part.inner.values()
            about = {name: value for name, value in part.about.cleaned_data.items() if name != "DELETE"}
            shapes.append({"type": part.inner.type, "about": about, "values": values, "lines": lines})
        return shapes

    def show(self, problem: Problem, rest: str) -> None:
        number, _dot, below = rest.partition(".")
        kept = self.kept()
        if not (number.isdigit() and int(number) < len(kept)):
            self.error = problem.message
            return
        part = kept[int(number)]
        path = below.removeprefix("definition.")
        name = _name_in(part.about, path)
        if name is None and part.inner.show(Problem(path, problem.message)):
            return
        part.about.add_error(name, problem.message)


def type_editor(
    type_name: str,
    *,
    prefix: str = "",
    data: QueryDict | None = None,
    definition: Mapping[str, Any] | None = None,
    filled: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None,
) -> TypeEditor:
    """Return the forms of a type: blank, of a stored definition, of what a part is ``filled`` with, or of what was posted."""
    kind = question_types.get(type_name)
    form = kind.author_form()
    if definition is not None:
        filled = kind.filled_in(definition)
    values, lines = filled if filled is not None else ({}, {})
    return TypeEditor(
        type=type_name,
        prefix=prefix,
        fields=AskedForm(form.fields, data, initial=dict(values), prefix=prefix or None),
        lists=[
            ListEditor(
                one,
                row_set(
                    one,
                    prefix=_joined(prefix, one.key),
                    data=data,
                    initial=None if filled is None else [dict(line) for line in lines.get(one.key, ())],
                ),
            )
            for one in form.lines
        ],
        parts=_parts(form, prefix=prefix, data=data, lines=lines),
    )


def is_written_here(type_name: str) -> bool:
    """Return whether a type says what its author fills in."""
    return type_name in question_types.names() and bool(question_types.get(type_name).author_form())


def with_more(editor: TypeEditor, data: QueryDict, act: str) -> QueryDict:
    """Return what was posted with room for one more line, or one more question, where the button ``act`` asks for it."""
    parts = editor.parts
    if parts is not None and act == parts.add_act:
        wanted = str(data.get(parts.new_type_name, ""))
        more = data.copy()
        if wanted in [name for name, _label in parts.types] and len(parts.items) < parts.asked.most:
            number = len(parts.items)
            more[parts.count_name] = str(number + 1)
            more[f"{parts.prefix}-{number}-type"] = wanted
            for one in question_types.get(wanted).author_form().lines:
                more[f"{parts.prefix}-{number}-{one.key}-TOTAL_FORMS"] = str(one.blank)
                more[f"{parts.prefix}-{number}-{one.key}-INITIAL_FORMS"] = "0"
        return more
    for inner in [editor, *([part.inner for part in parts.items] if parts is not None else [])]:
        for listed in inner.lists:
            if act == listed.add_act:
                return with_one_row_more(data, str(listed.rows.prefix), most=listed.asked.most)
    return data


def add_words(word: str) -> str:
    """Return what the button says that adds one."""
    return f"Add {'an' if word[0] in VOWELS else 'a'} {word}"


def _parts(form: AuthorForm, *, prefix: str, data: QueryDict | None, lines: Mapping[str, Any]) -> PartsEditor | None:
    if form.parts is None:
        return None
    prefix = _joined(prefix, form.parts.key)
    items = []
    if data is None:
        for number, shape in enumerate(lines.get(form.parts.key, ())):
            here = f"{prefix}-{number}"
            about = _about(form.parts, prefix=here, initial=shape["about"])
            inner = type_editor(shape["type"], prefix=here, filled=(shape["values"], shape["lines"]))
            items.append(PartEditor(about, inner))
    else:
        for number in range(_posted_count(data, f"{prefix}-TOTAL", most=form.parts.most)):
            here = f"{prefix}-{number}"
            type_name = str(data.get(f"{here}-type", ""))
            if type_name in form.parts.types and type_name in question_types.names():
                about = _about(form.parts, prefix=here, data=data)
                items.append(PartEditor(about, type_editor(type_name, prefix=here, data=data)))
    return PartsEditor(form.parts, prefix, items)


def _about(
    asked: AuthorParts, *, prefix: str, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None
) -> AskedForm:
    form = AskedForm((ID, *asked.fields, STEM), data, initial=dict(initial or {}), prefix=prefix)
    form.fields["DELETE"] = forms.BooleanField(label=f"Remove this {asked.word} when I save", required=False)
    return form


def _posted_count(data: QueryDict, name: str, *, most: int) -> int:
    total = str(data.get(name, ""))
    return min(int(total), most) if total.isascii() and total.isdigit() and len(total) < 4 else 0


def _name_in(form: forms.Form | RowForm, path: str) -> str | None:
    """Return the field a path is about: its own, or that of the nearest thing above it."""
    shown = {bound.name for bound in form.visible_fields()}
    names = path.split(".")
    return next(
        (joined for size in range(len(names), 0, -1) if (joined := "_".join(names[:size])) in shown),
        None,
    )


def _joined(prefix: str, key: str) -> str:
    return f"{prefix}-{key}" if prefix else key
