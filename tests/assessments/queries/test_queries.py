"""A candidate queries a question of their result once, within the window; a trainer answers; words, answer and effect are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from assessments.models import Attempt, QuestionQuery
from assessments.queries.answering import answer_query, tell_of_answer
from assessments.queries.asking import QueryRefused, ask_query, query_window, working_days_after
from assessments.queries.reading import query_lines, waiting_queries
from assessments.refusals import UnknownAttempt
from people import clock
from tests.assessments.building import NOON, assessment, rules_only
from tests.assessments.decisions.acts import LATER, applied, checked, confirmed, proposed, reread, sat
from tests.courses import authoring

pytestmark = pytest.mark.django_db
WORDS = "Both answers are right since the Act was amended."


@pytest.fixture
def attempt(person: Any) -> Attempt:
    return sat(assessment(pass_percent=60, family="ethics"), person("Bo"), wrong=("final-q1",))


def asked(attempt: Attempt, position: int = 1, **more: Any) -> QuestionQuery:
    return ask_query(attempt.pk, position, **{"words": WORDS, "by": attempt.officer, "at": LATER, **more})


def test_a_query_is_kept_answered_and_told(attempt: Attempt, person: Any) -> None:
    query = asked(attempt)
    [line] = query_lines(attempt)
    assert (line.position, line.words, line.answer) == (1, WORDS, "")
    answer_query(query, words="The amendment is not in force.", by=person("Tess"), at=LATER)
    tell_of_answer(str(query.pk))
    [line] = query_lines(attempt)
    assert (line.answer, line.effect) == ("The amendment is not in force.", "")
    [letter] = mail.outbox
    assert letter.to == [attempt.officer.email]
    assert f"/assess/{attempt.pk}/queries/" in letter.body
    assert "amendment" not in letter.body


def test_ten_working_days_are_counted_from_the_result_and_the_last_one_is_whole(attempt: Attempt) -> None:
    # Monday 23 November 2026 and ten working days: Monday 7 December.
    window = query_window(attempt, at=LATER)
    assert (window.last_day.isoformat(), window.closed) == ("2026-12-07", "")
    assert not query_window(attempt, at=NOON + timedelta(days=14, hours=11)).closed
    assert "until 7 December 2026" in query_window(attempt, at=NOON + timedelta(days=14, hours=13)).closed
    assert working_days_after(NOON.date(), 0) == NOON.date()


def test_a_query_is_refused_late_twice_empty_or_too_long(attempt: Attempt) -> None:
    with pytest.raises(QueryRefused, match="could be queried until 7 December"):
        asked(attempt, at=NOON + timedelta(days=15))
    with pytest.raises(QueryRefused, match="Write what you think"):
        asked(attempt, words=" \n ")
    with pytest.raises(QueryRefused, match="at most 2000"):
        asked(attempt, words="x" * 2001)
    asked(attempt)
    with pytest.raises(QueryRefused, match="queried this question already"):
        asked(attempt)
    assert asked(attempt, 2)


def test_a_query_is_about_a_question_of_ones_own_attempt(attempt: Attempt, person: Any) -> None:
    with pytest.raises(UnknownAttempt):
        asked(attempt, by=person("Cy"))
    with pytest.raises(UnknownAttempt):
        asked(attempt, 99)


def test_nothing_is_queried_before_a_result_or_where_a_test_takes_no_queries(attempt: Attempt, person: Any) -> None:
    none = sat(rules_only(draw=[{"outcome": "LO1", "count": 1}], query_days=0), person("Cy"))
    with pytest.raises(QueryRefused, match="takes no queries"):
        asked(none)
    running = sat(rules_only(draw=[{"outcome": "LO1", "count": 1}], query_days=5), person("Dee"), submit=False)
    with pytest.raises(QueryRefused, match="once you have handed the test in"):
        asked(running)
    later = {"results": "after_window", "results_from": NOON + timedelta(days=4)}
    withheld = sat(rules_only(draw=[{"outcome": "LO1", "count": 1}], **later), person("Eve"))
    with pytest.raises(QueryRefused, match="once you have your result"):
        asked(withheld)
    # The days are counted from when the result was told: Friday 27 November and ten working days.
    assert query_window(withheld, at=NOON + timedelta(days=4)).last_day.isoformat() == "2026-12-11"


def test_an_answer_is_given_once_with_words_and_never_to_oneself(attempt: Attempt, person: Any) -> None:
    query = asked(attempt)
    with pytest.raises(QueryRefused, match="your own query"):
        answer_query(query, words="I agree.", by=attempt.officer, at=LATER)
    with pytest.raises(QueryRefused, match="Write an answer"):
        answer_query(query, words=" ", by=person("Tess"), at=LATER)
    with pytest.raises(QueryRefused, match="at most 2000"):
        answer_query(query, words="x" * 2001, by=person("Tess"), at=LATER)
    other = attempt.items.get(position=2).question_version.question.code
    with pytest.raises(QueryRefused, match="another question"):
        answer_query(query, words="See.", by=person("Tess"), at=LATER, decision=proposed(other))
    answer_query(query, words="No.", by=person("Tess"), at=LATER)
    with pytest.raises(QueryRefused, match="a moment ago"):
        answer_query(query, words="Yes.", by=person("Tim"), at=LATER)


def test_the_candidate_reads_where_a_decision_stands(attempt: Attempt, person: Any) -> None:
    item = attempt.items.get(question_version__question__code="final-q1")
    query = asked(attempt, item.position)
    decision = proposed("final-q1")
    answer_query(query, words="You are right.", by=person("Tess"), at=LATER, decision=decision)
    assert query_lines(attempt)[0].effect.startswith("A decision on the question has been proposed.")
    checked(decision, holds=False, words="The law says so.")
    assert query_lines(attempt)[0].effect == "A decision on the question was proposed and not taken. Your mark stays."


def test_the_effect_is_told_in_per_cent_and_outcome(person: Any) -> None:
    attempt = sat(assessment(questions=2, pass_percent=75), person("Bo"), wrong=("final-q1",))
    item = attempt.items.get(question_version__question__code="final-q1")
    query = asked(attempt, item.position)
    decision = confirmed("final-q1")
    answer_query(query, words="You are right.", by=person("Tess"), at=LATER, decision=decision)
    assert query_lines(attempt)[0].effect.endswith("Your test is being marked again.")
    applied(decision)
    assert query_lines(attempt)[0].effect == (
        "The question was taken out of the marking. Your mark moved from 50% to 100%, from not passed to passed."
    )


def test_trainers_of_the_family_see_what_waits_and_nobody_their_own(attempt: Attempt, person: Any) -> None:
    query = asked(attempt)
    assert list(waiting_queries(person("Tess", "trainer", family="ethics"))) == [query]
    assert not waiting_queries(person("Tim", "trainer", family="leadership")).exists()
    assert not waiting_queries(person("Max", "subject-reviewer", family="ethics")).exists()
    assert not waiting_queries(person("Ola")).exists()


def test_queries_and_answers_are_never_changed_on_either_database(attempt: Attempt, person: Any) -> None:
    query = asked(attempt)
    answer_query(query, words="No.", by=person("Tess"), at=LATER)
    for table in ("assessments_questionquery", "assessments_queryanswer"):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET words = 'other'")  # noqa: S608


# --- The pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def today(attempt: Attempt) -> Attempt:
    """The attempt as handed in today, so that pages, which ask the clock, find its window open."""
    Attempt.objects.filter(pk=attempt.pk).update(closed_at=clock.now())
    return reread(attempt)


def test_a_candidate_finds_the_question_asks_and_reads_the_answer(today: Attempt, signed_in: Any, person: Any) -> None:
    page = f"/assess/{today.pk}/queries/"
    browser = signed_in(today.officer)
    assert "Question 3" in browser.get(page).content.decode()
    form = browser.get(f"{page}1/").content.decode()
    assert "What is wrong with the question?" in form
    # What was right is not on a page of queries.
    assert "No rank can authorise it" not in form
    answer = browser.post(f"{page}1/", {"words": WORDS}, follow=True)
    assert "We have your query about question 1" in answer.content.decode()
    assert WORDS in answer.content.decode()
    answer_query(QuestionQuery.objects.get(), words="It is not in force.", by=person("Tess"), at=clock.now())
    assert "It is not in force." in browser.get(page).content.decode()


def test_what_was_typed_stays_where_a_query_is_refused(today: Attempt, signed_in: Any) -> None:
    browser = signed_in(today.officer)
    address = f"/assess/{today.pk}/queries/1/"
    for words in ("x" * 2001, "a <b>tag</b> of mine", ""):
        answer = browser.post(address, {"words": words})
        assert answer.status_code == 422
        assert words in answer.content.decode().replace("&lt;", "<").replace("&gt;", ">")
    assert not QuestionQuery.objects.exists()


def test_a_question_that_is_not_there_and_somebody_elses_attempt_are_no_pages(
    today: Attempt, signed_in: Any, person: Any
) -> None:
    assert signed_in(today.officer).get(f"/assess/{today.pk}/queries/9/").status_code == 404
    assert signed_in(person("Cy")).get(f"/assess/{today.pk}/queries/").status_code == 404
    assert signed_in(person("Cy")).post(f"/assess/{today.pk}/queries/1/", {"words": WORDS}).status_code == 404
    assert not QuestionQuery.objects.exists()


def test_questions_of_a_running_attempt_are_not_listed(person: Any, signed_in: Any) -> None:
    running = sat(assessment(), person("Bo"), submit=False)
    page = signed_in(running.officer).get(f"/assess/{running.pk}/queries/").content.decode()
    assert "once you have handed the test in" in page
    assert "Question 1" not in page


def test_a_trainer_answers_in_the_admin_without_a_name_before_them(today: Attempt, signed_in: Any, person: Any) -> None:
    authoring.family("ethics", "Ethics")
    query = asked(today, at=clock.now())
    desk = signed_in(person("Tess", "trainer", family="ethics"))
    assert WORDS in desk.get("/admin/assessments/queries/").content.decode()
    address = f"/admin/assessments/queries/{query.pk}/"
    page = desk.get(address).content.decode()
    assert WORDS in page
    assert today.officer.email not in page
    assert today.officer.service_number not in page
    assert "Write an answer." in desk.post(address, {"words": ""}).content.decode()
    assert "Answered." in desk.post(address, {"words": "No."}, follow=True).content.decode()
    assert "No." in desk.get(address).content.decode()
    assert "No query waits for your answer." in desk.get("/admin/assessments/queries/").content.decode()
