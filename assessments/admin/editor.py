"""One question being written: the fields every question has and what its type asks; and where each problem is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from assessments import question_types
from assessments.admin.forms import QuestionForm
from assessments.admin.picture_forms import PicturesEditor, pictures_editor
from assessments.admin.type_editor import TypeEditor, type_editor
from assessments.models import QuestionUse, QuestionVersion
from assessments.question_types import Problem
from people.models import User


@dataclass
class Editor:
    """``words`` are the fields every question has, ``answer`` what the type asks, ``pictures`` what its words can show."""

    type: str
    words: QuestionForm
    answer: TypeEditor
    pictures: PicturesEditor

    @property
    def type_label(self) -> str:
        return question_types.get(self.type).label

    @property
    def has_errors(self) -> bool:
        return bool(self.words.errors) or self.answer.has_errors or self.pictures.has_errors

    def media(self) -> forms.Media:
        return self.words.media + self.answer.media + self.pictures.media

    def read(self) -> dict[str, Any] | None:
        """Return what was typed as ``save_question_version`` takes it, or None where a field cannot be taken at all."""
        if not all([self.words.is_valid(), self.answer.is_valid(), self.pictures.is_valid()]):
            return None
        words = dict(self.words.cleaned_data)
        definition = {"stem": words.pop("stem"), **self.answer.put_together()}
        if explanation := words.pop("explanation"):
            definition["explanation"] = explanation
        if words.pop("confidence"):
            definition["confidence"] = True
        if pictures := self.pictures.defined():
            definition["pictures"] = pictures
        return {"type": self.type, "definition": definition, **words}

    def check(self, use: str) -> dict[str, Any] | None:
        """Return what can be saved; where something is wrong, show it beside the fields and return None."""
        read = self.read()
        if read is None:
            return None
        kind = question_types.get(self.type)
        problems = question_types.problems_of(kind, kind.normalise(read["definition"]))
        if use == QuestionUse.EXAM and not read["outcome"]:
            problems.append(Problem("outcome", "Name the outcome it tests, such as LO1: assessments draw by it."))
        structure = [problem for problem in problems if not problem.is_house_rule]
        # What the house rules ask is said beside the rest while something has to be put right anyway, and keeps no draft back.
        self.show(problems if structure else ())
        return None if structure else read

    def show(self, problems: Iterable[Problem]) -> None:
        """Put each problem beside the field it is about."""
        for problem in problems:
            self._show(problem)

    def _show(self, problem: Problem) -> None:
        joined = problem.path.replace(".", "_")
        if self.answer.show(problem) or self.pictures.show(problem):
            return
        if joined in self.words.fields:
            self.words.add_error(joined, problem.message)
        else:
            self.words.add_error(None, str(problem))


def editor_for(
    type_name: str, *, by: User, data: QueryDict | None = None, version: QuestionVersion | None = None
) -> Editor:
    """Return the editor of a new question, of a stored version, or of what was posted."""
    pictures = pictures_editor(by=by, data=data, version=version)
    if version is None:
        return Editor(type_name, QuestionForm(data), type_editor(type_name, data=data), pictures)
    definition = None if data is not None else version.definition
    return Editor(
        type_name,
        QuestionForm(data, initial=QuestionForm.initial_of(version)),
        type_editor(type_name, data=data, definition=definition),
        pictures,
    )
