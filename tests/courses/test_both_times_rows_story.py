"""Any story of decisions that no entry tells of, told to the record and to a list of rows: exceptions, restrictions, a recruit's training.

The model knows no chains and no checkpoints but their times: it goes through every row that was recorded for each question. Late entries,
clocks that step back and ends that were recorded afterwards come with the story of awards, which goes on beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from courses.my_record import TimelineEntry, record_of
from courses.programmes.as_known import as_known
from courses.programmes.deciding import add_state, end_state
from courses.programmes.joining import join
from courses.programmes.refusals import RecruitRefused
from courses.programmes.states import Kind
from cpd_records.ledger import sealing
from cpd_records.models import CurrencyException, Restriction
from cpd_records.qualifications.refusals import QualificationRefused
from cpd_records.qualifications.rulings import end_ruling, grant_exception, restrict
from people import clock
from people.stamps import AHEAD
from tests.courses.programmes.acts import intake
from tests.cpd_records.currency.acts import qualification
from tests.cpd_records.ledger_acts import MOMENT
from tests.cpd_records.test_both_times_story import CODES, BothTimes, Ruled

BESIDE = (Kind.ACTION_PLAN, Kind.PAUSED)
RULINGS: dict[str, type[Any]] = {"excepted": CurrencyException, "restricted": Restriction}
FAR = MOMENT.date() + timedelta(days=400)


class RowsToo(BothTimes):
    """The same officer, in initial training, with a supervisor who decides and administrators who end it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[date, tuple[Any, ...]]] = []
        with clock.sample_time(MOMENT - timedelta(days=99)):
            where = intake(by=self.author)
            self.recruit = join(self.officer, where, by=self.author, at=clock.now())
        for row in self.recruit.states.order_by("pk"):
            self.take_down(row, "recruit")
        self.take_in_checkpoints()

    def take_down(self, row: Any, what: str) -> None:
        period = None if row.is_void else (row.valid_from, row.valid_until)
        self.model.beside.append(Ruled(row.pk, row.recorded_at, row.supersedes_id, period, what))

    @rule(
        code=st.sampled_from(CODES),
        days=st.integers(0, 9),
        lasts=st.integers(0, 40),
        kind=st.sampled_from(list(RULINGS)),
    )
    def decide(self, code: str, days: int, lasts: int, kind: str) -> None:
        with clock.sample_time(self.now):
            first = clock.today() + timedelta(days=days)
            said = {"by": self.sergeant, "at": self.now, "valid_from": first, "until": first + timedelta(days=lasts)}
            try:
                if kind == "restricted":
                    row: Any = restrict(self.officer, qualification(code), reason="Not alone.", **said)
                else:
                    row = grant_exception(
                        self.officer, qualification(code), reason="Short of people.", conditions="Paired.", **said
                    )
            except QualificationRefused:
                return
        self.take_down(row, kind)

    @precondition(lambda self: self.model.decided(None))
    @rule(data=st.data(), days=st.integers(-1, 5))
    def end_a_decision(self, data: st.DataObject, days: int) -> None:
        chosen = data.draw(st.sampled_from(self.model.decided(None)))
        row = RULINGS[chosen.what].objects.get(pk=chosen.pk)
        if RULINGS[chosen.what].objects.filter(supersedes=row).exists():
            return
        with clock.sample_time(self.now):
            last = clock.today() + timedelta(days=days)
            try:
                ended = end_ruling(row, by=self.author, at=self.now, last_day=last, reason="Over.")
            except QualificationRefused:
                return
        self.take_down(ended, chosen.what)

    @rule(kind=st.sampled_from(BESIDE), days=st.integers(-5, 5), lasts=st.integers(0, 30))
    def record_beside_a_phase(self, kind: Kind, days: int, lasts: int) -> None:
        with clock.sample_time(self.now):
            first = clock.today() + timedelta(days=days)
            try:
                row = add_state(
                    self.recruit, kind, by=self.author, on=first, until=first + timedelta(days=lasts), reason="Needed."
                )
            except RecruitRefused:
                return
        self.take_down(row, "recruit")

    @rule(kind=st.sampled_from(BESIDE), days=st.integers(-5, 5))
    def end_what_stands_beside(self, kind: Kind, days: int) -> None:
        with clock.sample_time(self.now):
            last = clock.today() + timedelta(days=days)
            for row in end_state(self.recruit, kind, by=self.author, last=last, reason="Over."):
                self.take_down(row, "recruit")

    @precondition(lambda self: self.model.checkpoints)
    @rule(data=st.data(), shift=st.sampled_from([0, 1, -1]))
    def ask_about_decisions(self, data: st.DataObject, shift: int) -> None:
        time, _size = data.draw(st.sampled_from(self.model.checkpoints))
        self.the_record_agrees(time + timedelta(microseconds=shift))

    @precondition(lambda self: self.model.checkpoints)
    @rule(data=st.data())
    def ask_about_the_recruit(self, data: st.DataObject) -> None:
        time, _size = data.draw(st.sampled_from(self.model.checkpoints))
        known_on = timezone.localdate(time)
        with clock.sample_time(self.now):
            answer = as_known(self.recruit, FAR, known_on=known_on)
        end = clock.end_of_day(known_on)
        assert self.recruit_told(end) == sorted((one.since, one.until) for one in answer.told)
        # One that a clock ahead of now stamped settles nothing yet.
        settled = [moment for moment, _size in self.model.checkpoints if moment <= self.now + AHEAD]
        assert answer.provisional == (not settled or end > max(settled))
        assert answer.size == max((size for moment, size in self.model.checkpoints if moment <= end), default=0)
        if not answer.provisional:
            self.told.append((known_on, answer.told))

    @invariant()
    def what_was_told_of_the_recruit_once_is_told_for_ever(self) -> None:
        for known_on, told in self.told[-2:]:
            with clock.sample_time(self.now):
                assert as_known(self.recruit, FAR, known_on=known_on).told == told

    @invariant()
    def now_the_record_holds_every_decision(self) -> None:
        self.the_record_agrees(None)

    def the_record_agrees(self, known_at: datetime | None) -> None:
        """Each row is one thing on the whole record; what stands leaves out those that never held."""
        rows = self.model.decided(known_at)
        assert self.decided_at(known_at, everything=True) == sorted(one.recorded_at for one in rows)
        standing = [row for chain in self.chains(rows) if chain[-1].period is not None for row in chain]
        assert self.decided_at(known_at, everything=False) == sorted(one.recorded_at for one in standing)

    def decided_at(self, known_at: datetime | None, *, everything: bool) -> list[datetime]:
        return sorted(one.recorded_at for one in self.entries(known_at, everything=everything) if one.id is None)

    def entries(self, known_at: datetime | None, *, everything: bool) -> Iterator[TimelineEntry]:
        asked: dict[str, Any] = {"on": MOMENT.date(), "known_at": known_at, "everything": everything}
        for year in record_of(self.officer, year=None, **asked).years:
            yield from record_of(self.officer, year=year, **asked).entries

    def chains(self, rows: list[Ruled]) -> Iterator[list[Ruled]]:
        for first in rows:
            if first.supersedes is None:
                chain = [first]
                while after := [one for one in rows if one.what == first.what and one.supersedes == chain[-1].pk]:
                    chain += after
                yield chain

    def recruit_told(self, known_at: datetime) -> list[tuple[date, date | None]]:
        rows = [one for one in self.model.recorded(self.model.beside, known_at) if one.what == "recruit"]
        replaced = {one.supersedes for one in rows}
        return sorted(one.period for one in rows if one.pk not in replaced and one.period is not None)


@pytest.mark.django_db
def test_any_story_of_decisions_ends_as_the_list_of_rows_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "ENTRIES_AT_ONCE", 3)
    run_state_machine_as_test(
        RowsToo,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
