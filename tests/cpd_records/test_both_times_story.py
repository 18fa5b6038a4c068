"""Any story of late entries, corrections, withdrawals, late commits and clocks that step back, told to the record and to a list of events.

The model knows nothing of trees and cuts by time alone: it keeps every event in the order it became final and goes through all of them
for each question.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from courses.my_record import record_of
from courses.record_standing import standing_parts
from cpd_records.currency import currency_of
from cpd_records.currency.awards import EVERYTHING, Cut, awards_in_short, awards_of
from cpd_records.currency.facts import footing_at
from cpd_records.ledger import sealing
from cpd_records.ledger.queries import entries_of
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Checkpoint, Exemption
from cpd_records.qualifications.awarding import award_qualification
from cpd_records.qualifications.corrections import correct_award, void_award, withdraw_award
from cpd_records.qualifications.reading import record_shown
from cpd_records.qualifications.recorded import everything_recorded
from cpd_records.qualifications.refusals import QualificationRefused
from cpd_records.qualifications.rulings import end_exemption, grant_exemption
from cpd_records.qualifications.standing_awards import all_awards
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.currency.acts import award, make_qualification, qualification
from tests.cpd_records.ledger_acts import MOMENT, examined

CODES = ("QA", "QB")
FIRST = date(2026, 1, 1)
# An award as it stands: qualification, day, last day of its own, whether it was taken back.
Stands = tuple[str, date, date | None, bool]


@dataclass
class Event:
    """An entry: the award it is or changes, what stands after it (None: it was never true), and when its transaction was stamped."""

    entry: UUID
    award: int
    follows: UUID | None
    stands: Stands | None
    stamped: datetime


@dataclass
class Ruled:
    """A row with two times: what was recorded when, and which row it supersedes. No ``period``: it was never true."""

    pk: int
    recorded_at: datetime
    supersedes: int | None
    period: tuple[date, date | None] | None
    what: str = "exempt"


@dataclass
class Model:
    """Everything that happened, of one officer: what is final in its order, what waits, checkpoints as (time, size), rows."""

    final: list[Event] = field(default_factory=list)
    waiting: list[Event] = field(default_factory=list)
    checkpoints: list[tuple[datetime, int]] = field(default_factory=list)
    ruled: list[Ruled] = field(default_factory=list)
    # Rows that no entry tells of: exceptions, restrictions, what stands in a recruit's training.
    beside: list[Ruled] = field(default_factory=list)
    awards: int = 0

    def known(self, known_at: datetime | None) -> list[Event]:
        if known_at is None:
            return [*self.final, *self.waiting]
        return self.final[: max((size for time, size in self.checkpoints if time <= known_at), default=0)]

    def standing(self, known_at: datetime | None) -> list[Stands]:
        """Go through every event for every award, and follow what follows what."""
        events, found = self.known(known_at), []
        for number in range(self.awards):
            last = next((one for one in events if one.award == number and one.follows is None), None)
            while last is not None:
                after = [one for one in events if one.follows == last.entry]
                if not after:
                    break
                last = after[0]
            if last is not None and last.stands is not None:
                found.append(last.stands)
        return sorted(found, key=str)

    def exempt(self, known_at: datetime | None) -> list[tuple[date, date | None]]:
        rows = self.recorded(self.ruled, known_at)
        replaced = {one.supersedes for one in rows}
        return sorted(one.period for one in rows if one.pk not in replaced and one.period is not None)

    def recorded(self, rows: list[Ruled], known_at: datetime | None) -> list[Ruled]:
        """Return the rows recorded by the last checkpoint until then; before the first one there are none."""
        if known_at is None:
            return rows
        cut = max((time for time, _size in self.checkpoints if time <= known_at), default=None)
        return [one for one in rows if cut is not None and one.recorded_at <= cut]

    def decided(self, known_at: datetime | None) -> list[Ruled]:
        """Return the rows of exceptions and restrictions."""
        return [one for one in self.recorded(self.beside, known_at) if one.what in ("excepted", "restricted")]


class BothTimes(RuleBasedStateMachine):
    """One officer, two qualifications, two administrators, a clock that may go anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone._from_testcase = True  # type: ignore[attr-defined]
        self.undone.__enter__()
        self.now = MOMENT
        self.model = Model()
        self.begun: list[datetime] = []
        self.asked: list[tuple[datetime, list[Stands]]] = []
        with clock.sample_time(MOMENT - timedelta(days=100)):
            for code in CODES:
                make_qualification(code, exception_allowed=True)
            team = factories.unit("team")
            self.officer = factories.person("PC O. Demo", unit=team)
            self.sergeant = factories.person("S. Demo", "supervisor", unit=team)
            self.author = factories.person("M. Demo", "training-admin")
            self.second = factories.person("Z. Demo", "system-admin")
        self.take_in_checkpoints()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def people(self) -> dict[str, User]:
        return {"by": self.author, "approved_by": self.second}

    def take_in_checkpoints(self) -> None:
        seen = len(self.model.checkpoints)
        self.model.checkpoints += list(Checkpoint.objects.order_by("time").values_list("time", "size"))[seen:]

    @rule(seconds=st.sampled_from([1, 60, 86_400, -1, -3600, -86_400]))
    def turn_the_clock(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def begin_a_transaction(self) -> None:
        """Stamp something now that is committed later: until then nobody sees it."""
        self.begun.append(self.now)

    @rule(code=st.sampled_from(CODES), day=st.integers(0, 100), late=st.booleans())
    def award(self, code: str, day: int, late: bool) -> None:
        stamped = self.begun.pop(0) if late and self.begun else self.now
        happened = FIRST + timedelta(days=day)
        with clock.sample_time(stamped):
            entry = award(self.officer, code, happened)
        self.model.waiting.append(Event(entry.pk, self.model.awards, None, (code, happened, None, False), stamped))
        self.model.awards += 1

    @precondition(lambda self: self.model.awards)
    @rule(data=st.data(), how=st.sampled_from(["correct", "withdraw", "void"]), day=st.integers(0, 100))
    def put_right(self, data: st.DataObject, how: str, day: int) -> None:
        chosen = data.draw(st.integers(0, self.model.awards - 1))
        events = self.model.known(None)
        first = next(one for one in events if one.award == chosen and one.follows is None)
        last = first
        while after := [one for one in events if one.follows == last.entry]:
            last = after[0]
        if last.stands is None:
            return
        code, happened, _until, _taken = last.stands
        on = FIRST + timedelta(days=day)
        try:
            with clock.sample_time(self.now):
                if how == "void":
                    entry = void_award(self.officer, first.entry, reason="Never so.", **self.people())
                    stands = None
                elif how == "withdraw":
                    entry = withdraw_award(self.officer, first.entry, reason="Ended.", last_day=on, **self.people())
                    stands = (code, happened, on, True)
                else:
                    entry = correct_award(
                        self.officer,
                        first.entry,
                        reason="Another day.",
                        day=on,
                        minutes=30,
                        valid_until=None,
                        **self.people(),
                    )
                    stands = (code, on, None, False)
        except QualificationRefused:
            return
        self.model.waiting.append(Event(entry.pk, chosen, last.entry, stands, self.now))

    @rule(code=st.sampled_from(CODES), day=st.integers(0, 100), days=st.integers(0, 60))
    def exempt(self, code: str, day: int, days: int) -> None:
        first = FIRST + timedelta(days=day)
        try:
            with clock.sample_time(self.now):
                row = grant_exemption(
                    self.officer,
                    qualification(code),
                    at=self.now,
                    reason="Desk.",
                    valid_from=first,
                    until=first + timedelta(days=days),
                    **self.people(),
                )
        except QualificationRefused:
            return
        self.note(row)

    @precondition(lambda self: self.model.ruled)
    @rule(data=st.data(), days=st.integers(-1, 5))
    def end_an_exemption(self, data: st.DataObject, days: int) -> None:
        row = Exemption.objects.get(pk=data.draw(st.sampled_from(self.model.ruled)).pk)
        try:
            with clock.sample_time(self.now):
                ended = end_exemption(
                    row,
                    at=self.now,
                    reason="Over.",
                    last_day=clock.today() + timedelta(days=days),
                    **self.people(),
                )
        except QualificationRefused:
            return
        self.note(ended)

    def note(self, row: Exemption) -> None:
        period = None if row.is_void else (row.valid_from, row.valid_until)
        self.model.ruled.append(Ruled(row.pk, row.recorded_at, row.supersedes_id, period))
        assert row.entry_id is not None
        # An entry of the tree that changes no award.
        self.model.waiting.append(Event(row.entry_id, -1, UUID(int=0), None, self.now))

    @rule()
    def seal(self) -> None:
        with clock.sample_time(self.now):
            seal_now()
        order = sorted(self.model.waiting, key=lambda one: (one.stamped, str(one.entry)))
        self.model.final += order
        self.model.waiting = []
        self.take_in_checkpoints()

    @precondition(lambda self: self.model.checkpoints)
    @rule(data=st.data(), shift=st.sampled_from([0, 1, -1]))
    def ask_as_known(self, data: st.DataObject, shift: int) -> None:
        time, _size = data.draw(st.sampled_from(self.model.checkpoints))
        known_at = time + timedelta(microseconds=shift)
        expected = self.model.standing(known_at)
        footing = footing_at(known_at)
        answer = entries_of(self.officer.public_id, known_at=known_at)
        size = max((size for moment, size in self.model.checkpoints if moment <= known_at), default=0)
        assert answer.size == footing.size == size
        assert currency_of(self.officer, on=clock.today(), known_at=known_at).size == size
        assert self.awards_as(footing.cut) == expected
        assert [entry.entry_id for entry in answer.entries] or not self.model.known(known_at)
        assert {entry.entry_id for entry in answer.entries} == {one.entry for one in self.model.known(known_at)}
        assert self.recorded(known_at) == expected
        self.the_page_of_awards_agrees(known_at, expected)
        if not footing.is_provisional:
            assert self.exempt_as(footing.cut.moment) == self.model.exempt(known_at)
            self.asked.append((known_at, expected))

    @invariant()
    def what_was_answered_once_is_answered_for_ever(self) -> None:
        for known_at, expected in self.asked[-3:]:
            assert self.awards_as(footing_at(known_at).cut) == expected

    @invariant()
    def now_everything_counts_and_every_reader_agrees(self) -> None:
        expected = self.model.standing(None)
        assert self.awards_as(EVERYTHING) == expected
        standing = [(one.code, one.day, one.valid_until, one.is_withdrawn) for one in all_awards(self.officer)]
        assert sorted(standing, key=str) == expected
        assert self.recorded(None) == expected
        assert self.exempt_as(None) == self.model.exempt(None)

    @invariant()
    def the_record_shows_what_stands_and_one_click_away_everything(self) -> None:
        parts = entries_of(self.officer.public_id).entries
        shown = [
            (one.subject, one.day, one.valid_until) for one in standing_parts(parts) if one.kind == "qualification"
        ]
        assert sorted(shown, key=str) == sorted([stands[:3] for stands in self.model.standing(None)], key=str)
        record = record_of(self.officer, year=None, on=FIRST, everything=True)
        assert record.recorded == len(self.model.known(None)) + len(self.model.decided(None))
        assert (record.answer.size, record.answer.unsealed) == (len(self.model.final), len(self.model.waiting))

    def awards_as(self, cut: Cut) -> list[Stands]:
        found, _unsealed = awards_of([self.officer.public_id], cut)
        short, _none = awards_in_short([self.officer.public_id], cut)
        told = [
            (code, one.day, one.valid_until, one.ends_by_decision)
            for code, several in found[self.officer.public_id].items()
            for one in several
        ]
        in_short = [
            (code, one.day, one.valid_until, one.ends_by_decision)
            for code, several in short[self.officer.public_id].items()
            for one in several
        ]
        assert sorted(told, key=str) == sorted(in_short, key=str)
        return sorted(told, key=str)

    def recorded(self, known_at: datetime | None) -> list[Stands]:
        """Return what the page with all that was ever recorded says stands, by the words of the last entry."""
        found = []
        parts = {part.entry_id: part for part in entries_of(self.officer.public_id, known_at=known_at).entries}
        for thing in everything_recorded(self.officer, known_at=known_at).things:
            last = parts[thing.entries[-1].entry]
            if thing.what == "Qualification awarded" and thing.is_standing:
                found.append((last.subject, last.day, last.valid_until, "taken back" in thing.stands))
        return sorted(found, key=str)

    def the_page_of_awards_agrees(self, known_at: datetime, expected: list[Stands]) -> None:
        """On any day the page shows the awards reached by then, as known at the time."""
        for on in (FIRST + timedelta(days=50), FIRST + timedelta(days=100)):
            shown = record_shown(self.officer, on=on, known_at=known_at)["awards"]
            told = [(row.award.code, row.award.day, row.award.valid_until, row.award.is_withdrawn) for row in shown]
            assert sorted(told, key=str) == [stands for stands in expected if stands[1] <= on]

    def exempt_as(self, moment: datetime | None) -> list[tuple[date, date | None]]:
        rows = Exemption.objects.known(moment).filter(officer=self.officer, is_void=False)
        return sorted(rows.values_list("valid_from", "valid_until"))


@pytest.mark.django_db
def test_any_story_with_both_times_ends_as_the_list_of_events_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "ENTRIES_AT_ONCE", 3)
    run_state_machine_as_test(
        BothTimes,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )


