"""What was known about a recruit on a day: the answer never changes, and says what is recorded otherwise since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from courses.models import Recruit
from courses.programmes.as_known import as_known
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from courses.programmes.moving import Kind, end_beside, record_beside
from cpd_records.ledger.sealing import seal_now
from people import clock
from people.dates import long_date
from people.models import User
from tests import factories
from tests.courses.programmes.acts import administrator, release

pytestmark = pytest.mark.django_db
AGO = 20


@pytest.fixture
def ada() -> User:
    # Then, as all that follows: a stamp never goes back, so what is made today would date everything after it.
    with clock.sample_time(clock.now() - timedelta(days=AGO + 1)):
        return administrator()


@pytest.fixture
def rae(ada: User) -> Recruit:
    """Joined three weeks ago, as recorded then."""
    with clock.sample_time(clock.now() - timedelta(days=AGO)):
        where = open_intake("Intake A", release(), by=ada, at=clock.now(), starts_on=clock.today(), place="Hendon")
        recruit = join(factories.person("Rae Demo", short_name="PC R. Demo"), where, by=ada, at=clock.now())
        seal_now()
        return recruit


def test_what_is_recorded_late_is_not_part_of_what_was_known(ada: User, rae: Recruit) -> None:
    on = clock.today() - timedelta(days=5)
    before = as_known(rae, on, known_on=on)
    assert before.sentences[:2] == (
        f"Foundation since {before.told[0].since.day} {before.told[0].since:%B %Y}, week 3 of 4.",
        "In the intake Intake A.",
    )
    assert before.changes == ()
    record_beside(rae, Kind.ACTION_PLAN, by=ada, at=clock.now(), on=on, reason="Two failed tests")
    seal_now()
    after = as_known(rae, on, known_on=on)
    assert (after.sentences, after.told) == (before.sentences, before.told), "the answer stays the same"
    assert after.changes == ("As recorded today: Action plan: Two failed tests",)
    assert "Action plan: Two failed tests" in as_known(rae, on, known_on=clock.today()).sentences


def test_an_end_recorded_since_leaves_who_decided_and_why_as_it_was(ada: User, rae: Recruit) -> None:
    on = clock.today() - timedelta(days=5)
    with clock.sample_time(clock.now() - timedelta(days=5)):
        record_beside(rae, Kind.ACTION_PLAN, by=ada, at=clock.now(), on=on, reason="Two failed tests")
        seal_now()
    end_beside(
        rae, Kind.ACTION_PLAN, by=administrator("Bea Demo"), at=clock.now(), on=clock.today(), reason="Both passed now"
    )
    seal_now()

    then = as_known(rae, on, known_on=on)
    (plan,) = [one for one in then.told if one.kind is Kind.ACTION_PLAN]
    assert (plan.by, plan.reason, plan.end) == (ada.get_short_name(), "Two failed tests", None)
    yesterday = clock.today() - timedelta(days=1)
    assert then.changes == (
        f"As recorded today: Action plan until {long_date(yesterday)}: Two failed tests",
        "No longer said today: Action plan: Two failed tests",
    )


def test_it_names_the_tree_it_rests_on_and_a_day_that_is_not_sealed_to_its_end_is_provisional(
    ada: User, rae: Recruit
) -> None:
    on = clock.today() - timedelta(days=5)
    before = as_known(rae, on, known_on=on)
    assert before.provisional, "nothing was sealed after that day"
    record_beside(rae, Kind.ACTION_PLAN, by=ada, at=clock.now(), on=on, reason="Two failed tests")
    assert as_known(rae, on, known_on=clock.today()).sentences == before.sentences, "known once it is sealed"
    seal_now()
    then, today = as_known(rae, on, known_on=on), as_known(rae, on, known_on=clock.today())
    assert (then.provisional, then.sentences, then.size) == (False, before.sentences, before.size)
    assert (today.provisional, today.size) == (True, then.size + 1)
    assert "Action plan: Two failed tests" in today.sentences


def test_before_anything_was_recorded_nothing_was_known(rae: Recruit) -> None:
    on = clock.today() - timedelta(days=AGO)
    found = as_known(rae, on, known_on=on - timedelta(days=1))
    assert found.sentences == ("In no phase.", "Independent patrol not granted.")
    assert found.told == ()
    assert "No longer said today: In no phase." in found.changes


def asked(name: str, *, ago: int) -> dict[str, str]:
    day = clock.today() - timedelta(days=ago)
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def test_an_auditor_asks_on_a_page_and_the_recruit_sees_who_asked(rae: Recruit, signed_in: Any) -> None:
    client: Client = signed_in(factories.person("Kay Demo", "auditor"))
    address = f"/intakes/recruits/{rae.pk}/as-known/"
    assert "About which day?" in client.get(address).content.decode()
    page = client.get(address, {**asked("on", ago=5), **asked("known_on", ago=5)}).content.decode()
    assert "week 3 of 4" in page
    assert "this answer rests on the first" in page
    assert "the ledger is not sealed that far yet" in page
    wrong = client.get(address, {**asked("on", ago=5), **asked("known_on", ago=-5)})
    assert wrong.status_code == 400
    assert "That day is still to come" in wrong.content.decode()
    assert "What was recorded about" in signed_in(rae.officer).get("/my/record/looks/").content.decode()
