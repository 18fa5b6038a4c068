"""Every way to ask about a unit refuses one that is not the asker's, in words that say what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cpd_records.readiness import NotYourUnit, Question, board_of, lines_of, officers_in
from cpd_records.readiness.comparing import compare_units
from cpd_records.readiness.forecast import forecast_of
from people import clock
from people.models import Unit, User
from tests.factories import person, unit

pytestmark = pytest.mark.django_db
Ask = Callable[[User, Unit], Any]
ASKED: dict[str, Ask] = {
    "board": lambda user, where: board_of(user, Question(on=clock.today(), unit=where.pk)),
    "file": lambda user, where: lines_of(user, Question(on=clock.today(), unit=where.pk)),
    "forecast": lambda user, where: forecast_of(user, Question(on=clock.today(), unit=where.pk)),
    "comparison": lambda user, where: compare_units(user, Question(on=clock.today(), unit=where.pk)),
    "people": lambda user, where: officers_in(user, where.pk, on=clock.today()),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=list(ASKED))
def test_a_unit_of_somebody_else_is_refused(ask: Ask) -> None:
    theirs = unit("theirs")
    mine = person("Sgt S. Demo", "supervisor", unit=unit("mine"))
    with pytest.raises(NotYourUnit, match=r"That unit is not one of yours. Choose one from the list."):
        ask(mine, theirs)


@pytest.mark.parametrize("ask", ASKED.values(), ids=list(ASKED))
def test_a_unit_above_ones_own_is_refused_and_one_below_is_not(ask: Ask) -> None:
    above = unit("above")
    middle = unit("middle", parent=above)
    below = unit("below", parent=middle)
    sergeant = person("Sgt S. Demo", "supervisor", unit=middle)
    with pytest.raises(NotYourUnit, match="not one of yours"):
        ask(sergeant, above)
    ask(sergeant, below)


@pytest.mark.parametrize("ask", ASKED.values(), ids=list(ASKED))
def test_somebody_who_supervises_nothing_has_no_unit(ask: Ask) -> None:
    team = unit("team")
    officer = person("PC O. Demo", unit=team)
    with pytest.raises(NotYourUnit, match="not one of yours"):
        ask(officer, team)
