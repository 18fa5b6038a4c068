"""Forward-only tests: what was left is neither seen nor answered again, with script and without, also after a lost connection."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from assessments.attempts import PassedOn, go_on, set_flag, submit_attempt
from assessments.models import Attempt, AttemptStep
from assessments.refusals import MovedElsewhere
from assessments.replay import replay
from assessments.replaying import replay_attempts
from people import clock
from tests.assessments.attempt_acts import RIGHT, WRONG, candidate_fixture, kept, save  # noqa: F401
from tests.assessments.building import MINUTE, NOON, assessment, started

pytestmark = pytest.mark.django_db
SENTENCE = (
    "You have gone on from question 1, and this test goes forward only. What you had answered there counts. "
    "Go on with question 2."
)


@pytest.fixture(name="attempt")
def attempt_fixture(candidate: Any) -> Attempt:
    return started(assessment(questions=3, navigation="forward"), candidate, at=clock.now())


@pytest.fixture(name="desk")
def desk_fixture(signed_in: Any, candidate: Any) -> Client:
    client: Client = signed_in(candidate)
    return client


def on(attempt: Attempt, position: int, **more: Any) -> Attempt:
    given = {"by": attempt.officer, "at": clock.now(), "device": "laptop", "turn": None, **more}
    return go_on(attempt.pk, position, **given)


def form(attempt: Attempt, position: int, go: str, answer: str = "false", **more: Any) -> dict[str, Any]:
    attempt.refresh_from_db()
    there = {"position": position, "turn": attempt.turn, "device": "page-x", "sequence": ""}
    return {**there, "go": go, "answer": answer, **more}


def script(desk: Client, attempt: Attempt, **message: Any) -> Any:
    body = json.dumps({"device": "tab-1", **message})
    return desk.post(f"/assess/{attempt.pk}/save/", body, content_type="application/json")


def page(desk: Client, attempt_id: UUID, where: str = "") -> str:
    return desk.get(f"/assess/{attempt_id}/{where}").content.decode()


def test_going_on_is_a_step_and_said_twice_is_done_once(attempt: Attempt) -> None:
    assert on(attempt, 2).reached == 2
    assert on(attempt, 2).reached == 2
    assert on(attempt, 9).reached == 3
    assert list(AttemptStep.objects.filter(kind="passed_on").values_list("position", flat=True)) == [2, 3]
    assert replay(attempt.steps.all()).reached == 3
    assert replay_attempts().is_clean


def test_what_was_left_takes_no_answer_no_flag_and_no_going_back(attempt: Attempt) -> None:
    save(attempt, 1, RIGHT, 1, at=clock.now())
    on(attempt, 2)
    for act in (
        lambda: save(attempt, 1, WRONG, 2, at=clock.now()),
        lambda: set_flag(attempt, 1, True, by=attempt.officer, at=clock.now(), device="laptop"),
        lambda: on(attempt, 1),
    ):
        with pytest.raises(PassedOn) as refusal:
            act()
        assert str(refusal.value) == SENTENCE
    assert kept(attempt, 1) == RIGHT
    save(attempt, 2, RIGHT, 3, at=clock.now())


def test_an_answer_to_a_later_question_says_that_one_has_gone_on(attempt: Attempt) -> None:
    save(attempt, 3, RIGHT, 1, at=clock.now())
    attempt.refresh_from_db()
    assert attempt.reached == 3
    with pytest.raises(PassedOn):
        save(attempt, 2, RIGHT, 2, at=clock.now())


def test_a_device_left_behind_does_not_go_on(attempt: Attempt) -> None:
    save(attempt, 1, RIGHT, 1, at=clock.now(), turn=0)
    with pytest.raises(MovedElsewhere):
        on(attempt, 2, device="phone", turn=0)


def test_where_one_may_go_back_nothing_is_written(candidate: Any) -> None:
    attempt = started(assessment(questions=2), candidate)
    go_on(attempt.pk, 2, by=candidate, at=NOON, device="laptop", turn=None)
    save(attempt, 2, RIGHT, 1)
    save(attempt, 1, RIGHT, 2)
    attempt.refresh_from_db()
    assert attempt.reached == 1
    assert not AttemptStep.objects.filter(kind="passed_on").exists()


def test_a_walk_without_script(desk: Client, attempt: Attempt) -> None:
    first = page(desk, attempt.pk)
    assert "When you go on, you cannot come back to this question." in first
    assert 'value="previous"' not in first
    assert 'name="flagged"' not in first
    address = f"/assess/{attempt.pk}/save/"
    assert desk.post(address, form(attempt, 1, "next"))["Location"] == f"/assess/{attempt.pk}/?q=2"
    assert "Question 2 of 3" in page(desk, attempt.pk)
    back = page(desk, attempt.pk, "?q=1")
    assert SENTENCE in back
    assert "Question 2 of 3" in back
    assert "Question 2 of 3" in page(desk, attempt.pk, "?q=3"), "going on is a button, not an address"
    refused = desk.post(address, form(attempt, 1, "save", "true"))
    assert refused.status_code == 409
    assert SENTENCE in refused.content.decode()
    assert kept(attempt, 1) == RIGHT
    desk.post(address, form(attempt, 2, "previous"))
    assert "Question 2 of 3" in page(desk, attempt.pk)
    desk.post(address, form(attempt, 2, "next"))
    assert desk.post(address, form(attempt, 3, "review"))["Location"] == f"/assess/{attempt.pk}/review/"


def test_the_review_lists_without_ways_back(desk: Client, attempt: Attempt) -> None:
    on(attempt, 2)
    review = page(desk, attempt.pk, "review/")
    assert "You can go on with question 2; those before it stay as they are." in review
    assert "Go back to question 2" in review
    assert "?q=1" not in review
    assert "?q=3" not in review


def test_a_script_goes_on_and_is_refused_what_was_left(desk: Client, attempt: Attempt) -> None:
    assert script(desk, attempt, position=1, response="false", sequence=1, turn=0).status_code == 200
    assert script(desk, attempt, position=2, sequence=2, turn=1).json()["turn"] == 1
    attempt.refresh_from_db()
    assert attempt.reached == 2
    refused = script(desk, attempt, position=1, response="true", sequence=3, turn=1)
    assert (refused.status_code, refused.json()["refused"]) == (409, "passed")
    assert refused.json()["message"] == SENTENCE
    assert script(desk, attempt, position=1, sequence=4, turn=1).status_code == 409


def test_pieces_hold_nothing_that_was_left(desk: Client, attempt: Attempt) -> None:
    on(attempt, 2)
    assert set(desk.get(f"/assess/{attempt.pk}/questions/").json()["questions"]) == {"2", "3"}


def test_a_file_for_a_question_that_was_left_is_not_taken(desk: Client, attempt: Attempt) -> None:
    on(attempt, 2)
    refused = desk.post(f"/assess/{attempt.pk}/save/", form(attempt, 1, "save"))
    assert refused.status_code == 409


def test_after_it_is_handed_in_everything_is_marked_as_always(attempt: Attempt) -> None:
    save(attempt, 1, RIGHT, 1, at=clock.now())
    save(attempt, 3, RIGHT, 2, at=clock.now() + MINUTE)
    done = submit_attempt(attempt, by=attempt.officer, at=clock.now() + 2 * MINUTE)
    assert done.score == 666_667
