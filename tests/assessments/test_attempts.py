"""Sitting an assessment: walkthroughs of every type, the clock, the order of saves, devices, and each refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from assessments import attempts
from assessments.attempts import (
    AttemptClosed,
    CannotStart,
    UnknownAttempt,
    can_start,
    open_on_device,
    save_posted,
    submit_attempt,
)
from assessments.events import attempt_marked
from assessments.marks import rebuild_attempt
from assessments.models import Attempt, AttemptState, Outcome
from assessments.question_types import BadResponse
from assessments.refusals import AnswerFinal
from assessments.results import result_of
from people.models import WaitingWork
from tests.assessments.attempt_acts import (  # noqa: F401
    BAD_ANSWERS,
    GOOD_ANSWERS,
    RIGHT,
    WRONG,
    candidate_fixture,
    kept,
    kinds,
    posted,
    save,
)
from tests.assessments.building import (
    DEFINITIONS,
    MINUTE,
    NOON,
    SECOND,
    TRUE_FALSE,
    assessment,
    question,
    rules_only,
    started,
)
from tests.assessments.decisions.acts import decided

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_walk_through_every_type(candidate: Any, name: str) -> None:
    """Start, save, resume, change, submit, mark, mark again by decision."""
    first = question("w1", type=name)
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), candidate)
    save_posted(attempt.pk, 1, posted(*BAD_ANSWERS[name]), by=candidate, at=NOON, device="d", sequence=1, turn=0)
    assert started(attempt.assessment_version, candidate, at=NOON + MINUTE) == attempt
    save_posted(attempt.pk, 1, posted(*GOOD_ANSWERS[name]), by=candidate, at=NOON, device="d", sequence=2, turn=1)
    done = submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    assert (done.state, done.outcome, done.score) == (AttemptState.SUBMITTED, Outcome.PASSED, 1_000_000)
    assert result_of(done, at=NOON + 99 * MINUTE).items[0].feedback
    assert kinds(attempt) == ["started", "moved", "saved", "saved", "submitted", "marked"]

    rekeyed = {"definition": TRUE_FALSE | {"answer": True}} if name == "true_false" else {"topic": "corrected"}
    corrected = question("w1", type=name, **rekeyed)
    again = decided(done, 1, "key", keys=[corrected])
    assert again.outcome == (Outcome.FAILED if name == "true_false" else Outcome.PASSED)
    assert attempt.steps.get(kind="marked").data["score"] == 1_000_000
    assert again.items.get().question_version == first


def test_an_attempt_fixes_its_draw_its_option_order_and_its_deadline(candidate: Any) -> None:
    question("s1", type="single_choice")
    version = rules_only(draw=[{"outcome": "LO1", "count": 1}], minutes=40)
    attempt = started(version, candidate, extra_minutes=10)
    assert attempt.deadline_at == NOON + 50 * MINUTE
    assert sorted(attempt.items.get().option_order) == ["a", "b", "c"]
    row = WaitingWork.objects.get(kind="expire_attempt", key=str(attempt.pk))
    assert row.due_at == NOON + 50 * MINUTE + attempts.GRACE


@pytest.mark.parametrize("column", ["seed", "officer_id", "started_at"])
def test_the_database_refuses_to_change_what_an_attempt_was_started_with(
    candidate: Any, person: Any, column: str
) -> None:
    attempt = started(assessment(), candidate)
    value = {"seed": "another", "officer_id": person("Cy").pk, "started_at": NOON - MINUTE}[column]
    with pytest.raises(DatabaseError), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(**{column: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt.steps.update(at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        attempt.items.update(option_order=["b"])


def test_starting_twice_is_starting_once(candidate: Any) -> None:
    version = assessment()
    assert started(version, candidate) == started(version, candidate, at=NOON + SECOND)
    assert Attempt.objects.count() == 1


def test_a_later_attempt_gets_questions_not_seen_before(candidate: Any) -> None:
    version = assessment(questions=2, bank_size=4, wait_hours=0)
    first = started(version, candidate)
    submit_attempt(first, by=candidate, at=NOON + MINUTE)
    second = started(version, candidate, at=NOON + 2 * MINUTE)
    seen = set(first.items.values_list("question_version", flat=True))
    assert not seen & set(second.items.values_list("question_version", flat=True))
    assert second.number == 2


def test_the_next_attempt_opens_after_the_wait_to_the_second(candidate: Any) -> None:
    version = assessment(attempts=3, wait_hours=24)
    attempt = started(version, candidate)
    submit_attempt(attempt, by=candidate, at=NOON + MINUTE)
    opens_at = NOON + MINUTE + timedelta(hours=24)
    answer = can_start(version, candidate, context_ref="course:1", at=opens_at - SECOND)
    assert (answer.allowed, answer.opens_at, answer.attempts_left) == (False, opens_at, 2)
    assert answer.reason == "You can try again from Tuesday 24 November 2026, 12:01."
    with pytest.raises(CannotStart, match="from Tuesday"):
        started(version, candidate, at=opens_at - SECOND)
    assert started(version, candidate, at=opens_at).number == 2


def test_attempts_run_out(candidate: Any) -> None:
    version = assessment(attempts=1)
    submit_attempt(started(version, candidate), by=candidate, at=NOON)
    answer = can_start(version, candidate, context_ref="course:1", at=NOON)
    assert (answer.allowed, answer.attempts_left) == (False, 0)
    assert answer.reason == "You have used your only attempt. Ask your trainer what comes next."


def test_a_passed_assessment_is_not_started_again(candidate: Any) -> None:
    version = assessment(questions=1)
    attempt = started(version, candidate)
    save(attempt, 1, RIGHT, 1)
    submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    with pytest.raises(CannotStart, match="You have passed"):
        started(version, candidate, at=NOON + timedelta(days=9))


def test_an_open_attempt_is_gone_on_with(candidate: Any) -> None:
    version = assessment(attempts=1)
    attempt = started(version, candidate)
    answer = can_start(version, candidate, context_ref="course:1", at=NOON + MINUTE)
    assert (answer.allowed, answer.open_attempt) == (True, attempt)


def test_another_context_is_another_count(candidate: Any) -> None:
    version = assessment(attempts=1)
    submit_attempt(started(version, candidate), by=candidate, at=NOON)
    assert started(version, candidate, context="course:2").number == 1


def test_a_bank_that_is_too_small_starts_nothing(candidate: Any) -> None:
    with pytest.raises(CannotStart, match="too few approved questions"):
        started(assessment(questions=3, bank_size=2), candidate)
    assert not Attempt.objects.exists()


def test_no_pass_mark_means_completed(candidate: Any) -> None:
    attempt = started(assessment(pass_percent=None), candidate)
    assert submit_attempt(attempt, by=candidate, at=NOON).outcome == Outcome.COMPLETED


def test_missing_a_must_pass_question_fails_whatever_the_score(candidate: Any) -> None:
    for number in range(9):
        question(f"plain{number}")
    question("must", must_pass="child-never-police-station")
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 10}], must_pass=True), candidate)
    for item in attempt.items.select_related("question_version"):
        save(attempt, item.position, WRONG if item.question_version.must_pass else RIGHT, item.position)
    done = submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    assert (done.score, done.outcome, done.failed_rules) == (900_000, Outcome.FAILED, ["child-never-police-station"])


# --- Submitting, marking, whose it is --------------------------------------------------------------------------------
def test_submitting_twice_is_submitting_once(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    first = submit_attempt(attempt, by=candidate, at=NOON + MINUTE)
    assert submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE).closed_at == first.closed_at
    assert kinds(attempt).count("submitted") == kinds(attempt).count("marked") == 1


def test_nothing_is_saved_after_submission(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    submit_attempt(attempt, by=candidate, at=NOON + MINUTE)
    with pytest.raises(AttemptClosed, match=r"You submitted this test at 12:01\."):
        save(attempt, 1, RIGHT, 1)


def test_somebody_elses_attempt_is_as_unknown_as_none(candidate: Any, person: Any) -> None:
    attempt, stranger = started(assessment(), candidate), person("Mal", is_superuser=True)
    with pytest.raises(UnknownAttempt):
        save(attempt, 1, RIGHT, 1, by=stranger)
    with pytest.raises(UnknownAttempt):
        submit_attempt(attempt, by=stranger, at=NOON)
    with pytest.raises(UnknownAttempt):
        open_on_device(attempt.pk, by=stranger, at=NOON, device="d")
    with pytest.raises(UnknownAttempt):
        save(attempt, 99, RIGHT, 1)


def test_a_refused_answer_leaves_the_one_before(candidate: Any) -> None:
    question("n1", type="number")
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), candidate)
    save_posted(attempt.pk, 1, posted("24"), by=candidate, at=NOON, device="d", sequence=1, turn=0)
    with pytest.raises(BadResponse):
        save_posted(attempt.pk, 1, posted("lots"), by=candidate, at=NOON, device="d", sequence=2, turn=1)
    assert kept(attempt) == {"text": "24"}


def test_a_checked_answer_is_final_where_feedback_comes_at_once(candidate: Any) -> None:
    attempt = started(assessment(feedback="at_once", pass_percent=None), candidate)
    attempts.check_answer(attempt.pk, 1, by=candidate, at=NOON)
    save(attempt, 1, WRONG, 1)
    attempts.check_answer(attempt.pk, 1, by=candidate, at=NOON + MINUTE)
    with pytest.raises(AnswerFinal):
        save(attempt, 1, RIGHT, 2)
    assert save(attempt, 1, WRONG, 3, flagged=True).is_news
    assert kinds(attempt).count("checked") == 1
    assert kept(attempt) == WRONG


def test_answers_are_not_checked_under_another_policy(candidate: Any) -> None:
    attempt = started(assessment(feedback="after_submit"), candidate)
    save(attempt, 1, WRONG, 1)
    with pytest.raises(UnknownAttempt):
        attempts.check_answer(attempt.pk, 1, by=candidate, at=NOON)


def test_a_mark_is_told_upwards_once_and_again_when_it_changes(candidate: Any) -> None:
    told: list[str] = []

    def hear(attempt: Attempt, **kwargs: Any) -> None:
        told.append(attempt.outcome)

    attempt_marked.connect(hear)
    try:
        attempt = started(assessment(questions=2), candidate)
        save(attempt, 1, RIGHT, 1)
        done = submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
        submit_attempt(attempt, by=candidate, at=NOON + 3 * MINUTE)
        # Everybody is given the mark of what was right already, so no mark moves; then the wrong one is taken out.
        decided(done, 1, "award")
        decided(done, 2)
    finally:
        attempt_marked.disconnect(hear)
    assert told == [Outcome.FAILED, Outcome.PASSED]


def test_an_error_above_undoes_the_submission(candidate: Any) -> None:
    def fail(**kwargs: Any) -> None:
        raise RuntimeError("the ledger is full")

    attempt = started(assessment(), candidate)
    attempt_marked.connect(fail)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            submit_attempt(attempt, by=candidate, at=NOON)
    finally:
        attempt_marked.disconnect(fail)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN
    assert "submitted" not in kinds(attempt)


def test_a_question_taken_out_counts_neither_way_and_stays_out(candidate: Any) -> None:
    attempt = started(assessment(questions=4, pass_percent=60), candidate)
    save(attempt, 1, RIGHT, 1)
    save(attempt, 2, RIGHT, 2)
    done = submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    decided(done, 3)
    again = decided(done, 4)
    assert (done.outcome, again.outcome, again.score) == (Outcome.FAILED, Outcome.PASSED, 1_000_000)
    result = result_of(again, at=NOON + 99 * MINUTE)
    assert (result.right, result.asked) == (2, 2)
    assert [item.is_neutral for item in result.items] == [False, False, True, True]


def test_caches_that_went_wrong_are_rebuilt_from_the_steps(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    save(attempt, 1, RIGHT, 1)
    submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    assert not rebuild_attempt(attempt)
    Attempt.objects.update(score=1, outcome=Outcome.PASSED)
    attempt.items.update(response=None, fraction=None)
    assert rebuild_attempt(attempt)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.outcome, kept(attempt)) == (333_333, Outcome.FAILED, RIGHT)
