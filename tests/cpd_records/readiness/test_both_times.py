"""What ends next and how units compare, on any day as known at any time: the same means as the board's, and the tree it rests on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from cpd_records.currency import following
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import ReadinessCount
from cpd_records.readiness import Question
from cpd_records.readiness.comparing import compare_units
from cpd_records.readiness.forecast import Forecast, forecast_of
from people import clock
from people.models import Look, User
from tests.cpd_records.readiness.teams import Team, award, response_officer, team
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift() -> Team:
    """Eleven people; H's things and those of three more end within 45 days."""
    made = team()
    for letter in "KLMNPQ":
        made.officers[letter] = response_officer(letter, made.unit, trained=280 if letter in "KLM" else 100)
    seal_now()
    following.rebuild()
    return made


def ask(**asked: Any) -> Question:
    return Question(**{"on": clock.today(), **asked})


def told(found: Forecast) -> tuple[Any, ...]:
    return found.by_requirement, found.totals, found.falling


@pytest.mark.parametrize("asked", [{}, {"code": "FALP"}, {"code": "PPST"}], ids=str)
@pytest.mark.parametrize("window", [30, 60, 90])
def test_what_ends_next_is_the_same_from_the_projection_and_reckoned_one_by_one(
    shift: Team, monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], window: int
) -> None:
    reckoned = forecast_of(shift.sergeant, ask(**asked), window=window)
    last = last_checkpoint()
    assert last is not None
    as_sealed = forecast_of(shift.sergeant, ask(known_at=last.time, **asked), window=window)
    monkeypatch.setattr("cpd_records.readiness.scope.ONE_BY_ONE", 0)
    projected = forecast_of(shift.sergeant, ask(**asked), window=window)
    assert told(projected) == told(reckoned) == told(as_sealed)
    assert projected.rests_on.size == reckoned.rests_on.size == as_sealed.rests_on.size == last.size
    assert reckoned.falling or window == 30


def test_what_ends_after_another_day_is_asked_of_that_day(shift: Team) -> None:
    day = clock.today() + timedelta(days=200)
    found = forecast_of(shift.sergeant, ask(on=day), window=90)
    assert found.falling
    assert all(day <= one.last_day <= day + timedelta(days=90) for one in found.falling)


def test_what_was_renewed_later_still_ended_next_as_it_was_known_then(shift: Team) -> None:
    then = last_checkpoint()
    assert then is not None
    name = shift.officers["H"].get_short_name()
    award(shift.officers["H"], "FALP", day=clock.today())
    seal_now()
    now = forecast_of(shift.sergeant, ask(code="FALP"), window=60)
    before = forecast_of(shift.sergeant, ask(code="FALP", known_at=then.time), window=60)
    assert name not in {one.name for one in now.falling}
    assert name in {one.name for one in before.falling}
    assert (now.rests_on.size, before.rests_on.size) == (then.size + 1, then.size)
    late = forecast_of(shift.sergeant, ask(known_at=clock.now() + timedelta(days=1)))
    assert late.rests_on.is_provisional


def test_what_is_not_sealed_yet_counts_and_is_said(shift: Team) -> None:
    award(shift.officers["H"], "FALP", day=clock.today())
    assert forecast_of(shift.sergeant, ask()).rests_on.unsealed == 1
    assert compare_units(shift.sergeant, ask(on=clock.today() - timedelta(days=1))).rests_on.unsealed == 1


def test_units_compare_the_same_from_the_projection_and_reckoned_one_by_one(shift: Team) -> None:
    last = last_checkpoint()
    assert last is not None
    projected = compare_units(shift.sergeant, ask())
    reckoned = compare_units(shift.sergeant, ask(known_at=last.time))
    assert projected.units == reckoned.units
    assert projected.units[0].asked > projected.units[0].met > 0
    assert projected.rests_on == reckoned.rests_on
    assert projected.rests_on.size == last.size


def test_a_unit_met_less_as_it_was_known_before_an_award_was_recorded(shift: Team) -> None:
    then = last_checkpoint()
    assert then is not None
    award(shift.officers["F"], "FALP", day=clock.today())
    seal_now()
    following.follow()
    (now,) = compare_units(shift.sergeant, ask()).units
    before = compare_units(shift.sergeant, ask(known_at=then.time))
    # First aid, and Taser that it carries.
    assert now.met == before.units[0].met + 2
    assert before.rests_on.size == then.size
    assert compare_units(shift.sergeant, ask(known_at=then.time - timedelta(days=1))).units == ()


def test_a_count_of_a_later_night_is_not_compared_with(shift: Team) -> None:
    day = clock.today() - timedelta(days=20)
    counted = clock.today() - timedelta(days=10)
    ReadinessCount.objects.create(unit=shift.unit, day=counted, asked=10, met=5)
    asked_then = compare_units(shift.sergeant, ask(on=day))
    assert asked_then.counted_since is None
    assert asked_then.units[0].moved == ""
    assert compare_units(shift.sergeant, ask()).counted_since == counted


def typed(day: date, **more: str) -> dict[str, str]:
    return {"on": day.strftime("%d/%m/%Y"), **more}


@pytest.mark.parametrize("address", ["/team/forecast/", "/team/compare/"])
def test_the_page_says_what_it_rests_on_today_and_on_another_day(shift: Team, client: Client, address: str) -> None:
    client.force_login(shift.sergeant)
    last = last_checkpoint()
    assert last is not None
    today = client.get(address).content.decode()
    assert f"rests on everything recorded until now: {last.size} sealed entries" in today
    assert "You are looking at" not in today
    then = client.get(address, typed(clock.today() - timedelta(days=30), as_known="then")).content.decode()
    assert "You are looking at" in then
    assert "this answer rests on the first 0 entries of the ledger" in then
    assert client.get(address, {"on": "31/02/2026"}).status_code == 400


def test_nobody_is_nominated_or_reminded_from_another_day(shift: Team, client: Client) -> None:
    client.force_login(shift.sergeant)
    assert "Remind of" in client.get("/team/forecast/", {"days": "90"}).content.decode()
    another = typed(clock.today() + timedelta(days=20), days="90")
    page = client.get("/team/forecast/", another).content.decode()
    assert "Remind of" not in page
    assert "No course here leads to it." not in page
    assert f"/?on={another['on']}" in page
    assert set(Look.objects.values_list("where", flat=True)) == {"Team forecast"}


@pytest.mark.parametrize("address", ["/team/forecast/", "/team/compare/"])
def test_another_day_costs_as_many_queries_for_eleven_people_as_for_more(
    shift: Team, client: Client, address: str
) -> None:
    client.force_login(shift.sergeant)
    another = typed(clock.today() - timedelta(days=1))
    client.get(address, another)
    with counted_queries() as few:
        client.get(address, another)
    for letter in "RSTUV":
        response_officer(letter, shift.unit)
    with counted_queries() as many:
        client.get(address, another)
    assert User.objects.count() > 15
    assert many.count == few.count, str(many)