@dataclass
class Slow:
    """A transaction in a connection of its own that has written an award and waits to be told to commit."""

    may_commit: threading.Event
    thread: threading.Thread


def begun(officer: User, day: date) -> Slow:
    """Write an award in another connection and leave it uncommitted."""
    written, may_commit = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                award_qualification(officer, qualification("QA"), day=day, by=None, basis="imported")
                written.set()
                may_commit.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(20)
    return Slow(may_commit, thread)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_transactions_that_commit_in_another_order_are_known_from_when_they_were_sealed(seed: int) -> None:
    """On PostgreSQL writers do not wait for one another; SQLite has one writer, so there one transaction is open at a time."""
    chance = random.Random(seed)
    make_qualification("QA")
    officer = factories.person("PC O. Demo")
    most = 4 if connection.vendor == "postgresql" else 1
    open_ones: list[tuple[Slow, date]] = []
    committed: list[date] = []
    sealed: list[date] = []
    known: list[tuple[datetime, list[date]]] = []

    def days_at(known_at: datetime) -> list[date]:
        return sorted(part.day for part in entries_of(officer.public_id, known_at=known_at).entries)

    def commit_one() -> None:
        slow, day = open_ones.pop(chance.randrange(len(open_ones)))
        slow.may_commit.set()
        slow.thread.join()
        committed.append(day)

    for number in range(10):
        if len(open_ones) == most:
            commit_one()
        day = FIRST + timedelta(days=number)
        open_ones.append((begun(officer, day), day))
        # SQLite's one writer is the open transaction, so the sealer finds its turn after it.
        if connection.vendor != "postgresql":
            commit_one()
        if chance.random() < 0.6:
            seal_now()
            sealed += [one for one in committed if one not in sealed]
            last = Checkpoint.objects.order_by("-time").first()
            assert last is not None
            known.append((last.time, sorted(sealed)))
        for known_at, days in known:
            assert days_at(known_at) == days
    while open_ones:
        commit_one()
    seal_now()
    assert sorted(part.day for part in entries_of(officer.public_id).entries) == sorted(committed)
    for known_at, days in known:
        assert days_at(known_at) == days
    assert examined().is_sound
