"""A confirmed decision marks every attempt that drew the question once: in chunks, through crashes, and nothing else moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.attempts import submit_attempt
from assessments.decisions import applying
from assessments.decisions.applying import apply_decision, apply_to_attempt, tell_of_decision
from assessments.decisions.foreseeing import foresee
from assessments.events import attempt_marked
from assessments.marks import rebuild_attempt
from assessments.models import Attempt, DecisionEffect, DecisionStepKind, QuestionVersion
from assessments.results import result_of
from people.models import WaitingWork
from people.work import NotYet
from tests.assessments.attempt_acts import kinds
from tests.assessments.building import MINUTE, NOON, TRUE_FALSE, assessment, question, rules_only
from tests.assessments.decisions.acts import LATER, applied, confirmed, proposed, reread, sat, version_of
from tests.factories import person as make

pytestmark = pytest.mark.django_db
OTHER_KEY = {**TRUE_FALSE, "answer": True}


def remarks(attempt: Attempt) -> list[dict[str, Any]]:
    return [step.data for step in attempt.steps.filter(kind="remarked")]


def test_a_question_taken_out_is_marked_out_of_every_attempt_that_drew_it(person: Any) -> None:
    version = assessment(questions=3, pass_percent=60)
    wrong, right = sat(version, person("Bo"), wrong=("final-q1",)), sat(version, person("Cy"))
    decision = applied(confirmed("final-q1"))
    assert (wrong.score, reread(wrong).score, reread(right).score) == (666_667, 1_000_000, 1_000_000)
    [data] = remarks(wrong)
    assert data["decision"] == str(decision.pk)
    assert data["reason"] == "Question final-q1: Both answers can be right."
    [ruled] = data["rulings"].values()
    assert ruled == {"neutral": True, "decision": str(decision.pk)}
    effects = {effect.attempt_id: effect for effect in decision.effects.all()}
    assert (effects[wrong.pk].score_before, effects[wrong.pk].score_after) == (666_667, 1_000_000)
    assert effects[wrong.pk].is_changed
    # Full marks stay full marks, and the question counts no more.
    assert effects[right.pk].score_after == 1_000_000


def test_what_was_foreseen_is_what_happens(person: Any) -> None:
    version = assessment(questions=4, pass_percent=75)
    for name, wrong in (("A", ("final-q1", "final-q2")), ("B", ("final-q2",)), ("C", ("final-q1",)), ("D", ())):
        sat(version, person(name), wrong=wrong)
    decision = proposed("final-q1")
    foreseen = foresee(decision)
    decision = applied(confirmed("final-q1"))
    changed = decision.effects.exclude(score_before=1)
    moved = [(e.outcome_before, e.outcome_after) for e in changed if e.score_before != e.score_after]
    assert moved.count(("passed", "failed")) == foreseen.lost
    assert moved.count(("failed", "passed")) == foreseen.gained
    assert len(moved) == foreseen.lost + foreseen.gained + foreseen.moved


def test_the_same_work_twice_marks_once_and_tells_once(person: Any) -> None:
    attempt = sat(assessment(pass_percent=60), person("Bo"), wrong=("final-q1",))
    told: list[Any] = []
    attempt_marked.connect(lambda sender, attempt, **more: told.append(more["by"]), weak=False, dispatch_uid="test")
    try:
        decision = applied(confirmed("final-q1"))
        apply_decision(str(decision.pk))
        apply_decision(f"{decision.pk}:again")
    finally:
        attempt_marked.disconnect(dispatch_uid="test")
    assert len(remarks(attempt)) == 1
    assert told == [decision.steps.get(kind=DecisionStepKind.CONFIRMED).by]


def test_work_goes_on_in_chunks_until_none_is_left(person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "CHUNK", 2)
    version = assessment()
    attempts = [sat(version, person(), wrong=("final-q1",)) for _number in range(5)]
    decision = confirmed("final-q1")
    with pytest.raises(NotYet):
        apply_decision(str(decision.pk))
    assert decision.effects.count() == 2
    applied(decision)
    assert decision.effects.count() == 5
    assert all(len(remarks(attempt)) == 1 for attempt in attempts)


def test_a_crash_in_the_middle_leaves_whole_attempts_and_the_rest_for_later(
    person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = assessment()
    attempts = [sat(version, person(), wrong=("final-q1",)) for _number in range(3)]
    decision = confirmed("final-q1")
    real, calls = applying.work.ask, []

    class Killed(BaseException):
        """The process ends where it stands."""

    def killed_at_the_second(*given: Any, **more: Any) -> None:
        calls.append(given)
        if len(calls) == 2:
            raise Killed
        real(*given, **more)

    monkeypatch.setattr(applying.work, "ask", killed_at_the_second)
    with pytest.raises(Killed):
        apply_decision(str(decision.pk))
    done = [attempt for attempt in attempts if remarks(attempt)]
    assert len(done) == 1 == decision.effects.count()
    assert not rebuild_attempt(done[0])
    monkeypatch.setattr(applying.work, "ask", real)
    applied(decision)
    assert [len(remarks(attempt)) for attempt in attempts] == [1, 1, 1]


def test_an_attempt_that_cannot_be_marked_holds_up_no_other_and_is_tried_again(
    person: Any, caplog: pytest.LogCaptureFixture
) -> None:
    version = assessment()
    attempts = [sat(version, person(), wrong=("final-q1",)) for _number in range(3)]
    broken = min(attempts, key=lambda attempt: attempt.pk.hex)
    decision = confirmed("final-q1")

    def fail(sender: Any, attempt: Attempt, **more: Any) -> None:
        if attempt.pk == broken.pk:
            raise RuntimeError("the record is away")

    attempt_marked.connect(fail, weak=False, dispatch_uid="test")
    try:
        with pytest.raises(RuntimeError, match="away"):
            apply_decision(str(decision.pk))
    finally:
        attempt_marked.disconnect(dispatch_uid="test")
    assert {attempt.pk for attempt in attempts if not remarks(attempt)} == {broken.pk}
    assert str(broken.pk) in caplog.text
    applied(decision)
    assert remarks(broken)


def test_an_open_attempt_is_marked_by_the_decision_when_it_closes(person: Any) -> None:
    version = assessment(pass_percent=100)
    attempt = sat(version, person("Bo"), wrong=("final-q1",), submit=False)
    decision = confirmed("final-q1")
    done = submit_attempt(reread(attempt), by=attempt.officer, at=NOON + 6 * MINUTE)
    assert (done.outcome, kinds(done)[-1]) == ("passed", "marked")
    applied(decision)
    # The mark names the decision already, so there is nothing to mark again.
    assert not remarks(done)
    assert not DecisionEffect.objects.get(attempt=done).is_changed
    item = next(item for item in result_of(reread(done), at=LATER).items if item.code == "final-q1")
    assert (item.is_neutral, item.key, item.feedback) == (True, "", ())


def test_a_decision_names_versions_and_bends_no_other(person: Any) -> None:
    version = assessment(questions=1, pass_percent=100)
    old = sat(version, person("Old"), wrong=("final-q1",))
    question("final-q1", definition={**TRUE_FALSE, "stem": "May a 17-year-old be taken to a police station?"})
    new = sat(version, person("New"), wrong=("final-q1",))
    assert new.items.get().question_version.number == 2
    applied(confirmed("final-q1", versions=[version_of("final-q1", 2)]))
    assert (reread(old).outcome, reread(new).outcome) == ("failed", "passed")
    assert not remarks(old)


def test_a_decision_may_be_limited_to_versions_of_an_assessment(person: Any) -> None:
    first = assessment(questions=1, pass_percent=100)
    second = rules_only(draw=[{"outcome": "LO1", "count": 1}], pass_percent=90)
    at_first, at_second = sat(first, person("A"), wrong=("final-q1",)), sat(second, person("B"), wrong=("final-q1",))
    applied(confirmed("final-q1", assessments=[second]))
    assert (reread(at_first).outcome, reread(at_second).outcome) == ("failed", "passed")
    # One that closes later is marked by the same limits.
    assert sat(first, person("C"), wrong=("final-q1",)).outcome == "failed"
    assert sat(second, person("D"), wrong=("final-q1",)).outcome == "passed"


def test_another_key_marks_by_that_key_and_several_keys_by_the_best(person: Any) -> None:
    version = assessment(questions=2, pass_percent=100)
    wrong, right = sat(version, person("A"), wrong=("final-q1",)), sat(version, person("B"))
    key = question("final-q1", definition=OTHER_KEY, approved=False)
    applied(confirmed("final-q1", "key", keys=[key]))
    assert (reread(wrong).outcome, reread(right).outcome) == ("passed", "failed")
    both = applied(confirmed("final-q1", "several", keys=[version_of("final-q1"), key]))
    assert (reread(wrong).outcome, reread(right).outcome) == ("passed", "passed")
    item = next(item for item in result_of(reread(wrong), at=LATER).items if item.code == "final-q1")
    assert (item.is_right, item.key) == (True, "False or True")
    assert [data["decision"] for data in remarks(right)][-1] == str(both.pk)


def test_a_mark_given_to_everybody_is_full_marks_for_everybody(person: Any) -> None:
    attempt = sat(assessment(questions=2, pass_percent=100), person("A"), wrong=("final-q1",))
    applied(confirmed("final-q1", "award"))
    result = result_of(reread(attempt), at=LATER)
    item = next(item for item in result.items if item.code == "final-q1")
    assert (result.outcome, result.asked, item.is_awarded, item.key) == ("passed", 2, True, "")


def test_later_decisions_add_to_earlier_ones_and_the_old_marks_are_shown(person: Any) -> None:
    attempt = sat(assessment(questions=4, pass_percent=75), person("A"), wrong=("final-q1", "final-q2"))
    applied(confirmed("final-q1"))
    applied(confirmed("final-q2", reason="The law has changed."))
    result = result_of(reread(attempt), at=LATER)
    assert (result.percent, result.outcome, result.asked) == (100, "passed", 2)
    assert [(mark.percent, mark.outcome) for mark in result.earlier_marks] == [(66, "failed"), (50, "failed")]
    assert result.earlier_marks[0].reason == "Question final-q2: The law has changed."
    assert len(result.earlier_marks[0].positions) == 1


def test_an_earlier_decision_applied_late_does_not_bend_a_later_one(person: Any) -> None:
    version = assessment(questions=1, pass_percent=100)
    attempt = sat(version, person("A"), wrong=("final-q1",))
    key = question("final-q1", definition=OTHER_KEY, approved=False)
    first = confirmed("final-q1", "key", keys=[version_of("final-q1")])
    second = confirmed("final-q1", "key", keys=[key])
    applied(second)
    applied(first)
    assert reread(attempt).outcome == "passed"
    assert attempt.steps.last().data["rulings"]["1"]["key_from"] == key.pk


def test_a_decision_moves_the_mark_of_no_other_question(person: Any) -> None:
    attempt = sat(assessment(questions=2), person("A"))
    item = attempt.items.exclude(question_version__question__code="final-q1").get()
    attempt.items.filter(pk=item.pk).update(fraction=250_000)  # as a person might have marked it
    applied(confirmed("final-q1"))
    assert attempt.items.get(pk=item.pk).fraction == 250_000
    assert reread(attempt).score == 250_000


def test_a_voided_attempt_is_left_alone(person: Any) -> None:
    attempt = sat(assessment(), person("A"), wrong=("final-q1",))
    Attempt.objects.filter(pk=attempt.pk).update(state="voided")
    decision = applied(confirmed("final-q1"))
    assert not decision.effects.exists()


def test_a_candidate_whose_mark_moved_is_told_without_the_mark(person: Any) -> None:
    version = assessment()
    moved = sat(version, person("Adebayo"), wrong=("final-q1",))
    Attempt.objects.filter(pk=moved.pk).update(context_address="/learn/mh-101/final/")
    sat(version, person("Unmoved"))
    applied(confirmed("final-q1"))
    for key in WaitingWork.objects.filter(kind=applying.TELL).values_list("key", flat=True):
        tell_of_decision(key)
    [letter] = mail.outbox
    assert letter.to == [moved.officer.email]
    assert f"/learn/mh-101/final/result/{moved.pk}/" in letter.body
    assert "%" not in letter.body
    assert moved.officer.name not in letter.subject


def test_effects_are_never_changed_and_stand_once_for_an_attempt(person: Any) -> None:
    attempt = sat(assessment(), person("A"), wrong=("final-q1",))
    decision = applied(confirmed("final-q1"))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_decisioneffect SET score_after = 1")
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionEffect.objects.create(decision=decision, attempt=attempt, at=LATER, is_changed=False)
    step = decision.steps.get(kind=DecisionStepKind.CONFIRMED)
    assert apply_to_attempt(decision, step, attempt.pk, at=LATER + timedelta(days=1)).at != LATER + timedelta(days=1)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["neutral", "award", "key", "several"]), st.integers(1, 3)), min_size=1, max_size=4
    ),
    st.sets(st.integers(1, 3)),
    st.data(),
)
def test_whatever_is_decided_the_steps_tell_the_rows_and_a_mark_stays_a_mark(
    decisions: list[tuple[str, int]], wrong: set[int], data: st.DataObject
) -> None:

    with transaction.atomic():
        version = assessment(questions=3, pass_percent=60)
        attempt = sat(version, make(), wrong=tuple(f"final-q{number}" for number in wrong))
        for kind, number in decisions:
            code = f"final-q{number}"
            own = version_of(code)
            other = QuestionVersion.objects.filter(question=own.question, number=2).first()
            other = other or question(code, definition=OTHER_KEY, approved=False)
            keys = {"key": [data.draw(st.sampled_from([own, other]))], "several": [own, other]}.get(kind, [])
            decision = confirmed(code, kind, keys=keys)
            if data.draw(st.booleans()):
                applied(decision)
        found = reread(attempt)
        assert 0 <= found.score <= 1_000_000
        assert not rebuild_attempt(found)
        transaction.set_rollback(True)
