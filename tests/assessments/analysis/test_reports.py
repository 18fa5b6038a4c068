"""Attempts become figures: which count, what was answered, and what each question needs."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from math import sqrt
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError

from assessments.analysis.advice import Trouble
from assessments.analysis.counted_attempts import Policy
from assessments.analysis.reports import Analysis, QuestionReport, analyse_assessment, kept_analysis
from assessments.attempts import save_response, start_attempt, submit_attempt
from assessments.models import AssessmentVersion, Attempt, AttemptState
from tests import factories
from tests.assessments import building
from tests.assessments.analysis.sittings import LADDER, RIGHT, WRONG, candidate, ladder, sat, single_choice_test
from tests.assessments.attempt_acts import taken_out
from tests.assessments.building import NOON
from tests.assessments.decisions.acts import applied, confirmed
from tests.assessments.question_types.samples import MATCHING
from tests.queries import at_most_queries, counted_queries

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def of(analysis: Analysis, code: str) -> QuestionReport:
    return next(one for one in analysis.questions if one.code == code)


def analysed(version: AssessmentVersion, policy: Policy = Policy.FIRST, *, number: int | None = None) -> Analysis:
    return analyse_assessment(version.assessment, policy=policy, version=number)


def test_an_assessment_that_was_sat_has_figures() -> None:
    version = building.assessment()
    ladder(version, [(1, 1, 1), (1, 1, 0), (1, 0, 0), (0, 0, 0)])
    found = analysed(version)
    assert (found.figures.candidates, found.full, found.pass_percent) == (4, 3, 80)
    assert (found.figures.alpha, found.figures.mean, found.figures.kurtosis) == (0.75, 1.5, -1.2)
    assert [of(found, f"final-q{n}").figures.facility for n in (1, 2, 3)] == [0.75, 0.5, 0.25]
    assert of(found, "final-q1").figures.discrimination == sqrt(3 / 11)
    assert (found.passed, found.decided, found.pass_rate) == (1, 4, 0.25)
    assert found.pass_bounds == pytest.approx((0.0455873, 0.6993582), rel=1e-5)
    assert found.consistency is not None
    # 0, 1/3, 2/3 and full marks, in bands of five per cent.
    assert [band for band, count in enumerate(found.bands) if count] == [0, 6, 13, 19]


def test_a_question_that_carries_more_marks_weighs_more() -> None:
    building.question("final-q1", max_mark=Decimal("2.5"))
    building.question("final-q2", max_mark=Decimal("0.5"))
    version = building.rules_only(draw=[{"outcome": "LO1", "count": 2}])
    ladder(version, [(1, 1), (1, 0), (0, 1), (0, 0)])

    found = analysed(version)

    first, second = of(found, "final-q1").figures, of(found, "final-q2").figures
    assert (first.intended_weight, second.intended_weight) == (pytest.approx(5 / 6), pytest.approx(1 / 6))
    assert (first.facility, second.facility) == (0.5, 0.5)
    assert found.figures.mean == 1.5
    # What a candidate can have is marks, not questions.
    assert found.full == 3


def test_full_marks_that_are_no_whole_number_are_said_as_they_are() -> None:
    building.question("final-q1", max_mark=Decimal("2.5"))
    version = building.rules_only(draw=[{"outcome": "LO1", "count": 1}])
    ladder(version, [(1,), (0,)])
    assert analysed(version).full == 2.5


def test_a_question_that_asks_for_several_things_has_a_table_of_each_and_no_advice_on_rivals() -> None:
    building.question("final-q1", type="matching", definition=dict(MATCHING))
    for number in (2, 3):
        building.question(f"final-q{number}")
    version = building.rules_only(draw=[{"outcome": "LO1", "count": 3}])
    for number in range(6):
        is_strong = number < 3
        known = {f"final-q{place}": RIGHT if is_strong else WRONG for place in (2, 3)}
        # The strong confuse the acts; the weak leave the second one out.
        pairs = {"s1": "m5", "s17": "m2"} if is_strong else {"s1": "m8"}
        sat(version, candidate(number), {**known, "final-q1": {"pairs": pairs}})
    found = of(analysed(version), "final-q1")
    chosen = {(one.group, one.text): (one.chosen, one.by_third, one.is_right) for one in found.options}
    assert chosen["PACE section 1", "Arrest without warrant"] == (3, (0, None, 1), False)
    assert chosen["PACE section 1", "Search for stolen or prohibited articles"] == (3, (1, None, 0), True)
    assert chosen["PACE section 17", "Enter to save life or limb"] == (3, (0, None, 1), True)
    assert len(chosen) == 6
    assert "‘" not in found.advice.sentence


def test_nobody_sat_it_yet() -> None:
    found = analysed(building.assessment())
    assert (found.figures.candidates, found.questions, found.full) == (0, (), 0)
    assert (found.pass_rate, found.pass_bounds, found.consistency, found.began_at) == (None, None, None, None)


def test_one_attempt_of_each_candidate_counts_by_policy() -> None:
    version = building.assessment(wait_hours=0)
    bo = candidate(1)
    for day, right in enumerate((1, 3, 2)):
        answers = {f"final-q{n}": RIGHT if n <= right else WRONG for n in (1, 2, 3)}
        sat(version, bo, answers, at=NOON + day * DAY, context=f"course:{day}")
    ladder(version, LADDER[:1])
    assert analysed(version, Policy.FIRST).figures.mean == (1 + 3) / 2
    assert analysed(version, Policy.LAST).figures.mean == (2 + 3) / 2
    assert analysed(version, Policy.BEST).figures.mean == (3 + 3) / 2
    assert {analysed(version, policy).figures.candidates for policy in Policy} == {2}


def test_of_equal_attempts_the_first_is_the_best() -> None:
    version = building.assessment(wait_hours=0)
    bo = candidate(1)
    for day in range(2):
        answers = {"final-q1": RIGHT if day == 0 else WRONG, "final-q2": WRONG if day == 0 else RIGHT}
        sat(version, bo, answers, at=NOON + day * DAY, context=f"course:{day}")
    assert of(analysed(version, Policy.BEST), "final-q1").figures.facility == 1.0


def test_attempts_still_open_or_voided_do_not_count() -> None:
    version = building.assessment()
    attempts = ladder(version)
    start_attempt(version, by=candidate(99), at=NOON, context_ref="course:1")
    Attempt.objects.filter(pk=attempts[0].pk).update(state=AttemptState.VOIDED)
    assert analysed(version).figures.candidates == len(LADDER) - 1


def test_a_question_taken_out_is_missing_and_no_nought() -> None:
    version = building.assessment()
    attempts = ladder(version, [(1, 1, 0), (1, 0, 0), (1, 1, 1)])
    item = attempts[0].items.get(question_version__question__code="final-q3")
    taken_out(attempts[0], item.position, people=(factories.person("Tess"), factories.person("Lex")), at=NOON + DAY)
    third = of(analysed(version), "final-q3")
    assert (third.figures.count, third.figures.facility, third.taken_out, third.blank) == (2, 0.5, 1, 0)


def test_a_question_taken_out_of_every_attempt_has_no_figures_and_needs_nobody() -> None:
    version = building.assessment()
    ladder(version, LADDER[:3])
    applied(confirmed("final-q3"))
    third = of(analysed(version), "final-q3")
    assert (third.figures.count, third.figures.facility, third.figures.discrimination) == (0, None, None)
    assert not third.advice.is_needed


def test_one_version_of_the_rules_or_all() -> None:
    first = building.assessment()
    ladder(first, LADDER[:2])
    second = building.rules_only(draw=[{"outcome": "LO1", "count": 3}], pass_percent=50)
    for number, row in enumerate(((1, 1, 0), (0, 0, 0)), start=50):
        sat(
            second,
            candidate(number),
            {f"final-q{n}": RIGHT if right else WRONG for n, right in enumerate(row, start=1)},
        )
    assert (first.number, second.number) == (1, 2)
    assert analysed(first, number=1).figures.candidates == 2
    assert analysed(first, number=2).figures.mean == 1.0
    both = analysed(first)
    assert both.figures.candidates == 4
    # Two pass marks are none to be consistent at; who passed is known all the same.
    assert (both.pass_percent, both.consistency, both.passed) == (None, None, 3)


def test_a_question_answered_in_two_versions_is_two_items() -> None:
    version = building.assessment(questions=1)
    ladder(version, [(1,), (0,)])
    building.question("final-q1", definition={**building.TRUE_FALSE, "stem": "Reworded: may a superintendent?"})
    sat(version, candidate(50), {"final-q1": RIGHT})
    found = analysed(version)
    assert [one.figures.name for one in sorted(found.questions, key=lambda one: one.number)] == [
        "final-q1, version 1",
        "final-q1, version 2",
    ]
    assert [one.figures.count for one in sorted(found.questions, key=lambda one: one.number)] == [2, 1]


def test_a_bank_larger_than_the_draw_is_as_long_as_the_draw() -> None:
    version = building.assessment(questions=2, bank_size=5)
    for number in range(12):
        answers = {f"final-q{n}": RIGHT if n + number % 4 > 3 else WRONG for n in range(1, 6)}
        sat(version, candidate(number), answers)
    found = analysed(version)
    assert found.full == 2
    assert sum(one.figures.count for one in found.questions) == 24
    assert found.figures.mean is not None
    assert found.figures.mean <= 2


def test_what_was_left_blank_and_what_was_not_reached() -> None:
    version = building.assessment()
    attempts = ladder(version, [(1, 1, 1), (None, None, None)])
    sat(version, candidate(50), {})
    assert attempts[1].score == 0
    found = analysed(version)
    assert [one.blanks.not_reached for one in found.questions] == [2, 2, 2]
    fourth = start_attempt(version, by=candidate(51), at=NOON, context_ref="course:1")
    for position in (1, 3):
        save_response(fourth, position, RIGHT, by=fourth.officer, at=NOON, device="laptop", sequence=position)
    submit_attempt(fourth, by=fourth.officer, at=NOON)
    order = [item.question_version.question.code for item in fourth.items.order_by("position")]
    again = analysed(version)
    assert {one.code: one.blanks.omitted for one in again.questions} == {order[0]: 0, order[1]: 1, order[2]: 0}
    assert [one.blanks.not_reached for one in again.questions] == [2, 2, 2]


def test_the_time_a_question_took_is_the_median_of_what_candidates_took() -> None:
    version = building.assessment(questions=1)
    for number, seconds in enumerate((10, 20, 60)):
        sat(version, candidate(number), {"final-q1": RIGHT}, seconds=seconds)
    assert of(analysed(version), "final-q1").seconds == 20.0


def test_options_by_thirds_and_the_advice_that_follows() -> None:
    """The strong choose a where b is right."""
    version = single_choice_test()
    for number, (first, second, option) in enumerate(
        (
            (RIGHT, RIGHT, "a"),
            (RIGHT, RIGHT, "a"),
            (RIGHT, WRONG, "a"),
            (WRONG, WRONG, "b"),
            (WRONG, WRONG, "b"),
            (WRONG, WRONG, "c"),
        )
    ):
        sat(version, candidate(number), {"final-q1": first, "final-q2": second, "final-q3": {"option": option}})
    worst = analysed(version).questions[0]
    assert worst.code == "final-q3"
    assert worst.advice.trouble == Trouble.KEY
    assert "‘On the way to hospital’ more often than the right answer" in worst.advice.sentence
    assert [one.chosen for one in worst.options] == [3, 2, 1]
    assert [one.by_third[2] for one in worst.options] == [1, 0, 0]
    key = worst.options[1]
    assert key.correlation == pytest.approx(worst.figures.discrimination)
    assert worst.asked == "When do you speak to the nurse?"


def test_the_number_of_queries_does_not_grow() -> None:
    version = building.assessment()
    ladder(version, LADDER[:2])
    with counted_queries() as few:
        analysed(version)
    for number in range(20, 25):
        sat(version, candidate(number), {"final-q1": RIGHT})
    with at_most_queries(few.count):
        analysed(version)


def test_an_analysis_is_kept_until_an_attempt_is_marked() -> None:
    cache.clear()
    version = building.assessment()
    ladder(version, LADDER[:2])
    first = kept_analysis(version.assessment)
    with at_most_queries(1):
        assert kept_analysis(version.assessment) == first
    sat(version, candidate(50), {})
    assert kept_analysis(version.assessment).figures.candidates == 3
    assert kept_analysis(version.assessment, policy=Policy.LAST).policy == Policy.LAST


def told(*arguments: Any, **options: Any) -> str:
    out = StringIO()
    call_command("analyse_assessment", *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_tells_the_same_as_json() -> None:
    version = single_choice_test()
    ladder(version, [(1, 1), (1, 0), (0, 0)])
    by_code = json.loads(told("final", json=True))
    assert by_code == json.loads(told(str(version.assessment_id), json=True))
    assert (by_code["attempts"], by_code["items"], by_code["assessment"]) == (3, 3, "final")
    assert (by_code["policy"], by_code["version"], by_code["pass_percent"], by_code["is_few"]) == (
        "first",
        None,
        80,
        True,
    )
    assert [item["item"] for item in by_code["per_item"]] == ["final-q1", "final-q2", "final-q3"]
    assert by_code["per_item"][2]["not_reached"] + by_code["per_item"][2]["omitted"] == 3
    assert [option["option"] for option in by_code["per_item"][2]["options"]] == ["a", "b", "c"]


def test_the_command_tells_the_worst_first_in_words() -> None:
    version = building.assessment()
    ladder(version, [(1, 1, 0), (1, 1, 0), (1, 0, 1), (1, 0, 1)])
    words = told("final", policy="last", release=1)
    assert "final, version 1, last attempts: 4 candidates." in words
    assert "Only 4 candidates: treat as a hint." in words
    assert words.index("final-q2") < words.index("final-q1")
    assert "Nearly everyone is right." in words


@pytest.mark.parametrize("name", ["nothing", "00000000-0000-0000-0000-000000000000", "", "final\x00"])
def test_an_assessment_that_is_not_there_is_refused(name: str) -> None:
    building.assessment()
    with pytest.raises(CommandError, match="No assessment has the code or id") as refusal:
        told(name)
    assert refusal.value.returncode == 1


def test_a_version_that_is_not_there_is_refused() -> None:
    building.assessment()
    with pytest.raises(CommandError, match="final has no version 9") as refusal:
        told("final", release=9)
    assert refusal.value.returncode == 1


def test_a_policy_that_is_none_is_bad_usage() -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("analyse_assessment", "final", "--policy", "worst")
