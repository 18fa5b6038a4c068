"""A course's page: who may read it, what it says of releases, and where it leads."""

import pytest
from django.urls import reverse

from courses.models import (
    CourseReview,
    Enrolment,
    LessonPage,
    ReleaseDemand,
)
from courses.progress import finish_step
from courses.releases import publish_release
from courses.withdrawals import withdraw_course
from people import clock
from tests.courses import authoring
from tests.courses.factories import (
    do_lessons,
    enrolled,
    lesson,
    release,
    release_with_test,
    sit,
)
from tests.courses.lesson_pages import FIRST, SECOND, learner_fixture, text  # noqa: F401

pytestmark = pytest.mark.django_db


# --- The course's page -----------------------------------------------------------------------------------------------


def test_everybody_may_read_a_courses_page(client):
    release()
    page = client.get("/catalogue/eth-900/")
    assert page.status_code == 200
    assert "Sign in to enrol" in text(page)
    assert "Illustrative content, to be reviewed by the force" in text(page)
    assert "One module, 2 steps" in text(page)


def test_the_page_offers_what_comes_next(person, signed_in):
    officer, made = person(), release_with_test()
    client = signed_in(officer)
    page = "/catalogue/eth-901/"
    assert ">Enrol</button>" in client.get(page).content.decode()
    client.post(reverse("courses:enrol", args=["eth-901"]))
    assert "Start: Lesson 1" in text(client.get(page))
    enrolment = Enrolment.objects.get(officer=officer)
    finish_step(enrolment, "lesson-1", by=officer, at=clock.now())
    shown = text(client.get(page))
    assert "Continue: Lesson 2" in shown
    assert "1 of 3 steps done" in shown
    assert "Opens when ‘Lesson 2’ is done." in shown
    do_lessons(enrolment, at=clock.now())
    assert "Continue: Final test" in text(client.get(page))
    sit(enrolment, at=clock.now())
    shown = text(client.get(page))
    assert "Completed" in shown
    assert "Take it again" in shown
    assert made.title in shown


def test_a_reviewed_course_says_who_checked_the_law(client, person):
    made = release()
    reviewer = person("B. Demo")
    CourseReview.objects.create(
        release=made,
        reviewed_on=clock.today(),
        reviewed_by=reviewer,
        reviewer_title="Legal reviewer",
        recorded_at=clock.now(),
    )
    shown = text(client.get("/catalogue/eth-900/"))
    assert "by Legal reviewer B. Demo" in shown
    assert "Illustrative content" not in shown


def test_a_course_that_builds_on_another_says_which(person, signed_in):
    release(code="ETH-1", title="The first word")
    release(code="ETH-2", requires=["ETH-1"])
    client = signed_in(person())
    page = client.get("/catalogue/eth-2/")
    assert "Opens when you have finished The first word" in text(page)
    assert ">Enrol</button>" not in page.content.decode()
    refused = client.post(reverse("courses:enrol", args=["eth-2"]), follow=True)
    assert "Finish that first, then enrol here." in text(refused)


def test_a_withdrawn_course_says_so_to_everybody(learner, client, person):
    withdraw_course(
        learner.release.course, by=person("", "trainer", family="ethics"), at=clock.now(), reason="The code changed."
    )
    assert "Nobody new can enrol" in text(client.get("/catalogue/eth-900/"))
    assert "You can finish it; nobody new can enrol." in text(learner.get("/catalogue/eth-900/"))
    assert "This course was withdrawn. The code changed." in text(learner.get(FIRST))


def test_a_newer_release_is_told_and_may_wait(learner):
    release(learner.release.course)
    assert "You may finish on release 1." in text(learner.get("/catalogue/eth-900/"))


def test_a_newer_release_that_must_be_read_is_acknowledged_by_a_button(learner):
    release(learner.release.course, demand=ReleaseDemand.ACKNOWLEDGE, demand_reason="Section 39A was amended.")
    assert "Section 39A was amended." in text(learner.get(FIRST))
    refused = learner.post(FIRST, {"do": "next"}, follow=True)
    assert "Read what changed" in text(refused)
    learner.post(reverse("courses:acknowledge", args=["eth-900", 2]))
    assert learner.post(FIRST, {"do": "next"}).url == SECOND


def test_a_newer_release_that_must_be_taken_leads_there(learner):
    release(
        learner.release.course, steps=[lesson("new-word")], demand=ReleaseDemand.RETAKE, demand_reason="It was wrong."
    )
    page = learner.get(FIRST, follow=True)
    assert "Start release 2" in text(page)
    assert "It was wrong." in text(page)
    started = learner.post(reverse("courses:retake", args=["eth-900"]), follow=True)
    assert started.redirect_chain[-1][0] == "/learn/eth-900/new-word/"


def test_there_is_no_page_for_what_has_not_come_out(client):
    assert client.get("/catalogue/nothing-here/").status_code == 404
    assert client.get("/learn/nothing-here/").status_code == 302


# --- Who may read ----------------------------------------------------------------------------------------------------


def test_strangers_sign_in_first(client):
    release()
    response = client.get(FIRST)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=/learn/")


def test_those_not_enrolled_are_told_why_and_how(person, signed_in):
    release()
    page = signed_in(person()).get(FIRST)
    assert page.status_code == 403
    assert "You are not enrolled on this course, so the lesson is closed. Enrol to read it." in text(page)
    assert "The text of First word" not in text(page)


def test_those_who_left_are_closed_out_and_those_who_finished_are_not(learner):
    do_lessons(learner.enrolment, at=clock.now())
    assert "The text of First word" in text(learner.get(FIRST))
    assert "Check my answer" not in text(learner.get(FIRST))


def test_a_trainer_reads_in_the_admin_not_here(person, signed_in):
    release()
    assert signed_in(person("", "trainer", family="ethics")).get(FIRST).status_code == 403


def test_a_step_of_another_release_leads_to_the_course(learner):
    response = learner.get("/learn/eth-900/third-word/", follow=True)
    assert response.redirect_chain[-1][0] == "/catalogue/eth-900/"
    assert "not part of release 1" in text(response)


def test_a_trainers_page_address_leads_learners_to_the_right_place(person, signed_in):
    page = authoring.course(by=authoring.trainer())
    made = publish_release(page, by=authoring.approver(), at=clock.now())
    officer = person()
    enrolled(officer, made, at=clock.now())
    client = signed_in(officer)
    assert page.get_url() == f"/catalogue/{made.course.slug}/"
    lesson_page = LessonPage.objects.descendant_of(page).first()
    shown = client.get(lesson_page.get_url())
    assert shown.status_code == 200
    assert lesson_page.title in text(shown)
