"""Each type with several fields from start to mark and mark again, through the pages of an attempt; and what waits for a person."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from assessments.attempts import expire_overdue, save_posted, submit_attempt
from assessments.marks import rebuild_attempt
from assessments.models import Attempt
from assessments.pictures import keep_picture
from assessments.results import NotMarked, result_of
from people import clock
from people.models import User
from tests.assessments.attempt_page_acts import (  # noqa: F401
    address,
    candidate_fixture,
    desk_fixture,
    kept,
    page,
    save,
    send,
)
from tests.assessments.building import MINUTE, NOON, TRUE_FALSE, question, rules_only, started
from tests.assessments.decisions.acts import decided
from tests.assessments.question_types.samples import FULL, SAMPLES, WRITTEN, Fields, Sample, drawing, posted, values_of

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


@pytest.fixture(autouse=True)
def _picture(db: None) -> None:
    keep_picture(drawing(), by=None, at=NOON)


def sitting(candidate: User, *, count: int = 1, **rules: Any) -> Attempt:
    usual = {"draw": [{"outcome": "LO1", "count": count}], "feedback": "after_submit"}
    return started(rules_only(**{**usual, **rules}), candidate, at=clock.now(), context_title="Final test")


def saved_by_script(desk: Client, attempt: Attempt, fields: Fields, *, sequence: int = 1, **more: Any) -> Any:
    response = {name: values_of(value) for name, value in fields.items()}
    return save(desk, attempt, response=response, sequence=sequence, **more)


@EACH
def test_it_is_started_saved_resumed_submitted_marked_and_marked_again(
    sample: Sample, desk: Client, candidate: User, signed_in: Any
) -> None:
    first = question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate)
    assert 'name="answer' in page(desk, address(attempt))
    assert saved_by_script(desk, attempt, sample.part).status_code == 200
    elsewhere = page(signed_in(candidate), address(attempt))
    assert "navigator__item--answered" in elsewhere
    assert elsewhere.count("<h1") == 1
    review = page(desk, address(attempt, "review"))
    assert (sample.missing or "1 of 1 answered") in review
    assert send(desk, attempt, **sample.right).status_code == 302
    assert desk.post(address(attempt, "submit")).status_code == 302
    result = result_of(Attempt.objects.get(pk=attempt.pk), at=clock.now())
    assert (result.is_passed, result.items[0].fraction) == (True, FULL)
    assert result.items[0].response
    assert "Answered" in page(desk, address(attempt, "receipt"))
    # A decision takes the question out, and the steps alone give the same again.
    remarked = decided(attempt, 1)
    assert result_of(remarked, at=clock.now()).items[0].is_neutral
    assert not rebuild_attempt(remarked)
    assert decided(attempt, 1, "key", keys=[first]).score == FULL


@EACH
def test_a_part_is_marked_as_a_part(sample: Sample, desk: Client, candidate: User) -> None:
    question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate)
    send(desk, attempt, **sample.part)
    submit_attempt(attempt, by=candidate, at=clock.now())
    attempt.refresh_from_db()
    assert attempt.score == sample.part_mark


@EACH
def test_what_it_refuses_is_said_and_what_was_kept_stays(sample: Sample, desk: Client, candidate: User) -> None:
    question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate)
    send(desk, attempt, **sample.part)
    before = kept(attempt)
    for number, fields in enumerate(sample.refused, start=10):
        answer = saved_by_script(desk, attempt, fields, sequence=number)
        assert (answer.status_code, answer.json()["refused"]) == (400, "answer")
        answer = send(desk, attempt, **fields)
        assert answer.status_code == 200
        assert "Error:" in answer.content.decode()
        assert "<script>" not in answer.content.decode()
    assert kept(attempt) == before


@EACH
def test_an_older_save_that_comes_late_changes_nothing(sample: Sample, desk: Client, candidate: User) -> None:
    question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate)
    saved_by_script(desk, attempt, sample.part, sequence=7)
    newest = kept(attempt)
    saved_by_script(desk, attempt, sample.wrong, sequence=3)
    assert kept(attempt) == newest
    saved_by_script(desk, attempt, {}, sequence=8)
    assert kept(attempt) is None


@EACH
def test_it_goes_on_without_connection_in_the_order_of_the_attempt(
    sample: Sample, desk: Client, candidate: User
) -> None:
    question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate)
    piece = json.loads(desk.get(address(attempt, "questions")).content)["questions"]["1"]
    assert piece.strip() in page(desk, address(attempt))


@EACH
def test_a_checked_answer_is_closed_and_tells(sample: Sample, desk: Client, candidate: User) -> None:
    question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate, feedback="at_once")
    send(desk, attempt, **sample.right, go="check")
    html = page(desk, address(attempt))
    assert "That is right." in html
    piece = html[html.index("data-piece") : html.index('id="feedback"')]
    assert piece.count(" disabled") >= len(sample.right)
    send(desk, attempt, **sample.wrong)
    submit_attempt(attempt, by=candidate, at=clock.now())
    attempt.refresh_from_db()
    assert attempt.score == FULL


@EACH
def test_a_page_that_another_device_took_over_is_closed_and_tells_nothing(
    sample: Sample, desk: Client, candidate: User
) -> None:
    question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate)
    old = page(desk, address(attempt))
    save_posted(attempt.pk, 1, posted(sample.right), by=candidate, at=clock.now(), device="d", sequence=1, turn=None)
    html = send(desk, attempt, html=old.replace('name="turn" value="1"', 'name="turn" value="0"'), **sample.right)
    piece = _piece(html.content.decode())
    assert "disabled" in piece
    assert not re.search("--right|--wrong|Not right", piece)


@EACH
def test_a_checked_answer_says_of_each_choice_whether_it_is_right(
    sample: Sample, desk: Client, candidate: User
) -> None:
    """Types whose parts stand for themselves; an order and a judgement are told as a whole."""
    question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate, feedback="at_once")
    send(desk, attempt, **sample.wrong, go="check")
    piece = _piece(page(desk, address(attempt)))
    says = sample.type in ("matching", "gap_fill", "hotspot", "scenario")
    assert ("Not right" in piece) is says
    assert "</svg>Right" not in piece


def test_a_gap_that_earns_a_share_says_so(desk: Client, candidate: User) -> None:
    sample = SAMPLES["gap_fill"]
    question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate, feedback="at_once")
    send(desk, attempt, **sample.part, go="check")
    piece = _piece(page(desk, address(attempt)))
    assert (piece.count("</svg>Partly right"), piece.count("</svg>Right"), piece.count("Not right")) == (1, 1, 0)


def test_a_part_of_a_case_without_an_answer_is_not_told_as_if_it_were_right(desk: Client, candidate: User) -> None:
    sample = SAMPLES["scenario"]
    question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate, feedback="at_once")
    send(desk, attempt, **{"answer.p2": "AMHP"}, go="check")
    html = page(desk, address(attempt))
    assert "Part 1 has no answer. Part 2: Yes. The AMHP applies. Part 3 has no answer." in html


def test_an_option_that_stands_alone_is_not_told_twice(desk: Client, candidate: User) -> None:
    question("t1", type="single_choice")
    attempt = sitting(candidate, feedback="at_once")
    send(desk, attempt, answer="b", go="check")
    html = page(desk, address(attempt))
    assert "option--right" in html
    assert "told--" not in html


def _piece(html: str) -> str:
    return html[html.index("data-piece") : html.index("previous-next") if "previous-next" in html else None]


def test_what_was_typed_into_one_gap_and_refused_is_shown_again_with_the_others(desk: Client, candidate: User) -> None:
    sample = SAMPLES["gap_fill"]
    question("t1", type=sample.type, definition=dict(sample.definition))
    attempt = sitting(candidate)
    long = "x" * 201
    html = send(desk, attempt, **{"answer.who": long, "answer.long": "24"}).content.decode()
    assert long in html
    assert 'value="24"' in html
    assert "Shorten gap 1 to 200 characters or fewer; it has 201." in html


# --- How sure one is ---------------------------------------------------------------------------------------------------


def test_how_sure_one_is_comes_back_with_the_page_and_counts_as_no_answer(desk: Client, candidate: User) -> None:
    question("t1", definition={**TRUE_FALSE, "confidence": True})
    attempt = sitting(candidate)
    assert "How sure are you?" in page(desk, address(attempt))
    send(desk, attempt, **{"answer.confidence": "high"})
    html = page(desk, address(attempt))
    assert 'value="high" aria-describedby="answer.confidence-hint" checked' in html
    assert "navigator__item--answered" not in html
    assert "0 of 1 answered" in page(desk, address(attempt, "review"))
    send(desk, attempt, **{"answer": "false", "answer.confidence": "high"})
    assert kept(attempt) == {"answer": False, "confidence": "high"}
    submit_attempt(attempt, by=candidate, at=clock.now())
    attempt.refresh_from_db()
    assert attempt.score == FULL


# --- What waits for a person -------------------------------------------------------------------------------------------


@pytest.fixture(name="waiting")
def waiting_fixture(candidate: User) -> Attempt:
    """A submitted attempt of a written question and another, both answered."""
    question("t1")
    question("t2", type="written", definition=WRITTEN)
    attempt = sitting(candidate, count=2)
    for item in attempt.items.select_related("question_version"):
        fields = {"answer": "My grounds were these." if item.question_version.type == "written" else "false"}
        save_posted(
            attempt.pk,
            item.position,
            posted(fields),
            by=candidate,
            at=clock.now(),
            device="d",
            sequence=None,
            turn=None,
        )
    submit_attempt(attempt, by=candidate, at=clock.now())
    attempt.refresh_from_db()
    return attempt


def test_an_attempt_with_a_written_answer_waits_and_says_so(desk: Client, waiting: Attempt) -> None:
    assert (waiting.state, waiting.score, waiting.marked_at, waiting.outcome) == ("submitted", None, None, "")
    html = page(desk, address(waiting, "receipt"))
    assert "A person marks one of your answers. Your result follows when that is done." in html
    assert "Waits to be marked" in html
    with pytest.raises(NotMarked):
        result_of(waiting, at=clock.now())
    assert not rebuild_attempt(waiting)


def test_an_attempt_whose_written_question_was_left_empty_is_marked_at_once(candidate: User) -> None:
    question("t2", type="written", definition=WRITTEN)
    attempt = sitting(candidate)
    submit_attempt(attempt, by=candidate, at=clock.now())
    attempt.refresh_from_db()
    assert attempt.score == 0


def test_a_long_answer_is_saved_by_the_page_and_comes_back_whole(desk: Client, candidate: User) -> None:
    question("t2", type="written", definition=WRITTEN)
    attempt = sitting(candidate)
    text = "\n".join("Zeile für Zeile, 🚓 und <b>nichts</b> verloren." for _line in range(400))
    assert saved_by_script(desk, attempt, {"answer": text}).status_code == 200
    assert kept(attempt) == {"text": text}
    assert "&lt;b&gt;nichts&lt;/b&gt;" in page(desk, address(attempt))
    answer = saved_by_script(desk, attempt, {"answer": "x" * 20_001}, sequence=2)
    assert answer.status_code == 400
    assert "Shorten your answer to 20,000 characters or fewer" in answer.json()["message"]
    html = send(desk, attempt, answer="y" * 20_001).content.decode()
    assert "y" * 20_001 in html
    assert kept(attempt) == {"text": text}


def test_the_time_ends_an_attempt_with_a_written_answer_too(candidate: User) -> None:
    question("t2", type="written", definition=WRITTEN)
    attempt = started(
        rules_only(draw=[{"outcome": "LO1", "count": 1}], minutes=10), candidate, at=clock.now() - 30 * MINUTE
    )
    save_at = attempt.started_at + MINUTE
    save_posted(attempt.pk, 1, posted({"answer": "So."}), by=candidate, at=save_at, device="d", sequence=1, turn=0)
    expire_overdue(at=clock.now())
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == ("expired", None)
