"""What the tests of attempts share."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from assessments import attempts
from assessments.attempts import (
    save_response,
)
from assessments.models import Attempt
from tests.assessments.building import (
    MINUTE,
    NOON,
)

RIGHT, WRONG = {"answer": False}, {"answer": True}
GOOD_ANSWERS = {
    "single_choice": ["b"],
    "multiple_response": ["a", "b"],
    "true_false": ["false"],
    "number": ["24"],
    "short_text": ["AMHP"],
}
BAD_ANSWERS = {
    "single_choice": ["a"],
    "multiple_response": ["c", "d"],
    "true_false": ["true"],
    "number": ["72"],
    "short_text": ["sergeant"],
}


@pytest.fixture(name="candidate")
def candidate_fixture(person: Any) -> Any:
    return person("Bo")


def posted(*values: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.setlist("answer", list(values))
    return data


def save(attempt: Attempt, position: int, response: Any, sequence: int | None, **more: Any) -> attempts.Saved:
    usual = {"by": attempt.officer, "at": NOON + MINUTE, "device": "laptop"}
    return save_response(attempt, position, response, sequence=sequence, **{**usual, **more})


def kept(attempt: Attempt, position: int = 1) -> Any:
    return attempt.items.get(position=position).response


def kinds(attempt: Attempt) -> list[str]:
    return list(attempt.steps.values_list("kind", flat=True))
