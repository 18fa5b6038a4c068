"""Where a question is used, told from below and above: assessments, releases, lessons, and how it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Question, QuestionUse
from courses.usage import usage_of
from people.models import User
from tests.assessments import building
from tests.courses import authoring, factories
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_an_exam_question_names_its_assessments_their_releases_and_how_it_did() -> None:
    made = factories.release_with_test()
    version = made.steps.get(kind="assessment").assessment_version
    assert version
    enrolment = factories.enrolled(person("Ola"), made)
    factories.do_lessons(enrolment)
    factories.sit(enrolment)
    items = version.sittings.get().items.select_related("question_version__question")
    asked = items[0].question_version.question
    usage = usage_of(asked)
    [drawn] = usage.assessments
    assert (drawn.assessment, drawn.may_draw, drawn.versions) == (version.assessment, True, [(1, 1)])
    [held] = usage.releases
    assert (held.course, held.release, held.is_current) == (made.course.code, 1, True)
    [performed] = usage.performed
    assert (performed.number, performed.attempts) == (1, 1)
    assert performed.facility in (0, 1)
    assert not usage.lessons


def test_a_lesson_check_names_the_lessons_that_ask_it() -> None:
    check = {**factories.check(), "code": "silence-q1", "number": 2}
    lesson = factories.lesson("first-word", checks={factories.SLOT: check})
    made = factories.release(steps=[lesson])
    asked = building.question("silence-q1", bank=made.course.code, use=QuestionUse.LESSON, approved=False).question
    [held] = usage_of(asked).lessons
    assert (held.step, held.version, held.is_current) == ("First word", "version 2", True)
    other = building.question("silence-q2", bank=made.course.code, use=QuestionUse.LESSON, approved=False).question
    assert usage_of(other).is_unused


def test_a_question_left_out_or_not_approved_is_not_drawn() -> None:
    out = building.question("q1").question
    draft = building.question("q2", approved=False).question
    elsewhere = building.question("q3", outcome="LO2").question
    building.question("q4")
    rules = building.rules_only(draw=[{"outcome": "LO1", "count": 1}], excluded={"questions": ["q1"]})
    for question in (out, draft, elsewhere):
        assert usage_of(question).is_unused
    building.rules_only(draw=rules.draw)
    assert usage_of(out).assessments[0].may_draw


def test_usage_asks_as_many_questions_of_the_database_however_much_there_is() -> None:
    asked = building.question("q1", topic="Clock").question

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            usage_of(Question.objects.get(pk=asked.pk))
        return len(queries)

    building.rules_only(code="one", draw=[{"topic": "Clock", "count": 1}])
    few = counted()
    for number in range(5):
        building.rules_only(code=f"more-{number}", draw=[{"topic": "clock", "count": 1}])
        building.question(f"another-{number}", topic=f"Clock/{number}")
    assert counted() == few


def test_the_page_of_a_question_says_where_it_is_used(signed_in: Callable[[User], Client]) -> None:
    authoring.family("ethics", "Ethics")
    version: Any = building.question("q1", family="ethics")
    building.rules_only(family="ethics", draw=[{"outcome": "LO1", "count": 1}])
    trainer = signed_in(person("Tess", "trainer", family="ethics"))
    page = trainer.get(f"/admin/assessments/questions/{version.question_id}/").content.decode()
    assert "Where it is used" in page
    assert "May be drawn" in page
