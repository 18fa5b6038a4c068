"""Rest breaks: the candidate stops their own clock for as long as the allowance goes, and no order of events gives more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from assessments.attempts import expire_attempt, save_response, start_attempt, submit_attempt
from assessments.marks import rebuild_attempt
from assessments.models import StepKind
from assessments.refusals import AttemptClosed, AttemptPaused, UnknownAttempt
from assessments.rests import (
    RestRefused,
    allowance_of,
    begin_rest,
    end_rest,
    end_rest_when_due,
    is_resting,
    rest_ends_at,
    rest_left,
)
from assessments.rooms.pausing import run_on, stop
from people import clock, work
from people.adjustments import Granted, grant_adjustment
from people.models import WaitingWork
from tests import factories
from tests.assessments.building import MINUTE, NOON, SECOND
from tests.assessments.rooms.sittings import a_room, fresh, ina_of, invigilated

pytestmark = pytest.mark.django_db


def sitting(*, minutes=60, rest=10, room=None, at=NOON, extra_percent=0):
    """Somebody's test of an hour and one question, who was granted ten minutes of rest in each hour."""
    version = (
        room.assessment.versions.get() if room else invigilated(minutes=minutes, questions=1, is_invigilated=False)
    )
    officer = factories.person("Rita")
    if rest or extra_percent:
        granted = Granted(rest_minutes=rest, extra_percent=extra_percent)
        grant_adjustment(
            officer, granted, by=factories.person("Ada", "training-admin"), valid_from=localdate(at) - timedelta(days=1)
        )
    return start_attempt(version, by=officer, at=at, context_ref="course:1", room=room)


def save(attempt, at, sequence=1):
    return save_response(attempt, 1, {"answer": True}, by=attempt.officer, at=at, device="desk", sequence=sequence)


def test_the_allowance_is_so_many_minutes_for_each_hour_of_the_limit_and_extra_time():
    assert allowance_of(sitting(minutes=90, rest=10)) == 15 * MINUTE


def test_extra_time_lengthens_it_and_without_a_limit_there_is_none():
    assert allowance_of(sitting(minutes=60, rest=10, extra_percent=50)) == 15 * MINUTE


@pytest.mark.parametrize(("minutes", "rest"), [(None, 10), (60, 0)])
def test_without_a_limit_or_an_adjustment_there_is_no_rest(minutes, rest):
    attempt = sitting(minutes=minutes, rest=rest)
    with pytest.raises(RestRefused, match="no rest breaks that stop the clock"):
        begin_rest(attempt.pk, by=attempt.officer, at=NOON + MINUTE)


def test_a_rest_stops_the_clock_and_what_is_left_of_it_is_kept():
    attempt = sitting()
    begin_rest(attempt.pk, by=attempt.officer, at=NOON + 10 * MINUTE)
    assert is_resting(fresh(attempt))
    assert rest_ends_at(fresh(attempt)) == NOON + 20 * MINUTE
    with pytest.raises(AttemptPaused):
        save(attempt, NOON + 11 * MINUTE)
    end_rest(attempt.pk, by=attempt.officer, at=NOON + 14 * MINUTE)
    assert fresh(attempt).deadline_at == NOON + 64 * MINUTE
    assert rest_left(fresh(attempt), at=NOON + 14 * MINUTE) == 6 * MINUTE
    assert save(attempt, NOON + 15 * MINUTE).is_news
    assert not rebuild_attempt(attempt)


def test_pressing_twice_begins_and_ends_one_rest():
    attempt = sitting()
    for minute in (10, 11):
        begin_rest(attempt.pk, by=attempt.officer, at=NOON + minute * MINUTE)
    for minute in (14, 15):
        end_rest(attempt.pk, by=attempt.officer, at=NOON + minute * MINUTE)
    assert [step.kind for step in attempt.steps.all()] == [StepKind.STARTED, StepKind.PAUSED, StepKind.RESUMED]
    assert fresh(attempt).deadline_at == NOON + 64 * MINUTE


def test_when_it_is_used_up_the_clock_runs_on_from_that_moment_whoever_notices_and_when():
    attempt = sitting()
    begin_rest(attempt.pk, by=attempt.officer, at=NOON + 10 * MINUTE)
    end_rest(attempt.pk, by=attempt.officer, at=NOON + 45 * MINUTE)
    assert fresh(attempt).deadline_at == NOON + 70 * MINUTE
    resumed = attempt.steps.get(kind=StepKind.RESUMED)
    assert (resumed.at, resumed.by) == (NOON + 20 * MINUTE, None)
    with pytest.raises(RestRefused, match="used up"):
        begin_rest(attempt.pk, by=attempt.officer, at=NOON + 46 * MINUTE)


