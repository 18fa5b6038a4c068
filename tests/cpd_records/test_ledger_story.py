"""Any story of writing, sealing, erasing and turning clocks, told to the ledger and to a model that is too simple to be wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cpd_records.ledger import sealing
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.proofs import opening_of, proof_of
from cpd_records.ledger.queries import entries_of
from cpd_records.ledger.sealing import SealOutcome, rebuild, seal_now
from cpd_records.models import Checkpoint, HashTile, LedgerEntry, SealedPlace
from cpd_records.verification.proofs import check_proof
from people import clock
from people.stamps import stamp
from tests.cpd_records import ledger_by_hand as by_hand
from tests.cpd_records.ledger_acts import MOMENT, examined, write_entry

OFFICERS = [UUID(int=number) for number in (1, 2)]


@dataclass
class Told:
    """What the model remembers of an entry."""

    entry: LedgerEntry
    officer: UUID
    day: date
    ticket: datetime
    is_erased: bool = False
    is_record: bool = False

    def counts_for(self, officer: UUID) -> bool:
        """Whether an answer about the officer has it: what records an erasure says nothing of what somebody did."""
        return self.officer == officer and not self.is_erased and not self.is_record


@dataclass
class Model:
    """The ledger as lists: entries that wait, entries in the tree, checkpoints as (time, size), times of rows with two times."""

    waiting: list[Told] = field(default_factory=list)
    sealed: list[Told] = field(default_factory=list)
    checkpoints: list[tuple[datetime, int]] = field(default_factory=list)
    rows: list[datetime] = field(default_factory=list)

    def has_news(self) -> bool:
        last = self.checkpoints[-1][0] if self.checkpoints else None
        return bool(self.waiting) or any(last is None or row > last for row in self.rows)

    def known(self, officer: UUID, known_at: datetime) -> tuple[set[UUID], int]:
        size = max((size for time, size in self.checkpoints if time <= known_at), default=0)
        return {told.entry.id for told in self.sealed[:size] if told.counts_for(officer)}, size


class LedgerStory(RuleBasedStateMachine):
    """Rules are what may happen; invariants are what must hold after each."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.now = MOMENT
        self.answers: list[tuple[UUID, datetime, set[UUID]]] = []
        # As Django's own test case does: a transaction that 'durable' blocks may stand in, rolled back at the end.
        self.undone = transaction.atomic()
        self.undone._from_testcase = True  # type: ignore[attr-defined]
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(seconds=st.sampled_from([1, 3600, 0, -1, -86_400]))
    def turn_the_clock(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(officer=st.sampled_from(OFFICERS), day=st.integers(1, 3), title=st.text(max_size=5, alphabet="aé😀'"))
    def write(self, officer: UUID, day: int, title: str) -> None:
        happened = date(2026, 8, day)
        with clock.sample_time(self.now):
            entry = write_entry(officer=officer, day=happened, payload={"title": title})
        self.model.waiting.append(Told(entry, officer, happened, self.now))

    @rule()
    def write_and_roll_back(self) -> None:
        with clock.sample_time(self.now), transaction.atomic():
            write_entry()
            transaction.set_rollback(True)

    @rule()
    def record_a_row_with_two_times(self) -> None:
        with clock.sample_time(self.now), transaction.atomic(), stamp() as recorded_at:
            self.model.rows.append(recorded_at)

    @rule()
    def seal(self) -> None:
        has_news = self.model.has_news()
        with clock.sample_time(self.now):
            report = seal_now()
        assert (report.outcome is SealOutcome.SEALED) == has_news
        if not has_news:
            return
        batches = list(Checkpoint.objects.order_by("time").values_list("time", "size"))[len(self.model.checkpoints) :]
        assert batches
        self.model.checkpoints += batches
        order = sorted(self.model.waiting, key=lambda told: (told.ticket, str(told.entry.id)))
        self.model.sealed += order
        self.model.waiting = []
        assert report.sealed == len(order)
        assert batches[-1][1] == len(self.model.sealed)

    @precondition(lambda self: self.model.sealed)
    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        told = data.draw(st.sampled_from(self.model.sealed))
        if told.is_erased or told.is_record:
            return
        with clock.sample_time(self.now):
            record = erase_readable_part(told.entry, retention_class="x", authority="y", at=self.now).recorded_in
        assert record is not None
        told.is_erased = True
        self.model.waiting.append(Told(record, told.officer, timezone.localdate(self.now), self.now, is_record=True))

    @precondition(lambda self: self.model.sealed)
    @rule(data=st.data())
    def prove(self, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, len(self.model.sealed) - 1))
        told = self.model.sealed[index]
        if told.is_erased:
            return
        proven = check_proof(proof_of(told.entry), opening_of(told.entry), keys=[str(key) for key in verifier_keys()])
        assert (proven.index, proven.size) == (index, len(self.model.sealed))
        assert proven.payload["day"] == told.day.isoformat()

    @rule()
    def lose_the_tiles_and_rebuild_them(self) -> None:
        HashTile.objects.all().delete()
        assert rebuild() == len(self.model.sealed)

    @precondition(lambda self: self.model.checkpoints)
    @rule(data=st.data(), officer=st.sampled_from(OFFICERS))
    def ask_as_known(self, data: st.DataObject, officer: UUID) -> None:
        time, _size = data.draw(st.sampled_from(self.model.checkpoints))
        known_at = time + data.draw(st.sampled_from([timedelta(0), timedelta(microseconds=-1)]))
        answer = entries_of(officer, known_at=known_at)
        expected, size = self.model.known(officer, known_at)
        assert ({entry.entry_id for entry in answer.entries}, answer.size) == (expected, size)
        assert not answer.provisional
        self.answers.append((officer, known_at, expected))

    @invariant()
    def what_was_answered_once_is_answered_for_ever(self) -> None:
        erased = {told.entry.id for told in self.model.sealed if told.is_erased}
        for officer, known_at, expected in self.answers[-3:]:
            answer = entries_of(officer, known_at=known_at)
            assert {entry.entry_id for entry in answer.entries} == expected - erased

    @invariant()
    def without_a_time_everything_written_counts(self) -> None:
        for officer in OFFICERS:
            answer = entries_of(officer)
            told = [*self.model.sealed, *self.model.waiting]
            assert {entry.entry_id for entry in answer.entries} == {
                one.entry.id for one in told if one.counts_for(officer)
            }
            assert answer.unsealed == sum(1 for one in self.model.waiting if one.counts_for(officer))
            assert answer.erased == sum(1 for one in self.model.sealed if one.officer == officer and one.is_erased)

    @invariant()
    def places_are_those_of_the_list_and_the_root_is_as_defined(self) -> None:
        places = list(SealedPlace.objects.order_by("index").values_list("index", "entry_id"))
        assert places == [(index, told.entry.id) for index, told in enumerate(self.model.sealed)]
        last = last_checkpoint()
        if last:
            leaves = [by_hand.leaf(bytes(told.entry.commitment)) for told in self.model.sealed]
            assert bytes(last.root) == by_hand.mth(leaves)

    @invariant()
    def checkpoints_never_go_back_and_divide_rows_with_two_times(self) -> None:
        times = [time for time, _size in self.model.checkpoints]
        assert times == sorted(set(times))
        assert not set(times) & set(self.model.rows)

    @invariant()
    def the_verifier_finds_it_sound(self) -> None:
        found = examined()
        assert found.problems == []
        assert found.entries == len(self.model.sealed) + len(self.model.waiting)
        assert json.loads(json.dumps(found.as_json()))["ok"]


@pytest.mark.django_db
def test_any_story_told_to_the_ledger_ends_as_told_to_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "ENTRIES_AT_ONCE", 3)
    run_state_machine_as_test(
        LedgerStory,
        settings=settings(
            max_examples=8,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
        ),
    )
