"""A decision is proposed, checked by another, foreseen and confirmed; each step is refused where it must be, and every row stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from assessments.decisions.deciding import check_law, confirm_decision, end_of, propose_decision, withdraw_decision
from assessments.decisions.foreseeing import foresee
from assessments.decisions.refusals import (
    DecisionRefused,
    SeenOtherwise,
    TouchesAnothersAttempt,
    TouchesOwnAttempt,
)
from assessments.models import DecisionStep, QuestionDecision
from people.models import WaitingWork
from tests.assessments.building import NOON, SINGLE, TRUE_FALSE, assessment, question
from tests.assessments.decisions.acts import LATER, checked, confirmed, proposed, sat, version_of

pytestmark = pytest.mark.django_db
OTHER_KEY = {**TRUE_FALSE, "answer": True}


def test_a_decision_goes_from_proposal_by_a_check_to_its_confirmation(person: Any) -> None:
    version = assessment(questions=3, pass_percent=60)
    sat(version, person("Bo"), wrong=("final-q1",))
    ada, lex = person("Ada"), person("Lex")
    decision = proposed("final-q1", by=ada)
    assert [row.question_version.question.code for row in decision.named.all()] == ["final-q1"]
    assert end_of(decision) is None
    checked(decision, by=lex)
    step = confirm_decision(decision, by=ada, at=LATER, seen=foresee(decision).seen)
    assert step.data == {"touched": 1, "open": 0, "unmarked": 0, "lost": 0, "gained": 0, "moved": 1}
    found = decision.steps.get(kind="checked")
    assert (found.by, found.author, found.reference) == (lex, ada, "PACE 1984, section 1")
    assert set(WaitingWork.objects.filter(kind="assessments.apply_decision").values_list("key", flat=True)) == {
        str(decision.pk),
        f"{decision.pk}:again",
    }


def test_what_would_change_is_shown_without_writing_lost_passes_first(person: Any) -> None:
    version = assessment(questions=4, pass_percent=75)
    sat(version, person("Winner"), wrong=("final-q1", "final-q2"))  # 50%: 2 of 3 without q1, still failed
    sat(version, person("Loser"), wrong=("final-q2",))  # 75%, passed: 67% without q1
    sat(version, person("Gainer"), wrong=("final-q1",))
    sat(version, person("Runner"), submit=False)
    decision = proposed("final-q1")
    before = (QuestionDecision.objects.count(), DecisionStep.objects.count())
    foreseen = foresee(decision)
    assert (foreseen.touched, foreseen.open, foreseen.lost, foreseen.gained, foreseen.moved) == (4, 1, 1, 0, 2)
    assert foreseen.unchanged == 0
    first = foreseen.changes[0]
    assert (first.loses, first.percents, first.outcomes) == (True, (75, 66), ("Passed", "Not passed"))
    assert before == (QuestionDecision.objects.count(), DecisionStep.objects.count())


def test_a_pass_that_is_gained_is_foreseen(person: Any) -> None:
    version = assessment(questions=4, pass_percent=100)
    sat(version, person("Bo"), wrong=("final-q1",))
    foreseen = foresee(proposed("final-q1"))
    assert (foreseen.lost, foreseen.gained, foreseen.changes[0].gains) == (0, 1, True)


def test_the_law_is_checked_by_somebody_else_with_a_reference_and_a_day_that_has_been(person: Any) -> None:
    assessment()
    ada, lex = person("Ada"), person("Lex")
    decision = proposed("final-q1", by=ada)
    given = {"holds": True, "reference": "PACE 1984, section 1", "looked_on": NOON.date(), "words": "", "at": LATER}
    with pytest.raises(DecisionRefused, match="somebody else checks the law"):
        check_law(decision, **given, by=ada)
    with pytest.raises(DecisionRefused, match="Name what you looked at"):
        check_law(decision, **{**given, "reference": " "}, by=lex)
    with pytest.raises(DecisionRefused, match="at most 200"):
        check_law(decision, **{**given, "reference": "x" * 201}, by=lex)
    with pytest.raises(DecisionRefused, match="still to come"):
        check_law(decision, **{**given, "looked_on": LATER.date() + timedelta(days=1)}, by=lex)
    with pytest.raises(DecisionRefused, match="Say why"):
        check_law(decision, **{**given, "holds": False}, by=lex)
    assert not decision.steps.exists()


def test_nothing_is_confirmed_unchecked_or_other_than_it_was_seen(person: Any) -> None:
    version = assessment()
    decision = proposed("final-q1")
    with pytest.raises(DecisionRefused, match="Nobody has checked the law"):
        confirm_decision(decision, by=person("Con"), at=LATER, seen=foresee(decision).seen)
    checked(decision)
    seen = foresee(decision).seen
    sat(version, person("Bo"), wrong=("final-q1",))
    with pytest.raises(SeenOtherwise):
        confirm_decision(decision, by=person("Con"), at=LATER, seen=seen)
    assert end_of(decision) is None


@pytest.mark.parametrize("submit", [True, False], ids=["handed in", "still running"])
def test_nobody_takes_a_step_about_a_question_of_their_own_attempt(person: Any, submit: bool) -> None:
    version = assessment()
    chief = person("Chief", "trainer", "system-admin")
    sat(version, chief, submit=submit)
    with pytest.raises(TouchesOwnAttempt):
        proposed("final-q1", by=chief)
    assert not QuestionDecision.objects.exists()
    decision = proposed("final-q1")
    with pytest.raises(TouchesOwnAttempt):
        checked(decision, by=chief)
    checked(decision)
    with pytest.raises(TouchesOwnAttempt):
        confirm_decision(decision, by=chief, at=LATER, seen=foresee(decision).seen)
    with pytest.raises(TouchesOwnAttempt):
        withdraw_decision(decision, by=chief, at=LATER, reason="Mine.")
    assert end_of(decision) is None


@pytest.mark.parametrize("submit", [True, False], ids=["handed in", "still running"])
@pytest.mark.parametrize("who", ["author", "checker"])
def test_it_is_not_confirmed_once_who_proposed_or_checked_it_has_drawn_the_question(
    person: Any, who: str, submit: bool
) -> None:
    version = assessment()
    behind = {"author": person("Ada"), "checker": person("Lex")}
    decision = checked(proposed("final-q1", by=behind["author"]), by=behind["checker"])
    sat(version, behind[who], submit=submit)
    with pytest.raises(TouchesAnothersAttempt, match="Let the proposal go"):
        confirm_decision(decision, by=person("Con"), at=LATER, seen=foresee(decision).seen)
    assert end_of(decision) is None
    withdraw_decision(decision, by=person("Con"), at=LATER, reason="Others propose it.")


def test_an_objection_or_a_withdrawal_ends_a_proposal_and_so_does_its_confirmation(person: Any) -> None:
    assessment()
    objected = checked(proposed("final-q1"), holds=False, words="The law says so.")
    withdrawn = proposed("final-q2")
    withdraw_decision(withdrawn, by=withdrawn.by, at=LATER, reason="A mistake.")
    done = confirmed("final-q3")
    for decision, said in ((objected, "objected"), (withdrawn, "withdrawn"), (done, "confirmed")):
        with pytest.raises(DecisionRefused, match=said):
            withdraw_decision(decision, by=person("Con"), at=LATER, reason="Late.")
    with pytest.raises(DecisionRefused, match="Say why"):
        withdraw_decision(proposed("final-q1"), by=person("Con"), at=LATER, reason=" ")


def test_the_law_is_checked_once(person: Any) -> None:
    assessment()
    decision = checked(proposed("final-q1"))
    with pytest.raises(DecisionRefused, match="a moment ago"):
        checked(decision)


def test_a_proposal_needs_versions_a_reason_and_the_keys_of_its_kind(person: Any) -> None:
    first, other = question("q1"), question("q2")
    second = question("q1", definition=OTHER_KEY)
    usual: dict[str, Any] = {"versions": [first], "reason": "Wrong.", "by": person("Ada"), "at": LATER}
    for kind, more, sentence in (
        ("praise", {}, "Choose what to do"),
        ("neutral", {"versions": []}, "Choose the versions"),
        ("neutral", {"versions": [other]}, "versions of one question"),
        ("neutral", {"keys": [second]}, "needs no key"),
        ("neutral", {"reason": " "}, "Write what is wrong"),
        ("neutral", {"reason": "x" * 1001}, "at most 1000"),
        ("key", {}, "the one version"),
        ("key", {"keys": [first, second]}, "the one version"),
        ("several", {"keys": [second]}, "two or more"),
    ):
        with pytest.raises(DecisionRefused, match=sentence):
            propose_decision(first.question, kind, **{**usual, **more})
    assert not QuestionDecision.objects.exists()


def test_a_key_comes_from_a_version_that_has_the_same_type_and_options(person: Any) -> None:
    first = question("q1", type="single_choice")
    other_type = question("q1")
    fewer = question("q1", type="single_choice", definition={**SINGLE, "options": SINGLE["options"][:2]})
    usual: dict[str, Any] = {"versions": [first], "reason": "Wrong.", "by": person("Ada"), "at": LATER}
    with pytest.raises(DecisionRefused, match="another type"):
        propose_decision(first.question, "key", keys=[other_type], **usual)
    with pytest.raises(DecisionRefused, match="lacks options"):
        propose_decision(first.question, "key", keys=[fewer], **usual)


def test_what_is_decided_is_never_changed_on_either_database(person: Any) -> None:
    assessment()
    decision = confirmed("final-q1", "key", keys=[version_of("final-q1")])
    for table, column in (
        ("assessments_questiondecision", "reason"),
        ("assessments_decisionversion", "decision_id"),
        ("assessments_decisionkey", "decision_id"),
        ("assessments_decisionstep", "words"),
    ):
        value = "decision_id" if column == "decision_id" else "'other'"
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = {value}")  # noqa: S608
    assert decision.steps.count() == 2


def test_the_database_refuses_a_check_by_the_author_and_a_second_end(person: Any) -> None:
    assessment()
    decision = confirmed("final-q1")
    ada = decision.by
    wrong = {"kind": "objected", "by": ada, "author": ada, "reference": "x", "looked_on": NOON.date()}
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionStep.objects.create(decision=proposed("final-q2", by=ada), at=LATER, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionStep.objects.create(decision=decision, kind="withdrawn", by=ada, author=ada, at=LATER)
