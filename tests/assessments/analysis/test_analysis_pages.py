"""The screens of an analysis: what they say, to whom, from how many queries, and as files."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from openpyxl import load_workbook

from assessments.models import AssessmentVersion
from people.models import User
from tests.assessments import building
from tests.assessments.analysis.sittings import RIGHT, WRONG, candidate, ladder, sat, single_choice_test
from tests.assessments.decisions.acts import proposed
from tests.assessments.question_types.samples import GAP_FILL
from tests.courses import authoring
from tests.factories import person
from tests.queries import at_most_queries

FAMILY = "mental-health"
SignIn = Callable[[User], Client]
# Session, user, roles and what Wagtail asks on each of its pages; the assessment and its versions; how its attempts stand; four to
# read them, where they are not kept.
MOST_QUERIES, MOST_QUERIES_KEPT = 20, 16
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _families(db: None) -> None:
    cache.clear()
    authoring.family(FAMILY, "Mental health")
    authoring.family("ethics", "Ethics")


@pytest.fixture
def trainer(signed_in: SignIn) -> Client:
    return signed_in(person("Tess Trainer", "trainer", family=FAMILY))


@pytest.fixture
def version() -> AssessmentVersion:
    """The strongest three choose a where b is right."""
    made = single_choice_test(family=FAMILY)
    answers = [(1, 1, "a"), (1, 1, "a"), (1, 0, "a"), (0, 0, "b"), (0, 0, "b"), (0, 0, "c")]
    for number, (first, second, option) in enumerate(answers):
        sat(
            made,
            candidate(number),
            {
                "final-q1": RIGHT if first else WRONG,
                "final-q2": RIGHT if second else WRONG,
                "final-q3": {"option": option},
            },
        )
    return made


def address(version: AssessmentVersion, rest: str = "") -> str:
    return f"/admin/assessments/tests/{version.assessment_id}/analysis/{rest}"


def shown(answer: Any) -> str:
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_a_trainer_finds_the_worst_question_first(trainer: Client, version: AssessmentVersion) -> None:
    page = shown(trainer.get(address(version)))
    assert "How the questions performed" in page
    assert "all versions, first attempts, 6 candidates" in page
    assert "Only 6 candidates: treat as a hint." in page
    assert "The strongest candidates choose ‘On the way to hospital’ more often than the right answer." in page
    # By code it is the third, by need the first.
    worst = page.index("Check the key first")
    assert worst < page.index("All 3 at a glance") < page.index("Every question, worst first")
    assert page.index("<small>final-q3<") < page.index("<small>final-q1<")


def test_every_picture_has_its_table_and_every_figure_its_reading(trainer: Client, version: AssessmentVersion) -> None:
    page = shown(trainer.get(address(version)))
    assert page.count('class="drawing__at ') == 4
    assert "Discrimination −" in page
    assert "The line is the pass mark, 80 per cent." in page
    for name in ("Passed", "Mean", "Spread", "Shape", "Alpha", "Error ratio", "Standard error", "Same decision twice"):
        assert f"<dt>{name}</dt>" in page
    assert "style=" not in page[page.index('class="screen') :].split("</main>")[0]


def test_the_options_of_a_question_are_drawn_and_told(trainer: Client, version: AssessmentVersion) -> None:
    question = version.assessment and building.QuestionVersion.objects.get(question__code="final-q3")
    page = shown(trainer.get(address(version, f"{question.question_id}/1/")))
    assert "When do you speak to the nurse?" in page
    assert "Check the key first." in page
    assert page.count('class="drawing__at ') == 2
    assert "<strong>(right)</strong>" in page
    assert "100%" in page


def test_each_thing_asked_for_has_a_table_of_its_own_and_no_picture(trainer: Client) -> None:
    building.question("final-q1", type="gap_fill", definition=dict(GAP_FILL), family=FAMILY)
    made = building.rules_only(draw=[{"outcome": "LO1", "count": 1}], family=FAMILY)
    sat(made, candidate(1), {"final-q1": {"gaps": {"who": "the nurse", "long": "24"}}})
    question = building.QuestionVersion.objects.get()
    page = shown(trainer.get(address(made, f"{question.question_id}/1/")))
    assert re.findall(r'<h3 id="options-\d" dir="auto">([^<]*)</h3>', page) == ["Gap 1", "Gap 2", "Gap 3"]
    assert "drawing__at" not in page
    assert page.count("Something else") == 2
    saved = trainer.get(address(made, "csv/")).content.decode("utf-8-sig")
    assert "Gap 1, other: 1;" in saved


def test_the_way_from_a_question_to_a_decision_on_it(
    trainer: Client, version: AssessmentVersion, signed_in: SignIn
) -> None:
    question = building.QuestionVersion.objects.get(question__code="final-q3").question
    here = address(version, f"{question.pk}/1/")
    assert f'href="/admin/assessments/questions/{question.pk}/decide/"' in shown(trainer.get(here))
    assert "Decided about it" not in shown(trainer.get(here))
    decision = proposed("final-q3")
    page = shown(trainer.get(here))
    assert "Decided about it" in page
    assert f'href="/admin/assessments/decisions/{decision.pk}/"' in page


def test_a_typed_question_has_no_options(trainer: Client) -> None:
    building.question("final-q1", type="number", family=FAMILY)
    made = building.rules_only(draw=[{"outcome": "LO1", "count": 1}], family=FAMILY)
    sat(made, candidate(1), {"final-q1": {"text": "24"}})
    question = building.QuestionVersion.objects.get()
    page = shown(trainer.get(address(made, f"{question.question_id}/1/")))
    assert "there are no options to compare" in page
    assert "not defined" in page


def test_it_is_narrowed_in_the_address(trainer: Client, version: AssessmentVersion) -> None:
    building.rules_only(draw=[{"outcome": "LO1", "count": 3}], family=FAMILY, pass_percent=50)
    page = shown(trainer.get(address(version, "?version=1&policy=best")))
    assert "version 1, best attempts, 6 candidates" in page
    assert "version=1&policy=best" in page
    assert "Nobody has sat it yet" in shown(trainer.get(address(version, "?version=2")))


@pytest.mark.parametrize(
    "wrong", ["?version=9", "?version=x", "?policy=worst", "?version=%00", "pdf/", "csv/?policy=x"]
)
def test_an_address_that_means_nothing_is_not_there(wrong: str, trainer: Client, version: AssessmentVersion) -> None:
    assert trainer.get(address(version, wrong)).status_code == 404


def test_a_question_that_was_not_asked_is_not_there(trainer: Client, version: AssessmentVersion) -> None:
    other = building.question("final-q9", family=FAMILY)
    assert trainer.get(address(version, f"{other.question_id}/1/")).status_code == 404
    asked = building.QuestionVersion.objects.get(question__code="final-q3")
    assert trainer.get(address(version, f"{asked.question_id}/2/")).status_code == 404


def test_long_lists_are_cut_and_shown_whole(trainer: Client) -> None:
    made = building.assessment(questions=12, family=FAMILY)
    for version in building.QuestionVersion.objects.all():
        version.question.family = FAMILY
        version.question.save()
    ladder(made, [[1] * 12, [0] * 12, [1, 0] * 6])
    page = shown(trainer.get(address(made)))
    assert "Show all 12" in page
    assert page.count('<th scope="row">') < shown(trainer.get(address(made, "?all=1"))).count('<th scope="row">')


def test_the_same_as_csv_and_as_a_spreadsheet(trainer: Client, version: AssessmentVersion) -> None:
    answer = trainer.get(address(version, "csv/"))
    assert answer["Content-Disposition"] == 'attachment; filename="final-questions.csv"'
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Number,Question,Version,Asked,Candidates,Facility")
    assert lines[1].startswith("3,final-q3,1,When do you speak to the nurse?,6,0.333")
    assert len(lines) == 4
    sheet = load_workbook(io.BytesIO(trainer.get(address(version, "xlsx/")).content)).active
    assert sheet is not None
    assert [cell.value for cell in sheet["B"]] == ["Question", "final-q3", "final-q1", "final-q2"]


def test_queries_stay_the_same_however_many_sat_it(trainer: Client, version: AssessmentVersion) -> None:
    trainer.get("/admin/")
    with at_most_queries(MOST_QUERIES):
        trainer.get(address(version))
    with at_most_queries(MOST_QUERIES_KEPT):
        trainer.get(address(version))
    for number in range(20, 24):
        sat(version, candidate(number), {"final-q1": RIGHT})
    with at_most_queries(MOST_QUERIES):
        trainer.get(address(version))


@pytest.mark.parametrize("role", ["subject-reviewer", "approver", "system-admin"])
def test_only_trainers_see_how_it_was_answered(role: str, signed_in: SignIn, version: AssessmentVersion) -> None:
    client = signed_in(person("", role, family="" if role == "system-admin" else FAMILY))
    for rest in ("", "csv/"):
        answer = client.get(address(version, rest), follow=True)
        assert "Check the key" not in answer.content.decode()
        assert client.get(address(version, rest)).status_code == 302


def test_another_familys_assessment_is_not_there(signed_in: SignIn, version: AssessmentVersion) -> None:
    client = signed_in(person("", "trainer", family="ethics"))
    assert client.get(address(version)).status_code == 404
    assert client.get(address(version, "xlsx/")).status_code == 404


def test_hostile_words_are_shown_as_words(trainer: Client) -> None:
    hostile = "Is <img src=x onerror=alert(1)> {{ 7|add:7 }} right?"
    building.question(
        "final-q1", definition={**building.TRUE_FALSE, "stem": hostile.replace("<img", "< img")}, family=FAMILY
    )
    made = building.rules_only(draw=[{"outcome": "LO1", "count": 1}], family=FAMILY, title="A & B's <test")
    ladder(made, [(1,), (0,)])
    content = trainer.get(address(made)).content.decode()
    assert "onerror=alert(1)>" not in content
    assert "{{ 7|add:7 }}" in unescape(content)
