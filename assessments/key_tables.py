"""What a question's definition says beside its stem, as tables: the fields its author filled in, under the same labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments import question_types
from assessments.question_types.authoring import AuthorField, Entry


@dataclass(frozen=True)
class KeyList:
    """One list: its title, the labels of its columns, and its rows."""

    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class KeyTables:
    """The fields with their labels, the lists, and the same of each question inside."""

    title: str
    stem: str
    fields: tuple[tuple[str, str], ...]
    lists: tuple[KeyList, ...]
    parts: tuple[KeyTables, ...] = ()


def key_tables(type_name: str, definition: Mapping[str, Any]) -> KeyTables | None:
    """Return the tables of a definition; None for a type whose author fills in nothing that could be shown."""
    kind = question_types.get(type_name) if type_name in question_types.names() else None
    if kind is None or not kind.author_form():
        return None
    return _tables(type_name, *kind.filled_in(definition))


def _tables(
    type_name: str,
    values: Mapping[str, Any],
    lines: Mapping[str, Any],
    about: tuple[tuple[str, str], ...] = (),
    *,
    title: str = "",
    stem: str = "",
) -> KeyTables:
    form = question_types.get(type_name).author_form()
    fields = tuple((_label(one), _said(one, values.get(one.name))) for one in form.fields)
    lists = []
    for asked in form.lines:
        shown = [one for one in asked.fields if one.entry != Entry.HIDDEN]
        rows = tuple(tuple(_said(one, line.get(one.name)) for one in shown) for line in lines.get(asked.key, ()))
        if rows:
            lists.append(KeyList(_without_optional(asked.title), tuple(_label(one) for one in shown), rows))
    parts = []
    if form.parts is not None:
        for number, shape in enumerate(lines.get(form.parts.key, ()), start=1):
            around = tuple((_label(one), _said(one, shape["about"].get(one.name))) for one in form.parts.fields)
            label = question_types.get(shape["type"]).label
            parts.append(
                _tables(
                    shape["type"],
                    shape["values"],
                    shape["lines"],
                    around,
                    title=f"{form.parts.word.capitalize()} {number}: {label}",
                    stem=shape["about"]["stem"],
                )
            )
    told = tuple((label, said) for label, said in (*about, *fields) if said)
    return KeyTables(title, stem, told, tuple(lists), tuple(parts))


def _label(asked: AuthorField) -> str:
    return _without_optional(asked.label)


def _without_optional(label: str) -> str:
    return label.removesuffix(" (optional)")


def _said(asked: AuthorField, value: Any) -> str:
    if asked.entry == Entry.TICK:
        return "Yes" if value else "No"
    if asked.entry == Entry.CHOICE:
        return dict(asked.choices).get(str(value), "")
    return "" if value is None else str(value)
