"""A phase names assessments: its end waits until each is passed, and what is said of one is never a mark."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from courses.models import Enrolment, Recruit
from courses.programmes.moving import end_phase
from courses.programmes.needs import NeedKind, needs_of
from courses.programmes.refusals import RecruitRefused
from courses.programmes.releasing import plan_of
from people.models import User
from tests.courses import factories as courses
from tests.courses.programmes.acts import PLAN, intake, noon, qualify, recruit, release, weeks
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db
CODE = "eth-901-final"
AT = noon(weeks(3))
LATER = weeks(4)


@pytest.fixture
def rae(ada: User) -> Recruit:
    """A recruit whose first phase asks for an assessment beside first aid."""
    phases = deepcopy(PLAN["phases"])
    phases[0]["assessments"] = [CODE]
    return recruit(intake(by=ada, of=release("TESTED", phases=phases)), by=ada)


@pytest.fixture
def enrolment(rae: Recruit) -> Enrolment:
    """The recruit is on a course that has the assessment in it."""
    return courses.enrolled(rae.officer, courses.release_with_test(), at=AT - timedelta(days=2))


def said(rae: Recruit, *, on: date = LATER) -> tuple[str, bool, str]:
    phase = plan_of(rae.release).phases[0]
    (need,) = [one for one in needs_of(rae, phase, on=on) if one.kind is NeedKind.ASSESSMENT]
    return need.title, need.met, need.reason


def test_an_assessment_that_is_not_there_yet_is_said_to_be_missing(rae: Recruit) -> None:
    assert said(rae) == (CODE, False, "This assessment has not come out yet.")


def test_one_that_was_never_sat_is_not_passed(rae: Recruit, enrolment: Enrolment) -> None:
    assert said(rae) == ("Final test", False, "Not passed yet.")


def test_one_that_was_failed_says_when_it_was_sat_and_no_mark(rae: Recruit, enrolment: Enrolment) -> None:
    courses.sit(enrolment, right=1, at=AT)
    assert said(rae) == ("Final test", False, "Not passed yet, last sat on 26 January 2026.")


def test_one_that_was_passed_counts_from_its_day_whatever_is_sat_later(rae: Recruit, enrolment: Enrolment) -> None:
    courses.sit(enrolment, at=AT)
    assert said(rae) == ("Final test", True, "Passed on 26 January 2026.")
    assert said(rae, on=weeks(2)) == ("Final test", False, "Not passed yet.")


def test_the_phase_is_not_done_without_it(rae: Recruit, ada: User, enrolment: Enrolment) -> None:
    qualify(rae)
    with pytest.raises(RecruitRefused, match=r"‘Foundation’ is not done\. Final test: Not passed yet\."):
        end_phase(rae, by=ada, at=noon(weeks(4)), on=weeks(4), reason="Done")
    courses.sit(enrolment, at=AT)
    assert end_phase(rae, by=ada, at=noon(weeks(4)), on=weeks(4), reason="Done") is not None


def test_the_recruit_reads_it_on_their_way(rae: Recruit, enrolment: Enrolment, signed_in: Any) -> None:
    client: Client = signed_in(rae.officer)
    page = client.get("/my/path/").content.decode()
    assert "Final test" in page
    assert "Not passed yet." in page


def test_a_phase_without_assessments_asks_no_more_than_before(ada: User) -> None:
    plain = recruit(intake("Intake B", by=ada), by=ada, name="Ona Demo")
    with counted_queries() as asked:
        needs_of(plain, plan_of(plain.release).phases[0], on=weeks(4))
    assert not any("assessments_attempt" in statement for statement in asked.statements)
