"""What the tests of attempts share."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import QueryDict

from assessments import attempts
from assessments.attempts import (
    save_response,
)
from assessments.marks import items_of, mark_of, remark
from assessments.models import Attempt
from assessments.open_attempts import lock_attempt
from assessments.replay import replay
from people.models import User
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


def taken_out(attempt: Attempt, position: int, *, people: tuple[User, User], at: Any = NOON) -> Attempt:
    """Mark this attempt alone again without a question, as a decision does for every attempt that drew it."""
    with transaction.atomic():
        locked = lock_attempt(Attempt.objects.filter(pk=attempt.pk))
        items = items_of(locked)
        rulings = {str(place): ruled for place, ruled in replay(locked.steps.all()).rulings.items()}
        rulings[str(position)] = {"neutral": True}
        mark = mark_of(locked, items, rulings)
        assert mark is not None
        by, second = people
        remark(locked, items, mark, rulings, by=by, second=second, at=at, reason="Faulty.", decision=str(uuid4()))
    return locked


def kept(attempt: Attempt, position: int = 1) -> Any:
    return attempt.items.get(position=position).response


def kinds(attempt: Attempt) -> list[str]:
    return list(attempt.steps.values_list("kind", flat=True))
