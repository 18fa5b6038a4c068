"""Sealing: committed entries only, one sealer, one history, and a loud refusal where the tree would not extend the last."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from cpd_records.ledger import sealing
from cpd_records.ledger.checkpoints import LedgerRefuses, last_checkpoint, open_checkpoint
from cpd_records.ledger.sealing import SealOutcome, rebuild, seal_now, sole_sealer
from cpd_records.models import Checkpoint, HashTile, SealedPlace, UnsealedEntry
from people import clock
from people.models import Hold
from people.stamps import stamp
from tests.cpd_records import ledger_by_hand as by_hand
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.ledger_acts import MOMENT, examined, run, write_entry, write_sealed


@pytest.mark.django_db
def test_sealing_gives_entries_contiguous_places_in_the_order_they_were_written_and_signs_the_root() -> None:
    entries = [write_entry() for _number in range(5)]

    report = seal_now()

    assert (report.outcome, report.sealed, report.size) == (SealOutcome.SEALED, 5, 5)
    assert list(SealedPlace.objects.order_by("index").values_list("index", "entry_id")) == [
        (index, entry.id) for index, entry in enumerate(entries)
    ]
    assert not UnsealedEntry.objects.exists()
    checkpoint = Checkpoint.objects.get()
    assert bytes(checkpoint.root) == by_hand.mth([by_hand.leaf(bytes(entry.commitment)) for entry in entries])
    assert open_checkpoint(checkpoint).size == 5
    assert examined().is_sound


@pytest.mark.django_db
def test_sealing_twice_is_sealing_once() -> None:
    write_sealed(2)

    report = seal_now()

    assert (report.outcome, report.sealed, report.size) == (SealOutcome.NOTHING, 0, 2)
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_nothing_to_seal_costs_a_few_small_queries_and_writes_nothing(django_assert_max_num_queries: Any) -> None:
    write_sealed()

    with django_assert_max_num_queries(5) as queries:
        seal_now()

    assert all(query["sql"].startswith("SELECT") for query in queries.captured_queries)


@pytest.mark.django_db
def test_many_entries_are_sealed_in_batches_each_with_its_checkpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "ENTRIES_AT_ONCE", 3)
    for _number in range(7):
        write_entry()

    assert seal_now().sealed == 7

    assert list(Checkpoint.objects.order_by("time").values_list("size", flat=True)) == [3, 6, 7]
    assert examined().is_sound


@pytest.mark.django_db
def test_a_checkpoint_is_made_also_when_only_rows_with_two_times_were_added() -> None:
    write_sealed()
    before = last_checkpoint()
    with transaction.atomic(), stamp() as recorded_at:
        pass

    report = seal_now()

    after = last_checkpoint()
    assert before
    assert after
    assert (report.outcome, report.sealed) == (SealOutcome.SEALED, 0)
    assert (after.size, bytes(after.root)) == (before.size, bytes(before.root))
    assert before.time < recorded_at < after.time
    assert seal_now().outcome is SealOutcome.NOTHING


@pytest.mark.django_db
def test_rows_with_two_times_alone_make_a_checkpoint_of_the_empty_tree() -> None:
    with transaction.atomic(), stamp():
        pass

    assert seal_now().outcome is SealOutcome.SEALED

    checkpoint = Checkpoint.objects.get()
    assert (checkpoint.size, bytes(checkpoint.root)) == (0, by_hand.mth([]))
    assert write_sealed()
    assert examined().is_sound


@pytest.mark.django_db
def test_the_times_of_checkpoints_rise_when_the_clock_steps_back() -> None:
    for moment in (MOMENT, MOMENT - timedelta(days=3), MOMENT - timedelta(days=1)):
        with clock.sample_time(moment):
            write_sealed()

    times = list(Checkpoint.objects.order_by("size").values_list("time", flat=True))
    assert times[0] < times[1] < times[2]
    assert examined().is_sound


@pytest.mark.django_db
def test_an_entry_that_was_written_earlier_and_committed_later_takes_a_later_place() -> None:
    with clock.sample_time(MOMENT):
        (first,) = write_sealed()
    with clock.sample_time(MOMENT - timedelta(hours=1)):
        late = write_entry()
    seal_now()

    assert first.place.index == 0
    assert SealedPlace.objects.get(entry=late).index == 1


@pytest.mark.django_db
def test_the_sealer_waits_while_sample_history_is_written_and_the_history_itself_may_seal() -> None:
    write_entry()
    Hold.objects.create(name="sample history", until=timezone.now() + timedelta(minutes=5))

    assert seal_now().outcome is SealOutcome.WAITING
    assert not Checkpoint.objects.exists()
    with clock.sample_time(MOMENT):
        assert seal_now().outcome is SealOutcome.SEALED
    checkpoint = last_checkpoint()
    assert checkpoint
    assert checkpoint.time == MOMENT


@pytest.mark.django_db
def test_the_sealer_refuses_where_tiles_no_longer_lead_to_the_signed_root_and_changes_nothing() -> None:
    write_sealed(3)
    tile = HashTile.objects.get()
    HashTile.objects.update(hashes=b"\x00" * 32 + bytes(tile.hashes)[32:])
    write_entry()

    with pytest.raises(LedgerRefuses, match=r"does not extend the tree of 3 .* ledger_verify"):
        seal_now()

    assert Checkpoint.objects.count() == 1
    assert SealedPlace.objects.count() == 3
    assert UnsealedEntry.objects.count() == 1


@pytest.mark.django_db
def test_rebuilding_makes_lost_tiles_anew_and_sealing_goes_on() -> None:
    write_sealed(3)
    HashTile.objects.all().delete()
    write_entry()
    with pytest.raises(LedgerRefuses, match="ledger_rebuild"):
        seal_now()

    assert rebuild() == 3

    assert seal_now().size == 4
    assert examined().is_sound


@pytest.mark.django_db
def test_rebuilding_refuses_places_that_do_not_lead_to_the_signed_root() -> None:
    write_sealed(3)
    before = bytes(HashTile.objects.get().hashes)
    with altered_evidence():
        run('UPDATE cpd_records_sealedplace SET leaf_hash = %s WHERE "index" = 1', b"\x01" * 32)

    with pytest.raises(LedgerRefuses, match="nothing was rebuilt"):
        rebuild()

    assert bytes(HashTile.objects.get().hashes) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE cpd_records_checkpoint SET note = replace(note, 'time 2', 'time 1')", "does not belong to this text"),
        ("UPDATE cpd_records_checkpoint SET size = 2", "3 entries have a place, but the last checkpoint is of size 2"),
        ("UPDATE cpd_records_checkpoint SET time = '2020-01-01 00:00:00'", "differs from the note"),
        ("DELETE FROM cpd_records_checkpoint", "have a place, but the last checkpoint is of size 0"),
        ('DELETE FROM cpd_records_sealedplace WHERE "index" = 2', "2 entries have a place"),
    ],
)
def test_the_sealer_does_not_build_on_evidence_that_was_altered(sql: str, says: str) -> None:
    write_sealed(3)
    with altered_evidence():
        run(sql)
    write_entry()

    with pytest.raises(LedgerRefuses, match=says):
        seal_now()


@pytest.mark.django_db
def test_a_checkpoint_is_never_made_before_the_last_even_where_the_last_stamp_was_tampered_with() -> None:
    write_sealed()
    run("UPDATE people_laststamp SET at = %s, row_at = NULL", MOMENT - timedelta(days=700))
    with clock.sample_time(MOMENT - timedelta(days=600)):
        write_entry()
        with pytest.raises(LedgerRefuses, match="not later than the last checkpoint"):
            seal_now()


@pytest.mark.django_db(transaction=True)
def test_sealing_inside_a_transaction_is_refused_because_it_would_seal_what_is_not_committed() -> None:
    with transaction.atomic():
        write_entry()
        with pytest.raises(RuntimeError, match="durable"):
            seal_now()


@pytest.mark.django_db(transaction=True)
def test_a_second_sealer_says_so_and_leaves_everything_to_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    write_entry()
    with at_work_elsewhere(sole_sealer):
        report = seal_now()
        call_command("ledger_seal")

    assert report.outcome is SealOutcome.ANOTHER
    assert "Another sealer is at work" in capsys.readouterr().out
    assert not Checkpoint.objects.exists()
    assert seal_now().sealed == 1


@pytest.mark.django_db(transaction=True)
def test_rebuilding_waits_for_its_turn() -> None:
    write_sealed()
    with at_work_elsewhere(sole_sealer), pytest.raises(CommandError, match="Another sealer"):
        call_command("ledger_rebuild")


@pytest.mark.django_db(transaction=True)
def test_sealers_that_start_together_give_each_entry_one_place() -> None:
    for _number in range(12):
        write_entry()
    start, reports = threading.Barrier(4), []

    def race() -> None:
        try:
            start.wait()
            reports.append(seal_now())
        finally:
            connections.close_all()

    sealers = [threading.Thread(target=race) for _number in range(4)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()

    assert sum(report.sealed for report in reports) == 12
    assert {report.outcome for report in reports} <= {SealOutcome.SEALED, SealOutcome.ANOTHER, SealOutcome.NOTHING}
    assert sorted(SealedPlace.objects.values_list("index", flat=True)) == list(range(12))
    assert examined().is_sound


@pytest.mark.django_db(transaction=True)
def test_only_committed_entries_are_sealed_and_a_late_commit_comes_after() -> None:
    """On PostgreSQL writers do not wait for one another; SQLite has one writer, so there the other order cannot happen."""
    if connection.vendor != "postgresql":
        with transaction.atomic():
            early = write_entry()
        assert seal_now().sealed == 1
        assert early.place.index == 0
        return

    @transaction.atomic
    def write_slowly(written: threading.Event, may_commit: threading.Event) -> None:
        write_entry(subject="slow")
        written.set()
        may_commit.wait()

    written, may_commit = threading.Event(), threading.Event()
    slow = in_another_connection(write_slowly, written, may_commit)
    written.wait()
    quick = write_entry(subject="quick")

    assert seal_now().sealed == 1
    may_commit.set()
    slow.join()
    assert seal_now().sealed == 1

    assert SealedPlace.objects.get(entry=quick).index == 0
    assert SealedPlace.objects.get(entry__readable__subject="slow").index == 1
    assert examined().is_sound


def in_another_connection(act: Callable[..., Any], *given: Any) -> threading.Thread:
    def run_and_close() -> None:
        try:
            act(*given)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run_and_close)
    thread.start()
    return thread


class at_work_elsewhere:
    """While this stands, another connection holds what ``opens`` opens."""

    def __init__(self, opens: Callable[[], Any]) -> None:
        self._opens, self._held, self._done = opens, threading.Event(), threading.Event()

    def _hold(self) -> None:
        with self._opens() as is_sole:
            assert is_sole
            self._held.set()
            self._done.wait()

    def __enter__(self) -> None:
        self._thread = in_another_connection(self._hold)
        self._held.wait()

    def __exit__(self, *_: Any) -> None:
        self._done.set()
        self._thread.join()
