"""The bank: versions that never change, and approval that is never one's own."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from assessments import bank
from assessments.assessment_rules import BadAssessment, draw, save_assessment_version, shortfalls
from assessments.bank import (
    BadQuestion,
    BadReason,
    BankRefused,
    OlderVersion,
    OwnQuestion,
    WrongState,
    approve_version,
    approved_version,
    retire_version,
    return_version,
    save_question_version,
    submit_for_review,
)
from assessments.models import AssessmentVersion, QuestionVersion, VersionState
from tests.assessments.building import NOON, SINGLE, TRUE_FALSE, assessment, question, rules_only

pytestmark = pytest.mark.django_db


def test_a_question_is_written_reviewed_approved_and_retired(person: Any) -> None:
    author, approver = person("Ann", "trainer"), person("Bo", "approver")
    version = save_question_version("q1", bank="B", type="single_choice", definition=SINGLE, by=author, at=NOON)
    submit_for_review(version, by=author, at=NOON)
    approve_version(version, by=approver, at=NOON)
    assert approved_version("q1") == version
    retire_version(version, by=approver, at=NOON, reason="The law changed.")
    assert approved_version("q1") is None
    assert [(step.state, step.by) for step in version.steps.all()] == [
        ("draft", author),
        ("in_review", author),
        ("approved", approver),
        ("retired", approver),
    ]


def test_saving_the_same_again_makes_no_new_version() -> None:
    first = question("q1", approved=False)
    assert question("q1", approved=False) == first
    changed = question("q1", approved=False, definition={**TRUE_FALSE, "answer": True})
    assert (changed.number, changed.question) == (2, first.question)
    assert changed.digest != first.digest


def test_numbers_written_differently_are_the_same_question() -> None:
    first = question("q1", type="single_choice", approved=False)
    options = [{**option, "fraction": str(option["fraction"])} for option in SINGLE["options"]]
    assert question("q1", type="single_choice", definition={**SINGLE, "options": options}, approved=False) == first


def test_approving_a_new_version_retires_the_old_one() -> None:
    first = question("q1")
    second = question("q1", definition={**TRUE_FALSE, "answer": True})
    first.refresh_from_db()
    assert (first.state, second.state) == (VersionState.RETIRED, VersionState.APPROVED)
    assert first.steps.last().reason == "Replaced by version 2."


def two_in_review() -> tuple[QuestionVersion, QuestionVersion]:
    """Make two versions of a question, both in review."""
    first = submit_for_review(question("q1", approved=False), by=None, at=NOON)
    second = question("q1", definition={**TRUE_FALSE, "answer": True}, approved=False)
    return first, submit_for_review(second, by=None, at=NOON)


def test_a_version_older_than_the_one_in_use_is_not_approved(person: Any) -> None:
    first, second = two_in_review()
    approve_version(second, by=person("Bo"), at=NOON)
    with pytest.raises(OlderVersion, match="Version 2 of q1 has been approved, so version 1 is out of date"):
        approve_version(first, by=person("Ada"), at=NOON)
    assert approved_version("q1") == second
    assert [step.state for step in first.steps.all()] == ["draft", "in_review"]


def test_a_version_older_than_the_one_in_use_is_not_submitted(person: Any) -> None:
    first, second = two_in_review()
    return_version(first, by=person("Ada"), at=NOON, reason="Two keys.")
    approve_version(second, by=person("Bo"), at=NOON)
    with pytest.raises(OlderVersion, match="save them as a new version"):
        submit_for_review(first, by=None, at=NOON)
    assert bank.why_out_of_date(first)
    assert not bank.why_out_of_date(second)


def test_retiring_the_newer_version_brings_no_older_one_back() -> None:
    first, second = two_in_review()
    approve_version(second, by=None, at=NOON)
    retire_version(second, by=None, at=NOON, reason="The law changed.")
    with pytest.raises(OlderVersion):
        approve_version(first, by=None, at=NOON)
    assert approved_version("q1") is None


def test_versions_in_review_are_approved_in_their_order() -> None:
    first, second = two_in_review()
    approve_version(first, by=None, at=NOON)
    approve_version(second, by=None, at=NOON)
    first.refresh_from_db()
    assert (first.state, approved_version("q1")) == (VersionState.RETIRED, second)


def test_approving_twice_changes_nothing_and_says_so() -> None:
    version = question("q1")
    with pytest.raises(WrongState, match="is approved"):
        approve_version(version, by=None, at=NOON)
    assert approved_version("q1") == version
    assert version.steps.count() == 3


@pytest.mark.parametrize("reason", ["", "  ", "-", "…", "\u200b\u200b", "\u3164", "<br>", "\u202efa"])
def test_a_question_is_not_retired_without_a_reason_that_says_something(reason: str) -> None:
    version = question("q1")
    with pytest.raises(BadReason):
        retire_version(version, by=None, at=NOON, reason=reason)
    version.refresh_from_db()
    assert version.state == VersionState.APPROVED


@pytest.mark.parametrize("reason", ["法", "s.136", "\u0627\u0644\u0642\u0627\u0646\u0648\u0646"])
def test_a_reason_may_be_short_and_of_any_script(reason: str) -> None:
    assert retire_version(question("q1"), by=None, at=NOON, reason=reason).steps.last().reason == reason


WORDS = {"bank": "B", "type": "true_false", "definition": TRUE_FALSE, "by": None, "at": NOON}


@pytest.mark.parametrize("text", ["<i>x</i>", "a\u202eb", "a\x00b", "a\ud83db"])
@pytest.mark.parametrize("name", ["outcome", "topic", "must_pass", "module", "note"])
def test_words_around_a_question_are_judged_by_the_same_rule(name: str, text: str) -> None:
    with pytest.raises(BadQuestion) as refusal:
        save_question_version("q1", **{**WORDS, name: text})
    assert [problem.path for problem in refusal.value.problems] == [name]
    with pytest.raises(BadQuestion):
        save_question_version("q1", **WORDS, references=["ok", text])


@pytest.mark.parametrize(
    "more",
    [
        {"topic": "x" * 121},
        {"outcome": "x" * 21},
        {"module": "two\nlines"},
        {"note": "x" * 20_001},
        {"references": ["x" * 81]},
    ],
)
def test_words_longer_than_their_place_are_refused_before_the_database_does(more: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion):
        save_question_version("q1", **WORDS, **more)


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_approves_what_they_wrote(person: Any, is_superuser: bool) -> None:
    author = person("Ann", "trainer", "approver", is_superuser=is_superuser)
    version = question("q1", by=author, approved=False)
    submit_for_review(version, by=author, at=NOON)
    with pytest.raises(OwnQuestion, match="somebody else approves it"):
        approve_version(version, by=author, at=NOON)


def test_nobody_approves_words_they_wrote_under_somebody_elses_last_change(person: Any) -> None:
    first_author, second_author = person("Ann"), person("Bo")
    question("q1", by=first_author, approved=False)
    second = question("q1", by=second_author, definition={**TRUE_FALSE, "answer": True}, approved=False)
    submit_for_review(second, by=second_author, at=NOON)
    with pytest.raises(OwnQuestion):
        approve_version(second, by=first_author, at=NOON)


def test_a_draft_cannot_be_approved_and_an_approved_one_not_submitted(person: Any) -> None:
    draft = question("q1", approved=False)
    with pytest.raises(WrongState, match="is draft"):
        approve_version(draft, by=person("Bo"), at=NOON)
    with pytest.raises(WrongState, match="is approved"):
        submit_for_review(question("q2"), by=None, at=NOON)


def test_a_returned_version_says_what_to_change(person: Any) -> None:
    version = question("q1", approved=False)
    submit_for_review(version, by=None, at=NOON)
    with pytest.raises(BankRefused, match="Say what"):
        return_version(version, by=person("Bo"), at=NOON, reason=" ")
    assert return_version(version, by=person("Bo"), at=NOON, reason="Two keys.").state == VersionState.DRAFT


def test_a_bad_question_is_refused_with_every_problem() -> None:
    with pytest.raises(BadQuestion) as refusal:
        question("q1", definition={"stem": "", "answer": 1}, difficulty="awful", use="lesson", must_pass="rule")
    paths = {problem.path for problem in refusal.value.problems}
    assert {"stem", "answer", "feedback", "difficulty", "must_pass"} <= paths


def test_a_code_keeps_its_bank_and_its_use() -> None:
    question("q1")
    with pytest.raises(BankRefused, match="never reused"):
        question("q1", bank="OTHER")
    with pytest.raises(BankRefused, match="stays one"):
        question("q1", use="lesson")


@pytest.mark.parametrize("column", ["definition", "digest", "outcome", "number"])
def test_the_database_refuses_to_change_what_a_version_says(column: str) -> None:
    version = question("q1")
    with pytest.raises(DatabaseError), transaction.atomic():
        QuestionVersion.objects.filter(pk=version.pk).update(**{column: 9})
    with pytest.raises(DatabaseError), transaction.atomic():
        version.steps.update(reason="another")


def test_the_database_refuses_to_change_an_assessments_rules() -> None:
    version = assessment()
    with pytest.raises(DatabaseError), transaction.atomic():
        AssessmentVersion.objects.filter(pk=version.pk).update(pass_percent=1)


def test_an_assessment_is_saved_as_versions() -> None:
    first = assessment()
    assert rules_only(draw=first.draw) == first
    second = rules_only(draw=first.draw, pass_percent=60)
    assert (second.number, second.assessment) == (2, first.assessment)


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ({"title": " "}, "title"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"pass_percent": 101}, "pass_percent"),
        ({"attempts": 0}, "attempts"),
        ({"wait_hours": None}, "wait_hours"),
        ({"wait_hours": -1}, "wait_hours"),
        ({"feedback": "later"}, "feedback"),
        ({"must_pass": True, "pass_percent": None}, "must_pass"),
        ({"draw": []}, "draw"),
        ({"draw": [{"outcome": "LO1", "count": 301}]}, "draw"),
        ({"draw": [{"outcome": "", "count": 1}]}, "draw.0.outcome"),
        ({"draw": [{"outcome": "LO1", "count": "3"}]}, "draw.0.count"),
        ({"draw": [{"outcome": "LO1", "count": 1, "difficulty": "awful"}]}, "draw.0.difficulty"),
        ({"draw": [{"outcome": "LO1", "count": 1, "colour": "red"}]}, "draw.0.colour"),
        ({"title": "<b>Final</b>"}, "title"),
        ({"draw": [{"outcome": "LO\u202e1", "count": 1}]}, "draw.0.outcome"),
        ({"draw": [{"outcome": "LO1", "count": 1, "topic": "x" * 121}]}, "draw.0.topic"),
    ],
)
def test_bad_rules_are_refused_at_the_place(rules: dict[str, Any], path: str) -> None:
    with pytest.raises(BadAssessment) as refusal:
        rules_only(**{"draw": [{"outcome": "LO1", "count": 1}], **rules})
    assert path in {problem.path for problem in refusal.value.problems}


def test_an_assessment_says_whether_the_bank_can_meet_it() -> None:
    version = assessment(questions=3, bank_size=2)
    assert shortfalls(version) == ["LO1: 3 wanted, 2 approved."]
    question("final-q3")
    assert shortfalls(version) == []


def test_only_approved_exam_questions_of_the_bank_are_drawn() -> None:
    version = assessment(questions=1)
    question("draft", approved=False)
    question("check", use="lesson")
    question("elsewhere", bank="OTHER")
    assert [drawn.question.code for drawn in draw(version, seed="s")] == ["final-q1"]


def test_a_draw_avoids_versions_seen_before_and_their_questions() -> None:
    version = assessment(questions=1, bank_size=2)
    old = bank.latest_version("final-q1")
    assert old is not None
    assert all(draw(version, seed=str(n), exclude=[old.pk])[0].question.code == "final-q2" for n in range(8))


def test_an_assessments_code_keeps_its_bank() -> None:
    assessment()
    with pytest.raises(BankRefused, match="never reused"):
        save_assessment_version(
            "final", bank="OTHER", title="T", draw=[{"outcome": "LO1", "count": 1}], by=None, at=NOON
        )
