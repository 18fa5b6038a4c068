"""Results are told when the rules say so: until then nobody hears of them, and nothing follows from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from assessments.assessment_rules import BadAssessment
from assessments.attempts import can_start
from assessments.models import Attempt
from assessments.releasing import WORK, release_result
from assessments.results import Withheld, result_of
from courses.models import Completion
from people import clock
from people.models import WaitingWork
from people.work import NotYet
from tests.assessments.building import MINUTE, NOON, assessment, rules_only
from tests.assessments.decisions.acts import applied, confirmed, reread, sat
from tests.courses import factories as taught

pytestmark = pytest.mark.django_db
FRIDAY = NOON + timedelta(days=4)
LATER = {"results": "after_window", "results_from": FRIDAY}


def test_a_result_is_withheld_until_its_moment_and_there_from_then_on(person: Any) -> None:
    attempt = sat(assessment(**LATER), person("Bo"))
    assert attempt.outcome == "passed"
    with pytest.raises(Withheld):
        result_of(attempt, at=FRIDAY - MINUTE)
    assert result_of(attempt, at=FRIDAY).outcome == "passed"


def test_no_further_attempt_gives_away_how_the_first_went(person: Any) -> None:
    version = assessment(bank_size=6, **LATER)
    bo, cy = person("Bo"), person("Cy")
    sat(version, bo)
    sat(version, cy, wrong=tuple(f"final-q{number}" for number in range(1, 7)))
    for officer in (bo, cy):
        answer = can_start(version, officer, context_ref="course:1", at=FRIDAY - MINUTE)
        assert (answer.allowed, answer.opens_at) == (False, None)
        assert answer.reason.startswith("Your result comes on Friday 27 November 2026, 12:00.")
    assert can_start(version, cy, context_ref="course:1", at=FRIDAY).allowed


def course_of(person: Any, *, told_in: timedelta, right: int = 4) -> tuple[Any, Attempt]:
    now = clock.now()
    made = taught.release_with_test(results="after_window", results_from=now + told_in)
    enrolment = taught.enrolled(person("Bo"), made, at=now - timedelta(days=3))
    taught.do_lessons(enrolment, at=now - timedelta(hours=2))
    return enrolment, taught.sit(enrolment, right=right, at=now - timedelta(hours=1))


def test_a_course_goes_on_by_a_result_when_it_is_told_and_not_before(person: Any) -> None:
    _enrolment, attempt = course_of(person, told_in=timedelta(days=1))
    assert not Completion.objects.exists()
    row = WaitingWork.objects.get(kind=WORK)
    assert (row.key, row.due_at) == (str(attempt.pk), attempt.assessment_version.results_from)
    with pytest.raises(NotYet):
        release_result(str(attempt.pk))
    assert not Completion.objects.exists()


def test_what_was_withheld_is_told_once_its_moment_has_come(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolment, attempt = course_of(person, told_in=timedelta(days=1))
    monkeypatch.setattr(clock, "now", lambda: attempt.assessment_version.results_from)
    release_result(str(attempt.pk))
    release_result(str(attempt.pk))
    completion = Completion.objects.get(enrolment=enrolment)
    assert completion.at == attempt.closed_at


def test_a_decision_on_a_withheld_mark_is_told_with_the_result(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolment, attempt = course_of(person, told_in=timedelta(days=1), right=2)
    version = attempt.items.get(position=3).question_version
    applied(confirmed(version.question.code, "award", versions=[version]))
    assert reread(attempt).outcome == "passed"
    assert not Completion.objects.exists()
    monkeypatch.setattr(clock, "now", lambda: attempt.assessment_version.results_from)
    release_result(str(attempt.pk))
    assert Completion.objects.filter(enrolment=enrolment).exists()


@pytest.mark.parametrize("right", [4, 0], ids=["passed", "failed"])
def test_no_page_tells_a_result_before_its_moment(person: Any, signed_in: Any, right: int) -> None:
    enrolment, attempt = course_of(person, told_in=timedelta(days=1), right=right)
    browser = signed_in(enrolment.officer)
    receipt = browser.get(f"/assess/{attempt.pk}/receipt/").content.decode()
    assert "Your result comes on" in receipt
    result = browser.get(f"/learn/eth-901/final-test/result/{attempt.pk}/").content.decode()
    assert "Your result is still to come" in result
    start = browser.get("/learn/eth-901/final-test/").content.decode()
    assert "handed in" in start
    for page in (
        receipt,
        result,
        start,
        browser.get("/my/").content.decode(),
        browser.get("/catalogue/eth-901/").content.decode(),
    ):
        assert "Not passed" not in page
        assert "You passed" not in page
        assert "You have passed" not in page
        assert f"{right * 25}%" not in page


def test_results_that_are_never_shown_complete_what_was_handed_in(person: Any, signed_in: Any) -> None:
    taught.questions("ETH-907", 6)
    version = taught.assessment("ETH-907", pass_percent=None, results="never")
    enrolment = taught.enrolled(person("Bo"), taught.release(code="ETH-907", steps=[taught.sat(version=version)]))
    attempt = taught.sit(enrolment, right=1)
    assert Completion.objects.filter(enrolment=enrolment).exists()
    page = signed_in(enrolment.officer).get(f"/learn/eth-907/final-test/result/{attempt.pk}/").content.decode()
    assert "This test does not show results." in page
    assert "25%" not in page


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"results": "soon"}, "Results are told"),
        ({"results": "after_window"}, "from which day and time"),
        ({"results_from": FRIDAY}, "Leave this empty"),
        ({**LATER, "feedback": "at_once"}, "question by question tell the result"),
        ({"results": "never"}, "have no pass mark"),
        ({"query_days": 251}, "0 to 250"),
    ],
)
def test_rules_that_would_give_a_withheld_result_away_are_refused(rules: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadAssessment, match=sentence):
        assessment(**rules)


def test_rules_that_say_nothing_new_keep_their_digest() -> None:
    first = assessment()
    draw = [{"outcome": "LO1", "count": 3}]
    assert rules_only(draw=draw, results="at_once", query_days=10) == first
    other = rules_only(draw=draw, **LATER)
    assert other.number == 2
    assert rules_only(draw=draw, **LATER) == other
