"""One question being written: the fields every question has, those of its type, its rows; and where each problem is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from assessments import question_types
from assessments.admin.forms import QuestionForm
from assessments.admin.type_forms import FORMS, RowSet, TypeForm, row_set
from assessments.models import QuestionUse, QuestionVersion
from assessments.question_types import Problem


@dataclass
class Editor:
    """``words`` are the fields every question has, ``answer`` those of the type, ``rows`` its list, if it has one."""

    type: str
    words: QuestionForm
    answer: TypeForm
    rows: RowSet | None

    @property
    def type_label(self) -> str:
        return question_types.get(self.type).label

    @property
    def has_errors(self) -> bool:
        rows = self.rows
        below = rows is not None and rows.is_bound and (bool(rows.non_form_errors()) or any(rows.errors))
        return bool(self.words.errors or self.answer.errors or below)

    def media(self) -> forms.Media:
        media = self.words.media + self.answer.media
        return media if self.rows is None else media + self.rows.empty_form.media

    def read(self) -> dict[str, Any] | None:
        """Return what was typed as ``save_question_version`` takes it, or None where a field cannot be taken at all."""
        rows = self.rows
        is_whole = all([self.words.is_valid(), self.answer.is_valid(), rows is None or rows.is_valid()])
        if not is_whole:
            return None
        words = dict(self.words.cleaned_data)
        parts = self.answer.parts(rows.kept() if rows is not None else [])
        return {"type": self.type, "definition": {"stem": words.pop("stem"), **parts}, **words}

    def check(self, use: str) -> dict[str, Any] | None:
        """Return what can be saved; where something is wrong, show it beside the fields and return None."""
        read = self.read()
        if read is None:
            return None
        kind = question_types.get(self.type)
        problems = question_types.problems_of(kind, kind.normalise(read["definition"]))
        if use == QuestionUse.EXAM and not read["outcome"]:
            problems.append(Problem("outcome", "Name the outcome it tests, such as LO1: assessments draw by it."))
        self.show(problems)
        return None if problems else read

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside the field it is about."""
        for problem in problems:
            self._show(problem)

    def _show(self, problem: Problem) -> None:
        key, _dot, rest = problem.path.partition(".")
        joined = problem.path.replace(".", "_")
        if self.rows is not None and key == self.answer.rows_key:
            self._show_in_rows(problem, rest)
        elif joined in self.answer.fields:
            self.answer.add_error(joined, problem.message)
        elif joined in self.words.fields:
            self.words.add_error(joined, problem.message)
        else:
            self.words.add_error(None, str(problem))

    def _show_in_rows(self, problem: Problem, rest: str) -> None:
        if self.rows is None:
            return
        number, _dot, field = rest.partition(".")
        kept = self.rows.kept()
        if number.isdigit() and int(number) < len(kept):
            row = kept[int(number)]
            row.add_error(field if field in row.visible_names() else None, problem.message)
        else:
            self.rows.non_form_errors().append(problem.message)


def editor_for(type_name: str, *, data: QueryDict | None = None, version: QuestionVersion | None = None) -> Editor:
    """Return the editor of a new question, of a stored version, or of what was posted."""
    form = FORMS[type_name]
    if version is None:
        return Editor(type_name, QuestionForm(data), form(data), row_set(form, data=data))
    definition = version.definition
    rows = [dict(row) for row in definition.get(form.rows_key, [])] if form.rows_key else None
    return Editor(
        type_name,
        QuestionForm(data, initial=QuestionForm.initial_of(version)),
        form(data, initial=form.initial_of(definition)),
        row_set(form, data=data, initial=rows),
    )
