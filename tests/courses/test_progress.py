"""From steps done to a completion: ledger entry, certificate, closed enrolment, once and together."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import progress
from courses.lesson_answers import NothingAnswered, ReflectionTooLong, answer_check, reflection_of, write_reflection
from courses.models import CheckAnswer, Completion, ReflectionNote, ReleaseDemand
from courses.progress import (
    CannotConfirm,
    EnrolmentClosed,
    MustRetake,
    NoSuchStep,
    NotFinished,
    NotYourEnrolment,
    StepNotOpen,
    complete_course,
    confirm_completion,
    context_of,
    finish_step,
    remember_place,
    start_assessment,
    steps_done,
    valid_until,
)
from cpd_records.models import Certificate, ReadablePart
from tests import factories as people_factories
from tests.courses.factories import (
    NOON,
    NOTE,
    SLOT,
    assessment,
    do_lessons,
    enrolled,
    lesson,
    questions,
    release,
    release_with_test,
    sat,
    sit,
    task,
)

pytestmark = pytest.mark.django_db


def test_doing_all_steps_completes_a_course_in_one_go(person):
    officer = person()
    enrolment = enrolled(officer, release(minutes=75))
    do_lessons(enrolment, at=NOON)
    completion = Completion.objects.get(enrolment=enrolment)
    enrolment.refresh_from_db()
    assert (enrolment.outcome, enrolment.closed_at) == ("completed", NOON)
    entry = ReadablePart.objects.get(pk=completion.entry_id)
    assert (entry.officer, entry.kind, entry.subject) == (officer.public_id, "completion", "ETH-900")
    assert (entry.day, entry.minutes, entry.valid_until) == (date(2026, 11, 22), 75, date(2028, 11, 22))
    payload = json.loads(entry.payload)
    assert payload["title"] == "Saying so"
    assert payload["release"] == 1
    assert payload["release_digest"] == enrolment.release.digest
    assert payload["outcome"] == "completed"
    assert completion.certificate.completion_entry_id == entry.pk
    assert completion.certificate.valid_until == date(2028, 11, 22)


def test_passing_the_test_completes_a_course_with_the_mark_in_the_ledger(person):
    officer = person()
    enrolment = enrolled(officer, release_with_test())
    do_lessons(enrolment)
    attempt = sit(enrolment, right=3)
    completion = Completion.objects.get(enrolment=enrolment)
    payload = json.loads(completion.entry.readable.payload)
    assert completion.attempt == attempt
    assert (payload["outcome"], payload["attempt"], payload["score_millionths"]) == ("passed", str(attempt.pk), 750_000)


def test_failing_completes_nothing_and_a_later_pass_does(person):
    enrolment = enrolled(person(), release_with_test())
    do_lessons(enrolment)
    sit(enrolment, right=1)
    assert not Completion.objects.exists()
    sit(enrolment, at=NOON + timedelta(days=2))
    assert Completion.objects.filter(enrolment=enrolment).count() == 1


def test_a_completion_that_fails_leaves_no_mark_behind(person, monkeypatch):
    enrolment = enrolled(person(), release_with_test())
    do_lessons(enrolment)
    attempt = sit(enrolment, submit=False)

    def refuse(*args, **more):
        raise RuntimeError("no certificate today")

    monkeypatch.setattr(progress, "award_certificate", refuse)
    with pytest.raises(RuntimeError):
        sit(enrolment)
    attempt.refresh_from_db()
    assert attempt.state == "open"
    assert not ReadablePart.objects.exists()


def test_a_test_without_a_pass_mark_counts_as_a_step(person):
    questions("LEAD-1", 6)
    version = assessment("LEAD-1", pass_percent=None)
    made = release(code="LEAD-1", steps=[lesson("one"), sat("look-back", version=version)], completion="all_steps")
    enrolment = enrolled(person(), made)
    finish_step(enrolment, "one", by=enrolment.officer, at=NOON)
    sit(enrolment, slug="look-back", right=0)
    assert Completion.objects.get(enrolment=enrolment).attempt.outcome == "completed"


def test_a_test_opens_when_the_lessons_before_it_are_done(person):
    enrolment = enrolled(person(), release_with_test())
    with pytest.raises(StepNotOpen, match="‘Lesson 1’ and 1 more"):
        start_assessment(enrolment, "final-test", by=enrolment.officer, at=NOON, address="/")
    do_lessons(enrolment)
    attempt = start_assessment(enrolment, "final-test", by=enrolment.officer, at=NOON, address="/learn/x/final-test/")
    assert attempt.context_address == "/learn/x/final-test/"
    assert attempt.context_title == "Saying so: Final test"


def test_completing_twice_is_completing_once(person):
    enrolment = enrolled(person(), release())
    do_lessons(enrolment)
    first = complete_course(enrolment, at=NOON)
    assert complete_course(enrolment, at=NOON + timedelta(days=1)) == first
    assert ReadablePart.objects.filter(kind="completion").count() == 1


def test_a_course_is_not_completed_while_steps_are_missing(person):
    enrolment = enrolled(person(), release())
    with pytest.raises(NotFinished, match="First word"):
        complete_course(enrolment, at=NOON)


def test_a_pass_on_a_release_that_must_be_retaken_completes_nothing(person):
    made = release_with_test()
    enrolment = enrolled(person(), made)
    do_lessons(enrolment)
    release(made.course, demand=ReleaseDemand.RETAKE)
    attempt = sit(enrolment)
    assert attempt.outcome == "passed"
    assert not Completion.objects.exists()
    with pytest.raises(MustRetake):
        complete_course(enrolment, at=NOON)


def test_a_supervisor_confirms_and_nobody_confirms_their_own(person):
    unit = people_factories.unit()
    officer, supervisor = person("", unit=unit), person("", "supervisor", unit=unit)
    made = release(completion="supervisor")
    enrolment = enrolled(officer, made)
    with pytest.raises(NotFinished):
        confirm_completion(enrolment, by=supervisor, at=NOON)
    do_lessons(enrolment)
    assert not Completion.objects.exists()
    with pytest.raises(CannotConfirm, match="your own"):
        confirm_completion(enrolment, by=officer, at=NOON)
    with pytest.raises(CannotConfirm, match="supervises"):
        confirm_completion(enrolment, by=person(), at=NOON)
    completion = confirm_completion(enrolment, by=supervisor, at=NOON)
    assert completion.confirmed_by == supervisor
    assert json.loads(completion.entry.readable.payload)["confirmed_by"] == str(supervisor.public_id)


def test_other_courses_need_no_confirmation(person):
    unit = people_factories.unit()
    officer, supervisor = person("", unit=unit), person("", "supervisor", unit=unit)
    with pytest.raises(CannotConfirm, match="by itself"):
        confirm_completion(enrolled(officer, release()), by=supervisor, at=NOON)


def test_a_step_done_twice_is_done_once_and_keeps_its_time(person):
    officer = person()
    enrolment = enrolled(officer, release())
    assert finish_step(enrolment, "first-word", by=officer, at=NOON).slug == "second-word"
    finish_step(enrolment, "first-word", by=officer, at=NOON + timedelta(hours=1))
    assert enrolment.steps_done.get(step="first-word").at == NOON
    assert enrolment.place == "second-word"


def test_only_the_person_enrolled_does_the_steps(person):
    enrolment = enrolled(person(), release())
    with pytest.raises(NotYourEnrolment):
        finish_step(enrolment, "first-word", by=person(), at=NOON)
    with pytest.raises(NotYourEnrolment):
        answer_check(enrolment, "first-word", SLOT, {"option": "a"}, by=person(), at=NOON)
    with pytest.raises(NotYourEnrolment):
        write_reflection(enrolment, "first-word", NOTE, "Mine", by=person(), at=NOON)


def test_a_step_that_is_not_in_the_release_is_refused(person):
    officer = person()
    enrolment = enrolled(officer, release())
    with pytest.raises(NoSuchStep):
        finish_step(enrolment, "third-word", by=officer, at=NOON)
    with pytest.raises(NoSuchStep):
        remember_place(enrolment, "third-word", at=NOON)
    with pytest.raises(NoSuchStep):
        answer_check(enrolment, "first-word", "check-none", {"option": "a"}, by=officer, at=NOON)
    with pytest.raises(NoSuchStep):
        write_reflection(enrolment, "first-word", "reflect-none", "x", by=officer, at=NOON)


def test_an_answer_is_marked_from_the_releases_own_copy_and_added_never_changed(person):
    officer = person()
    enrolment = enrolled(officer, release())
    wrong = answer_check(enrolment, "first-word", SLOT, {"option": "b"}, by=officer, at=NOON)
    right = answer_check(enrolment, "first-word", SLOT, {"option": "a"}, by=officer, at=NOON)
    answer_check(enrolment, "first-word", SLOT, {"option": "a"}, by=officer, at=NOON)
    assert (wrong.fraction, right.fraction) == (0, 1_000_000)
    assert CheckAnswer.objects.count() == 2


def test_no_answer_is_no_answer(person):
    officer = person()
    enrolment = enrolled(officer, release())
    with pytest.raises(NothingAnswered):
        answer_check(enrolment, "first-word", SLOT, None, by=officer, at=NOON)


def test_after_a_course_is_finished_its_lessons_are_only_read(person):
    officer = person()
    enrolment = enrolled(officer, release())
    do_lessons(enrolment)
    enrolment.refresh_from_db()
    with pytest.raises(EnrolmentClosed):
        answer_check(enrolment, "first-word", SLOT, {"option": "a"}, by=officer, at=NOON)
    assert finish_step(enrolment, "first-word", by=officer, at=NOON).slug == "second-word"


def test_a_finished_course_starts_no_further_test(person):
    enrolment = enrolled(person(), release_with_test())
    do_lessons(enrolment)
    sit(enrolment)
    enrolment.refresh_from_db()
    with pytest.raises(EnrolmentClosed, match="stay on your record"):
        start_assessment(enrolment, "final-test", by=enrolment.officer, at=NOON, address="/")


def test_a_reflection_keeps_every_text_and_shows_the_last(person):
    officer = person()
    enrolment = enrolled(officer, release())
    assert write_reflection(enrolment, "first-word", NOTE, "First", by=officer, at=NOON)
    assert write_reflection(enrolment, "first-word", NOTE, "Second", by=officer, at=NOON)
    assert not write_reflection(enrolment, "first-word", NOTE, "Second", by=officer, at=NOON)
    assert reflection_of(enrolment, "first-word", NOTE) == "Second"
    assert ReflectionNote.objects.count() == 2
    assert not ReadablePart.objects.exists()


def test_a_reflection_that_is_too_long_is_refused_with_the_limit(person):
    officer = person()
    enrolment = enrolled(officer, release())
    with pytest.raises(ReflectionTooLong, match="20,000"):
        write_reflection(enrolment, "first-word", NOTE, "x" * 20_001, by=officer, at=NOON)


def test_a_reflective_task_is_done_when_its_writer_says_so(person):
    officer = person()
    enrolment = enrolled(officer, release(steps=[task("look-back")]))
    finish_step(enrolment, "look-back", by=officer, at=NOON)
    assert steps_done(enrolment) == {"look-back"}
    assert Certificate.objects.count() == 1


def test_a_course_without_an_end_has_a_certificate_without_one(person):
    enrolment = enrolled(person(), release(validity_months=None))
    do_lessons(enrolment)
    completion = Completion.objects.get(enrolment=enrolment)
    assert completion.certificate.valid_until is None
    assert "valid_until" not in json.loads(completion.entry.readable.payload)


def test_the_day_of_a_completion_is_londons(person):
    officer = person()
    enrolment = enrolled(officer, release(), at=datetime(2026, 5, 1, tzinfo=UTC))
    do_lessons(enrolment, at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    assert Completion.objects.get(enrolment=enrolment).entry.readable.day == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2026, 11, 12), 24, date(2028, 11, 12)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 12, 1), None, None),
    ],
)
def test_validity_counts_months_and_ends_with_shorter_ones(day, months, until):
    assert valid_until(day, months) == until


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 600))
def test_validity_never_ends_before_it_begins_nor_in_a_later_month(day, months):
    until = valid_until(day, months)
    assert until >= day
    assert (until.year * 12 + until.month) - (day.year * 12 + day.month) == months


@given(st.text("abcdefgh-", min_size=1, max_size=120))
def test_the_name_an_attempt_carries_fits_and_differs_by_step(slug):
    name = context_of("course:1234567890:12345", slug)
    assert len(name) <= 120
    assert name == context_of("course:1234567890:12345", slug)
    assert name != context_of("course:1234567890:12345", slug[:-1] + ("x" if slug[-1] != "x" else "y"))
