"""All questions on one page, as a browser without script sees and posts it: one form keeps all, and a wrong field loses nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.attempts import submit_attempt
from assessments.models import Attempt, AttemptStep
from assessments.pictures import keep_picture
from assessments.rests import begin_rest
from people import clock
from people.adjustments import Granted, grant_adjustment
from tests import factories
from tests.assessments.attempt_page_acts import address, candidate_fixture, desk_fixture, hidden, kept, page  # noqa: F401
from tests.assessments.building import DEFINITIONS, MINUTE, TRUE_FALSE, assessment, question, rules_only, started
from tests.assessments.question_types.samples import FILES, SAMPLES, WRITTEN, drawing, values_of
from tests.cpd_records.cpd_acts import pdf
from tests.queries import at_most_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(name="attempt")
def attempt_fixture(candidate: Any) -> Attempt:
    """Three true/false questions and a number on one page, in two sections, the second of which has a least."""
    for number in range(3):
        question(f"q{number}")
    question("n", type="number", outcome="LO2")
    draw = [
        {"outcome": "LO1", "count": 3, "section": "Law"},
        {"outcome": "LO2", "count": 1, "section": "Custody", "least": 60},
    ]
    return started(rules_only(draw=draw, layout="whole"), candidate, at=clock.now() - 5 * MINUTE)


def send(desk: Client, attempt: Attempt, *, html: str | None = None, **fields: Any) -> Any:
    """Post the form of the page as it stands there, with these fields filled in: ``answer_1`` is the first question's."""
    html = html or page(desk, address(attempt))
    known = {name: hidden(html, name) for name in ("position", "turn", "device", "sequence")}
    sheets = re.findall(r'name="sheet" value="(\d+)"', html)
    named = {re.sub(r"^(answer|flagged)_", r"\1-", name): value for name, value in fields.items()}
    return desk.post(address(attempt, "save"), {**known, "go": "save", "sheet": sheets, **named})


def test_one_form_keeps_every_answer_and_flag(desk: Client, attempt: Attempt) -> None:
    response = send(desk, attempt, answer_1="false", answer_3="true", answer_4="24", flagged_2="yes", go="review")
    assert response.headers["Location"] == address(attempt, "review")
    assert [kept(attempt, place) for place in (1, 2, 3, 4)] == [
        {"answer": False},
        None,
        {"answer": True},
        {"text": "24"},
    ]
    assert list(attempt.items.filter(flagged=True).values_list("position", flat=True)) == [2]
    html = page(desk, address(attempt, "review"))
    assert "3 of 4 answered, all received." in html
    assert f'href="{address(attempt)}#question-2"' in html


def test_sections_stand_as_headings_with_their_least(desk: Client, attempt: Attempt) -> None:
    html = page(desk, address(attempt))
    headings = re.findall(r"<h2[^>]*exam-section[^>]*>([^<]+)</h2>|(\d+% or more is needed)", html)
    assert headings == [("Law", ""), ("Custody", ""), ("", "60% or more is needed")]
    assert re.findall(r'class="navigator__item[^"]*" data-position="\d" href="#question-(\d)"', html) == [
        "1",
        "2",
        "3",
        "4",
    ]
    assert html.count("<h1") == 1


def test_a_wrong_field_is_named_in_a_summary_and_loses_nothing_of_any_other(desk: Client, attempt: Attempt) -> None:
    html = send(desk, attempt, answer_1="false", answer_4="about a day", flagged_4="yes", go="review").content.decode()
    assert re.search(r'<a href="#question-4">Question 4: [^<]+</a>', html)
    assert "<title>Error: " in html
    assert 'value="about a day"' in html
    assert re.search(r'name="answer-1" value="false" checked', html)
    assert re.search(r'name="flagged-4"[^>]* checked', html)
    assert kept(attempt, 1) == {"answer": False}
    assert kept(attempt, 4) is None


def test_posting_the_same_page_twice_writes_nothing_more(desk: Client, attempt: Attempt) -> None:
    fields = {"answer_1": "false", "flagged_2": "yes"}
    send(desk, attempt, **fields)
    before = AttemptStep.objects.filter(attempt=attempt).count()
    send(desk, attempt, **fields)
    assert AttemptStep.objects.filter(attempt=attempt).count() == before


