"""The course's page and its steps as learners meet them: what opens, what stays closed, what is kept."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse

from courses.models import (
    CheckAnswer,
    CourseReview,
    Enrolment,
    LessonPage,
    ReflectionNote,
    ReleaseDemand,
    ReleaseFile,
    StoredFile,
)
from courses.progress import finish_step
from courses.releases import publish_release
from courses.withdrawals import withdraw_course
from people import clock
from tests.courses import authoring
from tests.courses.factories import (
    NOTE,
    SLOT,
    check,
    do_lessons,
    enrolled,
    lesson,
    release,
    release_with_test,
    sit,
    task,
)
from tests.queries import at_most_queries, counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(person, signed_in):
    officer = person("Bo Reader")
    made = release()
    enrolment = enrolled(officer, made, at=clock.now())
    client = signed_in(officer)
    client.officer, client.enrolment, client.release = officer, enrolment, made
    return client


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


FIRST = "/learn/eth-900/first-word/"
SECOND = "/learn/eth-900/second-word/"


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


# --- Reading, resuming, going on -------------------------------------------------------------------------------------


def test_a_lesson_shows_its_text_its_place_and_its_neighbours(learner):
    page = learner.get(FIRST)
    shown = text(page)
    assert "The text of First word" in shown
    assert "Step 1 of 2 in this module , about 10 min" in shown
    assert "Next: Second word" in shown
    assert "Illustrative content, to be reviewed by the force." in shown


def test_reading_writes_nothing(learner):
    learner.get(FIRST)
    with counted_queries() as asked:
        learner.get(FIRST)
        learner.get("/learn/eth-900/")
        learner.get("/catalogue/eth-900/")
    assert not [sql for sql in asked.statements if not sql.lstrip(" (").upper().startswith("SELECT")]


def test_next_remembers_the_place_and_resuming_leads_there(learner):
    assert learner.get("/learn/eth-900/").url == FIRST
    assert learner.post(FIRST, {"do": "next"}).url == SECOND
    assert learner.get("/learn/eth-900/").url == SECOND


def test_the_place_is_remembered_by_a_small_post(learner):
    assert learner.post(SECOND, {"do": "place"}).status_code == 204
    assert learner.get("/learn/eth-900/").url == SECOND
    assert not learner.enrolment.steps_done.exists()


def test_the_last_step_leads_back_to_the_finished_course(learner):
    learner.post(FIRST, {"do": "next"})
    page = learner.post(SECOND, {"do": "next"}, follow=True)
    assert page.redirect_chain[-1][0] == "/catalogue/eth-900/"
    assert "Completed" in text(page)
    assert learner.get("/learn/eth-900/").url == FIRST


def test_moving_a_step_loses_no_progress(person, signed_in):
    officer, made = person(), release()
    enrolment = enrolled(officer, made)
    finish_step(enrolment, "second-word", by=officer, at=clock.now())
    made.steps.filter(slug="second-word").update(position=9)
    made.steps.filter(slug="first-word").update(position=10)
    assert signed_in(officer).get("/learn/eth-900/").url == FIRST


def test_a_reflective_task_says_what_its_button_does(person, signed_in):
    officer = person()
    enrolled(officer, release(steps=[task("look-back"), lesson("after")]))
    client = signed_in(officer)
    page = client.get("/learn/eth-900/look-back/")
    assert "I have done this task" in text(page)
    client.post("/learn/eth-900/look-back/", {"do": "next", "reflect-task": "I would ask first."})
    assert ReflectionNote.objects.get().text == "I would ask first."


# --- Checks ----------------------------------------------------------------------------------------------------------


def test_a_right_answer_returns_to_its_own_place_and_says_why(learner):
    response = learner.post(FIRST, {"do": f"check:{SLOT}", SLOT: "a"})
    assert response.url == f"{FIRST}#{SLOT}"
    shown = text(learner.get(FIRST))
    assert "That is right. Silence would be read as consent." in shown
    assert "Does not count towards your result." in shown


def test_a_wrong_answer_says_why_and_points_to_the_paragraph(learner):
    learner.post(FIRST, {"do": f"check:{SLOT}", SLOT: "b"})
    page = learner.get(FIRST)
    assert "Not quite. It will be read as consent." in text(page)
    assert '<a href="#section-1">Read ‘What the law asks’ again</a>' in page.content.decode()
    assert 'id="section-1"' in page.content.decode()


def test_trying_again_shows_the_question_fresh_and_keeps_the_first_answer(learner):
    learner.post(FIRST, {"do": f"check:{SLOT}", SLOT: "b"})
    assert "Not quite" not in text(learner.get(f"{FIRST}?again={SLOT}"))
    learner.post(FIRST, {"do": f"check:{SLOT}", SLOT: "a"})
    assert CheckAnswer.objects.count() == 2


def test_checking_without_an_answer_says_what_to_do(learner):
    page = learner.post(FIRST, {"do": f"check:{SLOT}", NOTE: "Half a thought"})
    assert page.status_code == 422
    assert "Choose or write an answer first, then check it." in text(page)
    assert "Half a thought" in text(page)


@pytest.mark.parametrize("value", ["z", "<script>", "a" * 100_000, "‮a", "a\x00"])
def test_an_answer_that_is_none_of_the_options_is_refused_with_a_sentence(learner, value):
    page = learner.post(FIRST, {"do": f"check:{SLOT}", SLOT: value})
    assert page.status_code == 422
    assert "not one of the options" in text(page)
    assert not CheckAnswer.objects.exists()


def test_a_check_that_is_not_in_the_lesson_is_refused(learner):
    page = learner.post(FIRST, {"do": "check:check-none"}, follow=True)
    assert "not part of the lesson" in text(page)


def test_next_works_without_answering(learner):
    assert learner.post(FIRST, {"do": "next", SLOT: "b"}).url == SECOND
    assert not CheckAnswer.objects.exists()


def test_enter_in_a_field_checks_what_was_answered(person, signed_in):
    officer = person()
    words = {"stem": "Who?", "accept": [{"text": "AMHP", "fraction": "1", "feedback": "Yes."}], "otherwise": "No."}
    made = release(steps=[lesson("first-word", checks={SLOT: check(words, type="short_text")}), lesson("second-word")])
    enrolled(officer, made)
    response = signed_in(officer).post(FIRST, {"do": "save", SLOT: "amhp"})
    assert response.url == f"{FIRST}#{SLOT}"
    assert CheckAnswer.objects.get().fraction == 1_000_000


# --- Reflections -----------------------------------------------------------------------------------------------------


def test_a_note_is_kept_and_only_its_writer_reads_it(learner, person, signed_in):
    words = "I would ask first. مرحبا <b>x</b> 😀"
    assert learner.post(FIRST, {"do": f"reflect:{NOTE}", NOTE: words}).url == f"{FIRST}#{NOTE}"
    assert "مرحبا &lt;b&gt;x&lt;/b&gt; 😀" in learner.get(FIRST).content.decode()
    other = person()
    enrolled(other, learner.release)
    assert "I would ask first" not in text(signed_in(other).get(FIRST))


def test_next_loses_no_note(learner):
    learner.post(FIRST, {"do": "next", NOTE: "Half a thought"})
    assert ReflectionNote.objects.get().text == "Half a thought"


def test_a_note_that_is_too_long_stays_on_the_page(learner):
    page = learner.post(FIRST, {"do": f"reflect:{NOTE}", NOTE: "word " * 5000})
    assert page.status_code == 422
    assert "can be kept" in text(page)
    assert "word word word" in text(page)
    assert not ReflectionNote.objects.exists()


def test_ten_megabytes_of_text_are_answered_with_a_sentence(learner):
    page = learner.post(FIRST, {"do": "next", NOTE: "x" * 10_000_000})
    assert page.status_code == 422
    assert b"10,000,000 characters" in page.content


def test_a_note_with_a_thousand_combining_marks_is_kept_as_it_is(learner):
    note = "a" + "\u0301" * 1000
    learner.post(FIRST, {"do": f"reflect:{NOTE}", NOTE: note})
    assert ReflectionNote.objects.get().text == note


# --- Assessment start page -------------------------------------------------------------------------------------------


def test_a_test_that_is_not_open_says_what_opens_it(person, signed_in):
    officer = person()
    enrolled(officer, release_with_test())
    client = signed_in(officer)
    page = client.get("/learn/eth-901/final-test/")
    assert "Opens when module 1 is done." in text(page)
    assert "Start the test" not in text(page)
    refused = client.post("/learn/eth-901/final-test/", follow=True)
    assert "opens when the steps before it are done" in text(refused)


def test_an_open_test_says_its_rules_and_starts_once(person, signed_in):
    officer = person()
    do_lessons(enrolled(officer, release_with_test()), at=clock.now())
    client = signed_in(officer)
    shown = text(client.get("/learn/eth-901/final-test/"))
    for words in ("Questions 4", "20 min", "75%", "You have 3 left.", "24 hours", "Start the test"):
        assert words in shown
    first = client.post("/learn/eth-901/final-test/")
    again = client.post("/learn/eth-901/final-test/")
    assert first.url == again.url
    assert re.fullmatch(r"/assess/[0-9a-f-]{36}/", first.url)
    assert "Continue the test" in text(client.get("/learn/eth-901/final-test/"))


def test_after_a_failure_the_start_page_says_when(person, signed_in):
    officer = person()
    enrolment = enrolled(officer, release_with_test())
    do_lessons(enrolment, at=clock.now())
    sit(enrolment, right=0, at=clock.now())
    client = signed_in(officer)
    assert "You can try again from" in text(client.get("/learn/eth-901/final-test/"))
    assert "You can try again from" in text(client.post("/learn/eth-901/final-test/", follow=True))


# --- Files -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shown_file(learner):
    def keep(name="picture.png", content_type="image/png", content=b"\x89PNG"):
        digest = (name.encode().hex() + "0" * 64)[:64]
        storages["private"].save(f"releases/{digest}", ContentFile(content))
        stored = StoredFile.objects.create(digest=digest, content_type=content_type, size=len(content))
        ReleaseFile.objects.create(step=learner.release.steps.first(), file=stored, name=name)
        return f"/learn/files/{digest}/{name}"

    return keep


def test_a_lessons_file_is_for_those_enrolled(learner, shown_file, person, signed_in, client):
    address = shown_file()
    response = learner.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "attachment" not in response["Content-Disposition"]
    assert b"".join(response.streaming_content) == b"\x89PNG"
    assert signed_in(person()).get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_a_file_that_could_run_is_only_handed_over(learner, shown_file):
    for name, kind in (("page.html", "text/html"), ("drawing.svg", "image/svg+xml"), ("sheet.xlsx", "application/x")):
        response = learner.get(shown_file(name, kind))
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")


def test_a_file_under_another_name_or_from_elsewhere_is_not_found(learner, shown_file):
    address = shown_file()
    assert learner.get(address.replace("picture", "other")).status_code == 404
    assert learner.get("/learn/files/" + "f" * 64 + "/picture.png").status_code == 404
    assert learner.get("/learn/files/..%2f..%2fkeys/secret_key").status_code == 404


def test_a_file_that_was_read_before_is_not_sent_again(learner, shown_file):
    address = shown_file()
    tag = learner.get(address)["ETag"]
    assert learner.get(address, headers={"If-None-Match": tag}).status_code == 304


# --- Budgets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [3, 300])
def test_a_course_page_asks_at_most_seven_queries(person, signed_in, steps):
    officer = person()
    made = release(steps=[lesson(f"step-{number}", module=f"part-{number // 30}") for number in range(steps)])
    enrolment = enrolled(officer, made)
    finish_step(enrolment, "step-0", by=officer, at=clock.now())
    client = signed_in(officer)
    client.get("/catalogue/eth-900/")
    with at_most_queries(7) as asked:
        page = client.get("/catalogue/eth-900/")
    assert asked.count == 6
    assert len(page.content) < 30_000


@pytest.mark.parametrize("steps", [3, 300])
def test_a_lesson_asks_at_most_eight_queries(person, signed_in, steps):
    officer = person()
    made = release(steps=[lesson(f"step-{number}") for number in range(steps)])
    enrolment = enrolled(officer, made)
    finish_step(enrolment, "step-0", by=officer, at=clock.now())
    client = signed_in(officer)
    address = "/learn/eth-900/step-1/"
    client.post(address, {"do": f"check:{SLOT}", SLOT: "a", NOTE: "Kept"})
    client.get(address)
    with at_most_queries(8) as asked:
        page = client.get(address)
    assert asked.count == 7
    assert len(page.content) < 30_000


def test_a_course_page_with_a_demand_stays_within_its_budget(learner):
    release(learner.release.course, demand=ReleaseDemand.ACKNOWLEDGE)
    learner.get("/catalogue/eth-900/")
    with at_most_queries(7):
        learner.get("/catalogue/eth-900/")


def test_ten_thousand_other_learners_change_nothing(learner, person):
    learner.get(FIRST)
    with counted_queries() as alone:
        learner.get(FIRST)
    others = [person() for _ in range(3)]
    Enrolment.objects.bulk_create(
        Enrolment(
            officer=others[number % 3],
            course=learner.release.course,
            release=learner.release,
            occasion=number,
            enrolled_at=clock.now() - timedelta(days=1),
            closed_at=clock.now(),
            outcome="left",
        )
        for number in range(10_000)
    )
    with counted_queries() as crowded:
        learner.get(FIRST)
    assert alone.count == crowded.count
