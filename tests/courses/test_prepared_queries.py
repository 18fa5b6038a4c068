"""The queries of a learner's pages, compiled once, find what their querysets find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from courses.course_page import steps_done
from courses.lesson_answers import answer_check, write_reflection
from courses.lesson_page import answers_given, notes_written
from courses.models import CourseReview, Enrolment
from courses.standing import courses_at, enrolments_read
from courses.withdrawals import withdraw_course
from people import clock
from people.models import User
from people.prepared import Prepared
from tests.courses.factories import NOTE, SLOT, do_lessons, enrolled, release

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(person: Callable[..., User]) -> Enrolment:
    """Somebody who has answered, noted and finished, on a course that was reviewed twice and then withdrawn."""
    officer, made, at = person("Bo Reader"), release(), clock.now()
    found = enrolled(officer, made, at=at)
    answer_check(found, "first-word", SLOT, {"option": "a"}, by=officer, at=at)
    write_reflection(found, "first-word", NOTE, "What I would do ‘tomorrow’", by=officer, at=at)
    do_lessons(found, at=at)
    for days in (400, 30):
        CourseReview.objects.create(
            release=made,
            reviewed_by=officer,
            reviewer_title="Inspector",
            reviewed_on=clock.today() - timedelta(days=days),
            recorded_at=at - timedelta(days=days),
        )
    trainer = person("Jo", "trainer", family=made.course.family)
    withdraw_course(made.course, reason="The law changed", by=trainer, at=at)
    return found


def test_each_finds_what_its_queryset_finds(enrolment: Enrolment, person: Callable[..., User]) -> None:
    officer, slug = enrolment.officer_id, enrolment.course.slug
    asked: list[tuple[Prepared, dict[str, Any], int]] = [
        (courses_at, {"slug": slug}, 1),
        (courses_at, {"slug": "nowhere"}, 0),
        (enrolments_read, {"officer": officer, "slug": slug}, 1),
        (enrolments_read, {"officer": person("Ada").pk, "slug": slug}, 0),
        (steps_done, {"enrolment": enrolment.pk}, 2),
        (answers_given, {"enrolment": enrolment.pk, "step": "first-word"}, 1),
        (answers_given, {"enrolment": enrolment.pk, "step": "second-word"}, 0),
        (notes_written, {"officer": officer, "course": enrolment.course_id, "step": "first-word"}, 1),
    ]
    for _again in range(3):  # PostgreSQL keeps the plan from the second time on
        for compiled, values, count in asked:
            found = [tuple(row) for row in compiled(**values)]
            assert len(found) == count, compiled
            assert sorted(found) == sorted(compiled.queryset(**values)), compiled
