"""The list of questions that perform badly: kept in the background, seen by those who write, short on the authoring home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from assessments.analysis.reports import analyse_assessment
from assessments.analysis.weak_questions import (
    WORK,
    ask_for_analyses,
    find_weak_questions,
    keep_weak_questions,
    weak_questions_of,
)
from assessments.attempts import start_attempt
from assessments.models import AnalysedAssessment, AssessmentVersion, QuestionVersion, WeakQuestion
from people.models import User, WaitingWork
from tests.assessments import building
from tests.assessments.analysis.sittings import RIGHT, candidate, ladder, sat
from tests.assessments.building import NOON
from tests.courses import authoring
from tests.factories import person
from tests.queries import at_most_queries

FAMILY = "mental-health"
# Right on everything, on half, on nothing; the third question is answered backwards.
ROWS = [(1, 1, 0)] * 12 + [(1, 0, 1)] * 10 + [(0, 0, 1)] * 10
SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _families(db: None) -> None:
    cache.clear()
    authoring.family(FAMILY, "Mental health")
    authoring.family("ethics", "Ethics")


def made(*, code: str = "final", questions: int = 3) -> AssessmentVersion:
    for number in range(1, questions + 1):
        building.question(f"{code}-q{number}", family=FAMILY)
    return building.rules_only(code=code, draw=[{"outcome": "LO1", "count": questions}], family=FAMILY)


def waiting() -> list[str]:
    return list(WaitingWork.objects.filter(kind=WORK).order_by("pk").values_list("key", flat=True))


def test_what_was_marked_is_analysed_and_its_weak_questions_kept() -> None:
    version = made()
    ladder(version, ROWS)
    assert ask_for_analyses() == 1
    find_weak_questions(waiting()[0])
    analysed = AnalysedAssessment.objects.get()
    assert (analysed.assessment, analysed.candidates) == (version.assessment, 32)
    worst = WeakQuestion.objects.first()
    assert worst is not None
    assert worst.question_version.question.code == "final-q3"
    assert worst.discrimination is not None
    assert worst.discrimination < 0
    assert "Check the key" in worst.sentence


def test_nothing_is_asked_for_twice_and_again_once_more_was_marked() -> None:
    version = made()
    ladder(version, ROWS[:3])
    assert (ask_for_analyses(), ask_for_analyses()) == (1, 1)
    assert len(waiting()) == 1
    find_weak_questions(waiting()[0])
    assert ask_for_analyses() == 0
    sat(version, candidate(90), {"final-q1": RIGHT}, at=NOON + timedelta(days=3))
    assert ask_for_analyses() == 1
    assert len(waiting()) == 2


def test_an_assessment_nobody_finished_is_not_asked_for() -> None:
    start_attempt(made(), by=candidate(1), at=NOON, context_ref="course:1")
    assert ask_for_analyses() == 0


def test_below_thirty_candidates_nobody_is_called() -> None:
    version = made()
    ladder(version, ROWS[:29])
    find_weak_questions(f"{version.assessment_id}:then")
    assert AnalysedAssessment.objects.get().candidates == 29
    assert not WeakQuestion.objects.exists()


def test_what_was_kept_is_replaced() -> None:
    version = made()
    ladder(version, ROWS)
    for _time in range(2):
        find_weak_questions(f"{version.assessment_id}:then")
    assert WeakQuestion.objects.count() == len(analyse_assessment(version.assessment).weak)
    keep_weak_questions(version.assessment, analyse_assessment(version.assessment, version=99), until=NOON, at=NOON)
    assert not WeakQuestion.objects.exists()


def test_an_assessment_that_is_gone_or_was_never_sat_is_passed_over() -> None:
    find_weak_questions("00000000-0000-0000-0000-000000000000:then")
    find_weak_questions(f"{made().assessment_id}:then")
    assert not AnalysedAssessment.objects.exists()


@pytest.mark.parametrize(
    ("role", "family", "sees"),
    [
        ("trainer", FAMILY, True),
        ("trainer", "ethics", False),
        ("approver", FAMILY, False),
        ("subject-reviewer", FAMILY, False),
        ("system-admin", "", False),
    ],
)
def test_those_who_write_see_what_performs_badly(role: str, family: str, sees: bool, signed_in: SignIn) -> None:
    version = made()
    ladder(version, ROWS)
    find_weak_questions(f"{version.assessment_id}:then")
    somebody = person("", role, family=family)
    assert weak_questions_of(somebody).exists() is sees
    client = signed_in(somebody)
    for address in ("/admin/", "/admin/assessments/performing-badly/"):
        assert ("Check the key" in client.get(address).content.decode()) is sees


def test_the_home_shows_five_and_leads_to_all(signed_in: SignIn) -> None:
    version = made(questions=7)
    ladder(version, [(1,) * 7] * 31)
    find_weak_questions(f"{version.assessment_id}:then")
    client = signed_in(person("Tess", "trainer", family=FAMILY))
    home = client.get("/admin/").content.decode()
    panel = home[home.index('id="performing-badly') :]
    assert "Questions performing badly" in home
    assert panel.count("Nearly everyone is right.") == 5
    assert "/admin/assessments/performing-badly/" in panel
    everything = client.get("/admin/assessments/performing-badly/").content.decode()
    assert everything.count("Nearly everyone is right.") == 7


def test_the_home_reads_the_list_in_one_query() -> None:
    version = made()
    ladder(version, ROWS)
    find_weak_questions(f"{version.assessment_id}:then")
    tess = person("Tess", "trainer", family=FAMILY)
    list(weak_questions_of(tess))
    with at_most_queries(1):
        assert [row.question_version.question.code for row in weak_questions_of(tess)[:6]]
    assert QuestionVersion.objects.count() == 3