def test_only_questions_that_were_on_the_posted_page_are_changed(desk: Client, attempt: Attempt) -> None:
    send(desk, attempt, answer_1="false", answer_2="true")
    send(desk, attempt, sheet=["1"])
    assert (kept(attempt, 1), kept(attempt, 2)) == (None, {"answer": True})


@pytest.mark.parametrize("sheets", [[], ["x"], ["1", "-2"], ["\u0663"]])
def test_a_page_of_another_shape_is_refused_and_shown_again(desk: Client, attempt: Attempt, sheets: list[str]) -> None:
    response = send(desk, attempt, answer_1="false", sheet=sheets)
    assert response.status_code == 400
    assert "We could not read what the page sent." in response.content.decode()
    assert kept(attempt, 1) is None


def test_a_question_that_is_not_in_the_attempt_is_no_page(desk: Client, attempt: Attempt) -> None:
    assert send(desk, attempt, answer_1="false", sheet=["1", "99"]).status_code == 404
    assert kept(attempt, 1) is None


def test_nobody_else_has_the_page(desk: Client, attempt: Attempt, signed_in: Any, person: Any) -> None:
    html = page(desk, address(attempt))
    other = signed_in(person("Cy"))
    assert other.get(address(attempt)).status_code == 404
    assert send(other, attempt, html=html, answer_1="false").status_code == 404
    assert kept(attempt, 1) is None
    assert desk.get(address(attempt)).headers["Cache-Control"].count("no-store") == 1


def test_a_page_left_open_on_a_device_that_was_moved_from_is_read_only_and_shows_what_was_typed(
    desk: Client, attempt: Attempt, signed_in: Any
) -> None:
    old = page(desk, address(attempt))
    send(desk, attempt, html=old, answer_1="true")
    send(signed_in(attempt.officer), attempt, answer_1="false")
    response = send(desk, attempt, html=old, answer_1="true", answer_4="12")
    html = response.content.decode()
    assert response.status_code == 409
    assert "You moved to another device" in html
    assert 'value="12"' in html
    assert kept(attempt, 1) == {"answer": False}
    assert f'<a href="{address(attempt)}">Go on here instead</a>' in html


def test_after_the_end_nothing_is_taken(desk: Client, attempt: Attempt) -> None:
    html = page(desk, address(attempt))
    submit_attempt(attempt, by=attempt.officer, at=clock.now())
    assert send(desk, attempt, html=html, answer_1="false").status_code == 409
    assert kept(attempt, 1) is None


def test_a_script_saves_one_question_in_the_words_of_one_that_stands_alone(desk: Client, attempt: Attempt) -> None:
    for sequence, position in ((1, 1), (2, 3)):
        message = {"position": position, "response": {"answer": ["false"]}, "device": "tab-1", "sequence": sequence}
        response = desk.post(address(attempt, "save"), message, content_type="application/json")
        assert re.fullmatch(r"Saved at \d\d:\d\d", response.json()["saved"])
    assert (kept(attempt, 1), kept(attempt, 3)) == ({"answer": False}, {"answer": False})
    assert 'data-turns="1,0,1,0"' in page(desk, address(attempt))


@pytest.mark.parametrize("count", [2, 20])
def test_the_page_asks_the_database_as_often_however_long_the_test(desk: Client, candidate: Any, count: int) -> None:
    long = started(assessment(questions=count, layout="whole"), candidate, at=clock.now())
    desk.get(address(long))
    with at_most_queries(8):
        desk.get(address(long))


