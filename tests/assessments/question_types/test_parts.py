"""An answer of several parts is told part by part: of what, what was given, what is right, and whether it is."""

from __future__ import annotations

import pytest

from assessments import question_types
from assessments.question_types import AnsweredPart
from tests.assessments.building import DEFINITIONS
from tests.assessments.question_types.samples import FULL, SAMPLES, Sample, posted

SEVERAL = {name: sample for name, sample in SAMPLES.items() if name != "hotspot"}
EACH = pytest.mark.parametrize("sample", SEVERAL.values(), ids=SEVERAL)


def parts(sample: Sample, fields: object) -> list[AnsweredPart]:
    asked = question_types.asked(sample.type, sample.definition)
    return asked.parts(asked.parse(posted(fields), "answer"))  # type: ignore[arg-type]


@EACH
def test_every_part_of_the_right_answer_is_right(sample: Sample) -> None:
    told = parts(sample, sample.right)
    assert len(told) > 1
    assert all(part.is_right for part in told)
    assert all(part.of and part.answer and part.key for part in told)


@EACH
def test_no_part_of_no_answer_is_right_and_the_key_is_told(sample: Sample) -> None:
    told = parts(sample, {})
    assert not any(part.answer or part.is_right or part.is_partly_right for part in told)
    assert [part.key for part in told] == [part.key for part in parts(sample, sample.right)]


@EACH
def test_no_part_of_a_wrong_answer_is_right(sample: Sample) -> None:
    wrong = parts(sample, sample.wrong)
    # Judgements count by distance: the middle of three places may be its own.
    assert not any(part.is_right for part in wrong if part.answer != "Place 2")


def test_pairs_say_what_each_was_matched_with() -> None:
    assert parts(SAMPLES["matching"], SAMPLES["matching"].part) == [
        AnsweredPart(
            "PACE section 1",
            "Search for stolen or prohibited articles",
            "Search for stolen or prohibited articles",
            FULL,
        ),
        AnsweredPart("PACE section 17", "", "Enter to save life or limb", 0),
    ]


def test_a_place_given_twice_is_right_for_neither() -> None:
    told = parts(SAMPLES["ordering"], SAMPLES["ordering"].part)
    assert [(part.of, part.answer, part.is_right) for part in told] == [
        ("Say who you are", "Place 1", True),
        ("Say what you look for", "Place 2", True),
        ("Say your grounds", "Place 4", False),
        ("Search", "Place 4", False),
    ]


def test_a_gap_may_be_right_in_part() -> None:
    first, second, third = parts(SAMPLES["gap_fill"], SAMPLES["gap_fill"].part)
    assert (first.of, first.answer, first.is_right, first.is_partly_right) == ("Gap 1", "Social worker", False, True)
    assert (second.answer, second.is_right) == ("24.0", True)
    assert (third.answer, third.key, third.is_right) == ("", "doctor", False)


def test_a_case_names_its_parts_and_those_inside_them() -> None:
    told = parts(SAMPLES["scenario"], SAMPLES["scenario"].part)
    assert [part.of for part in told[:3]] == [
        "Part 1: When do you speak to the nurse?",
        "Part 2: Which professional would apply for the warrant? Role or initials.",
        "Part 3: Say who you are",
    ]
    assert (told[1].answer, told[1].is_partly_right) == ("social worker", True)
    assert len(told) == 6


@pytest.mark.parametrize(
    "name", ["single_choice", "multiple_response", "true_false", "number", "short_text", "hotspot"]
)
def test_an_answer_that_is_one_has_no_parts(name: str) -> None:
    definition = SAMPLES["hotspot"].definition if name == "hotspot" else DEFINITIONS[name]
    assert question_types.asked(name, definition).parts(None) == []
