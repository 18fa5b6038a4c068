"""The pages of an attempt as their script meets them: saving, another device, no connection."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.attempts import open_on_device
from assessments.models import Attempt
from people import clock
from tests.assessments.attempt_page_acts import (  # noqa: F401
    address,
    attempt_fixture,
    candidate_fixture,
    desk_fixture,
    hidden,
    kept,
    page,
    save,
    send,
)
from tests.assessments.building import question, rules_only, started

pytestmark = pytest.mark.django_db


# --- With script -----------------------------------------------------------------------------------------------------
def test_a_script_hears_when_its_answer_was_saved(desk: Client, attempt: Attempt) -> None:
    opened = desk.post(
        address(attempt, "save"), json.dumps({"device": "tab-1", "turn": 0}), content_type="application/json"
    ).json()
    answer = save(desk, attempt, turn=opened["turn"]).json()
    assert re.fullmatch(r"Saved at \d\d:\d\d", answer["saved"])
    assert (opened["turn"], answer["turn"]) == (1, 1)
    assert kept(attempt) == {"answer": False}


@pytest.mark.parametrize("response", ["false", ["false"], {"answer": "false"}, {"answer": ["false"]}])
def test_an_answer_may_be_written_in_four_shapes(desk: Client, attempt: Attempt, response: Any) -> None:
    assert save(desk, attempt, response=response).status_code == 200
    assert kept(attempt) == {"answer": False}


def test_repeated_and_out_of_order_saves_get_a_correct_quiet_answer(desk: Client, attempt: Attempt) -> None:
    assert save(desk, attempt, sequence=5).status_code == 200
    assert save(desk, attempt, sequence=5).status_code == 200
    assert save(desk, attempt, sequence=4, response="true").status_code == 200
    assert kept(attempt) == {"answer": False}
    assert attempt.steps.filter(kind="saved").count() == 1


def test_a_page_left_behind_by_another_device_is_told_so(desk: Client, attempt: Attempt) -> None:
    save(desk, attempt, turn=0, device="desk")
    save(desk, attempt, turn=1, device="phone", sequence=2)
    answer = save(desk, attempt, turn=1, device="desk", sequence=3, response="true")
    assert answer.status_code == 409
    assert answer.json()["refused"] == "moved"
    assert re.fullmatch(
        r"You moved to another device at \d\d:\d\d\. This one is now read only\.", answer.json()["message"]
    )
    assert kept(attempt) == {"answer": False}


def test_a_form_left_behind_by_another_device_turns_read_only_and_keeps_its_words(desk: Client, candidate: Any) -> None:
    question("w1", type="short_text")
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), candidate, at=clock.now())
    html = page(desk, address(attempt))
    open_on_device(attempt.pk, by=candidate, at=clock.now(), device="phone")
    response = send(desk, attempt, html=html, answer="my <words>")
    assert response.status_code == 409
    shown = response.content.decode()
    assert "This one is now read only." in shown
    assert 'value="my &lt;words&gt;"' in shown
    assert "disabled" in shown
    assert kept(attempt) is None


def test_a_page_left_behind_does_not_tell_what_is_right(desk: Client, attempt: Attempt) -> None:
    html = page(desk, address(attempt))
    open_on_device(attempt.pk, by=attempt.officer, at=clock.now(), device="phone")
    for choice in ("true", "false"):
        shown = send(desk, attempt, html=html, answer=choice).content.decode()
        assert f'value="{choice}" checked disabled' in shown
        assert "option--" not in shown


def test_the_pieces_let_a_page_go_on_without_connection(desk: Client, attempt: Attempt) -> None:
    save(desk, attempt, position=2)
    pieces = desk.get(address(attempt, "questions")).json()["questions"]
    assert list(pieces) == ["1", "2", "3"]
    assert 'value="false" checked' in pieces["2"]
    assert "<script" not in "".join(pieces.values())


def test_a_session_that_ended_is_told_to_a_script_with_what_to_do(attempt: Attempt) -> None:
    answer = save(Client(), attempt)
    assert answer.status_code == 401
    assert answer.json()["refused"] == "signed-out"
    assert "kept in this browser. Sign in again" in answer.json()["message"]


def test_a_form_sent_after_the_session_ended_leads_through_sign_in_and_is_kept_for_it(
    desk: Client, attempt: Attempt
) -> None:
    html = page(desk, address(attempt))
    fields = {name: hidden(html, name) for name in ("position", "turn", "device", "sequence")}
    desk.logout()
    here = {"origin": "http://testserver"}
    response = desk.post(address(attempt, "save"), {**fields, "answer": "false", "go": "next"}, headers=here)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))
    forms = desk.session["kept_forms"].values()
    assert any(["answer", "false"] in form["fields"] for form in forms)
