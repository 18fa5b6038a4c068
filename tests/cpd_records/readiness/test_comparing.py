"""Units beside each other: counted every night, and how they moved since the count of 90 days ago or the first there is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cpd_records.currency.following import rebuild
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import ReadinessCount
from cpd_records.readiness import Question
from cpd_records.readiness.comparing import COUNT_WORK, UnitFigures, compare_units, count_for_day
from people import clock, work
from people.models import WaitingWork
from tests.cpd_records.readiness.teams import Team, response_officer, team
from tests.factories import unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift() -> Team:
    """Six people, of whom a share is not given and numbers are."""
    made = team()
    for letter in "KL":
        response_officer(letter, made.unit, without=("FALP",))
    seal_now()
    rebuild()
    return made


def figures(shift: Team) -> UnitFigures:
    (found,) = compare_units(shift.sergeant, Question(on=clock.today())).units
    return found


def counted(shift: Team, days_ago: int, *, met: int) -> None:
    today = figures(shift)
    day = clock.today() - timedelta(days=days_ago)
    ReadinessCount.objects.create(unit=shift.unit, day=day, asked=today.asked, met=today.met + met)


def test_every_unit_is_counted_once_in_the_night_of_its_day(shift: Team) -> None:
    unit("empty")
    key = clock.today().isoformat()
    work.ask(COUNT_WORK, key)
    assert work.do_work(COUNT_WORK, key)
    assert WaitingWork.objects.get(kind=COUNT_WORK).last_error == ""
    today = figures(shift)
    assert today.met < today.asked
    rows = list(ReadinessCount.objects.values_list("unit", "day", "asked", "met"))
    assert rows == [(shift.unit.pk, clock.today(), today.asked, today.met)]
    count_for_day(key)
    assert ReadinessCount.objects.count() == 1


def test_a_day_gone_by_is_not_counted_any_more(shift: Team) -> None:
    count_for_day((clock.today() - timedelta(days=1)).isoformat())
    assert not ReadinessCount.objects.exists()


def test_before_the_first_night_nothing_is_said_of_how_units_moved(shift: Team) -> None:
    found = compare_units(shift.sergeant, Question(on=clock.today()))
    assert found.counted_since is None
    assert found.units[0].moved == ""


def test_a_small_unit_moves_in_numbers_since_the_first_count_there_is(shift: Team) -> None:
    counted(shift, 60, met=-2)
    counted(shift, 30, met=5)
    found = compare_units(shift.sergeant, Question(on=clock.today()))
    assert found.units[0].moved == "2 more met"
    assert found.units[0].share is None
    assert found.units[0].before == found.counted_since == clock.today() - timedelta(days=60)


def test_the_count_of_ninety_days_ago_goes_before_every_other(shift: Team) -> None:
    for days_ago, met in ((120, 9), (92, 1), (60, -2)):
        counted(shift, days_ago, met=met)
    assert figures(shift).moved == "1 fewer met"
    assert figures(shift).before == clock.today() - timedelta(days=92)


def test_what_did_not_move_is_the_same(shift: Team) -> None:
    counted(shift, 90, met=0)
    assert figures(shift).moved == "The same"


def test_the_page_says_since_when_units_are_counted(shift: Team, client) -> None:
    client.force_login(shift.sergeant)
    page = client.get("/team/compare/").content.decode()
    assert "Not counted yet" in page
    assert "the first count of these is still to come" in page
    counted(shift, 10, met=-3)
    page = client.get("/team/compare/").content.decode()
    assert "3 more met" in page
    assert "here since" in page
