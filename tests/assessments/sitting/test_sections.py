"""Sections of a paper from the blueprint to the mark: order, heading, least, decisions, replay and result."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessments.assessment_rules import draw_by_section
from assessments.attempts import submit_attempt
from assessments.decisions.foreseeing import foresee
from assessments.models import AssessmentVersion, Attempt, AttemptStep, Outcome
from assessments.replaying import replay_attempts
from assessments.results import SectionResult, result_of
from people import clock
from tests.assessments.attempt_acts import RIGHT, WRONG, candidate_fixture, save  # noqa: F401
from tests.assessments.building import MINUTE, NOON, question, rules_only, started
from tests.assessments.decisions.acts import applied, confirmed, decided, proposed

pytestmark = pytest.mark.django_db

DRAW = [
    {"outcome": "LO2", "count": 2, "section": "Records", "least": 50},
    {"outcome": "LO1", "count": 1, "section": "Law"},
    {"outcome": "LO3", "count": 1, "section": "Records", "least": 50},
]


def paper(**rules: Any) -> AssessmentVersion:
    """A paper of two sections: three questions on records (LO2 and LO3), of which half must be reached, and one on law (LO1)."""
    for code, outcome in (("law", "LO1"), ("r1", "LO2"), ("r2", "LO2"), ("r3", "LO3")):
        question(code, outcome=outcome)
    return rules_only(**{"draw": DRAW, "pass_percent": 25, **rules})


def sat(version: AssessmentVersion, by: Any, *wrong: str) -> Attempt:
    """Answer everything right but the codes in ``wrong``, and submit."""
    attempt = started(version, by)
    for item in attempt.items.select_related("question_version__question"):
        save(attempt, item.position, WRONG if item.question_version.question.code in wrong else RIGHT, item.position)
    return submit_attempt(attempt, by=by, at=NOON + 2 * MINUTE)


def test_questions_stand_by_section_in_the_order_of_the_blueprint(candidate: Any) -> None:
    version = paper()
    for seed in "abcdef":
        sections = [section for section, _question in draw_by_section(version, seed=seed)]
        assert sections == ["Records", "Records", "Records", "Law"]
    attempt = started(version, candidate)
    assert list(attempt.items.values_list("section", flat=True)) == ["Records", "Records", "Records", "Law"]
    assert AttemptStep.objects.get(attempt=attempt).data["sections"] == ["Records", "Records", "Records", "Law"]


def test_without_sections_nothing_is_said_of_them(candidate: Any) -> None:
    question("q1")
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), candidate)
    assert "sections" not in AttemptStep.objects.get(attempt=attempt).data


def test_a_must_pass_question_beside_the_rows_stands_after_all_sections(candidate: Any) -> None:
    question("rule", outcome="LO9", must_pass="say-so")
    attempt = started(paper(must_pass=True), candidate)
    assert attempt.items.get(position=5).section == ""
    done = sat(attempt.assessment_version, candidate, "r1", "r2")
    assert (done.outcome, result_of(done, at=NOON + 3 * MINUTE).failed_sections[0].title) == ("failed", "Records")


def test_a_must_pass_question_that_a_section_accepts_stands_in_it(candidate: Any) -> None:
    question("rule", outcome="LO1", must_pass="say-so")
    attempt = started(paper(must_pass=True), candidate)
    sections = dict(attempt.items.values_list("question_version__question__code", "section"))
    assert sections["rule"] == "Law"


def test_who_stays_below_the_least_of_a_section_has_not_passed(candidate: Any, person: Any) -> None:
    version = paper()
    passed, failed = sat(version, candidate, "r1"), sat(version, person(), "r1", "r2")
    assert (passed.outcome, failed.outcome) == (Outcome.PASSED, Outcome.FAILED)
    assert failed.score == 500_000
    assert AttemptStep.objects.get(attempt=failed, kind="marked").data["failed_sections"] == ["Records"]
    assert result_of(failed, at=NOON + 3 * MINUTE).sections == (
        SectionResult("Records", 33, 50, True),
        SectionResult("Law", 100, None, False),
    )
    assert result_of(passed, at=NOON + 3 * MINUTE).failed_sections == ()


def test_a_ruling_that_lifts_a_section_lets_the_attempt_pass(candidate: Any) -> None:
    attempt = sat(paper(), candidate, "r1", "r2")
    wrong = attempt.items.filter(question_version__question__code="r1").get().position
    again = decided(attempt, wrong)
    assert again.outcome == Outcome.PASSED
    assert result_of(again, at=NOON + 3 * MINUTE).sections[0] == SectionResult("Records", 50, 50, False)


def test_a_decision_foresees_and_does_what_sections_make_of_it(candidate: Any) -> None:
    attempt = sat(paper(), candidate, "r1", "r2")
    assert foresee(proposed("r1")).gained == 1
    applied(confirmed("r2"))
    attempt.refresh_from_db()
    assert attempt.outcome == Outcome.PASSED
    assert replay_attempts().is_clean


def test_replaying_marks_by_the_sections_too(candidate: Any) -> None:
    attempt = sat(paper(), candidate, "r1", "r2")
    assert replay_attempts().is_clean
    attempt.items.filter(section="Records").update(fraction=0)
    assert replay_attempts().wrong_rows == [attempt.pk]
    assert replay_attempts().is_clean


def test_pages_show_the_heading_of_the_section(signed_in: Any, candidate: Any) -> None:
    question("rule", outcome="LO9", must_pass="say-so")
    attempt = started(paper(must_pass=True), candidate, at=clock.now())
    desk: Client = signed_in(candidate)
    page = desk.get(f"/assess/{attempt.pk}/?q=1").content.decode()
    assert '<p class="exam-section" dir="auto">Records</p>' in page
    headings = [page.index(f'dir="auto">{title}</h3>') for title in ("Records", "Law", "Further questions")]
    assert headings == sorted(headings)
    pieces = desk.get(f"/assess/{attempt.pk}/questions/").json()["questions"]
    assert '<p class="exam-section" dir="auto">Law</p>' in pieces["4"]
    assert "Further questions" in pieces["5"]