def test_every_kind_of_question_is_answered_in_one_post_and_comes_back(desk: Client, candidate: Any) -> None:
    keep_picture(drawing(), by=None, at=clock.now())
    kinds: dict[str, tuple[str, Any]] = {
        **{name: (name, definition) for name, definition in DEFINITIONS.items()},
        **{name: (sample.type, sample.definition) for name, sample in SAMPLES.items()},
        "sure": ("true_false", {**TRUE_FALSE, "confidence": True}),
        "written": ("written", WRITTEN),
        "files": ("file_upload", FILES),
    }
    for name, (type_name, definition) in kinds.items():
        question(f"k-{name}", type=type_name, definition=dict(definition))
    rules = rules_only(draw=[{"outcome": "LO1", "count": len(kinds)}], pass_percent=50, layout="whole")
    attempt = started(rules, candidate, at=clock.now())
    place = {item.question_version.question.code[2:]: item.position for item in attempt.items.all()}
    answers: dict[str, dict[str, Any]] = {
        "single_choice": {"answer": "b"},
        "multiple_response": {"answer": ["a", "b"]},
        "true_false": {"answer": "false"},
        "number": {"answer": "24"},
        "short_text": {"answer": "AMHP"},
        "sure": {"answer": "false", "answer.confidence": "high"},
        "written": {"answer": "My grounds were these."},
        "files": {"answer.file": SimpleUploadedFile("plan.pdf", pdf(), content_type="application/pdf")},
        **{
            name: {key: list(values_of(value)) for key, value in sample.right.items()}
            for name, sample in SAMPLES.items()
        },
    }
    fields = {
        key.replace("answer", f"answer-{place[name]}", 1): value
        for name, typed in answers.items()
        for key, value in typed.items()
    }
    response = send(desk, attempt, **fields)
    assert response.headers["Location"] == f"{address(attempt)}#question-{place['files']}"
    for name, number in place.items():
        assert kept(attempt, number) is not None, name
    html = page(desk, address(attempt))
    assert len(set(re.findall(r'\bid="([^"]+)"', html))) == len(re.findall(r'\bid="([^"]+)"', html))
    assert "plan.pdf" in html
    assert f"{len(kinds)} of {len(kinds)} answered" in page(desk, address(attempt, "review"))


def test_a_file_that_is_refused_loses_nothing_else(desk: Client, candidate: Any) -> None:
    question("files", type="file_upload", definition=dict(FILES))
    question("other")
    rules = rules_only(draw=[{"outcome": "LO1", "count": 2}], layout="whole")
    attempt = started(rules, candidate, at=clock.now())
    place = {item.question_version.question.code: item.position for item in attempt.items.all()}
    bad = SimpleUploadedFile("plan.pdf", b"<html>", content_type="application/pdf")
    fields = {f"answer-{place['files']}.file": bad, f"answer-{place['other']}": "true"}
    html = send(desk, attempt, **fields).content.decode()
    assert f"Question {place['files']}: This file is not a PDF" in html
    assert kept(attempt, place["other"]) == {"answer": True}


def rested(candidate: Any, **rules: Any) -> Attempt:
    """An open attempt at a question with a picture, of somebody who may rest."""
    keep_picture(drawing(), by=None, at=clock.now())
    sample = SAMPLES["hotspot"]
    question("picture", type=sample.type, definition=dict(sample.definition))
    granted = Granted(rest_minutes=10)
    grant_adjustment(
        candidate, granted, by=factories.person("Admin", "training-admin"), valid_from=clock.today() - timedelta(days=1)
    )
    return started(rules_only(draw=[{"outcome": "LO1", "count": 1}], **rules), candidate, at=clock.now())


@pytest.mark.parametrize("layout", ["one", "whole"])
def test_a_rest_hides_questions_and_their_pictures_in_either_layout(desk: Client, candidate: Any, layout: str) -> None:
    attempt = rested(candidate, layout=layout)
    html = page(desk, address(attempt))
    picture = re.search(r'<img class="question__picture" src="([^"]+)"', html)
    assert picture
    assert desk.get(picture[1]).status_code == 200
    begin_rest(attempt.pk, by=candidate, at=clock.now())
    assert desk.get(picture[1]).status_code == 404
    hidden_page = page(desk, address(attempt))
    assert "Rest break" in hidden_page
    assert "hallway" not in hidden_page
    assert b"hallway" not in desk.get(address(attempt, "questions")).content


def test_a_rest_is_taken_from_the_page_and_its_answers_are_kept(desk: Client, candidate: Any) -> None:
    attempt = rested(candidate, layout="whole")
    right = {key.replace("answer", "answer-1", 1): list(values_of(v)) for key, v in SAMPLES["hotspot"].right.items()}
    assert send(desk, attempt, go="rest", **right).headers["Location"] == address(attempt)
    assert kept(attempt, 1) is not None
    assert "Rest break" in page(desk, address(attempt))
