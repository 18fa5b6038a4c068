"""Enrolling, leaving, and what a newer release asks."""

from datetime import timedelta

import pytest
from django.urls import reverse

from courses import enrolments
from courses.enrolments import (
    AlreadyClosed,
    AttemptOpen,
    CourseWithdrawn,
    EnrolmentRefused,
    NotReleased,
    NotYours,
    PrerequisitesMissing,
    acknowledge_release,
    enrol,
    leave,
    retake,
)
from courses.lesson_answers import write_reflection
from courses.models import Course, Enrolment, ReleaseDemand
from courses.progress import MustAcknowledge, MustRetake, finish_step, steps_done
from courses.withdrawals import withdraw_course
from tests.courses.factories import NOON, NOTE, do_lessons, enrolled, lesson, release, release_with_test, sit

pytestmark = pytest.mark.django_db


def test_an_officer_enrols_on_the_current_release(person):
    officer, made = person(), release()
    enrolment = enrol(officer, made.course, by=officer, at=NOON)
    assert (enrolment.release, enrolment.occasion, enrolment.enrolled_at) == (made, 1, NOON)


def test_enrolling_twice_is_enrolling_once(person, signed_in):
    officer, made = person(), release()
    client, address = signed_in(officer), reverse("courses:enrol", args=[made.course.slug])
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 302
    assert Enrolment.objects.filter(officer=officer).count() == 1


def test_the_slower_half_of_a_double_click_finds_the_faster_ones_enrolment(person, monkeypatch):
    officer, made = person(), release()
    first = []

    def come_between(course):
        monkeypatch.undo()
        first.append(enrol(officer, made.course, by=officer, at=NOON))
        return made

    monkeypatch.setattr(enrolments, "_release_to_start", come_between)
    assert [enrol(officer, made.course, by=officer, at=NOON)] == first
    assert Enrolment.objects.count() == 1


def test_a_withdrawn_course_takes_nobody_new_and_keeps_those_in_it(person):
    made, inside, outside = release(), person(), person()
    enrolment = enrolled(inside, made)
    withdraw_course(made.course, by=person("", "trainer", family="ethics"), at=NOON, reason="The code changed.")
    with pytest.raises(CourseWithdrawn, match="withdrawn on 22 November 2026"):
        enrol(outside, made.course, by=outside, at=NOON)
    assert enrol(inside, made.course, by=inside, at=NOON) == enrolment
    do_lessons(enrolment)
    enrolment.refresh_from_db()
    assert enrolment.outcome == "completed"


def test_a_course_without_a_release_is_not_open(person):
    officer = person()
    course = Course.objects.create(code="ETH-999", slug="eth-999", family="ethics")
    with pytest.raises(NotReleased, match="still being written"):
        enrol(officer, course, by=officer, at=NOON)


def test_a_course_opens_when_what_it_builds_on_is_finished(person):
    officer, base = person(), release(code="ETH-1", title="The first word")
    further = release(code="ETH-2", requires=["ETH-1"])
    with pytest.raises(PrerequisitesMissing, match="builds on ‘The first word’"):
        enrol(officer, further.course, by=officer, at=NOON)
    do_lessons(enrolled(officer, base))
    assert enrol(officer, further.course, by=officer, at=NOON).release == further


def test_a_prerequisite_that_has_run_out_does_not_count(person):
    officer, base = person(), release(code="ETH-1", validity_months=1)
    further = release(code="ETH-2", requires=["ETH-1"])
    do_lessons(enrolled(officer, base))
    with pytest.raises(PrerequisitesMissing):
        enrol(officer, further.course, by=officer, at=NOON + timedelta(days=40))


def test_a_prerequisite_that_nobody_knows_keeps_a_course_closed(person):
    officer, further = person(), release(code="ETH-2", requires=["ETH-0"])
    with pytest.raises(PrerequisitesMissing, match="ETH-0"):
        enrol(officer, further.course, by=officer, at=NOON)


def test_a_refresher_is_a_new_occasion_on_the_current_release(person):
    officer, made = person(), release()
    do_lessons(enrolled(officer, made))
    newer = release(made.course)
    again = enrol(officer, made.course, by=officer, at=NOON)
    assert (again.occasion, again.release) == (2, newer)
    assert steps_done(again) == set()


