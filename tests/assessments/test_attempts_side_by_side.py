"""Two requests at the same moment, on connections of their own: on PostgreSQL and on SQLite's file alike."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from assessments import attempts
from assessments.attempts import AttemptRefused, save_response, submit_attempt
from assessments.bank import BankRefused
from assessments.marks import rebuild_attempt
from assessments.models import Attempt
from tests.assessments.building import MINUTE, NOON, assessment, started

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do things at the same moment and return what came of each, refusals included."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=30)
            return act()
        except (AttemptRefused, BankRefused) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_double_click_starts_one_attempt(person: Any) -> None:
    candidate, version = person("Bo"), assessment()
    first, second = at_once(*[lambda: started(version, candidate)] * 2)
    assert first.pk == second.pk
    assert Attempt.objects.count() == 1
    assert Attempt.objects.get().items.count() == 3


def test_saves_and_a_submission_at_once_leave_whole_steps_and_a_true_mark(person: Any) -> None:
    candidate = person("Bo")
    attempt = started(assessment(), candidate)

    def saver(position: int) -> Callable[[], Any]:
        return lambda: save_response(
            attempt, position, {"answer": False}, by=candidate, at=NOON, device="d", sequence=position
        )

    at_once(saver(1), saver(2), saver(3), lambda: submit_attempt(attempt, by=candidate, at=NOON + MINUTE))
    steps = list(attempt.steps.values_list("number", "kind"))
    assert [number for number, _kind in steps] == list(range(1, len(steps) + 1))
    closing = [kind for _number, kind in steps].index("submitted")
    assert "saved" not in [kind for _number, kind in steps[closing:]]
    attempt.refresh_from_db()
    right = attempt.items.filter(response__isnull=False).count()
    assert attempt.score == {0: 0, 1: 333_333, 2: 666_667, 3: 1_000_000}[right]
    assert not rebuild_attempt(attempt)


def test_the_newest_of_saves_that_arrive_at_once_stays(person: Any) -> None:
    candidate = person("Bo")
    attempt = started(assessment(), candidate)
    attempts.open_on_device(attempt.pk, by=candidate, at=NOON, device="d")

    def saver(sequence: int) -> Callable[[], Any]:
        answer = {"answer": sequence == 4}
        return lambda: save_response(attempt, 1, answer, by=candidate, at=NOON, device="d", sequence=sequence)

    at_once(saver(2), saver(4), saver(1), saver(3))
    assert attempt.items.get(position=1).response == {"answer": True}
    assert not rebuild_attempt(attempt)


def test_two_submissions_at_once_are_one(person: Any) -> None:
    candidate = person("Bo")
    attempt = started(assessment(), candidate)
    at_once(*[lambda: submit_attempt(attempt, by=candidate, at=NOON)] * 2)
    assert attempt.steps.filter(kind="submitted").count() == attempt.steps.filter(kind="marked").count() == 1
