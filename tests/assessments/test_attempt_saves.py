"""The order of saves, and the clock, which is the server's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from assessments import attempts
from assessments.attempts import (
    AttemptClosed,
    MovedElsewhere,
    RepeatedSequence,
    StillRunning,
    expire_attempt,
    expire_overdue,
    open_on_device,
    set_flag,
    submit_attempt,
)
from assessments.models import AttemptState
from people import clock, work
from people.models import WaitingWork
from tests.assessments.attempt_acts import RIGHT, WRONG, candidate_fixture, kept, kinds, save  # noqa: F401
from tests.assessments.building import (
    MINUTE,
    NOON,
    SECOND,
    assessment,
    started,
)

pytestmark = pytest.mark.django_db


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


def test_a_device_that_never_heard_that_it_took_over_goes_on(candidate: Any) -> None:
    attempt = started(assessment(), candidate)
    open_on_device(attempt.pk, by=candidate, at=NOON, device="desk", turn=0)  # the answer is lost on its way
    assert open_on_device(attempt.pk, by=candidate, at=NOON + SECOND, device="desk", turn=0).turn == 1
    assert save(attempt, 1, RIGHT, 1, device="desk", turn=0).is_news
    assert kinds(attempt).count("moved") == 1
    with pytest.raises(MovedElsewhere):
        save(attempt, 1, WRONG, 1, device="phone", turn=0)
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
