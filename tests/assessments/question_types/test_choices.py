"""What can be chosen in a question and what a response chose, for those who look at who chose what."""

from __future__ import annotations

from typing import Any

import pytest

from assessments import question_types
from assessments.question_types import Choice
from tests.assessments.question_types.samples import (
    FILES,
    GAP_FILL,
    MATCHING,
    RATE,
    SAMPLES,
    WRITTEN,
    Fields,
    Sample,
    posted,
)

EACH = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


def asked(sample: Sample) -> question_types.Asked:
    return question_types.asked(sample.type, question_types.get(sample.type).normalise(sample.definition))


def chosen(sample: Sample, fields: Fields) -> list[Choice]:
    """What an answer chose, in the order it names it."""
    here = asked(sample)
    known = {choice.id: choice for choice in here.choices()}
    return [known[one] for one in here.chosen(here.parse(posted(fields), "answer"))]


@EACH
def test_the_right_answer_chose_what_is_right_of_each_thing_asked(sample: Sample) -> None:
    took = chosen(sample, sample.right)
    assert all(choice.is_right for choice in took)
    assert {choice.group for choice in took} == {choice.group for choice in asked(sample).choices()}


@EACH
def test_a_wrong_answer_chose_something_wrong_and_no_answer_nothing(sample: Sample) -> None:
    assert not all(choice.is_right for choice in chosen(sample, sample.wrong))
    assert asked(sample).chosen(None) == []


@EACH
def test_every_choice_has_a_name_of_its_own_and_something_is_right_in_each_group(sample: Sample) -> None:
    choices = asked(sample).choices()
    assert len({choice.id for choice in choices}) == len(choices)
    for group in {choice.group for choice in choices}:
        assert any(choice.is_right for choice in choices if choice.group == group), group


def of(type_name: str, definition: Any) -> question_types.Asked:
    return question_types.asked(type_name, question_types.get(type_name).normalise(definition))


def test_a_gap_that_is_typed_has_its_accepted_answers_and_all_others() -> None:
    gap = of("gap_fill", GAP_FILL)
    words = [(choice.text, choice.is_right) for choice in gap.choices() if choice.group == "Gap 1"]
    assert words == [("AMHP", True), ("social worker", True), ("Something else", False)]
    assert [choice.text for choice in gap.choices() if choice.group == "Gap 2"] == ["24", "Something else"]
    filled = {"gaps": {"who": "the nurse", "long": "25", "by": "y"}}
    assert gap.chosen(filled) == ["who/other", "long/other", "by/y"]


def test_each_pair_has_every_match() -> None:
    pairs = of("matching", MATCHING)
    assert [(choice.text, choice.is_right) for choice in pairs.choices() if choice.group == "PACE section 17"] == [
        ("Search for stolen or prohibited articles", False),
        ("Enter to save life or limb", True),
        ("Arrest without warrant", False),
    ]


@pytest.mark.parametrize(("key", "right"), [("4", 4), ("3.4", 3), ("3.5", 3), ("3.6", 4), ("1", 1)])
def test_of_ratings_the_nearest_to_the_experts_is_right(key: str, right: int) -> None:
    responses = [{**RATE["responses"][0], "key": key}, *RATE["responses"][1:]]
    choices = of("situational_judgement", {**RATE, "responses": responses}).choices()
    first = [choice.is_right for choice in choices if choice.group == "Say at once that it is not right"]
    assert first == [rating == right for rating in (1, 2, 3, 4)]


def test_a_case_names_its_parts() -> None:
    groups = list(dict.fromkeys(choice.group for choice in asked(SAMPLES["scenario"]).choices()))
    assert groups == ["Part 1", "Part 3: Place 1", "Part 3: Place 2", "Part 3: Place 3", "Part 3: Place 4"]


@pytest.mark.parametrize(("type_name", "definition"), [("written", WRITTEN), ("file_upload", FILES)])
def test_what_a_person_marks_has_no_choices(type_name: str, definition: Any) -> None:
    assert of(type_name, definition).choices() == []
    assert of(type_name, definition).chosen({"text": "So."}) == []
