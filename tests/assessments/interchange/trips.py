"""Questions on their way out and in again, without a database: what is written, what is read of it, and drafts of that."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from assessments import question_types
from assessments.interchange.arriving import Draft, draft_of
from assessments.interchange.exporting import Exported, export_questions
from assessments.interchange.formats import read_file
from assessments.interchange.reading import Skipped
from assessments.models import Question, QuestionVersion
from assessments.pictures import FOLDER
from tests.assessments.building import DEFINITIONS
from tests.assessments.question_types.samples import PICTURE, SAMPLES, drawing

# Which formats have words for a question of which kind; what is not here is refused with a sentence.
CARRIED: dict[str, tuple[str, ...]] = {
    "single_choice": ("gift", "moodle-xml", "qti"),
    "multiple_response": ("gift", "moodle-xml", "qti"),
    "true_false": ("gift", "moodle-xml", "qti"),
    "number": ("gift", "moodle-xml", "qti"),
    "short_text": ("gift", "moodle-xml", "qti"),
    "matching": ("gift", "moodle-xml", "qti"),
    "ordering": ("moodle-xml", "qti"),
    "gap_fill": ("moodle-xml", "qti"),
    "hotspot": ("qti",),
    "situational_judgement": ("qti",),
    "scenario": ("qti",),
    "written": ("gift", "moodle-xml", "qti"),
    "file_upload": ("moodle-xml", "qti"),
}
# Where it depends on the question: Moodle rates, and ranks in another way.
CARRIED_TOO: dict[str, tuple[str, ...]] = {"rate": ("moodle-xml",)}
FORMATS = ("gift", "moodle-xml", "qti", "aiken")


def known_definitions() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return a name, a type and a good definition for each kind of question there is."""
    found = {name: (name, dict(definition)) for name, definition in DEFINITIONS.items()}
    found |= {name: (sample.type, dict(sample.definition)) for name, sample in SAMPLES.items()}
    return {
        name: (kind, dict(question_types.get(kind).normalise(definition))) for name, (kind, definition) in found.items()
    }


def carried(name: str, kind: str) -> tuple[str, ...]:
    """Return the formats that carry a known question."""
    return (*CARRIED.get(kind, ()), *CARRIED_TOO.get(name, ()))


def version_of(kind: str, definition: Mapping[str, Any], *, mark: str = "1", **about: Any) -> QuestionVersion:
    """Return a version that is in no database."""
    question = Question(code="q-1", bank="Law", **{key: about.pop(key) for key in ("use", "module") if key in about})
    return QuestionVersion(
        question=question, type=kind, definition=dict(definition), max_mark=Decimal(mark), number=1, **about
    )


def draft_in(exported: Exported) -> Draft:
    """Return the draft of the one question in a file."""
    (found,) = read_file(exported.content).found
    assert not isinstance(found, Skipped), found.reason
    return draft_of(found)


def written(version: QuestionVersion, format: str) -> Exported:
    return export_questions([version], format)


def keep_the_sample_picture() -> None:
    """Keep the picture that samples name where pictures are kept."""
    path = f"{FOLDER}/{PICTURE['digest']}"
    if not storages["private"].exists(path):
        storages["private"].save(path, ContentFile(drawing()))


def with_texts(definition: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """Return a definition in which every text that somebody writes is another one."""
    said = {"stem", "text", "feedback", "right", "wrong", "explanation", "otherwise", "guidance", "since", "unit"}

    def walked(value: Any, key: str) -> Any:
        if isinstance(value, Mapping):
            return {name: walked(one, name) for name, one in value.items() if name != "pictures"} | (
                {"pictures": value["pictures"]} if "pictures" in value else {}
            )
        if isinstance(value, list):
            return [walked(one, key) for one in value]
        return change(value) if isinstance(value, str) and key in said else value

    changed: dict[str, Any] = walked(copy.deepcopy(dict(definition)), "")
    return changed
