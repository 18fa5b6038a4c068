"""Questions of a question file. What a type's own fields must be, the question types of the engine say; here only their lines are kept.

So a type the engine learns is read, refused and written here without a change.
"""

from __future__ import annotations

import re
from typing import Any

from assessments import question_types
from assessments.question_types import Problem
from assessments.question_types.words import check_words
from courses.folder.shapes import Question
from courses.folder.yaml_lines import TEXT_KEYS, Keys, lines_of, plain

USES = ("lesson", "exam")
DIFFICULTIES = ("easy", "medium", "hard")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_questions(keys: Keys, author: str, file: str) -> tuple[Question, ...]:
    """Read the ``questions`` of a file."""
    return tuple(_read_question(inner, author, file) for inner in keys.mappings("questions", "a question"))


def _read_question(keys: Keys, author: str, file: str) -> Question:
    identity = keys.text("id", most=80)
    if identity and not _SLUG.fullmatch(identity):
        keys.wrong("id", f"A question's id has small letters, digits and single hyphens, not '{identity}'.")
    keys.what = f"question {identity}" if identity else "a question"
    type_name = keys.text("type", most=40)
    use = keys.choice("use", USES)
    must_pass = keys.text("must_pass", most=120, optional=True)
    outcome = keys.text("outcome", most=20)
    topic = keys.text("topic", most=120)
    difficulty = keys.choice("difficulty", DIFFICULTIES)
    refs = keys.words("refs", most=80)
    stem = keys.text("stem", most=4000, one_line=False)
    note = keys.text("note", most=20_000, one_line=False, may_be_empty=True)
    lines = dict(keys.lines)
    rest = keys.rest()
    fields: dict[str, Any] = {}
    for key, (line, node) in rest.items():
        fields[key] = plain(node, is_text=key in TEXT_KEYS)
        lines.update({**lines_of(node, key), key: line})
    lines[""] = keys.line
    question = Question(
        identity, type_name, use, must_pass, outcome, topic, difficulty, refs, stem, fields, note, author, file, lines
    )
    _check_fields(question, keys)
    return question


def _check_fields(question: Question, keys: Keys) -> None:
    for problem in _problems(question, keys):
        if problem.path != "stem" or "stem" in question.lines:
            keys.refuse(_line(question, problem.path), f"Question {question.id}: {problem.message}")


def _problems(question: Question, keys: Keys) -> list[Problem]:
    """Return what the engine says of the fields; of a type it does not know, only what no words may contain."""
    if question.type:
        try:
            kind = question_types.get(question.type)
        except question_types.UnknownType as error:
            keys.wrong("type", str(error))
        else:
            definition = kind.normalise(question.definition)
            problems = question_types.problems_of(kind, definition)
            return problems or question_types.problems_of_use(kind, definition, question.use)
    return check_words(question.definition)


def _line(question: Question, path: str) -> int:
    """Return the line of a path, or of the nearest thing above it that is there."""
    while path and path not in question.lines:
        path = path.rpartition(".")[0]
    return question.lines[path]
