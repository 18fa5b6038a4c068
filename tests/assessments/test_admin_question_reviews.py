"""A question's way in the admin: review, approval, retirement, and trying it out."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments.bank import approve_version, save_question_version, submit_for_review
from assessments.models import VersionState
from people.models import User
from tests.assessments import building
from tests.assessments.admin_questions import (  # noqa: F401
    ABOUT,
    FAMILY,
    LIST,
    POSTED,
    SignIn,
    _families,
    approver_fixture,
    fields_of,
    in_family,
    question_of,
    shown,
    tess_fixture,
    trainer_fixture,
)
from tests.factories import person

pytestmark = pytest.mark.django_db


# --- Review, approval, retirement -------------------------------------------------------------------------------------


def test_a_question_goes_from_draft_to_approved_and_is_retired(trainer: Client, approver: Client, tess: User) -> None:
    version = in_family(by=tess)
    address = question_of(version)
    trainer.post(address, {"version": "1", "do": "submit"})
    assert "Approve" in shown(approver.get(address))
    approver.post(address, {"version": "1", "do": "approve", "reason": "Checked against s.136."})
    version.refresh_from_db()
    assert version.state == VersionState.APPROVED
    trainer.post(address, {"version": "1", "do": "retire", "reason": "The law changed."})
    version.refresh_from_db()
    assert version.state == VersionState.RETIRED
    content = shown(trainer.get(address))
    for words in ("Tess Trainer", "Ada Approver", "Checked against s.136.", "The law changed.", "In review"):
        assert words in content


def test_a_reviewer_sends_a_question_back_with_a_reason(signed_in: SignIn, trainer: Client) -> None:
    version = submit_for_review(in_family(), by=None, at=building.NOON)
    reviewer = signed_in(person("Rae Reviewer", "subject-reviewer", family=FAMILY))
    address = question_of(version)
    answer = reviewer.post(address, {"version": "1", "do": "return", "reason": " "})
    assert "Say what the author should change." in shown(answer)
    reviewer.post(address, {"version": "1", "do": "return", "reason": "Option b is right as well."})
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT
    assert "Option b is right as well." in shown(trainer.get(address))


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_approves_their_own_question(superuser: bool, signed_in: SignIn) -> None:
    both = person("Both", "trainer", "approver", family=FAMILY)
    User.objects.filter(pk=both.pk).update(is_superuser=superuser)
    version = submit_for_review(in_family(by=both), by=both, at=building.NOON)
    answer = signed_in(both).post(question_of(version), {"version": "1", "do": "approve", "reason": "Mine."})
    assert "You wrote this question, so somebody else approves it." in shown(answer)
    assert "Mine." in shown(answer)
    version.refresh_from_db()
    assert version.state == VersionState.IN_REVIEW


def test_a_superuser_without_the_role_approves_nothing(signed_in: SignIn) -> None:
    boss = person("Sys Admin", "system-admin")
    User.objects.filter(pk=boss.pk).update(is_superuser=True)
    version = submit_for_review(in_family(), by=None, at=building.NOON)
    client = signed_in(boss)
    assert client.get(question_of(version)).status_code == 200
    assert client.post(question_of(version), {"version": "1", "do": "approve"}).status_code == 302
    version.refresh_from_db()
    assert version.state == VersionState.IN_REVIEW


def test_a_step_somebody_took_meanwhile_is_refused_in_a_sentence(trainer: Client, approver: Client) -> None:
    version = in_family()
    address = question_of(version)
    assert "only one that is in review" in shown(approver.post(address, {"version": "1", "do": "approve"}))
    trainer.post(address, {"version": "1", "do": "submit"})
    assert "only one that is draft" in shown(trainer.post(address, {"version": "1", "do": "submit"}))
    assert "Choose what to do" in shown(trainer.post(address, {"version": "1", "do": "explode"}))
    assert trainer.post(address, {"version": "7", "do": "submit"}).status_code == 404


@pytest.mark.parametrize("reason", ["", " ", "...", "–", "\u200b", "\u3164", "🚓"])
@pytest.mark.parametrize("what", ["retire", "return"])
def test_a_step_that_needs_a_reason_is_refused_without_one_beside_the_field(
    what: str, reason: str, trainer: Client, approver: Client
) -> None:
    version = submit_for_review(in_family(), by=None, at=building.NOON)
    client = trainer if what == "retire" else approver
    content = shown(client.post(question_of(version), {"version": "1", "do": what, "reason": reason}))
    sentence = {"retire": "Say why the question is retired.", "return": "Say what the author should change."}[what]
    field = content[content.index('name="do"') - 4000 : content.index('name="do"')]
    # A character that cannot be kept is named instead.
    assert sentence in field or "cannot be shown" in field
    assert 'aria-invalid="true"' in field
    version.refresh_from_db()
    assert version.state == VersionState.IN_REVIEW


def test_a_version_older_than_the_one_in_use_offers_no_way_into_use(trainer: Client, approver: Client) -> None:
    first = submit_for_review(in_family(), by=None, at=building.NOON)
    second = submit_for_review(in_family(topic="Custody"), by=None, at=building.NOON)
    address = question_of(first)
    approver.post(address, {"version": "2", "do": "approve"})
    page = shown(approver.get(f"{address}?version=1"))
    assert "Version 2 of q1 has been approved, so version 1 is out of date and stays out of use." in page
    assert 'value="approve"' not in page
    assert 'value="retire"' in page
    refused = shown(approver.post(address, {"version": "1", "do": "approve"}))
    assert "Version 2 of q1 has been approved" in refused
    approver.post(address, {"version": "1", "do": "return", "reason": "Version 2 is in use."})
    assert 'value="submit"' not in shown(trainer.get(f"{address}?version=1"))
    assert "Version 2 of q1 has been approved" in shown(trainer.post(address, {"version": "1", "do": "submit"}))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (VersionState.DRAFT, VersionState.APPROVED)


@pytest.mark.parametrize("role", ["subject-reviewer", "approver"])
def test_only_trainers_write(role: str, signed_in: SignIn) -> None:
    version = in_family()
    client = signed_in(person("", role, family=FAMILY))
    assert "New question" not in shown(client.get(LIST))
    for address in (f"{question_of(version)}edit/", f"{LIST}questions/new/"):
        assert client.get(address).status_code == 302
    client.post(f"{question_of(version)}edit/", {**ABOUT, "stem": "Mine now.", **POSTED["true_false"]})
    assert client.post(question_of(version), {"version": "1", "do": "submit"}).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.question.versions.count()) == (VersionState.DRAFT, 1)


@pytest.mark.parametrize("role", ["trainer", "subject-reviewer", "approver"])
def test_another_familys_question_is_not_there(role: str, signed_in: SignIn) -> None:
    version = in_family()
    client = signed_in(person("", role, family="ethics"))
    assert ">q1</a>" not in shown(client.get(LIST))
    for address in ("", "edit/", "versions/1/"):
        assert client.get(question_of(version) + address).status_code == 404
        assert client.post(question_of(version) + address, {"do": "retire", "reason": "x"}).status_code == 404


def test_strangers_and_learners_do_not_get_in(signed_in: SignIn) -> None:
    version = in_family()
    assert Client().get(LIST).status_code == 302
    learner = signed_in(person("Ola Officer"))
    for address in (LIST, question_of(version), f"{question_of(version)}versions/1/", f"{LIST}tests/"):
        assert learner.get(address).status_code == 403
        assert Client().get(address).status_code == 302


# --- Trying it out ----------------------------------------------------------------------------------------------------

RIGHT: dict[str, Any] = {
    "single_choice": "b",
    "multiple_response": ["a", "b"],
    "true_false": "false",
    "number": "24",
    "short_text": "Approved Mental Health Professional",
}


@pytest.mark.parametrize("type_name", RIGHT)
def test_a_preview_is_the_candidates_page_and_marks_a_try(type_name: str, trainer: Client) -> None:
    version = in_family(type=type_name)
    address = f"{question_of(version)}versions/1/"
    content = shown(trainer.get(address))
    assert "page--exam" in content
    assert "data-question" in content
    assert "per cent of the marks" not in content
    assert "100 per cent of the marks." in shown(trainer.post(address, {"answer": RIGHT[type_name]}))
    assert "0 per cent of the marks." in shown(trainer.post(address, {}))
    assert version.steps.count() == 1


def test_a_try_that_is_no_answer_is_shown_again(trainer: Client) -> None:
    version = in_family(type="number")
    content = shown(trainer.post(f"{question_of(version)}versions/1/", {"answer": "about <b>ten</b>"}))
    assert "Write a number in figures" in content
    assert "about <b>ten</b>" in content
    choice = in_family("q2", type="single_choice")
    assert "not one of the options" in shown(trainer.post(f"{question_of(choice)}versions/1/", {"answer": "zz"}))


def test_an_approved_version_replaced_by_a_new_one_retires(trainer: Client, approver: Client) -> None:
    version = approve_version(submit_for_review(in_family(), by=None, at=building.NOON), by=None, at=building.NOON)
    address = f"{question_of(version)}edit/"
    trainer.post(address, {**fields_of(trainer.get(address).content.decode()), "topic": "Custody"})
    trainer.post(question_of(version), {"version": "2", "do": "submit"})
    approver.post(question_of(version), {"version": "2", "do": "approve"})
    states = list(version.question.versions.order_by("number").values_list("state", flat=True))
    assert states == [VersionState.RETIRED, VersionState.APPROVED]


def test_saving_without_naming_what_was_seen_asks_nothing() -> None:
    words = {"bank": "B", "type": "true_false", "definition": building.TRUE_FALSE, "by": None, "at": building.NOON}
    assert save_question_version("q", **words).number == 1
    assert save_question_version("q", **words, topic="Other").number == 2
