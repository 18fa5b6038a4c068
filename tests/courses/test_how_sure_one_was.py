"""What a candidate is told of how sure they were: before the test where it counts, and after it in any case."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from assessments.attempts import start_attempt, submit_attempt
from assessments.models import Attempt
from courses.enrolments import context_stem
from courses.progress import context_of
from people import clock
from people.models import User
from tests.assessments.attempt_acts import save
from tests.assessments.building import TRUE_FALSE, question, rules_only
from tests.courses import factories as taught

pytestmark = pytest.mark.django_db
SURE = {**TRUE_FALSE, "confidence": True}
# What is right is that the statement is false.
ANSWERS = [(False, "high"), (False, "high"), (True, "high"), (False, "medium"), (True, "low"), (False, "")]


@pytest.fixture(name="bo")
def bo_fixture(person: Any) -> User:
    return person("Bo")


def enrolled(bo: User, **rules: Any) -> Any:
    for number in range(1, len(ANSWERS) + 1):
        question(f"sure-q{number}", definition=SURE)
    version = rules_only(draw=[{"outcome": "LO1", "count": len(ANSWERS)}], pass_percent=50, **rules)
    made = taught.release(steps=[taught.lesson("one"), taught.sat(version=version)], completion="pass")
    enrolment = taught.enrolled(bo, made)
    taught.do_lessons(enrolment, at=clock.now())
    return enrolment


def sat(enrolment: Any) -> Attempt:
    at = clock.now() - timedelta(minutes=10)
    bo, step = enrolment.officer, enrolment.release.steps.get(slug="final-test")
    attempt = start_attempt(
        step.assessment_version,
        by=bo,
        at=at,
        context_ref=context_of(context_stem(enrolment), step.slug),
        context_address="/learn/eth-900/final-test/",
    )
    for item, (said, sure) in zip(attempt.items.order_by("position"), ANSWERS, strict=True):
        save(attempt, item.position, {"answer": said, **({"confidence": sure} if sure else {})}, item.position, at=at)
    attempt.refresh_from_db()
    return submit_attempt(attempt, by=bo, at=at)


def words(desk: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", desk.get(address).content.decode()).split())


def test_the_result_says_how_often_each_level_was_right(bo: User, signed_in: Any) -> None:
    attempt = sat(enrolled(bo))
    told = words(signed_in(bo), f"/learn/eth-900/final-test/result/{attempt.pk}/")
    assert "66%" in told
    assert "When you said ‘I am guessing’ you were right 0 of 1 time." in told
    assert "When you said ‘I think so’ you were right 1 of 1 time." in told
    assert "When you said ‘I am sure’ you were right 2 of 3 times." in told
    assert "This does not change your mark." in told


def test_where_it_counts_the_start_and_the_result_say_so(bo: User, signed_in: Any) -> None:
    enrolment = enrolled(bo, counts_confidence=True)
    desk = signed_in(bo)
    assert "Right earns a third of the mark if you guess" in words(desk, "/learn/eth-900/final-test/")
    attempt = sat(enrolment)
    # 3 + 3 - 6 + 2 + 0 + 1 thirds of six marks.
    assert attempt.score == 166_667
    told = words(desk, f"/learn/eth-900/final-test/result/{attempt.pk}/")
    assert "16% , 4 of 6, and how sure you were counted. The pass mark was 50%." in told
    assert "It counted: right earned a third, two thirds or all of a question’s mark" in told
    assert "does not change your mark" not in told


def test_where_it_does_not_count_the_start_is_silent_about_it(bo: User, signed_in: Any) -> None:
    enrolled(bo)
    assert "How sure you are" not in words(signed_in(bo), "/learn/eth-900/final-test/")
