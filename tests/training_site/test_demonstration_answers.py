"""The demonstration's people know how to answer each kind of question, and how to get it wrong."""

from __future__ import annotations

from typing import Any

import pytest

from assessments import question_types
from people import clock
from tests.assessments.building import DEFINITIONS
from tests.assessments.question_types.samples import FULL, SAMPLES
from tests.factories import person
from training_site.demonstration.answers import right_answer, wrong_answer
from training_site.demonstration.questions import write_draft_questions

KINDS = {**{name: (name, one) for name, one in DEFINITIONS.items()}}
KINDS |= {name: (sample.type, dict(sample.definition)) for name, sample in SAMPLES.items()}


@pytest.mark.parametrize(("name", "definition"), KINDS.values(), ids=KINDS)
def test_a_right_answer_earns_everything_and_a_wrong_one_less(name: str, definition: dict[str, Any]) -> None:
    asked = question_types.asked(name, question_types.get(name).normalise(definition))
    assert asked.mark(right_answer(name, asked.definition)).fraction == FULL
    wrong = asked.mark(wrong_answer(name, asked.definition)).fraction
    assert wrong is not None
    assert wrong < FULL


def test_every_kind_a_machine_marks_is_among_them() -> None:
    answered = {name for name, _definition in KINDS.values()}
    closed = {name for name in question_types.names() if question_types.get(name).is_closed}
    assert closed == answered


@pytest.mark.django_db
def test_the_trainer_has_drafts_of_the_kinds_no_test_draws_yet() -> None:
    trainer = person("Tess Trainer", "trainer")
    drafts = write_draft_questions(by=trainer, at=clock.now())
    assert {version.type: version.state for version in drafts} == {
        "hotspot": "draft",
        "written": "draft",
        "file_upload": "draft",
    }
    for version in drafts:
        kind = question_types.get(version.type)
        assert question_types.problems_of(kind, version.definition) == []