def test_a_waiting_row_lets_the_clock_run_on():
    began = clock.now() - 30 * MINUTE
    attempt = sitting(at=began - MINUTE)
    begin_rest(attempt.pk, by=attempt.officer, at=began)
    row = WaitingWork.objects.get(kind="assessments.end_rest")
    assert row.due_at == began + 10 * MINUTE
    assert work.do_work(row.kind, row.key)
    assert fresh(attempt).paused_at is None
    assert fresh(attempt).deadline_at == began - MINUTE + 70 * MINUTE


def test_a_row_that_comes_early_waits_and_one_of_an_earlier_rest_does_nothing():
    began = clock.now()
    attempt = sitting(at=began - MINUTE)
    begin_rest(attempt.pk, by=attempt.officer, at=began)
    first = WaitingWork.objects.get(kind="assessments.end_rest").key
    with pytest.raises(work.NotYet) as early:
        end_rest_when_due(first)
    assert 590 < early.value.seconds < 601
    end_rest(attempt.pk, by=attempt.officer, at=began + SECOND)
    begin_rest(attempt.pk, by=attempt.officer, at=began + 2 * SECOND)
    end_rest_when_due(first)
    assert is_resting(fresh(attempt))


def test_nobody_else_rests_for_somebody():
    attempt, other = sitting(), factories.person("Other")
    for act in (begin_rest, end_rest):
        with pytest.raises(UnknownAttempt):
            act(attempt.pk, by=other, at=NOON + MINUTE)


def test_an_invigilator_who_stops_the_clock_ends_the_rest_and_keeps_what_is_left():
    room = a_room(invigilated(minutes=60))
    attempt, ina = sitting(room=room), ina_of(room)
    begin_rest(attempt.pk, by=attempt.officer, at=NOON + 10 * MINUTE)
    stop(room, None, reason="Fire alarm", by=ina, at=NOON + 12 * MINUTE)
    with pytest.raises(RestRefused, match="It runs on when they let it"):
        end_rest(attempt.pk, by=attempt.officer, at=NOON + 13 * MINUTE)
    with pytest.raises(RestRefused, match="kept for later"):
        begin_rest(attempt.pk, by=attempt.officer, at=NOON + 13 * MINUTE)
    run_on(room, None, reason="All clear", by=ina, at=NOON + 30 * MINUTE)
    assert fresh(attempt).deadline_at == NOON + (60 + 20) * MINUTE
    assert rest_left(fresh(attempt), at=NOON + 30 * MINUTE) == 8 * MINUTE
    assert not rebuild_attempt(attempt)


def test_a_rest_that_was_used_up_unnoticed_ends_when_it_did_also_for_the_invigilator():
    room = a_room(invigilated(minutes=60))
    attempt = sitting(room=room)
    begin_rest(attempt.pk, by=attempt.officer, at=NOON + 10 * MINUTE)
    stop(room, None, reason="Fire alarm", by=ina_of(room), at=NOON + 30 * MINUTE)
    assert [(step.kind, step.at) for step in attempt.steps.all()][-2:] == [
        (StepKind.RESUMED, NOON + 20 * MINUTE),
        (StepKind.PAUSED, NOON + 30 * MINUTE),
    ]


def test_running_on_for_all_leaves_those_who_rest():
    room = a_room(invigilated(minutes=60))
    attempt, ina = sitting(room=room), ina_of(room)
    stop(room, None, reason="Fire alarm", by=ina, at=NOON + 5 * MINUTE)
    run_on(room, None, reason="All clear", by=ina, at=NOON + 6 * MINUTE)
    begin_rest(attempt.pk, by=attempt.officer, at=NOON + 10 * MINUTE)
    stop(room, None, reason="Again", by=ina, at=NOON + 11 * MINUTE)
    run_on(room, None, reason="All clear", by=ina, at=NOON + 12 * MINUTE)
    begin_rest(attempt.pk, by=attempt.officer, at=NOON + 13 * MINUTE)
    assert is_resting(fresh(attempt))


def test_a_test_may_be_handed_in_from_a_rest_and_ends_by_itself_after_one():
    attempt = sitting()
    begin_rest(attempt.pk, by=attempt.officer, at=NOON + 10 * MINUTE)
    assert submit_attempt(attempt, by=attempt.officer, at=NOON + 11 * MINUTE).closed_at == NOON + 11 * MINUTE
    end_rest(attempt.pk, by=attempt.officer, at=NOON + 12 * MINUTE)
    with pytest.raises(AttemptClosed):
        begin_rest(attempt.pk, by=attempt.officer, at=NOON + 12 * MINUTE)
    assert not rebuild_attempt(attempt)


def test_after_a_forgotten_rest_the_test_expires_at_its_moved_end():
    attempt = sitting()
    begin_rest(attempt.pk, by=attempt.officer, at=NOON + 10 * MINUTE)
    end_rest(attempt.pk, by=attempt.officer, at=NOON + timedelta(hours=3))
    assert expire_attempt(attempt, at=NOON + timedelta(hours=3)).closed_at == NOON + 70 * MINUTE
