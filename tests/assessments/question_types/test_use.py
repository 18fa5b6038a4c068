"""Where a question may be used: what a person marks is no check in a lesson, and what no panel has rated is no question of a test."""

from __future__ import annotations

import pytest

from assessments.bank import BadQuestion, NotForThisUse, approve_version, submit_for_review
from assessments.models import VersionState
from tests.assessments.building import NOON, question
from tests.assessments.question_types.samples import RATE, SCENARIO, WRITTEN

pytestmark = pytest.mark.django_db
ALONE = {key: value for key, value in RATE.items() if key != "panel"}


def test_a_judgement_without_a_panel_stays_a_draft_in_a_test(person: object) -> None:
    version = question("t1", type="situational_judgement", definition=ALONE, approved=False)
    with pytest.raises(NotForThisUse, match=r"No panel has rated this yet.*It cannot be used in an assessment\."):
        submit_for_review(version, by=None, at=NOON)
    version.refresh_from_db()
    assert version.state == VersionState.DRAFT


def test_the_same_is_used_in_a_lesson_and_with_a_panel_in_a_test() -> None:
    lesson = question("t1", type="situational_judgement", definition=ALONE, use="lesson")
    rated = question("t2", type="situational_judgement", definition=dict(RATE))
    assert (lesson.state, rated.state) == (VersionState.APPROVED, VersionState.APPROVED)


def test_an_approver_is_refused_too() -> None:
    version = question("t1", type="situational_judgement", definition=ALONE, approved=False)
    type(version).objects.filter(pk=version.pk).update(state=VersionState.IN_REVIEW)
    with pytest.raises(NotForThisUse):
        approve_version(version, by=None, at=NOON)


def test_what_a_person_marks_is_no_check_in_a_lesson() -> None:
    with pytest.raises(BadQuestion, match="A check in a lesson is marked at once"):
        question("t1", type="written", definition=WRITTEN, use="lesson", approved=False)
    case = {**SCENARIO, "parts": [*SCENARIO["parts"][:2], {"id": "p3", "type": "written", "definition": WRITTEN}]}
    with pytest.raises(BadQuestion):
        question("t2", type="scenario", definition=case, use="lesson", approved=False)
    assert question("t3", type="scenario", definition=case).state == VersionState.APPROVED
