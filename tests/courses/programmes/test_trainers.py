"""Who teaches an intake: rows with two times, named and ended by an administrator; who taught it on a day is answered for ever."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from courses.models import Intake, IntakeTrainer, Recruit
from courses.portfolio.judges import may_judge
from courses.programmes.joining import join
from courses.programmes.refusals import MovedMeanwhile, NotYours, RecruitRefused
from courses.programmes.trainers import add_trainer, end_trainer, taught_on, trainers_of, trainers_on
from cpd_records.ledger.sealing import seal_now
from people import clock
from people.models import User
from tests import factories
from tests.courses.programmes.acts import START, administrator, intake, noon, weeks
from tests.permissions.recruits import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def tess(db: Any) -> User:
    return factories.person("Tess Demo", "trainer", family="initial", short_name="T. Demo")


def added(
    where: Intake, who: User, by: User, *, on: date = START, until: date | None = None, at: datetime | None = None
) -> IntakeTrainer:
    return add_trainer(where, who, by=by, at=at or noon(START), on=on, until=until)


def ended(row: IntakeTrainer, by: User, last_day: date, *, reason: str = "Moved to another intake") -> IntakeTrainer:
    return end_trainer(row, by=by, at=noon(weeks(3)), last_day=last_day, reason=reason)


def test_a_trainer_teaches_an_intake_from_a_day_on(where: Intake, tess: User, ada: User) -> None:
    row = added(where, tess, ada)
    assert (row.valid_from, row.valid_until, row.recorded_by) == (START, None, ada)
    assert trainers_of(where) == [row]
    assert trainers_on(where, weeks(3)) == (row,)
    assert trainers_on(where, START - timedelta(days=1)) == ()


def test_the_same_days_twice_are_once(where: Intake, tess: User, ada: User) -> None:
    assert added(where, tess, ada) == added(where, tess, ada)


def test_an_end_is_a_row_that_names_the_one_before(where: Intake, tess: User, ada: User) -> None:
    first = added(where, tess, ada)
    row = ended(first, ada, weeks(2))
    assert (row.supersedes, row.valid_until, row.reason) == (first, weeks(2), "Moved to another intake")
    assert trainers_on(where, weeks(2)) == (row,)
    assert trainers_on(where, weeks(2) + timedelta(days=1)) == ()
    first.refresh_from_db()
    assert first.valid_until is None, "the row before stays as it was"


def test_whoever_never_taught_is_no_longer_named(where: Intake, tess: User, ada: User) -> None:
    row = ended(added(where, tess, ada, on=weeks(1)), ada, START, reason="The wrong person")
    assert row.is_void
    assert trainers_of(where) == []


def test_an_ended_trainer_comes_back_as_a_row_of_its_own(where: Intake, tess: User, ada: User) -> None:
    ended(added(where, tess, ada), ada, weeks(1))
    again = added(where, tess, ada, on=weeks(2))
    assert [row.valid_from for row in trainers_of(where)] == [weeks(2), START]
    assert trainers_on(where, weeks(3)) == (again,)


# --- What follows from it ----------------------------------------------------------------------------------------------


def test_a_trainer_sees_the_intake_and_its_recruits_and_judges_until_the_last_day(
    where: Intake, rae: Recruit, tess: User, ada: User
) -> None:
    assert not may_judge(tess, rae, on=weeks(1))
    row = added(where, tess, ada)
    assert list(Intake.objects.visible_to(tess)) == [where]
    assert list(Recruit.objects.visible_to(tess)) == [rae]
    ended(row, ada, weeks(2))
    assert may_judge(tess, rae, on=weeks(2))
    assert not may_judge(tess, rae, on=weeks(2) + timedelta(days=1))
    assert not Intake.objects.visible_to(tess).exists(), "that day is over"
    assert not Recruit.objects.visible_to(tess).exists()


def test_a_trainer_who_is_to_begin_sees_the_intake_and_judges_nothing_yet(ada: User, tess: User) -> None:
    begins = clock.today() + timedelta(weeks=2)
    where = intake(by=ada, starts_on=begins)
    added(where, tess, ada, on=begins, at=clock.now())
    assert list(Intake.objects.visible_to(tess)) == [where]


def test_who_is_no_trainer_of_it_does_not_see_it(where: Intake, tess: User) -> None:
    assert not Intake.objects.visible_to(tess).exists()


# --- What was known -----------------------------------------------------------------------------------------------------


def test_who_taught_on_a_day_is_answered_as_it_was_recorded_by_a_day(where: Intake, tess: User, ada: User) -> None:
    ended(added(where, tess, ada), ada, weeks(1))
    seal_now()
    today = clock.today()
    answer = taught_on(where, weeks(1), known_on=today)
    assert [row.trainer for row in answer.rows] == [tess]
    assert (answer.changes, answer.provisional) == ((), True), "today is not over"
    assert taught_on(where, weeks(2), known_on=today).rows == ()
    before = taught_on(where, weeks(1), known_on=today - timedelta(days=1))
    assert before.rows == (), "nothing was recorded by then"
    assert before.changes == (f"As recorded today: T. Demo, service number {tess.service_number}, taught it.",)


def test_what_was_taken_back_since_is_named(db: Any) -> None:
    with clock.sample_time(clock.now() - timedelta(days=1)):
        ada, tess = administrator(), factories.person("Tess Demo", "trainer", family="initial", short_name="T. Demo")
        where = intake(by=ada)
        row = added(where, tess, ada)
        seal_now()
    ended(row, ada, START - timedelta(days=1), reason="The wrong person")
    seal_now()
    answer = taught_on(where, weeks(1), known_on=clock.today() - timedelta(days=1))
    assert [one.trainer for one in answer.rows] == [tess]
    assert answer.changes == (f"No longer said today: T. Demo, service number {tess.service_number}, taught it.",)
    assert not answer.provisional


# --- What is refused ----------------------------------------------------------------------------------------------------


def test_a_trainer_of_an_intake_holds_the_trainers_role(where: Intake, ada: User) -> None:
    with pytest.raises(RecruitRefused, match="holds no trainer’s role today") as refused:
        added(where, factories.person(), ada)
    assert refused.value.field == "trainer"


def test_only_an_administrator_names_and_ends_trainers(
    where: Intake, tess: User, ada: User, sergeant: User, rae: Recruit
) -> None:
    row = added(where, tess, ada)
    other = factories.person("Una Demo", "trainer", family="initial")
    for by in (sergeant, rae.officer, other):
        with pytest.raises(NotYours, match="Only a training administrator can name an intake’s trainers"):
            added(where, other, by)
        with pytest.raises(NotYours, match="Only a training administrator"):
            ended(row, by, weeks(1))


def test_nobody_names_or_ends_themselves(where: Intake, ada: User) -> None:
    both = factories.person("Bo Demo", "training-admin", "trainer", family="initial")
    with pytest.raises(NotYours, match="You cannot decide about yourself as a trainer"):
        added(where, both, both)
    row = added(where, both, ada)
    with pytest.raises(NotYours, match="You cannot decide about yourself as a trainer"):
        ended(row, both, weeks(1))


def test_a_recruit_of_the_intake_does_not_teach_it(where: Intake, tess: User, ada: User) -> None:
    join(tess, where, by=ada, at=noon(START))
    with pytest.raises(RecruitRefused, match="is or was a recruit of Intake A"):
        added(where, tess, ada)


@pytest.mark.parametrize(
    ("on", "until", "field", "sentence"),
    [
        (START - timedelta(days=1), None, "on", "Intake A begins on 5 January 2026. Choose that day or a later one"),
        (START + timedelta(days=400), None, "on", "more than a year ahead"),
        (weeks(2), weeks(1), "until", "The last day is before the first"),
    ],
)
def test_days_that_cannot_be_are_refused(
    where: Intake, tess: User, ada: User, on: date, until: date | None, field: str, sentence: str
) -> None:
    with pytest.raises(RecruitRefused, match=sentence) as refused:
        added(where, tess, ada, on=on, until=until)
    assert refused.value.field == field
    assert not IntakeTrainer.objects.exists()


def test_days_already_recorded_are_refused(where: Intake, tess: User, ada: User) -> None:
    added(where, tess, ada, until=weeks(2))
    with pytest.raises(
        RecruitRefused, match=r"T\. Demo is a trainer of Intake A from 5 January 2026 to 19 January 2026 already"
    ):
        added(where, tess, ada, on=weeks(1))


def test_an_end_says_why_and_comes_sooner_than_the_one_recorded(where: Intake, tess: User, ada: User) -> None:
    row = added(where, tess, ada, until=weeks(2))
    with pytest.raises(RecruitRefused, match="Say why it ends"):
        ended(row, ada, weeks(1), reason=" ")
    with pytest.raises(RecruitRefused, match="It ends on 19 January 2026 as it is"):
        ended(row, ada, weeks(2))
    with pytest.raises(RecruitRefused, match="more than a year ahead"):
        ended(row, ada, weeks(60))


def test_of_two_who_end_it_the_second_is_told(where: Intake, tess: User, ada: User) -> None:
    row = added(where, tess, ada)
    ended(row, ada, weeks(2))
    with pytest.raises(MovedMeanwhile, match="Somebody changed this meanwhile"):
        ended(row, ada, weeks(1))


# --- On the pages -------------------------------------------------------------------------------------------------------


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def now(ada: User) -> Intake:
    """An intake that began two weeks ago, because pages know only the present."""
    return intake("Intake of now", by=ada, starts_on=clock.today() - timedelta(weeks=2))


def test_an_administrator_adds_a_trainer_and_records_a_last_day(
    now: Intake, tess: User, ada: User, signed_in: Any
) -> None:
    client: Client = signed_in(ada)
    address = f"/intakes/{now.pk}/trainers/"
    assert "Nobody is named yet" in text(client.get(address))
    refused = client.post(address, {"trainer": "nobody-7", **day()})
    assert refused.status_code == 422
    assert "Nobody is known by that" in text(refused)
    assert "nobody-7" in text(refused)
    refused = client.post(address, {"trainer": factories.person().email, **day()})
    assert "holds no trainer’s role today" in text(refused)
    done = client.post(address, {"trainer": tess.service_number, **day()}, follow=True)
    assert "T. Demo is a trainer of Intake of now" in text(done)
    assert "<bdi>T. Demo</bdi>" in text(client.get(f"/intakes/{now.pk}/")), "the intake's own page names them"
    (row,) = trainers_of(now)
    end = f"{address}{row.pk}/end/"
    assert "Say why it ends" in text(client.post(end, {**day("last_day"), "reason": ""}))
    page = text(client.post(end, {**day("last_day"), "reason": "Moved to another intake"}, follow=True))
    assert "Recorded: T. Demo until" in page
    assert "Moved to another intake" in page
    late = client.post(end, {**day("last_day"), "reason": "Again"}, follow=True)
    assert "Somebody changed this meanwhile" in text(late)
    assert client.get(end).status_code == 404


def test_an_auditor_asks_who_taught_an_intake_on_a_day(now: Intake, tess: User, ada: User, signed_in: Any) -> None:
    added(now, tess, ada, on=now.starts_on, at=clock.now())
    client: Client = signed_in(factories.person("Ari Demo", "auditor"))
    page = text(client.get(f"/intakes/{now.pk}/trainers/"))
    assert "T. Demo" in page
    assert "Add a trainer" not in page
    address = f"/intakes/{now.pk}/trainers/as-known/"
    assert "Your question" in text(client.get(address))
    seal_now()
    answer = text(client.get(address, {**day(), **day("known_on")}))
    assert f"Service number {tess.service_number}" in answer
    assert "this answer rests on the first" in answer
    assert "the ledger is not sealed that far yet" in answer
    answer = text(client.get(address, {**day(), **day("known_on", later=-1)}))
    assert "Nobody was recorded as a trainer of this intake on that day" in answer
    assert "The record has changed since" in answer
    wrong = client.get(address, {**day(), **day("known_on", later=1)})
    assert wrong.status_code == 400
    assert "That day is still to come" in text(wrong)


def test_a_trainer_reads_the_page_and_changes_nothing(now: Intake, tess: User, ada: User, signed_in: Any) -> None:
    row = added(now, tess, ada, on=now.starts_on, at=clock.now())
    client: Client = signed_in(tess)
    assert client.get(f"/intakes/{now.pk}/trainers/").status_code == 200
    refused = client.post(f"/intakes/{now.pk}/trainers/", {"trainer": tess.email, **day()})
    assert refused.status_code == 403
    assert "Only a training administrator names an intake’s trainers" in text(refused)
    assert client.get(f"/intakes/{now.pk}/trainers/{row.pk}/end/").status_code == 403
