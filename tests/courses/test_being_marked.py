"""While a person has yet to mark an answer: what the candidate and their supervisor read, and what does not move on."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from assessments.attempts import CannotStart, start_attempt, submit_attempt
from assessments.models import Attempt
from courses.enrolments import context_stem
from courses.models import Completion, Enrolment
from courses.progress import context_of
from people import clock
from tests.assessments.attempt_acts import save
from tests.assessments.building import question, rules_only
from tests.assessments.question_types.samples import WRITTEN
from tests.courses import factories as taught

pytestmark = pytest.mark.django_db
STEP = "/learn/eth-900/final-test/"


@pytest.fixture(name="enrolment")
def enrolment_fixture(person: Any) -> Enrolment:
    """Somebody enrolled on a course with a test of one written question, their lesson done."""
    question("written-q1", type="written", definition=WRITTEN)
    version = rules_only(draw=[{"outcome": "LO1", "count": 1}], pass_percent=50, attempts=2)
    made = taught.release(steps=[taught.lesson("one"), taught.sat(version=version)], completion="pass")
    enrolment = taught.enrolled(person("Bo"), made)
    taught.do_lessons(enrolment, at=clock.now() - timedelta(days=1))
    return enrolment


@pytest.fixture(name="attempt")
def attempt_fixture(enrolment: Enrolment) -> Attempt:
    at = clock.now() - timedelta(minutes=10)
    attempt = begin(enrolment, at=at)
    save(attempt, 1, {"text": "My grounds were these."}, 1, at=at)
    attempt.refresh_from_db()
    return submit_attempt(attempt, by=enrolment.officer, at=at)


def begin(enrolment: Enrolment, *, at: Any) -> Attempt:
    step = enrolment.release.steps.get(slug="final-test")
    return start_attempt(
        step.assessment_version,
        by=enrolment.officer,
        at=at,
        context_ref=context_of(context_stem(enrolment), step.slug),
        context_title="Saying so: Final test",
        context_address=STEP,
    )


def words(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200, answer
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_step_says_so_and_offers_no_other_attempt(attempt: Attempt, signed_in: Any) -> None:
    told = words(signed_in(attempt.officer), STEP)
    assert "Your last attempt is still being marked." in told
    assert "Attempt 1: being marked" in told
    assert "Start the test" not in told


def test_no_other_attempt_can_be_started_meanwhile(attempt: Attempt, enrolment: Enrolment) -> None:
    with pytest.raises(CannotStart, match="still being marked"):
        begin(enrolment, at=clock.now())


def test_the_result_says_that_a_person_marks_and_leads_to_what_was_received(attempt: Attempt, signed_in: Any) -> None:
    desk = signed_in(attempt.officer)
    told = words(desk, f"{STEP}result/{attempt.pk}/")
    assert "Your test is being marked" in told
    assert "A person marks some of your answers; until then nothing on your record changes" in told
    assert f"/assess/{attempt.pk}/receipt/" in desk.get(f"{STEP}result/{attempt.pk}/").content.decode()


def test_my_learning_neither_sends_them_back_nor_finishes_the_course(attempt: Attempt, signed_in: Any) -> None:
    told = words(signed_in(attempt.officer), "/my/")
    assert "Your last attempt is still being marked." in told
    assert "Open the test" not in told
    assert not Completion.objects.exists()


def test_the_course_stays_open_and_its_test_not_done(attempt: Attempt, enrolment: Enrolment, signed_in: Any) -> None:
    enrolment.refresh_from_db()
    assert enrolment.closed_at is None
    told = words(signed_in(attempt.officer), "/catalogue/eth-900/")
    assert "You completed" not in told
