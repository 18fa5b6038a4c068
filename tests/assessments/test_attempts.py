"""Sitting an assessment: walkthroughs of every type, the clock, the order of saves, devices, and each refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.http import QueryDict

from assessments import attempts
from assessments.attempts import (
    AttemptClosed,
    CannotStart,
    MovedElsewhere,
    RepeatedSequence,
    StillRunning,
    UnknownAttempt,
    can_start,
    expire_attempt,
    expire_overdue,
    open_on_device,
    save_posted,
    save_response,
    set_flag,
    submit_attempt,
)
from assessments.events import attempt_marked
from assessments.marks import Ruling, rebuild_attempt, remark_attempt
from assessments.models import Attempt, AttemptState, Outcome
from assessments.question_types import BadResponse
from assessments.refusals import AnswerFinal, OwnAttempt
from assessments.results import result_of
from people import clock, work
from people.models import WaitingWork
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

pytestmark = pytest.mark.django_db
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


@pytest.fixture
def candidate(person: Any) -> Any:
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


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_walk_through_every_type(candidate: Any, person: Any, name: str) -> None:
    """Start, save, resume, change, submit, mark, mark again by decision."""
    first = question("w1", type=name)
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), candidate)
    save_posted(attempt.pk, 1, posted(*BAD_ANSWERS[name]), by=candidate, at=NOON, device="d", sequence=1, turn=0)
    assert started(attempt.assessment_version, candidate, at=NOON + MINUTE) == attempt
    save_posted(attempt.pk, 1, posted(*GOOD_ANSWERS[name]), by=candidate, at=NOON, device="d", sequence=2, turn=1)
    done = submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    assert (done.state, done.outcome, done.score) == (AttemptState.SUBMITTED, Outcome.PASSED, 1_000_000)
    assert result_of(done).items[0].feedback
    assert kinds(attempt) == ["started", "moved", "saved", "saved", "submitted", "marked"]

    rekeyed = {"definition": TRUE_FALSE | {"answer": True}} if name == "true_false" else {"topic": "corrected"}
    corrected = question("w1", type=name, **rekeyed)
    again = remark_attempt(done, by=person("Cy"), at=NOON + 9 * MINUTE, reason="Key", rulings={1: Ruling(corrected)})
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


# --- The order of saves ----------------------------------------------------------------------------------------------
def test_a_repeated_save_is_answered_quietly_and_kept_once(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    first = save(attempt, 1, RIGHT, 1)
    again = save(attempt, 1, RIGHT, 1, at=NOON + 2 * MINUTE)
    assert (first.is_news, again.is_news, again.saved_at) == (True, False, first.saved_at)
    assert kinds(attempt).count("saved") == 1


def test_an_older_save_that_comes_late_never_overwrites_a_newer_one(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    save(attempt, 1, RIGHT, 5)
    assert not save(attempt, 1, WRONG, 4).is_news
    assert kept(attempt) == RIGHT


def test_a_save_back_to_the_former_answer_still_counts_as_the_newest(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    save(attempt, 1, RIGHT, 1)
    save(attempt, 1, RIGHT, 3)
    save(attempt, 1, WRONG, 2)
    assert kept(attempt) == RIGHT


def test_one_number_for_two_questions_is_refused_and_changes_nothing(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    save(attempt, 1, RIGHT, 1)
    with pytest.raises(RepeatedSequence):
        save(attempt, 2, RIGHT, 1)
    assert kept(attempt, 2) is None


@pytest.mark.parametrize("sequence", [0, -1, 2**60])
def test_numbers_no_page_sends_are_refused(candidate: Any, sequence: int) -> None:
    with pytest.raises(RepeatedSequence):
        save(started(assessment(), candidate), 1, RIGHT, sequence)


def test_without_a_number_an_unchanged_save_is_discarded_and_a_changed_one_is_the_newest(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    save(attempt, 1, RIGHT, None)
    assert not save(attempt, 1, RIGHT, None).is_news
    assert save(attempt, 1, WRONG, None).is_news
    assert kinds(attempt).count("saved") == 2


def test_an_answer_can_be_cleared_and_a_question_flagged(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    save(attempt, 1, RIGHT, 1, flagged=True)
    save(attempt, 1, None, 2)
    assert kept(attempt) is None
    assert attempt.items.get(position=1).flagged
    set_flag(attempt, 1, False, by=candidate, at=NOON, device="laptop", sequence=3)
    assert not attempt.items.get(position=1).flagged


def test_a_second_device_takes_over_and_the_first_is_read_only(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    first = open_on_device(attempt.pk, by=candidate, at=NOON, device="desk", turn=0)
    second = open_on_device(attempt.pk, by=candidate, at=NOON + 51 * SECOND, device="phone", turn=first.turn)
    assert second.turn == 2
    with pytest.raises(MovedElsewhere, match=r"^You moved to another device at 12:00\. This one is now read only\.$"):
        save(attempt, 1, RIGHT, 1, device="desk", turn=first.turn)
    save(attempt, 1, WRONG, 1, device="phone", turn=2)
    assert kept(attempt) == WRONG
    back = open_on_device(attempt.pk, by=candidate, at=NOON + MINUTE, device="desk", turn=2)
    save(attempt, 1, RIGHT, 2, device="desk", turn=back.turn)
    assert kept(attempt) == RIGHT


def test_a_late_save_of_a_device_that_came_back_is_still_from_its_old_turn(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    open_on_device(attempt.pk, by=candidate, at=NOON, device="desk", turn=0)
    open_on_device(attempt.pk, by=candidate, at=NOON, device="phone", turn=1)
    save(attempt, 1, RIGHT, 1, device="phone", turn=2)
    open_on_device(attempt.pk, by=candidate, at=NOON, device="desk", turn=2)
    with pytest.raises(MovedElsewhere):
        save(attempt, 1, WRONG, 7, device="desk", turn=1)
    assert kept(attempt) == RIGHT


# --- The clock -------------------------------------------------------------------------------------------------------
def test_a_save_on_its_way_at_the_deadline_is_kept_and_a_later_one_refused(candidate: Any) -> None:
    attempt = started(assessment(minutes=40), candidate)
    save(attempt, 1, RIGHT, 1, at=NOON + 40 * MINUTE + 5 * SECOND)
    with pytest.raises(AttemptClosed, match=r"Time ran out at 12:40\."):
        save(attempt, 2, RIGHT, 2, at=NOON + 40 * MINUTE + 6 * SECOND)
    assert kept(attempt, 2) is None


def test_an_expired_attempt_is_submitted_with_what_was_saved(candidate: Any) -> None:
    attempt = started(assessment(questions=2, minutes=40), candidate)
    save(attempt, 1, RIGHT, 1)
    with pytest.raises(StillRunning):
        expire_attempt(attempt, at=NOON + 40 * MINUTE)
    done = expire_attempt(attempt, at=NOON + 41 * MINUTE)
    assert (done.state, done.closed_at, done.score) == (AttemptState.EXPIRED, NOON + 40 * MINUTE, 500_000)
    assert expire_attempt(attempt, at=NOON + 42 * MINUTE).marked_at == NOON + 41 * MINUTE
    assert kinds(attempt)[-2:] == ["expired", "marked"]


def test_submitting_long_after_the_deadline_counts_what_had_been_saved(candidate: Any) -> None:
    attempt = started(assessment(minutes=40), candidate)
    done = submit_attempt(attempt, by=candidate, at=NOON + 50 * MINUTE)
    assert (done.state, done.closed_at) == (AttemptState.EXPIRED, NOON + 40 * MINUTE)


def test_an_attempt_without_time_limit_never_expires(candidate: Any) -> None:
    attempt = started(assessment(minutes=None), candidate)
    with pytest.raises(StillRunning):
        expire_attempt(attempt, at=NOON + timedelta(days=400))
    assert expire_overdue(at=NOON + timedelta(days=400)) == 0


def test_the_sweeper_closes_what_is_left_open_and_only_that(candidate: Any, person: Any) -> None:
    late = started(assessment(minutes=40), candidate, at=clock.now() - timedelta(hours=1))
    running = started(late.assessment_version, person("Cy"), at=clock.now())
    assert work.do_work("expire_attempt", str(late.pk))
    assert not work.do_work("expire_attempt", str(running.pk))
    late.refresh_from_db()
    running.refresh_from_db()
    assert (late.state, running.state) == (AttemptState.EXPIRED, AttemptState.OPEN)


def test_a_sweep_closes_overdue_attempts_even_without_a_waiting_row(candidate: Any) -> None:
    attempt = started(assessment(minutes=40), candidate)
    WaitingWork.objects.all().delete()
    assert expire_overdue(at=NOON + 39 * MINUTE) == 0
    assert expire_overdue(at=NOON + 41 * MINUTE) == 1
    assert attempts.sweep_overdue() == 0
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.EXPIRED


def test_starting_again_closes_an_overdue_attempt_first(candidate: Any) -> None:
    version = assessment(minutes=40, attempts=2)
    first = started(version, candidate)
    second = started(version, candidate, at=NOON + 41 * MINUTE)
    first.refresh_from_db()
    assert (first.state, second.number) == (AttemptState.EXPIRED, 2)


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


def test_a_mark_is_told_upwards_once_and_again_when_it_changes(candidate: Any, person: Any) -> None:
    told: list[str] = []

    def hear(attempt: Attempt, **kwargs: Any) -> None:
        told.append(attempt.outcome)

    attempt_marked.connect(hear)
    try:
        attempt = started(assessment(questions=2), candidate)
        save(attempt, 1, RIGHT, 1)
        done = submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
        submit_attempt(attempt, by=candidate, at=NOON + 3 * MINUTE)
        remark_attempt(done, by=person("Cy"), at=NOON, reason="Looked at again: nothing to change.")
        remark_attempt(done, by=person("Cy"), at=NOON, reason="Question 2 is faulty.", rulings={2: Ruling()})
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


def test_a_question_taken_out_counts_neither_way_and_stays_out(candidate: Any, person: Any) -> None:
    attempt = started(assessment(questions=4, pass_percent=60), candidate)
    save(attempt, 1, RIGHT, 1)
    save(attempt, 2, RIGHT, 2)
    done = submit_attempt(attempt, by=candidate, at=NOON + 2 * MINUTE)
    marker = person("Cy")
    remark_attempt(done, by=marker, at=NOON, reason="Faulty.", rulings={3: Ruling()})
    again = remark_attempt(done, by=marker, at=NOON, reason="Also faulty.", rulings={4: Ruling()})
    assert (done.outcome, again.outcome, again.score) == (Outcome.FAILED, Outcome.PASSED, 1_000_000)
    result = result_of(again)
    assert (result.right, result.asked) == (2, 2)
    assert [item.is_neutral for item in result.items] == [False, False, True, True]


def test_remarking_is_never_ones_own_needs_a_reason_and_a_key_of_the_same_question(candidate: Any, person: Any) -> None:
    attempt = started(assessment(), candidate)
    marker = person("Cy")
    with pytest.raises(attempts.AttemptRefused, match="Only an attempt that was submitted"):
        remark_attempt(attempt, by=marker, at=NOON, reason="Why not?")
    done = submit_attempt(attempt, by=candidate, at=NOON)
    with pytest.raises(OwnAttempt):
        remark_attempt(done, by=candidate, at=NOON, reason="I deserve more.")
    with pytest.raises(attempts.AttemptRefused, match="Say why"):
        remark_attempt(done, by=marker, at=NOON, reason=" ")
    with pytest.raises(attempts.AttemptRefused, match="another question"):
        remark_attempt(done, by=marker, at=NOON, reason="Key.", rulings={1: Ruling(question("other"))})
    with pytest.raises(UnknownAttempt):
        remark_attempt(done, by=marker, at=NOON, reason="Key.", rulings={99: Ruling()})


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
