"""Certainty that counts, where an assessment says so: Gardner-Medwin's marks in the score, and nowhere else."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessments.assessment_rules import BadAssessment
from assessments.attempts import submit_attempt
from assessments.certainty import counted
from assessments.decisions.foreseeing import foresee
from assessments.marking import MarkedItem, mark_items
from assessments.marks import rebuild_attempt
from assessments.models import AssessmentVersion, Attempt
from assessments.replaying import marks_the_same
from assessments.results import result_of
from people import clock
from people.models import User
from tests.assessments.attempt_acts import save
from tests.assessments.attempt_page_acts import address, candidate_fixture, desk_fixture, page  # noqa: F401
from tests.assessments.building import MINUTE, NOON, TRUE_FALSE, question, rules_only, started
from tests.assessments.decisions.acts import applied, checked, confirmed, proposed, reread

FULL = 1_000_000
LEVELS = ("", "low", "medium", "high")
SURE = {**TRUE_FALSE, "confidence": True}


# --- The arithmetic ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("level", "right", "wrong"), [("", 3, 0), ("low", 1, 0), ("medium", 2, -2), ("high", 3, -6)])
def test_right_earns_thirds_and_wrong_costs_them(level: str, right: int, wrong: int) -> None:
    assert counted(FULL, level) == Fraction(right * FULL, 3)
    assert counted(0, level) == Fraction(wrong * FULL, 3)


def test_an_answer_right_in_part_earns_its_part_and_costs_nothing() -> None:
    assert [counted(FULL // 2, level) / FULL for level in LEVELS] == [
        Fraction(1, 2),
        Fraction(1, 6),
        Fraction(1, 3),
        Fraction(1, 2),
    ]


@pytest.mark.parametrize(
    ("chance", "best"), [(50, "low"), (66, "low"), (67, "medium"), (79, "medium"), (81, "high"), (100, "high")]
)
def test_it_pays_to_say_what_one_believes(chance: int, best: str) -> None:
    expected = {level: chance * counted(FULL, level) + (100 - chance) * counted(0, level) for level in LEVELS[1:]}
    assert max(expected, key=lambda level: expected[level]) == best


def test_the_sum_is_never_below_nothing_and_each_question_keeps_its_own_mark() -> None:
    mark = mark_items(
        [MarkedItem(FULL, certainty="low"), MarkedItem(0, certainty="high")], pass_percent=1, must_pass=False
    )
    assert mark is not None
    assert (mark.score, mark.outcome, mark.fractions) == (0, "failed", (FULL, 0))


def test_a_must_pass_rule_asks_for_the_right_answer_however_sure() -> None:
    unsure = [MarkedItem(FULL, "search", certainty="low")]
    mark = mark_items(unsure, pass_percent=30, must_pass=True)
    assert mark is not None
    assert (mark.outcome, mark.failed_rules) == ("passed", ())


@given(st.lists(st.tuples(st.integers(0, FULL), st.sampled_from(LEVELS), st.integers(1, 9)), min_size=1, max_size=30))
def test_a_score_lies_between_nothing_and_full_marks(answers: list[tuple[int, str, int]]) -> None:
    marked = [MarkedItem(given, certainty=level, max_mark=Fraction(weight, 2)) for given, level, weight in answers]
    mark = mark_items(marked, pass_percent=50, must_pass=False)
    assert mark is not None
    assert 0 <= mark.score <= FULL


# --- In an attempt -----------------------------------------------------------------------------------------------------
def rules(**more: Any) -> AssessmentVersion:
    """Four questions that ask how sure one is, and rules by which it counts."""
    for number in range(1, 5):
        question(f"sure-q{number}", definition=SURE)
    return rules_only(
        **{"draw": [{"outcome": "LO1", "count": 4}], "pass_percent": 60, "counts_confidence": True, **more}
    )


def sat(version: AssessmentVersion, by: User, *answers: tuple[bool, str] | None) -> Attempt:
    """Answer the questions in the order of their codes: whether true, and how sure ('' for not said); None is no answer."""
    attempt = started(version, by)
    items = attempt.items.select_related("question_version__question").order_by("question_version__question__code")
    for number, (item, answer) in enumerate(zip(items, answers, strict=True), start=1):
        if answer is not None:
            said, sure = answer
            save(attempt, item.position, {"answer": said, **({"confidence": sure} if sure else {})}, number)
    attempt.refresh_from_db()
    return submit_attempt(attempt, by=by, at=NOON + 5 * MINUTE)


RIGHT, WRONG = False, True


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "score"),
    [
        (((RIGHT, "high"),) * 4, FULL),
        (((RIGHT, "low"),) * 4, 333_333),
        # Not said is taken as guessed, and no answer costs nothing.
        (((RIGHT, ""), (RIGHT, "medium"), (WRONG, ""), None), 250_000),
        (((RIGHT, "high"), (RIGHT, "high"), (RIGHT, "high"), (WRONG, "high")), 250_000),
        (((RIGHT, "high"), (RIGHT, "medium"), (RIGHT, "high"), (WRONG, "medium")), 500_000),
        (((WRONG, "high"),) * 4, 0),
    ],
)
def test_the_score_goes_by_how_sure_one_was(person: Any, answers: Any, score: int) -> None:
    attempt = sat(rules(), person("Bo"), *answers)
    assert attempt.score == score
    assert set(attempt.items.values_list("fraction", flat=True)) <= {0, FULL}
    assert marks_the_same(reread(attempt))
    assert not rebuild_attempt(attempt)


@pytest.mark.django_db
def test_where_it_does_not_count_the_score_is_what_was_right(person: Any) -> None:
    attempt = sat(rules(counts_confidence=False), person("Bo"), (RIGHT, "low"), (WRONG, "high"), (RIGHT, ""), None)
    assert attempt.score == 500_000
    assert not result_of(attempt, at=clock.now()).counts_confidence


@pytest.mark.django_db
def test_a_question_that_does_not_ask_counts_as_it_always_did(person: Any) -> None:
    for number in range(1, 5):
        question(f"q{number}")
    version = rules_only(draw=[{"outcome": "LO1", "count": 4}], counts_confidence=True)
    attempt = sat(version, person("Bo"), (RIGHT, ""), (RIGHT, ""), (RIGHT, ""), (WRONG, ""))
    assert attempt.score == 750_000


@pytest.mark.django_db
def test_a_section_is_held_against_its_least_by_how_sure_one_was(person: Any) -> None:
    draw = [{"outcome": "LO1", "count": 4, "section": "Law", "least": 50}]
    failed = sat(rules(draw=draw, pass_percent=0), person("Bo"), *((RIGHT, "low"),) * 4)
    assert failed.outcome == "failed"
    (section,) = result_of(reread(failed), at=clock.now()).sections
    assert (section.percent, section.is_failed) == (33, True)


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "score"), [("neutral", FULL), ("award", FULL)])
def test_a_decision_foresees_and_marks_by_the_certainty_of_every_answer(person: Any, kind: str, score: int) -> None:
    attempt = sat(rules(), person("Bo"), (WRONG, "high"), *((RIGHT, "high"),) * 3)
    assert (attempt.score, attempt.outcome) == (250_000, "failed")
    foreseen = foresee(checked(proposed("sure-q1", kind)))
    assert (foreseen.gained, foreseen.changes[0].score_after) == (1, score)


@pytest.mark.django_db
def test_a_decision_leaves_what_other_answers_counted(person: Any) -> None:
    attempt = sat(rules(), person("Bo"), (WRONG, "high"), (RIGHT, "low"), (RIGHT, "low"), (RIGHT, "medium"))
    decision = confirmed("sure-q1")
    assert foresee(decision).changes[0].score_after == 444_444
    applied(decision)
    assert reread(attempt).score == 444_444


# --- What is said and kept ---------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_page_of_a_question_says_whether_it_counts(desk: Client, candidate: User) -> None:
    attempt = started(rules(), candidate, at=clock.now())
    assert "It counts. Right earns a third, two thirds or all of the mark." in page(desk, address(attempt))
    assert "never changes your mark" not in page(desk, address(attempt))


@pytest.mark.django_db
def test_rules_without_it_are_the_rules_they_were_and_with_it_are_others() -> None:
    before = rules(counts_confidence=False)
    assert rules_only(draw=[{"outcome": "LO1", "count": 4}], pass_percent=60).pk == before.pk
    after = rules_only(draw=[{"outcome": "LO1", "count": 4}], pass_percent=60, counts_confidence=True)
    assert (after.number, after.digest != before.digest) == (2, True)
    with pytest.raises(BadAssessment, match="How sure candidates are counts, or it does not"):
        rules_only(draw=[{"outcome": "LO1", "count": 4}], counts_confidence="perhaps")


@pytest.mark.django_db
def test_a_version_is_still_written_once() -> None:
    version = rules()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AssessmentVersion.objects.filter(pk=version.pk).update(counts_confidence=False)
