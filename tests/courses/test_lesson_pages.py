"""The course's page and its steps as learners meet them: what opens, what stays closed, what is kept."""

import re
from datetime import timedelta

import pytest

from assessments.refusals import day_and_time
from courses.models import (
    CheckAnswer,
    ReflectionNote,
)
from courses.progress import finish_step
from people import clock
from people.adjustments import Granted, grant_adjustment
from tests.courses.factories import (
    NOTE,
    SLOT,
    check,
    choice,
    do_lessons,
    enrolled,
    lesson,
    release,
    release_with_test,
    sit,
    task,
)
from tests.courses.lesson_pages import FIRST, SECOND, learner_fixture, text  # noqa: F401
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


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


def test_what_each_chosen_answer_is_told_stands_on_a_line_of_its_own(person, signed_in):
    officer = person()
    several = choice()
    several["options"][1] |= {"fraction": "1", "feedback": "Ask who heard it."}
    several["options"].append({"id": "d", "text": "Leave", "fraction": "0", "feedback": "Nobody is told."})
    several["choose"] = 2
    made = release(steps=[lesson("first-word", checks={SLOT: check(several, type="multiple_response")})])
    enrolled(officer, made)
    client = signed_in(officer)
    client.post(FIRST, {"do": f"check:{SLOT}", SLOT: ["a", "b"]})
    page = client.get(FIRST).content.decode()
    assert "<li>Silence would be read as consent.</li><li>Ask who heard it.</li>" in page


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
        assert shown.count(words) == 1, "each rule is said once"
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


def test_a_test_says_its_window_its_way_and_its_sections_before_it_starts(person, signed_in):
    opens_at = clock.now() + timedelta(hours=1)
    made = release_with_test(
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=1),
        navigation="forward",
        draw=[
            {"outcome": "LO1", "count": 3, "section": "Law", "least": 60},
            {"outcome": "LO1", "count": 1, "section": "Records"},
        ],
    )
    officer = person()
    do_lessons(enrolled(officer, made), at=clock.now())
    client = signed_in(officer)
    shown = text(client.get("/learn/eth-901/final-test/"))
    assert f"This test opens on {day_and_time(opens_at)}." in shown
    assert f"Opens {day_and_time(opens_at)}" in shown
    assert "Begin before then; you keep the whole time." in shown
    assert "One at a time, forward only: you cannot come back to a question." in shown
    assert "Law, Records You need at least 60% in Law." in shown
    assert "You go forward only" in shown
    assert "You may go back" not in shown
    assert "Start the test" not in shown
    assert "This test opens on" in text(client.post("/learn/eth-901/final-test/", follow=True))


def test_a_test_without_limit_that_closes_says_what_happens_then(person, signed_in):
    made = release_with_test(minutes=None, closes_at=clock.now() + timedelta(days=1), layout="whole")
    officer = person()
    do_lessons(enrolled(officer, made), at=clock.now())
    shown = text(signed_in(officer).get("/learn/eth-901/final-test/"))
    assert "What you have answered by then is submitted." in shown
    assert "All on one page." in shown


def test_a_start_page_says_what_ones_own_adjustments_make_of_the_time(person, signed_in):
    officer = person()
    do_lessons(enrolled(officer, release_with_test(minutes=50)), at=clock.now())
    client = signed_in(officer)
    assert "more:" not in text(client.get("/learn/eth-901/final-test/"))
    granted = Granted(extra_percent=25, rest_minutes=10)
    grant_adjustment(officer, granted, by=person("Admin", "training-admin"), valid_from=clock.today())
    shown = text(client.get("/learn/eth-901/final-test/"))
    assert "50 min You have 13 min more: 1 h 3 min in all." in shown
    assert "Rest breaks 10 minutes for each hour The clock stops meanwhile." in shown
