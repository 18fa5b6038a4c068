"""What stops publication is named, where it is, with what to do."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import QuestionUse, QuestionVersion
from courses.models import CoursePage, LessonPage, ModulePage
from courses.readiness import what_stops_publication
from tests.courses import authoring

pytestmark = pytest.mark.django_db


def said(page: CoursePage) -> set[str]:
    return {problem.what for problem in what_stops_publication(CoursePage.objects.get(pk=page.pk))}


def with_block(kind: str, value: object) -> CoursePage:
    return authoring.course(body=authoring.lesson_body((kind, value)))


def test_a_course_that_is_ready_has_no_problem():
    assert said(authoring.course()) == set()


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("image", {"image": 999, "alternative": "x"}, "A picture is missing or was deleted. Choose it again."),
        ("image", {"image": 999, "alternative": " "}, "A picture has no text alternative."),
        ("video", {"file": 999, "captions": None}, "No captions on a video."),
        ("audio", {"file": 999, "captions": None, "transcript": ""}, "No transcript of a sound recording."),
        ("document", {"document": 999, "title": "x"}, "The document 'x' is missing or was deleted. Choose it again."),
        (
            "law",
            {"references": ["nowhere"], "text": "x"},
            "A legislation reference names 'nowhere', which the course does not list.",
        ),
        ("law", {"references": [], "text": "x"}, "A legislation reference names no reference of the course."),
        ("check", {"question": "nowhere"}, "Its knowledge check 'nowhere' does not exist."),
        ("reflect", {"prompt": "<p> </p>"}, "A reflective prompt asks nothing."),
        ("case", {"title": "", "text": "<p>x</p>"}, "A case study has no title."),
        ("key", "", "A key point says nothing."),
        ("text", '<p><a linktype="page" id="999">x</a></p>', "It links to a page that was deleted."),
        ("text", '<p><a href="http://force.example">x</a></p>', "The link http://force.example is not https."),
        (
            "warning",
            "<p>Careful.</p>",
            "It warns, but the course offers no alternative and support. Write them on the course page.",
        ),
    ],
)
def test_a_lesson_fault_is_named(kind, value, problem):
    assert problem in said(with_block(kind, value))


def test_a_check_must_be_approved_for_lessons_and_of_this_course():
    authoring.question("draft-1", state="draft")
    authoring.question("exam-1", use=QuestionUse.EXAM)
    authoring.question("other-1", bank="MH-101")
    page = authoring.course(
        body=authoring.lesson_body(*(("check", {"question": code}) for code in ("draft-1", "exam-1", "other-1")))
    )
    assert said(page) == {
        "Its knowledge check 'draft-1' is not approved.",
        "Its knowledge check 'exam-1' is an assessment question. Checks and tests never share questions.",
        "Its knowledge check 'other-1' belongs to another course.",
    }


def test_a_slug_used_twice_in_the_course_is_named_on_both_steps():
    page = authoring.course()
    module = page.add_child(instance=ModulePage(title="Another", slug="another", live=False))
    module.add_child(
        instance=LessonPage(
            title="The shortcut", slug="the-shortcut", point="x", live=False, body=authoring.lesson_body()
        )
    )
    problems = [problem for problem in what_stops_publication(page) if "used by another step" in problem.what]
    assert len(problems) == 2
    assert problems[0].address.endswith("/edit/")


def test_a_test_that_draws_more_than_the_bank_holds_is_named():
    page = authoring.course()
    QuestionVersion.objects.filter(question__code="eth900-final-q0").update(state="draft")
    assert said(page) == {"It draws 2 questions on LO1; the bank has 1 approved."}


def test_a_lesson_without_a_point_and_with_a_foreign_outcome_is_named():
    page = authoring.course()
    lesson = authoring.lesson_of(page)
    lesson.point, lesson.outcomes = "", ["LO9"]
    lesson.save_revision()
    assert said(page) == {
        "It has no point: one sentence to keep.",
        "It names the outcome 'LO9', which the course does not have.",
    }


def test_a_course_that_says_nothing_of_whom_it_is_for_is_not_ready():
    page = authoring.course()
    page.audience = []
    page.save_revision()
    assert said(page) == {"It does not say whom it is for. Write its audience."}


def test_a_course_completed_by_passing_needs_a_test_with_a_pass_mark():
    page = authoring.course()
    page.get_descendants().get(slug="final-test").specific.delete()
    assert any("completed by passing its assessment, but has none" in problem for problem in said(page))


def test_a_content_warning_needs_another_route_and_support():
    page = authoring.course()
    page.warning_text = "This course deals with suicide."
    page.save_revision()
    assert len([problem for problem in said(page) if "content warning" in problem]) == 2


def test_the_same_queries_for_a_course_of_two_lessons_or_of_twelve():
    page = authoring.course()

    def asked() -> int:
        fresh = CoursePage.objects.get(pk=page.pk)
        with CaptureQueriesContext(connection) as queries:
            what_stops_publication(fresh)
        return len(queries)

    before = asked()
    module = ModulePage.objects.descendant_of(page).get()
    for number in range(10):
        lesson = module.add_child(
            instance=LessonPage(
                title=f"L{number}", slug=f"l-{number}", point="x", live=False, body=authoring.lesson_body()
            )
        )
        lesson.save_revision()
    assert asked() == before


def test_a_course_that_leads_where_it_cannot_is_named():
    assert said(authoring.course(leads_to=["DP", "NONE"])) == {
        "It leads to the qualification 'NONE', and there is none of that code. Choose one there is, or take it out.",
        "It lasts 24 months, but it leads to Data protection and information security, which lasts 12 months by its rule. "
        "Write 12 months.",
    }


def test_a_course_that_lasts_as_what_it_leads_to_is_ready():
    assert said(authoring.course(leads_to=["MH", "SS"])) == set()