def test_leaving_keeps_what_was_done_for_those_who_come_back(person):
    officer, made = person(), release()
    enrolment = enrolled(officer, made)
    finish_step(enrolment, "first-word", by=officer, at=NOON)
    leave(enrolment, by=officer, at=NOON)
    again = enrol(officer, made.course, by=officer, at=NOON)
    assert again.occasion == 2
    assert steps_done(again) == {"first-word"}
    assert again.place == "second-word"


def test_leaving_and_coming_back_brings_no_new_attempts(person):
    officer = person()
    made = release_with_test()
    enrolment = enrolled(officer, made)
    do_lessons(enrolment)
    sit(enrolment, right=0)
    leave(enrolment, by=officer, at=NOON)
    again = enrol(officer, made.course, by=officer, at=NOON)
    second = sit(again, right=0, at=NOON + timedelta(days=2))
    assert second.number == 2


def test_a_closed_enrolment_is_not_left_again(person):
    officer = person()
    enrolment = enrolled(officer, release())
    leave(enrolment, by=officer, at=NOON)
    with pytest.raises(AlreadyClosed):
        leave(enrolment, by=officer, at=NOON)


def test_nobody_leaves_in_the_middle_of_a_test(person):
    officer = person()
    enrolment = enrolled(officer, release_with_test())
    do_lessons(enrolment)
    sit(enrolment, submit=False)
    with pytest.raises(AttemptOpen, match="test running"):
        leave(enrolment, by=officer, at=NOON)


def test_others_enrol_somebody_only_with_a_role_for_it(person):
    officer, made = person(), release()
    with pytest.raises(NotYours):
        enrol(officer, made.course, by=person(), at=NOON)
    with pytest.raises(NotYours):
        enrol(officer, made.course, by=person("", "trainer", family="initial"), at=NOON)
    assert enrol(officer, made.course, by=person("", "trainer", family="ethics"), at=NOON).officer == officer


def test_those_in_a_course_may_finish_the_release_they_started(person):
    officer, made = person(), release()
    enrolment = enrolled(officer, made)
    release(made.course, steps=[lesson("another")])
    do_lessons(enrolment)
    enrolment.refresh_from_db()
    assert enrolment.outcome == "completed"
    assert enrolment.completion.enrolment.release == made


def test_a_change_that_must_be_read_is_acknowledged_before_going_on(person):
    officer, made = person(), release()
    enrolment = enrolled(officer, made)
    newer = release(made.course, demand=ReleaseDemand.ACKNOWLEDGE, demand_reason="Section 39A was amended.")
    with pytest.raises(MustAcknowledge):
        finish_step(enrolment, "first-word", by=officer, at=NOON)
    acknowledge_release(enrolment, newer, by=officer, at=NOON)
    acknowledge_release(enrolment, newer, by=officer, at=NOON)
    finish_step(enrolment, "first-word", by=officer, at=NOON)
    assert enrolment.acknowledgements.count() == 1


def test_a_release_that_asks_nothing_is_not_acknowledged(person):
    officer, made = person(), release()
    enrolment = enrolled(officer, made)
    with pytest.raises(EnrolmentRefused):
        acknowledge_release(enrolment, release(made.course), by=officer, at=NOON)
    with pytest.raises(NotYours):
        acknowledge_release(enrolment, made, by=person(), at=NOON)


def test_a_release_that_must_be_retaken_ends_the_older_one(person):
    officer, made = person(), release()
    enrolment = enrolled(officer, made)
    finish_step(enrolment, "first-word", by=officer, at=NOON)
    write_reflection(enrolment, "first-word", NOTE, "My own words.", by=officer, at=NOON)
    newer = release(made.course, demand=ReleaseDemand.RETAKE)
    with pytest.raises(MustRetake):
        finish_step(enrolment, "second-word", by=officer, at=NOON)
    again = retake(enrolment, by=officer, at=NOON)
    enrolment.refresh_from_db()
    assert (enrolment.outcome, again.release, again.occasion) == ("replaced", newer, 2)
    assert steps_done(again) == set()


def test_a_demand_of_a_release_in_between_still_stands(person):
    officer, made = person(), release()
    enrolment = enrolled(officer, made)
    release(made.course, demand=ReleaseDemand.RETAKE)
    newest = release(made.course)
    assert retake(enrolment, by=officer, at=NOON).release == newest


def test_nobody_retakes_what_may_be_finished(person):
    officer, made = person(), release()
    enrolment = enrolled(officer, made)
    release(made.course)
    with pytest.raises(EnrolmentRefused, match="may finish"):
        retake(enrolment, by=officer, at=NOON)
    with pytest.raises(NotYours):
        retake(enrolment, by=person(), at=NOON)
