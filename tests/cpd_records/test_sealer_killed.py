"""The sealer killed between any two statements, and the clock that runs behind: nothing is lost, nothing sealed twice, one history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cpd_records.ledger import sealing
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.queries import entries_of
from cpd_records.ledger.sealing import SealOutcome, seal_now
from cpd_records.models import Checkpoint, SealedPlace, UnsealedEntry
from people import clock
from tests.cpd_records.killed import kill_a_sealer, points_of_a_seal, seal_in_the_end
from tests.cpd_records.ledger_acts import MOMENT, OFFICER, examined, write_entry, write_sealed

WAITING = 4


@pytest.mark.django_db(transaction=True)
def test_a_sealer_killed_between_any_two_statements_leaves_what_the_next_one_finishes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Two batches, so that it is also killed between a commit and the next batch.
    monkeypatch.setattr(sealing, "ENTRIES_AT_ONCE", 3)
    written = [entry.pk for entry in write_sealed(2)]
    written += [write_entry().pk for _number in range(WAITING)]
    points = points_of_a_seal()
    assert points > 20, "the statements of two batches are seen"
    killed = 0
    for point in range(points):
        before = last_checkpoint()
        assert before
        written += [write_entry().pk for _number in range(WAITING)]
        killed += kill_a_sealer(point)
        # What the dead one committed is signed and whole; the rest waits.
        after = examined(against=before.note)
        assert after.problems == []
        assert after.sealed + UnsealedEntry.objects.count() == len(written)
        report = seal_in_the_end()
        assert report.outcome in (SealOutcome.SEALED, SealOutcome.NOTHING)
        assert report.size == len(written)
        assert examined(against=before.note).problems == []
    assert killed == points
    places = SealedPlace.objects.order_by("index").values_list("index", "entry_id")
    assert [index for index, _entry in places] == list(range(len(written)))
    assert {entry for _index, entry in places} == set(written)
    assert not UnsealedEntry.objects.exists()


@pytest.mark.django_db
def test_a_sealer_whose_clock_is_behind_the_last_checkpoint_signs_after_it_and_old_answers_stay() -> None:
    with clock.sample_time(MOMENT):
        write_sealed(2)
    known = entries_of(OFFICER, known_at=MOMENT)
    with clock.sample_time(MOMENT - timedelta(days=2)):
        late = write_entry()
        seal_now()
    times = list(Checkpoint.objects.order_by("size").values_list("time", flat=True))
    assert times == [MOMENT, MOMENT + timedelta(microseconds=1)]
    # Asked by a clock that is right again: what came late is not known earlier, whatever it says of itself.
    assert entries_of(OFFICER, known_at=MOMENT).entries == known.entries
    assert late.pk not in {entry.entry_id for entry in entries_of(OFFICER, known_at=MOMENT - timedelta(days=1)).entries}
    assert late.pk in {entry.entry_id for entry in entries_of(OFFICER, known_at=times[-1]).entries}
    assert examined().is_sound
