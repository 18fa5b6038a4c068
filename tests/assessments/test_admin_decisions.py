"""Deciding about a question in the admin: proposing, checking, seeing what would change, confirming; what is refused keeps its words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments.models import QuestionDecision
from people import clock
from tests.assessments.admin_questions import (
    FAMILY,
    SignIn,
    _families,
    approver_fixture,
    shown,
    tess_fixture,
    trainer_fixture,
)
from tests.assessments.building import assessment
from tests.assessments.decisions.acts import applied, sat, version_of
from tests.factories import person

__all__ = ["_families", "approver_fixture", "tess_fixture", "trainer_fixture"]
pytestmark = pytest.mark.django_db
REASON = "Both answers can be right."


@pytest.fixture(name="address")
def address_fixture() -> str:
    """Where a question that one passed and one failed attempt drew is decided about."""
    version = assessment(questions=4, pass_percent=75, family=FAMILY)
    sat(version, person("Loser"), wrong=("final-q2",))
    sat(version, person("Other"), wrong=("final-q1", "final-q2"))
    question = version_of("final-q1").question
    question.family = FAMILY
    question.save()
    return f"/admin/assessments/questions/{question.pk}/decide/"


def test_a_decision_is_taken_by_two_people_who_see_what_it_changes(
    address: str, trainer: Client, approver: Client
) -> None:
    assert "drawn by 2 attempts" in shown(trainer.get(address))
    answer = trainer.post(address, {"kind": "neutral", "versions": ["1"], "reason": REASON}, follow=True)
    decision = QuestionDecision.objects.get()
    here = f"/admin/assessments/decisions/{decision.pk}/"
    assert "1 from passed to not passed, 0 from not passed to passed" in shown(answer)
    assert "Loser" not in shown(answer)
    assert "The law bears it out" not in shown(answer)
    checked = {"do": "check", "reference": "PACE 1984, section 1", "looked_on": clock.today().isoformat()}
    page = shown(approver.post(here, checked, follow=True))
    assert "Waits to be confirmed" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    page = shown(trainer.post(here, {"do": "confirm", "seen": seen}, follow=True))
    assert "2 still to do." in page
    applied(decision)
    page = shown(trainer.get(here))
    assert "2 attempts marked again, of which 2 changed. None is left." in page
    assert "Confirmed" in shown(trainer.get("/admin/assessments/decisions/"))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose what to do with the question."),
        ({"kind": "neutral", "reason": REASON}, "Choose the versions"),
        ({"kind": "key", "versions": ["1"], "reason": REASON}, "the one version whose key is right"),
        ({"kind": "neutral", "versions": ["1"], "reason": ""}, "Write what is wrong"),
        ({"kind": "neutral", "versions": ["7"], "reason": REASON}, "is not one of the available choices"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_beside_its_field(
    address: str, trainer: Client, sent: dict[str, Any], sentence: str
) -> None:
    page = shown(trainer.post(address, sent))
    assert sentence in page
    assert sent.get("reason", "") in page
    assert not QuestionDecision.objects.exists()


def test_what_was_seen_must_still_be_so(address: str, trainer: Client, approver: Client) -> None:
    trainer.post(address, {"kind": "neutral", "versions": ["1"], "reason": REASON})
    decision = QuestionDecision.objects.get()
    here = f"/admin/assessments/decisions/{decision.pk}/"
    assert "Nobody has checked the law" in shown(trainer.post(here, {"do": "confirm", "seen": "2-0-0-1-0-1"}))
    assert "Enter the day on which you looked." in shown(approver.post(here, {"do": "check", "reference": "PACE"}))
    assert "no longer what you saw" in shown(trainer.post(here, {"do": "confirm", "seen": "0"}))
    assert "Choose what to do" in shown(trainer.post(here, {"do": "praise"}))
    assert "Withdrawn" in shown(trainer.post(here, {"do": "withdraw", "words": "A mistake."}, follow=True))


def test_the_screens_are_for_those_who_work_on_the_family(address: str, trainer: Client, signed_in: SignIn) -> None:
    trainer.post(address, {"kind": "neutral", "versions": ["1"], "reason": REASON})
    here = f"/admin/assessments/decisions/{QuestionDecision.objects.get().pk}/"
    reviewer = signed_in(person("Rea", "subject-reviewer", family=FAMILY))
    assert reviewer.get(here).status_code == 200
    assert reviewer.get(address).status_code == 302
    reviewer.post(here, {"do": "withdraw", "words": "No."})
    assert not QuestionDecision.objects.get().steps.exists()
    elsewhere = signed_in(person("Eli", "trainer", family="ethics"))
    assert elsewhere.get(here).status_code == 404
    assert elsewhere.get(address).status_code == 404
