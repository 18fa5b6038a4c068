"""The pages of an attempt through their addresses: without script, with script, and everything that may be sent to them."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.attempts import save_response, submit_attempt
from assessments.models import Attempt, AttemptState
from people import clock
from tests.assessments.attempt_page_acts import (  # noqa: F401
    HOSTILE,
    address,
    attempt_fixture,
    candidate_fixture,
    desk_fixture,
    kept,
    page,
    save,
    send,
)
from tests.assessments.building import DEFINITIONS, assessment, question, rules_only, started
from tests.queries import at_most_queries, counted_queries

pytestmark = pytest.mark.django_db


def test_a_question_is_answered_and_the_next_shown_without_script(desk: Client, attempt: Attempt) -> None:
    response = send(desk, attempt, answer="false")
    assert response.headers["Location"] == f"{address(attempt)}?q=2"
    html = page(desk, f"{address(attempt)}?q=1")
    assert kept(attempt) == {"answer": False}
    assert re.search(r'value="false" checked', html)
    assert re.search(r"Saved at \d\d:\d\d", html)
    assert "1</span> answered, <span data-flagged>0</span> flagged" in html


@pytest.mark.parametrize(
    ("go", "lands_on"),
    [("next", "?q=3"), ("previous", "?q=1"), ("save", "?q=2"), ("3", "?q=3"), ("review", "review/"), ("<x>", "?q=2")],
)
def test_every_button_keeps_the_answer_and_goes_where_it_says(
    desk: Client, attempt: Attempt, go: str, lands_on: str
) -> None:
    assert send(desk, attempt, 2, answer="true", flagged="yes", go=go).headers["Location"].endswith(lands_on)
    assert kept(attempt, 2) == {"answer": True}
    assert attempt.items.get(position=2).flagged


def test_a_test_is_resumed_where_it_was_on_another_device(desk: Client, attempt: Attempt, signed_in: Any) -> None:
    save(desk, attempt, flagged=True)
    other = signed_in(attempt.officer)
    html = page(other, address(attempt))
    assert re.search(r'value="false" checked', html)
    assert "navigator__item--answered navigator__item--current navigator__item--flagged" in html


@pytest.mark.parametrize("where", ["?q=0", "?q=99", "?q=-1", "?q=abc", "?q=9999999999999999999999", "?q=%00", "?q=٣"])
def test_a_question_that_does_not_exist_shows_the_nearest(desk: Client, attempt: Attempt, where: str) -> None:
    assert "data-attempt" in page(desk, address(attempt) + where)


@pytest.mark.parametrize("type_name", DEFINITIONS)
def test_every_type_is_shown_answered_and_reviewed(desk: Client, candidate: Any, type_name: str) -> None:
    question("t1", type=type_name)
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), candidate, at=clock.now())
    value = {
        "single_choice": "b",
        "multiple_response": "a",
        "true_false": "false",
        "number": "24",
        "short_text": "AMHP",
    }
    send(desk, attempt, answer=value[type_name], flagged="yes")
    html = page(desk, address(attempt))
    assert re.search(rf'value="{value[type_name]}"', html)
    assert html.count("<h1") == 1
    assert "Answered: ‘" in page(desk, address(attempt, "review"))


def test_the_review_lists_only_what_needs_a_look(desk: Client, attempt: Attempt) -> None:
    save(desk, attempt, position=1, sequence=1)
    save(desk, attempt, position=2, sequence=2, flagged=True)
    html = page(desk, address(attempt, "review"))
    assert "2 of 3 answered, all received." in html
    assert "One has no answer" in html
    assert "One you flagged" in html
    assert "Question 3</a>" in html
    assert "Question 1</a>" not in html
    assert "An unanswered question scores nothing." in html


def test_a_question_without_answer_that_is_flagged_is_listed_once_with_both_words(
    desk: Client, attempt: Attempt
) -> None:
    save(desk, attempt, position=1, sequence=1, flagged=True)
    save(desk, attempt, position=2, sequence=2, response=None, flagged=True)
    html = page(desk, address(attempt, "review"))
    assert "Two have no answer" in html
    assert "One more you flagged" in html
    assert [html.count(f"Question {number}</a>") for number in (1, 2, 3)] == [1, 1, 1]
    assert html.count("No answer, flagged") == 1
    assert html.index("Question 2</a>") < html.index("No answer, flagged") < html.index("Question 3</a>")


def test_submitting_leads_to_a_receipt_that_lists_what_was_received(desk: Client, attempt: Attempt) -> None:
    save(desk, attempt, position=1, sequence=1)
    save(desk, attempt, position=1, sequence=2, response="true")
    response = desk.post(address(attempt, "submit"), follow=True)
    html = response.content.decode()
    assert response.redirect_chain[-1][0] == address(attempt, "receipt")
    assert "We have received your test" in html
    assert "1 answered, 2 left unanswered." in html
    assert "Answered, changed once" in html
    assert "Left unanswered" in html
    assert f"/learn/spec-110/final/result/{attempt.pk}/" in html
    assert "%" not in re.sub(r"<style.*?</style>", "", html.split("<main")[1])
    assert re.search(r"Reference <strong>[2-9A-Z]{4}.[2-9A-Z]{4}</strong>", html)


def test_a_double_submit_and_a_late_visit_lead_to_the_same_receipt(desk: Client, attempt: Attempt) -> None:
    for _press in range(2):
        assert desk.post(address(attempt, "submit")).headers["Location"] == address(attempt, "receipt")
    for name in ("attempt", "review"):
        assert desk.get(address(attempt, name)).headers["Location"] == address(attempt, "receipt")
    assert desk.get(address(attempt, "submit")).headers["Location"] == address(attempt, "review")
    assert attempt.steps.filter(kind="submitted").count() == 1


def test_the_reference_depends_on_every_answer(desk: Client, attempt: Attempt, candidate: Any) -> None:
    references = set()
    for context, response in (("a", True), ("b", False)):
        other = started(attempt.assessment_version, candidate, at=clock.now(), context=context)
        save_response(other, 1, {"answer": response}, by=candidate, at=clock.now(), device="d", sequence=1)
        submit_attempt(other, by=candidate, at=clock.now())
        html = page(desk, address(other, "receipt"))
        references.add(re.search(r"Reference <strong>(.*?)</strong>", html)[1])  # type: ignore[index]
    assert len(references) == 2


def test_a_long_receipt_begins_with_a_few_rows_and_shows_all_on_request(desk: Client, candidate: Any) -> None:
    attempt = started(assessment(questions=25, bank_size=25), candidate, at=clock.now())
    submit_attempt(attempt, by=candidate, at=clock.now())
    assert page(desk, address(attempt, "receipt")).count('data-label="Question"') == 5
    assert page(desk, address(attempt, "receipt") + "?show=all").count('data-label="Question"') == 25


def test_a_context_address_elsewhere_is_never_linked(desk: Client, attempt: Attempt, candidate: Any) -> None:
    other = started(
        attempt.assessment_version, candidate, at=clock.now(), context="x", context_address="//evil.example/"
    )
    submit_attempt(other, by=candidate, at=clock.now())
    assert "evil.example" not in page(desk, address(other, "receipt"))


# --- Bad input -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["attempt", "questions", "review", "submit", "receipt", "save"])
def test_a_foreign_attempt_and_an_unknown_one_are_the_same_404(
    attempt: Attempt, person: Any, signed_in: Any, name: str
) -> None:
    stranger = signed_in(person("Mal", "trainer", is_superuser=True))
    unknown = reverse(f"assessments:{name}", args=[uuid.uuid4()])
    answers = []
    for where in (address(attempt, name), unknown):
        response = stranger.post(where) if name in ("save", "submit") else stranger.get(where)
        answers.append(
            (response.status_code, re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|value=.\w{64}.", "", str(response.content)))
        )
    assert answers[0][0] == 404
    assert answers[0] == answers[1]
    scripted = save(stranger, attempt)
    assert (scripted.status_code, scripted.json()["refused"]) == (404, "unknown")
    assert not attempt.steps.filter(kind="saved").exists()


@pytest.mark.parametrize("name", ["attempt", "questions", "review", "receipt", "submit"])
def test_nobody_signed_out_sees_anything(attempt: Attempt, name: str) -> None:
    response = Client().get(address(attempt, name))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "body",
    [
        " ",
        "{",
        "[]",
        "null",
        '"x"',
        "NaN",
        "[" * 100_000,
        json.dumps({"position": 1}),
        json.dumps({"position": "1.5", "device": "d"}),
        json.dumps({"position": True, "device": "d"}),
        json.dumps({"position": 10**30, "device": "d"}),
        json.dumps({"position": 1, "device": "d" * 65}),
        json.dumps({"position": 1, "device": "nul\x00"}),
        json.dumps({"position": 1, "device": "d", "sequence": -1}),
        json.dumps({"position": 1, "device": "d", "sequence": "many"}),
        json.dumps({"position": 1, "device": "d", "turn": 2**40}),
        json.dumps({"position": 1, "device": "d", "flagged": "yes"}),
        json.dumps({"position": 1, "device": "d", "response": 7}),
        json.dumps({"position": 1, "device": "d", "response": [["a"]]}),
        json.dumps({"position": 1, "device": "d", "response": "perhaps"}),
    ],
)
def test_a_message_no_page_of_ours_sends_is_refused_with_a_sentence(desk: Client, attempt: Attempt, body: str) -> None:
    response = desk.post(address(attempt, "save"), body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["message"].endswith(".")
    assert list(attempt.steps.values_list("kind", flat=True)) == ["started"]


@pytest.mark.parametrize(("turn", "position"), [(9, 1), (0, 4), (0, 300)])
def test_a_turn_or_question_that_never_was_changes_nothing(
    desk: Client, attempt: Attempt, turn: int, position: int
) -> None:
    assert save(desk, attempt, turn=turn, position=position).status_code in (404, 409)
    assert not attempt.steps.filter(kind="saved").exists()


@pytest.mark.parametrize("field", ["position", "turn", "device", "sequence"])
@pytest.mark.parametrize("words", HOSTILE[:7])
def test_hostile_words_in_the_hidden_fields_are_refused_and_the_answer_shown_again(
    desk: Client, attempt: Attempt, field: str, words: str
) -> None:
    response = send(desk, attempt, answer="true", **{field: words})
    assert response.status_code == 400
    html = response.content.decode()
    assert "Reload the page and answer again" in html
    assert "<script>alert" not in html
    assert 'value="true" checked' in html


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_as_an_answer_are_kept_as_words_or_refused_with_them_shown(
    desk: Client, candidate: Any, words: str
) -> None:
    question("w1", type="short_text")
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), candidate, at=clock.now())
    response = send(desk, attempt, answer=words)
    if response.status_code == 302:
        # All that can be read is kept; what could only turn round how it reads, or no database takes, is not.
        assert kept(attempt) == {"text": words.replace("\x00", "").replace("\u202e", "")}
        html = page(desk, address(attempt)) + page(desk, address(attempt, "review"))
    else:
        assert response.status_code == 200
        html = response.content.decode()
        assert "Shorten your answer to 200 characters" in html
        assert words[:1000] in html
        assert kept(attempt) is None
    assert "<script>alert" not in html


def test_a_late_save_is_refused_and_says_what_happened(desk: Client, attempt: Attempt) -> None:
    html = page(desk, address(attempt))
    with clock.sample_time(clock.now()):
        Attempt.objects.update(deadline_at=clock.now() - timedelta(seconds=6))
        scripted, plain = save(desk, attempt), send(desk, attempt, html=html, answer="false")
    assert (scripted.status_code, scripted.json()["refused"], plain.status_code) == (409, "closed", 409)
    assert "Time ran out at" in scripted.json()["message"]
    assert "Time ran out at" in plain.content.decode()
    assert kept(attempt) is None


def test_when_time_is_up_the_page_says_so_and_leads_to_the_receipt(desk: Client, attempt: Attempt) -> None:
    Attempt.objects.update(deadline_at=clock.now() - timedelta(seconds=6))
    assert "Time is up" in page(desk, address(attempt))
    response = desk.post(address(attempt, "submit"), follow=True)
    assert "Time ran out at" in response.content.decode()
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.EXPIRED


@pytest.mark.parametrize(("seconds", "words"), [(590, "Less than 10 minutes left."), (50, "The last minute.")])
def test_the_end_is_announced_without_script_too(desk: Client, candidate: Any, seconds: int, words: str) -> None:
    begun = clock.now() - timedelta(minutes=40) + timedelta(seconds=seconds)
    html = page(desk, address(started(assessment(minutes=40), candidate, at=begun)))
    assert words in html
    assert "3 questions have no answer." in html


def test_a_short_test_does_not_begin_with_a_warning(desk: Client, candidate: Any) -> None:
    version = assessment(minutes=10)
    begun = started(version, candidate, at=clock.now(), context="course:1")
    assert "minutes left." not in page(desk, address(begun))
    half_gone = started(version, candidate, at=clock.now() - timedelta(minutes=6), context="course:2")
    assert "Less than 5 minutes left." in page(desk, address(half_gone))


def test_feedback_at_once_is_shown_after_checking_and_the_answer_is_final(desk: Client, candidate: Any) -> None:
    version = assessment(questions=2, feedback="at_once", pass_percent=None)
    attempt = started(version, candidate, at=clock.now())
    assert "Check my answer" in page(desk, address(attempt))
    response = send(desk, attempt, answer="true", go="check")
    html = page(desk, response.headers["Location"])
    assert "Not quite." in html
    assert "No rank can authorise it." in html
    send(desk, attempt, answer="false")
    assert kept(attempt) == {"answer": True}


def test_nothing_on_the_page_gives_the_key_away(desk: Client, candidate: Any) -> None:
    question("s1", type="single_choice")
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), candidate, at=clock.now())
    html = page(desk, address(attempt)) + json.dumps(desk.get(address(attempt, "questions")).json())
    for secret in ("It is practicable", "fraction", "right", "LO1"):
        assert secret not in html.split("<main")[1]


def test_pages_of_an_attempt_are_never_cached_and_a_get_writes_nothing(desk: Client, attempt: Attempt) -> None:
    desk.get(address(attempt))
    for name in ("attempt", "review", "questions"):
        with counted_queries() as queries:
            response = desk.get(address(attempt, name))
        assert "no-store" in response.headers["Cache-Control"]
        assert all(sql.startswith("SELECT") for sql in queries.statements)


# --- Budgets ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("questions", [3, 300])
def test_an_attempt_page_costs_six_queries_however_long_the_test(desk: Client, candidate: Any, questions: int) -> None:
    version = assessment(questions=questions)
    attempt = started(version, candidate, at=clock.now())
    desk.get(address(attempt))
    with at_most_queries(6) as page_queries:
        desk.get(f"{address(attempt)}?q=2")
    save(desk, attempt, sequence=1)
    with at_most_queries(5) as save_queries:
        assert save(desk, attempt, sequence=2, response="true").status_code == 200
    assert (page_queries.count, save_queries.count) == (5, 5)


def test_an_autosave_costs_the_same_after_three_hundred_steps(desk: Client, attempt: Attempt) -> None:
    for sequence in range(1, 301):
        save(desk, attempt, position=sequence % 3 + 1, sequence=sequence, response=["true", "false"][sequence % 2])
    with at_most_queries(5):
        save(desk, attempt, sequence=301)
    desk.get(address(attempt))
    with at_most_queries(6):
        desk.get(address(attempt))


@pytest.mark.parametrize("questions", [5, 25, 60])
def test_an_attempt_page_stays_under_thirty_kilobytes(desk: Client, candidate: Any, questions: int) -> None:
    attempt = started(assessment(questions=questions), candidate, at=clock.now())
    assert len(desk.get(address(attempt)).content) < 30_000
