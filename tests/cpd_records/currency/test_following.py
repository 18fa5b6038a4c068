"""The rows of today's standings: kept up to date by events, day by day, and equal to a rebuild after any history."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from cpd_records.currency import currency_of, following
from cpd_records.currency.facts import Cut
from cpd_records.currency.following import chunks_waiting, follow, rebuild, roll_day
from cpd_records.currency.standings import Reckoning, Standings, reckoned, stored
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.sealing import AFTER_CHECKPOINT
from cpd_records.models import (
    CurrencyException,
    Projected,
    Qualification,
    QualificationNeed,
    Requirement,
    RoleStanding,
    Standing,
)
from cpd_records.qualifications.corrections import correct_award, void_award, withdraw_award
from cpd_records.qualifications.refusals import QualificationRefused
from cpd_records.qualifications.requirements import end_requirement, require
from cpd_records.qualifications.rules import Terms, add_need, change_rule, end_need, rule_on
from cpd_records.qualifications.standing_awards import all_awards
from people import work
from people.dated_rows import PeriodsOverlap, add_row, end_row
from people.models import Absence, Posting, RoleHeld, Unit, User, WaitingWork
from people.postings import post_officer
from people.roles import end_role, grant_role
from tests import factories
from tests.cpd_records.currency.acts import at_noon, award, make_qualification, on_day, qualification, seal
from tests.queries import counted_queries

START = date(2024, 2, 20)
CODES = ("QA", "QB", "QC", "QD")


def everybody() -> list[int]:
    return list(User.objects.values_list("pk", flat=True))


def do_waiting() -> None:
    for kind, key in WaitingWork.objects.filter(
        kind__in=[following.CHUNK_WORK, following.AFTER_ERASURE], done_at__isnull=True
    ).values_list("kind", "key"):
        assert work.do_work(kind, key)


def as_it_should_be() -> Standings:
    """Return what the standings should be where the projection stands, reckoned anew for everybody."""
    projected = Projected.objects.get(name=following.NAME)
    assert projected.day is not None
    return reckoned(everybody(), Reckoning.at(projected.day, Cut(projected.size, projected.row_at)))


def followed() -> None:
    follow()
    do_waiting()


@pytest.fixture
def officer(db: None) -> User:
    with on_day(START):
        unit = factories.unit("team")
        return factories.person("Bo", "taser-officer", "operational-officer", unit=unit, rank="constable")


def test_an_award_becomes_a_standing_once_it_is_sealed(officer: User) -> None:
    with on_day(START):
        seal()
        followed()
        award(officer, "FALP", START)
        assert Standing.objects.get(officer=officer, qualification__code="FALP").verdict == "never_held"
        seal()
        assert follow() == 1
        row = Standing.objects.get(officer=officer, qualification__code="FALP")
    assert (row.verdict, row.is_required, row.valid_until) == ("in_date", True, date(2025, 2, 20))
    assert row.changes_on == date(2025, 2, 20) - timedelta(days=90)
    assert row.lapses_on == date(2025, 2, 21)


def test_a_standing_says_what_currency_says(officer: User) -> None:
    with on_day(START):
        for code in ("PPST", "FALP", "JRFT", "EYE", "CED", "UOF"):
            award(officer, code, START - timedelta(days=30))
        seal()
        followed()
        answer = currency_of(officer, on=START)
    rows = {
        row.qualification.code: row for row in Standing.objects.filter(officer=officer).select_related("qualification")
    }
    assert set(rows) == {one.code for one in answer.qualifications}
    for one in answer.qualifications:
        row = rows[one.code]
        assert (row.verdict, row.is_required, row.lapses_on) == (one.verdict, one.is_required, one.lapses_on)
    roles = {row.role.code: row for row in RoleStanding.objects.filter(officer=officer).select_related("role")}
    assert {role.role: (role.verdict, role.until) for role in answer.roles} == {
        code: (row.verdict, row.until) for code, row in roles.items()
    }


def test_following_twice_changes_nothing(officer: User) -> None:
    with on_day(START):
        award(officer, "FALP", START)
        seal()
        followed()
        before = stored(everybody())
        with counted_queries() as queries:
            assert follow() == 0
        assert queries.count < 12
        assert stored(everybody()) == before


def test_each_day_rolls_over_only_what_changes(officer: User) -> None:
    with on_day(START):
        award(officer, "FALP", START)
        seal()
        followed()
    with on_day(date(2024, 11, 21)):
        assert roll_day() == 0
        assert Standing.objects.get(officer=officer, qualification__code="FALP").verdict == "in_date"
    with on_day(date(2024, 11, 22)):
        assert roll_day() == 1
        assert Standing.objects.get(officer=officer, qualification__code="FALP").verdict == "due"


def test_a_week_without_anybody_rolling_is_made_up_in_one(officer: User) -> None:
    with on_day(START):
        award(officer, "JRFT", START)
        seal()
        followed()
    with on_day(date(2025, 6, 1)):
        roll_day()
        assert Standing.objects.get(officer=officer, qualification__code="JRFT").verdict == "expired"
        assert stored(everybody()) == as_it_should_be()


def test_a_role_that_ended_yesterday_asks_nothing_today(officer: User) -> None:
    with on_day(START):
        held = RoleHeld.objects.get(officer=officer, role__code="taser-officer")
        end_role(held, by=None, last_day=START + timedelta(days=5))
        seal()
        followed()
        assert Standing.objects.get(officer=officer, qualification__code="CED").is_required
    with on_day(START + timedelta(days=5)):
        roll_day()
        assert RoleStanding.objects.filter(officer=officer, role__code="taser-officer").exists()
    with on_day(START + timedelta(days=6)):
        roll_day()
        assert not Standing.objects.filter(officer=officer, qualification__code="CED").exists()
        assert not RoleStanding.objects.filter(officer=officer, role__code="taser-officer").exists()


def test_a_role_that_begins_tomorrow_asks_from_tomorrow_on(db: None) -> None:
    with on_day(START):
        new = factories.person("New")
        grant_role(new, "taser-officer", by=None, valid_from=START + timedelta(days=1))
        seal()
        followed()
        assert not Standing.objects.filter(officer=new).exists()
    with on_day(START + timedelta(days=1)):
        roll_day()
        assert Standing.objects.get(officer=new, qualification__code="CED").verdict == "never_held"


def test_another_rule_concerns_everybody_in_parts(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "OFFICERS_AT_ONCE", 2)
    with on_day(START):
        for _number in range(4):
            factories.person("", "operational-officer")
        award(officer, "JRFT", START - timedelta(days=380))
        seal()
        followed()
        assert Standing.objects.get(officer=officer, qualification__code="JRFT").verdict == "in_grace"
        falp = qualification("JRFT")
        rule = rule_on(falp, START)
        assert rule is not None
        change_rule(falp, terms=Terms(validity_months=12, lapse="Action", grace_days=0), by=None, valid_from=START)
        seal()
        follow()
        assert len(chunks_waiting()) >= 3
        do_waiting()
        assert chunks_waiting() == []
        assert Standing.objects.get(officer=officer, qualification__code="JRFT").verdict == "expired"


def test_killed_in_the_middle_it_begins_where_it_was(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with on_day(START):
        other = factories.person("", "operational-officer")
        seal()
        followed()
        award(officer, "FALP", START)
        award(other, "FALP", START)
        seal()
        monkeypatch.setattr(following, "ENTRIES_AT_ONCE", 1)
        whole, calls = following.write, []

        def dies(*given: Any) -> int:
            calls.append(given)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return whole(*given)

        monkeypatch.setattr(following, "write", dies)
        with pytest.raises(KeyboardInterrupt):
            follow()
        assert stored(everybody()) == as_it_should_be()
        assert Standing.objects.filter(qualification__code="FALP", verdict="in_date").count() == 1
        assert follow() == 1
        assert Standing.objects.filter(qualification__code="FALP", verdict="in_date").count() == 2


def test_what_was_erased_is_forgotten(officer: User) -> None:
    with on_day(START):
        entry = award(officer, "FALP", START)
        seal()
        followed()
        erase_readable_part(entry, retention_class="training", authority="Head of records", at=at_noon(START))
        do_waiting()
        assert Standing.objects.get(officer=officer, qualification__code="FALP").verdict == "never_held"
        assert stored(everybody()) == as_it_should_be()


def test_a_checkpoint_asks_for_it_and_the_row_is_forgotten_later(officer: User) -> None:
    seal()
    row = WaitingWork.objects.get(kind=AFTER_CHECKPOINT)
    assert work.do_work(row.kind, row.key)
    do_waiting()
    assert Standing.objects.filter(officer=officer).exists()
    assert WaitingWork.objects.filter(kind=following.ROLL_WORK, done_at__isnull=True).count() == 1


def test_somebody_who_left_is_asked_nothing_and_who_rejoined_is(officer: User) -> None:
    with on_day(START):
        leaver = factories.person("Lee", unit=Unit.objects.get(code="team"))
        seal()
        followed()
        assert Standing.objects.filter(officer=leaver, is_required=True).exists()
        end_row(Posting.objects.in_force(START).get(officer=leaver), by=None, last_day=START)
        seal()
        followed()
    with on_day(START + timedelta(days=1)):
        roll_day()
        assert not Standing.objects.filter(officer=leaver).exists()
        post_officer(leaver, Unit.objects.get(code="team"), by=None, valid_from=START + timedelta(days=1))
        seal()
        followed()
        assert Standing.objects.filter(officer=leaver, is_required=True).exists()


class History:
    """A random history of a small force, by the verbs; what a verb refuses is left out."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.day = START
        self.officers = [factories.person("", unit=factories.unit("one"), rank="constable") for _number in range(4)]
        self.units = [Unit.objects.get(code="one"), factories.unit("two", parent=Unit.objects.get(code="one"))]
        make_qualification("QA", grace_days=20, warning_days=30)
        make_qualification("QB", "", "QA", validity_months=3, early_renewal_days=10, warning_days=30)
        make_qualification("QC", "", "QA", "QB", validity_months=2, absence_stops_clock=True, grace_days=5)
        make_qualification("QD", validity_months=None)
        self.by = factories.person("Admin", "system-admin", "training-admin")
        self.second = factories.person("Second", "training-admin")

    def go_on(self) -> None:
        act = self.random.choice(
            [self.awards] * 4
            + [self.corrects, self.rules, self.needs, self.requires, self.ends_requirement, self.role, self.posts]
            + [self.away, self.excepts, self.next_day, self.next_day]
        )
        try:
            act()
        except (QualificationRefused, PeriodsOverlap):
            return

    def officer(self) -> User:
        return self.random.choice(self.officers)

    def code(self) -> Qualification:
        return qualification(self.random.choice(CODES))

    def around(self, before: int = 60, after: int = 40) -> date:
        return self.day + timedelta(days=self.random.randint(-before, after))

    def awards(self) -> None:
        award(self.officer(), self.random.choice(CODES), self.around(after=0))

    def corrects(self) -> None:
        officer = self.officer()
        standing = all_awards(officer)
        if not standing:
            return
        one = self.random.choice(standing)
        how = self.random.randrange(3)
        if how == 0:
            void_award(officer, one.entry, by=self.by, approved_by=self.second, reason="Wrong person")
        elif how == 1:
            withdraw_award(
                officer, one.entry, by=self.by, approved_by=self.second, reason="Failed a check", last_day=self.around()
            )
        else:
            correct_award(
                officer,
                one.entry,
                by=self.by,
                approved_by=self.second,
                reason="Wrong day",
                day=self.around(after=0),
                minutes=30,
                valid_until=None,
            )

    def rules(self) -> None:
        terms = Terms(
            validity_months=self.random.choice([1, 3, 12]), lapse="Action", grace_days=self.random.choice([0, 15])
        )
        change_rule(self.code(), terms=terms, by=None, valid_from=self.around(0))

    def needs(self) -> None:
        need = QualificationNeed.objects.in_force(self.day).filter(qualification__code__in=CODES).order_by("?").first()
        if need is not None and self.random.random() < 0.5:
            end_need(need, by=None, last_day=self.around(0))
        else:
            add_need(self.code(), self.code(), by=None, valid_from=self.around(0))

    def requires(self) -> None:
        role = self.random.choice([None, "taser-officer", "operational-officer"])
        require(
            self.code(),
            role=None if role is None else RoleHeld._meta.get_field("role").related_model.objects.get(code=role),
            unit=self.random.choice([None, *self.units]),
            by=None,
            valid_from=self.around(),
            stops_duty=self.random.random() < 0.7,
        )

    def ends_requirement(self) -> None:
        row = Requirement.objects.known().filter(is_void=False, qualification__code__in=CODES).order_by("?").first()
        if row is not None:
            end_requirement(row, by=None, last_day=self.around())

    def role(self) -> None:
        officer = self.officer()
        held = RoleHeld.objects.known().filter(officer=officer, is_void=False, valid_until__isnull=True).first()
        if held is not None and self.random.random() < 0.5:
            end_role(held, by=None, last_day=self.around())
        else:
            grant_role(
                officer, self.random.choice(["taser-officer", "operational-officer"]), by=None, valid_from=self.around()
            )

    def posts(self) -> None:
        post_officer(self.officer(), self.random.choice(self.units), by=None, valid_from=self.around(0))

    def away(self) -> None:
        first = self.around()
        last = None if self.random.random() < 0.3 else first + timedelta(days=self.random.randint(0, 40))
        add_row(
            Absence, subject={"officer": self.officer()}, by=None, valid_from=first, valid_until=last, kind="parental"
        )

    def excepts(self) -> None:
        first = self.around()
        add_row(
            CurrencyException,
            subject={"officer": self.officer(), "qualification": self.code()},
            by=None,
            valid_from=first,
            valid_until=first + timedelta(days=self.random.randint(0, 40)),
            reason="Said so",
        )

    def next_day(self) -> None:
        self.day += timedelta(days=self.random.choice([1, 1, 7, 25]))


@pytest.mark.parametrize("seed", [11, 22, 33])
def test_after_any_history_following_equals_a_rebuild(db: None, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "ENTRIES_AT_ONCE", 2)
    monkeypatch.setattr(following, "OFFICERS_AT_ONCE", 3)
    with on_day(START):
        history = History(seed)
    for number in range(45):
        with on_day(history.day):
            history.go_on()
            if number % 3 == 0:
                seal()
            if number % 4 == 0:
                followed()
                assert stored(everybody()) == as_it_should_be()
    with on_day(history.day):
        seal()
        followed()
        kept = stored(everybody())
        assert kept.qualifications
        Standing.objects.all().delete()
        rebuild()
        assert stored(everybody()) == kept
