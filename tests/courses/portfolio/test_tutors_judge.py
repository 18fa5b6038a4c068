"""A recruit's tutor judges their evidence on the days of the pairing, and finds what waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from courses.models import Recruit
from courses.portfolio.refusals import NotYours
from courses.tutoring.headings import headings_of
from courses.tutoring.pairing import pair_tutor
from people import clock
from people.models import User
from tests.courses.portfolio.acts import handed_in, judged
from tests.courses.programmes.acts import noon, weeks
from tests.courses.tutoring.acts import paired, tutor

pytestmark = pytest.mark.django_db


def test_the_tutor_judges_while_the_pairing_lasts(rae: Recruit, ada: User) -> None:
    tom = tutor()
    paired(rae, tom, by=ada, until=weeks(4))
    item = handed_in(rae)
    assert judged(item, tom, at=noon(weeks(2))).is_sufficient
    after = weeks(4) + timedelta(days=1)
    with pytest.raises(NotYours):
        judged(handed_in(rae, on=after), tom, at=noon(after))


def test_a_tutor_named_as_having_been_there_judges_nothing_of_it(rae: Recruit, ada: User) -> None:
    tom = tutor()
    paired(rae, tom, by=ada)
    with pytest.raises(NotYours, match="named as having been there"):
        judged(handed_in(rae, witness=tom.service_number), tom)


def test_what_waits_for_a_tutor_is_what_their_own_recruits_handed_in(rae: Recruit, ada: User, signed_in: Any) -> None:
    tom, nan = tutor(since=clock.today() - timedelta(days=30)), tutor("Nan Demo")
    today = clock.today()
    until = today + timedelta(days=30)
    pair_tutor(rae, tom, by=ada, at=clock.now(), on=today, until=until, reason="Same team and shift")
    handed_in(rae)
    page = signed_in(tom).get("/portfolios/")
    assert page.status_code == 200
    assert "A search in the street" in page.content.decode()
    assert signed_in(nan).get("/portfolios/").status_code == 403


def test_a_shift_note_touches_the_headings_of_the_portfolio_first(rae: Recruit) -> None:
    titles = [(heading.code, heading.title) for heading in headings_of(rae)["tutor"]]
    assert titles[:2] == [("portfolio:searching", "Searching individuals"), ("portfolio:property", "Property")]
