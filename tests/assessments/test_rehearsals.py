"""A preview of an assessment behaves as the candidate's page does, and keeps nothing; one of a draw shows all a candidate would see."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.models import AssessmentVersion, Attempt, AttemptStep, Question
from people.models import User
from tests.assessments import building
from tests.courses import authoring
from tests.factories import person
from tests.queries import at_most_queries

FAMILY = "mental-health"
SEED = "ab12"
RIGHT, WRONG = "false", "true"
SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def trainer(signed_in: SignIn) -> Client:
    authoring.family(FAMILY, "Mental health")
    authoring.family("ethics", "Ethics")
    return signed_in(person("Tess Trainer", "trainer", family=FAMILY))


def made(**rules: Any) -> AssessmentVersion:
    if not Question.objects.filter(code="q0").exists():
        for number in range(3):
            building.question(f"q{number}", family=FAMILY)
    usual = {"draw": [{"outcome": "LO1", "count": 3}], "family": FAMILY}
    return building.rules_only(**{**usual, **rules})


def address(version: AssessmentVersion, what: str = "try") -> str:
    return f"/admin/assessments/tests/{version.assessment_id}/versions/{version.number}/{what}/?seed={SEED}"


class Sitting:
    """A browser without script: it posts what the last page carried, and the fields it fills in."""

    def __init__(self, client: Client, version: AssessmentVersion) -> None:
        self.client, self.address = client, address(version)
        self.page = self._read(client.get(self.address))

    def _read(self, answer: Any) -> str:
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def carried(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="(.*?)">', self.page)
        return found[1] if found else ""

    def press(self, go: str, **fields: Any) -> str:
        carried = {name: self.carried(name) for name in ("kept", "position") if self.carried(name)}
        self.page = self._read(self.client.post(self.address, {**carried, "go": go, **fields}))
        return self.page


def test_somebody_sits_a_draw_to_its_result_and_nothing_is_kept(trainer: Client) -> None:
    sitting = Sitting(trainer, made())
    assert "<strong>Question 1</strong> of 3" in sitting.page
    assert "Nothing you do here is kept" in sitting.page
    assert 'name="go" value="previous"' not in sitting.page
    assert "attempt.js" not in sitting.page, "nothing is saved by itself"
    page = sitting.press("next", answer=RIGHT)
    assert "<strong>Question 2</strong> of 3" in page
    assert "1 answered, 0 flagged" in page
    page = sitting.press("3", answer=WRONG, **{"flagged-2": "yes"})
    assert "2 answered, 1 flagged" in page
    page = sitting.press("previous")
    assert f'value="{WRONG}" checked' in page
    page = sitting.press("review", answer=WRONG, **{"flagged-2": "yes"})
    assert "2 of 3 answered" in page
    assert "One has no answer" in page
    assert "One you flagged" in page
    page = sitting.press("submit")
    assert "This would be 33.33 per cent: not passed" in page
    assert "The pass mark is 80 per cent." in page
    assert not Attempt.objects.exists()
    assert not AttemptStep.objects.exists()
    assert "Question 1</strong>" in sitting.press("1")
    assert f'value="{RIGHT}" checked' in sitting.page


def test_the_same_seed_is_the_same_draw_and_none_is_given_one(trainer: Client) -> None:
    version = made(draw=[{"outcome": "LO1", "count": 1}])
    codes = {re.search(r">(q\d)<", Sitting(trainer, version).press("submit"))[1] for _again in range(3)}  # type: ignore[index]
    assert len(codes) == 1
    answer = trainer.get(address(version).split("?")[0])
    assert re.fullmatch(r".*\?seed=[0-9a-f]{16}", answer["Location"])


def test_where_answers_are_told_at_once_a_checked_one_is_told_and_final(trainer: Client) -> None:
    sitting = Sitting(trainer, made(feedback="at_once"))
    page = sitting.press("check", answer=WRONG)
    assert "Not quite." in page
    assert "No rank can authorise it." in page
    assert "disabled" in page
    assert "Check my answer" not in page
    sitting.press("2", answer=RIGHT)
    assert f'value="{WRONG}" checked disabled' in sitting.press("1"), "what was sent after the check is not taken"
    assert "Check my answer" not in Sitting(trainer, made(feedback="after_submit")).page


def test_where_candidates_only_go_forward_so_does_the_preview(trainer: Client) -> None:
    sitting = Sitting(trainer, made(navigation="forward"))
    sitting.press("next", answer=RIGHT)
    for go in ("previous", "1", "3"):
        assert "<strong>Question 2</strong>" in sitting.press(go, answer=RIGHT)
    assert 'class="navigator"' not in sitting.page
    sitting.press("next")
    assert "You cannot go back to a question." in sitting.press("review")
    assert "Go to question" not in sitting.page


def test_all_questions_stand_on_one_page_where_the_rules_say_so(trainer: Client) -> None:
    sitting = Sitting(trainer, made(layout="whole"))
    assert sitting.page.count("drawn-question") == 3
    answers = {"answer-1": RIGHT, "answer-3": WRONG}
    assert "2 of 3 answered" in sitting.press("review", **answers)
    assert f'name="answer-3" value="{WRONG}" checked' in sitting.press("2")
    sitting.press("review", **answers)
    assert "This would be 33.33 per cent" in sitting.press("submit")


def test_sections_and_must_pass_rules_are_told_as_an_attempt_would_fail_them(trainer: Client) -> None:
    for code in ("m1", "m2"):
        building.question(code, family=FAMILY, outcome="LO2", must_pass="No child in a cell")
    draw = [
        {"outcome": "LO1", "count": 2, "section": "Law", "least": 50},
        {"outcome": "LO2", "count": 1, "section": "Care", "least": 50},
    ]
    sitting = Sitting(trainer, made(draw=draw, must_pass=True, pass_percent=60))
    assert "Law" in sitting.page
    sitting.press("next", answer=RIGHT)
    page = sitting.press("submit", answer=RIGHT)
    assert "This would be 66.67 per cent: not passed" in page
    assert "Must-pass rule missed: No child in a cell." in page
    assert "Section Care stayed below what it has to reach." in page


def test_an_answer_that_cannot_be_read_is_shown_again_with_its_reason(trainer: Client) -> None:
    building.question("n", family=FAMILY, type="number", outcome="LO2")
    sitting = Sitting(trainer, made(draw=[{"outcome": "LO2", "count": 1}]))
    for go in ("review", "submit"):
        page = sitting.press(go, answer="about a day")
        assert "<strong>Question 1</strong>" in page
        assert 'value="about a day"' in page
        assert "error-message" in page


def test_a_question_a_person_marks_leaves_the_result_open_and_files_are_not_taken(trainer: Client) -> None:
    asked = {"stem": "Hand in your plan.", "guidance": "A plan names a time.", "kinds": ["pdf"], "most": 1}
    building.question("f", family=FAMILY, type="file_upload", definition=asked, outcome="LO2")
    words = {"stem": "Which risks would you write down first?", "guidance": "Names two risks.", "most_words": 100}
    building.question("w", family=FAMILY, type="written", definition=words, outcome="LO3")
    sitting = Sitting(trainer, made(draw=[{"outcome": "LO2", "count": 1}]))
    plan = SimpleUploadedFile("plan.pdf", b"%PDF-1.4", content_type="application/pdf")
    assert "Files are not taken in a preview." in sitting.press("1", **{"answer.file": plan})
    assert "This would be 0 per cent" in sitting.press("submit"), "what was not answered waits for nobody"
    written = Sitting(trainer, made(draw=[{"outcome": "LO3", "count": 1}]))
    assert "A person would mark some of it first" in written.press("submit", answer="Somebody may fall.")


def test_what_the_form_carries_may_be_anything(trainer: Client) -> None:
    sitting = Sitting(trainer, made())
    for kept in ("", "no", "[]", '{"answers":[]}', '{"answers":{"1":{"answer":5}},"flagged":7}', "[" * 9_000, "null"):
        posted = {"kept": kept, "position": "7" * 30, "go": "9" * 30}
        page = trainer.post(sitting.address, posted).content.decode()
        assert "<strong>Question 1</strong> of 3" in page
    hostile = json.dumps({"answers": {"1": {"answer": ["</script><b>x</b>"]}}, "flagged": [], "checked": []})
    assert "<b>x</b>" not in trainer.post(sitting.address, {"kept": hostile}).content.decode()


def test_a_bank_that_cannot_meet_the_draw_says_so_and_others_see_nothing(trainer: Client, signed_in: SignIn) -> None:
    version = made(draw=[{"outcome": "LO1", "count": 4}])
    for method in (trainer.get, trainer.post):
        page = method(address(version)).content.decode()
        assert "The bank cannot meet this draw today." in page
    other = signed_in(person("Una", "trainer", family="ethics"))
    for what in ("try", "draw"):
        assert other.get(address(version, what)).status_code == 404


def test_a_page_of_a_preview_asks_the_database_as_often_for_three_questions_as_for_twenty(trainer: Client) -> None:
    version = made()
    trainer.get(address(version))
    with at_most_queries(12):
        trainer.post(address(version), {"position": "1", "go": "review"})
    for number in range(3, 20):
        building.question(f"q{number}", family=FAMILY)
    many = made(draw=[{"outcome": "LO1", "count": 20}])
    with at_most_queries(12):
        trainer.post(address(many), {"position": "1", "go": "review"})


def test_a_draw_shows_pictures_and_asks_how_sure_one_is(trainer: Client) -> None:
    building.question("q1", family=FAMILY, definition={**building.TRUE_FALSE, "confidence": True})
    version = building.rules_only(family=FAMILY, draw=[{"outcome": "LO1", "count": 1}])
    page = trainer.get(address(version, "draw")).content.decode()
    assert "How sure are you?" in page
    assert f"/try/?seed={SEED}" in page
