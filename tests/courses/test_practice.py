"""Practice from a course: the checks of what somebody is on or has finished, and on my learning what is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from assessments.models import PracticeAnswer, PracticeRound, QuestionVersion
from assessments.practice.rounds import PracticeRefused
from courses.enrolments import leave
from courses.lesson_answers import answer_check
from courses.models import Enrolment, Release
from courses.practice import begin_practice, practice_page, stacks_of
from people import clock
from people.models import User
from tests.assessments.building import question
from tests.courses import factories as taught

pytestmark = pytest.mark.django_db
RIGHT, WRONG = {"answer": False}, {"answer": True}


@pytest.fixture
def bo(person: Any) -> User:
    who: User = person("Bo")
    return who


def course(code: str = "ETH-900", *, use: str = "lesson") -> tuple[Release, QuestionVersion]:
    """A course of one lesson with one check, and the question it asks."""
    asked = question(f"{code}-c1".lower(), use=use, bank=code)
    check = taught.check(asked.definition, type="true_false") | {"id": asked.pk}
    return taught.release(
        code=code, title=f"Course {code}", steps=[taught.lesson("one", checks={taught.SLOT: check})]
    ), asked


def missed(bo: User, enrolment: Enrolment, *, days_ago: int) -> None:
    answer_check(enrolment, "one", taught.SLOT, WRONG, by=bo, at=clock.now() - timedelta(days=days_ago))


def test_a_course_somebody_is_on_or_finished_can_be_practised_one_they_left_or_never_took_cannot(bo: User) -> None:
    for code in ("ETH-901", "ETH-902", "ETH-903", "ETH-904"):
        made, _asked = course(code)
        if code != "ETH-904":
            enrolment = taught.enrolled(bo, made)
        if code == "ETH-902":
            taught.do_lessons(enrolment)
        if code == "ETH-903":
            leave(enrolment, by=bo, at=clock.now())
    assert [stack.code for stack in stacks_of(bo)] == ["ETH-901", "ETH-902"]


def test_a_question_of_an_assessment_is_not_practised_even_where_a_lesson_names_it(bo: User) -> None:
    made, _exam = course(use="exam")
    taught.enrolled(bo, made)
    assert stacks_of(bo) == []


def test_practising_a_course_that_is_not_ones_own_or_what_is_not_due_is_refused(bo: User) -> None:
    course()
    for what, sentence in (("ETH-900", "on or have finished"), ("due", "Nothing you missed is due")):
        with pytest.raises(PracticeRefused, match=sentence):
            begin_practice(bo, what, by=bo, on=clock.today(), at=clock.now())


def test_a_check_missed_in_its_lesson_is_due_the_next_day(bo: User) -> None:
    made, asked = course()
    enrolment = taught.enrolled(bo, made)
    missed(bo, enrolment, days_ago=0)
    page = practice_page(bo, on=clock.today(), at=clock.now())
    assert (page.due, page.next_due_on) == (0, clock.today() + timedelta(days=1))
    begun = begin_practice(bo, "due", by=bo, on=clock.today() + timedelta(days=1), at=clock.now())
    assert begun.versions == [asked.pk]


def test_a_lesson_answered_right_brings_nothing_back(bo: User) -> None:
    made, _asked = course()
    answer_check(taught.enrolled(bo, made), "one", taught.SLOT, RIGHT, by=bo, at=clock.now() - timedelta(days=3))
    assert practice_page(bo, on=clock.today(), at=clock.now()).due == 0


def test_my_learning_says_what_is_due_in_one_row_and_never_as_what_to_do_next(bo: User, signed_in: Any) -> None:
    made, _asked = course()
    enrolment = taught.enrolled(bo, made)
    page = signed_in(bo).get("/my/")
    assert "to practise" not in page.content.decode()
    missed(bo, enrolment, days_ago=2)
    page = signed_in(bo).get("/my/")
    assert page.content.decode().count("1 question to practise") == 1
    assert page.context["do_next"].course == "ETH-900"


@pytest.fixture
def at_practice(bo: User, signed_in: Any) -> Client:
    """Bo, who missed a check the day before yesterday."""
    made, _asked = course()
    missed(bo, taught.enrolled(bo, made), days_ago=2)
    client: Client = signed_in(bo)
    return client


def test_practising_leads_through_the_questions_with_what_is_right_at_once_to_how_it_went(at_practice: Client) -> None:
    page = at_practice.get("/my/practice/").content.decode()
    assert "1 question is due." in page
    begun = at_practice.post("/my/practice/", {"what": "due"}, follow=True)
    address = begun.redirect_chain[-1][0]
    assert "Check my answer" in begun.content.decode()
    answered = at_practice.post(address, {"answer": "false"}, follow=True).content.decode()
    assert "Right. No rank can authorise it." in answered
    assert "That is right." not in answered, "the author said so already"
    assert "It comes back on" in answered
    assert "Check my answer" not in answered
    end = at_practice.get(address.rsplit("/", 2)[0] + "/").content.decode()
    assert "1 of 1 right" in end
    assert "Nothing you missed is due" not in end


def test_a_wrong_answer_is_explained_and_comes_back_tomorrow(at_practice: Client) -> None:
    address = at_practice.post("/my/practice/", {"what": "ETH-900"}, follow=True).redirect_chain[-1][0]
    answered = at_practice.post(address, {"answer": "true"}, follow=True).content.decode()
    assert "Not quite." in answered
    assert "No rank can authorise it." in answered
    assert "It comes back tomorrow." in answered
    assert "1 question comes back tomorrow." in at_practice.get(address.rsplit("/", 2)[0] + "/").content.decode()


def test_pressing_twice_answers_once(at_practice: Client) -> None:
    address = at_practice.post("/my/practice/", {"what": "due"}, follow=True).redirect_chain[-1][0]
    for typed in ("true", "false"):
        page = at_practice.post(address, {"answer": typed}, follow=True)
    assert "Not quite." in page.content.decode()
    assert PracticeAnswer.objects.exclude(round=None).count() == 1


def test_nothing_chosen_is_asked_for(at_practice: Client) -> None:
    address = at_practice.post("/my/practice/", {"what": "due"}, follow=True).redirect_chain[-1][0]
    answer = at_practice.post(address, {})
    assert answer.status_code == 422
    assert "Choose or write an answer first" in answer.content.decode()
    assert not PracticeAnswer.objects.exclude(round=None).exists()


def test_a_round_left_open_is_offered_again_and_nothing_is_begun_by_looking(at_practice: Client) -> None:
    at_practice.get("/my/practice/")
    assert not PracticeRound.objects.exists()
    at_practice.post("/my/practice/", {"what": "due"})
    assert "Go on where you stopped" in at_practice.get("/my/practice/").content.decode()


def test_a_refusal_is_said_where_one_can_choose_again(at_practice: Client) -> None:
    page = at_practice.post("/my/practice/", {"what": "LEAD-999"}, follow=True).content.decode()
    assert "You can practise courses you are on or have finished." in page


def test_a_place_outside_the_round_is_no_page(at_practice: Client) -> None:
    address = at_practice.post("/my/practice/", {"what": "due"}, follow=True).redirect_chain[-1][0]
    for place in ("0", "2"):
        assert at_practice.get(f"{address.rsplit('/', 2)[0]}/{place}/").status_code == 404
