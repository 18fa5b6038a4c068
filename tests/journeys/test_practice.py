"""A learner practises what they missed, on a screen and on a phone, with and without scripts; my learning tells of it until it is done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from courses.lesson_answers import answer_check
from people import clock
from people.models import User
from tests import factories
from tests.assessments.building import question
from tests.courses import factories as taught
from tests.journeys.visitors import BOTH_WIDTHS

PASSWORD = "a long enough password"


@pytest.fixture
def ada(transactional_db: None) -> User:
    """Ada, who missed the check of a lesson the day before yesterday."""
    who: User = factories.person("Ada", password=PASSWORD)
    asked = question("mh-c1", use="lesson", bank="MH-101")
    check = taught.check(asked.definition, type="true_false") | {"id": asked.pk}
    made = taught.release(code="MH-101", title="Detention", steps=[taught.lesson("one", checks={taught.SLOT: check})])
    enrolment = taught.enrolled(who, made)
    answer_check(enrolment, "one", taught.SLOT, {"answer": True}, by=who, at=clock.now() - timedelta(days=2))
    return who


@BOTH_WIDTHS
@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_a_learner_practises_what_they_missed(
    visitor: Callable[..., Any], ada: User, screen: dict[str, Any], javascript: bool
) -> None:
    learner = visitor(javascript=javascript, **screen)
    learner.signs_in(ada.email, PASSWORD)
    learner.goes_to("/my/")
    learner.page.get_by_role("link", name="1 question to practise").click()
    learner.sees("1 question is due.")
    learner.looks()
    learner.presses("Practise it")
    learner.page.get_by_label("False").check()
    learner.presses("Check my answer")
    learner.sees("Right. No rank can authorise it.")
    learner.looks()
    learner.page.get_by_role("link", name="See how it went").click()
    learner.sees("1 of 1 right")
    learner.looks()
    learner.goes_to("/my/")
    assert not learner.page.get_by_text("to practise").count()
