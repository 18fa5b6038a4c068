"""Where a question is used, told from below and above: assessments, releases, lessons, and how it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from assessments.analysis.reports import analyse_assessment
from assessments.analysis.weak_questions import keep_weak_questions
from assessments.models import Question, QuestionUse
from courses.usage import usage_of
from people.models import User
from tests.assessments import building
from tests.assessments.analysis.sittings import ladder
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
    usage = usage_of(asked, seen_by=person("Tess", "trainer", family="ethics"))
    [drawn] = usage.assessments
    assert (drawn.assessment, drawn.may_draw, drawn.versions) == (version.assessment, True, [(1, 1)])
    [held] = usage.releases
    assert (held.course, held.release, held.is_current) == (made.course.code, 1, True)
    [performed] = usage.performed
    assert (performed.number, performed.attempts, performed.marked) == (1, 1, 1)
    assert performed.facility in (0, 1)
    assert performed.is_few
    assert not usage.lessons


def test_a_lesson_check_names_the_lessons_that_ask_it() -> None:
    check = {**factories.check(), "code": "silence-q1", "number": 2}
    lesson = factories.lesson("first-word", checks={factories.SLOT: check})
    made = factories.release(steps=[lesson])
    asked = building.question("silence-q1", bank=made.course.code, use=QuestionUse.LESSON, approved=False).question
    [held] = usage_of(asked, seen_by=AnonymousUser()).lessons
    assert (held.step, held.version, held.is_current) == ("First word", "version 2", True)
    other = building.question("silence-q2", bank=made.course.code, use=QuestionUse.LESSON, approved=False).question
    assert usage_of(other, seen_by=AnonymousUser()).is_unused


def test_a_question_left_out_or_not_approved_is_not_drawn() -> None:
    out = building.question("q1").question
    draft = building.question("q2", approved=False).question
    elsewhere = building.question("q3", outcome="LO2").question
    building.question("q4")
    rules = building.rules_only(draw=[{"outcome": "LO1", "count": 1}], excluded={"questions": ["q1"]})
    for question in (out, draft, elsewhere):
        assert usage_of(question, seen_by=AnonymousUser()).is_unused
    building.rules_only(draw=rules.draw)
    assert usage_of(out, seen_by=AnonymousUser()).assessments[0].may_draw


def test_usage_asks_as_many_questions_of_the_database_however_much_there_is() -> None:
    tess = person("Tess", "trainer", family="ethics")
    asked = building.question("q1", topic="Clock").question

    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            usage_of(Question.objects.get(pk=asked.pk), seen_by=tess)
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


def test_facility_is_the_mean_mark_and_advice_is_for_those_who_write(signed_in: Callable[[User], Client]) -> None:
    authoring.family("ethics", "Ethics")
    for number in range(1, 4):
        building.question(f"final-q{number}", family="ethics")
    version = building.rules_only(draw=[{"outcome": "LO1", "count": 3}], family="ethics")
    ladder(version, [(1, 1, 0)] * 12 + [(1, 0, 1)] * 10 + [(0, None, 1)] * 10)
    keep_weak_questions(
        version.assessment, analyse_assessment(version.assessment), until=building.NOON, at=building.NOON
    )
    asked = Question.objects.get(code="final-q3")
    [performed] = usage_of(asked, seen_by=person("Tess", "trainer", family="ethics")).performed
    assert (performed.attempts, performed.marked, performed.percent, performed.is_few) == (32, 32, "62 per cent", False)
    assert performed.advice
    [blanks] = usage_of(Question.objects.get(code="final-q2"), seen_by=AnonymousUser()).performed
    assert (blanks.percent, blanks.advice) == ("38 per cent", "")
    address = f"/admin/assessments/questions/{asked.pk}/"
    page = signed_in(person("Tim", "trainer", family="ethics")).get(address).content.decode()
    assert "62 per cent" in page
    assert f"Performed badly: {escape(performed.advice)}" in page
    assert "How its questions performed" in page
    page = signed_in(person("Rae", "subject-reviewer", family="ethics")).get(address).content.decode()
    assert "62 per cent" in page
    assert "Performed badly" not in page
    assert "How its questions performed" not in page
