"""An explanation is told after every answer of any type, once, and beside what the type tells."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments import question_types
from assessments.models import Attempt
from assessments.pictures import keep_picture
from people import clock
from people.models import User
from tests.assessments.attempt_page_acts import address, candidate_fixture, desk_fixture, page, send  # noqa: F401
from tests.assessments.building import DEFINITIONS, NOON, question, rules_only, started
from tests.assessments.question_types.samples import FILES, SAMPLES, WRITTEN, drawing, posted

WHY = "**Section 136** was changed on 11 December 2017."
KINDS: dict[str, tuple[str, Any]] = {
    **{name: (name, definition) for name, definition in DEFINITIONS.items()},
    **{name: (sample.type, sample.definition) for name, sample in SAMPLES.items()},
    "written": ("written", WRITTEN),
    "file_upload": ("file_upload", FILES),
}
EACH = pytest.mark.parametrize(("name", "definition"), KINDS.values(), ids=KINDS)


def problems(name: str, definition: Any) -> list[tuple[str, bool]]:
    kind = question_types.get(name)
    found = question_types.problems_of(kind, kind.normalise(definition))
    return [(problem.path, problem.is_house_rule) for problem in found]


@EACH
def test_any_type_may_have_one(name: str, definition: Any) -> None:
    assert problems(name, {**definition, "explanation": WHY}) == []


@EACH
@pytest.mark.parametrize(
    ("explanation", "is_house_rule"), [("", False), (7, False), ("x" * 2_001, True), ("<b>bold</b>", False)]
)
def test_one_that_says_nothing_or_cannot_be_shown_is_named_once(
    name: str, definition: Any, explanation: Any, is_house_rule: bool
) -> None:
    assert problems(name, {**definition, "explanation": explanation}) == [("explanation", is_house_rule)]


@EACH
def test_it_is_told_once_with_no_answer_and_with_the_key(name: str, definition: Any) -> None:
    asked = question_types.asked(name, question_types.get(name).normalise({**definition, "explanation": WHY}))
    assert asked.mark(None).feedback.count(WHY) == 1
    assert asked.explain_key().count(WHY) == 1


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_it_is_told_last_after_a_right_a_part_and_a_wrong_answer(sample: Any) -> None:
    kind = question_types.get(sample.type)
    with_it = question_types.asked(sample.type, kind.normalise({**sample.definition, "explanation": WHY}))
    without = question_types.asked(sample.type, kind.normalise(sample.definition))
    for fields in (sample.right, sample.part, sample.wrong):
        response = with_it.parse(posted(fields), "answer")
        told, known = with_it.mark(response), without.mark(response)
        assert told.feedback == (*known.feedback, WHY)
        assert told.fraction == known.fraction


def test_each_part_of_a_case_may_have_its_own() -> None:
    parts = SAMPLES["scenario"].definition["parts"]
    explained = [
        {**part, "definition": {**part["definition"], "explanation": f"{WHY} ({part['id']})"}} for part in parts
    ]
    case = {**SAMPLES["scenario"].definition, "parts": explained}
    assert problems("scenario", case) == []
    asked = question_types.asked("scenario", question_types.get("scenario").normalise(case))
    told = " ".join(asked.mark(asked.parse(posted(SAMPLES["scenario"].right), "answer")).feedback)
    assert [told.count(f"({part['id']})") for part in parts] == [1, 1, 1]
    explained[2]["definition"] = {**explained[2]["definition"], "explanation": ""}
    assert problems("scenario", case) == [("parts.2.definition.explanation", False)]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ordering", "written"])
def test_it_is_shown_when_an_answer_is_checked(name: str, desk: Client, candidate: User) -> None:
    keep_picture(drawing(), by=None, at=NOON)
    type_name, definition = KINDS[name]
    question("t1", type=type_name, definition={**definition, "explanation": WHY})
    rules = rules_only(draw=[{"outcome": "LO1", "count": 1}], feedback="at_once")
    attempt: Attempt = started(rules, candidate, at=clock.now())
    fields = SAMPLES[name].right if name in SAMPLES else {"answer": "My grounds."}
    send(desk, attempt, go="check", **fields)
    assert "<strong>Section 136</strong> was changed on 11 December 2017." in page(desk, address(attempt))
