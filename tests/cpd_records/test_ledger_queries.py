"""What the ledger answers: on any day, as known at any time, and always the same to the same question."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.queries import entries_of
from cpd_records.ledger.sealing import seal_now
from people import clock
from people.stamps import stamp
from tests.cpd_records.ledger_acts import MOMENT, OFFICER, write_entry, write_sealed

pytestmark = pytest.mark.django_db


def test_without_a_time_every_committed_entry_counts_and_the_answer_says_how_many_are_not_sealed() -> None:
    sealed = write_sealed(2)
    fresh = write_entry()
    write_entry(officer=UUID(int=1))

    answer = entries_of(OFFICER)

    assert {entry.entry_id for entry in answer.entries} == {entry.id for entry in [*sealed, fresh]}
    assert (answer.size, answer.unsealed, answer.provisional, answer.erased) == (2, 1, False, 0)


def test_a_day_counts_with_all_that_happened_on_it() -> None:
    for day in (3, 1, 2):
        write_entry(day=date(2026, 9, day))

    answer = entries_of(OFFICER, on=date(2026, 9, 2))

    assert [entry.day for entry in answer.entries] == [date(2026, 9, 1), date(2026, 9, 2)]


def test_as_known_at_a_time_the_last_checkpoint_before_it_cuts_the_answer() -> None:
    with clock.sample_time(MOMENT):
        first = write_sealed()[0]
    with clock.sample_time(MOMENT + timedelta(hours=2)):
        write_sealed(2)

    answer = entries_of(OFFICER, known_at=MOMENT + timedelta(hours=1))

    assert [entry.entry_id for entry in answer.entries] == [first.id]
    assert (answer.size, answer.unsealed, answer.provisional) == (1, 0, False)
    assert entries_of(OFFICER, known_at=MOMENT).size == 1
    assert entries_of(OFFICER, known_at=MOMENT + timedelta(hours=2)).size == 3


def test_an_entry_written_before_a_checkpoint_and_committed_after_was_not_known_then() -> None:
    with clock.sample_time(MOMENT):
        write_sealed()
    with clock.sample_time(MOMENT - timedelta(minutes=5)):
        late = write_entry()
    with clock.sample_time(MOMENT + timedelta(hours=2)):
        seal_now()

    before = entries_of(OFFICER, known_at=MOMENT + timedelta(hours=1))

    assert late.id not in {entry.entry_id for entry in before.entries}
    assert before.size == 1


def test_before_the_first_checkpoint_nothing_was_known_and_that_never_changes() -> None:
    with clock.sample_time(MOMENT):
        write_sealed()

    answer = entries_of(OFFICER, known_at=MOMENT - timedelta(seconds=1))

    assert (answer.entries, answer.size, answer.provisional) == ((), 0, False)


def test_after_the_last_checkpoint_an_answer_is_provisional() -> None:
    assert entries_of(OFFICER, known_at=MOMENT).provisional
    with clock.sample_time(MOMENT):
        write_sealed()
        write_entry()

    answer = entries_of(OFFICER, known_at=MOMENT + timedelta(seconds=1))

    assert answer.provisional
    assert (len(answer.entries), answer.size) == (1, 1)
    assert not entries_of(OFFICER, known_at=MOMENT).provisional


def test_an_answer_is_settled_once_a_row_with_two_times_has_brought_a_checkpoint() -> None:
    with clock.sample_time(MOMENT):
        write_sealed()
    with clock.sample_time(MOMENT + timedelta(hours=1)), transaction.atomic(), stamp() as recorded_at:
        pass
    assert entries_of(OFFICER, known_at=recorded_at).provisional

    with clock.sample_time(MOMENT + timedelta(hours=1)):
        seal_now()

    checkpoint = last_checkpoint()
    assert checkpoint
    assert checkpoint.time > recorded_at
    assert not entries_of(OFFICER, known_at=recorded_at).provisional


def test_where_records_were_erased_the_answer_says_so() -> None:
    with clock.sample_time(MOMENT):
        kept, erased = write_sealed(2)
    erase_readable_part(erased, retention_class="training", authority="Head of Information", at=MOMENT)

    answer = entries_of(OFFICER)

    assert [entry.entry_id for entry in answer.entries] == [kept.id]
    assert answer.erased == 1
    assert entries_of(OFFICER, known_at=MOMENT).erased == 1
    assert entries_of(OFFICER, known_at=MOMENT - timedelta(days=1)).erased == 0
    assert entries_of(UUID(int=1)).erased == 0


@pytest.mark.parametrize("question", [{}, {"known_at": MOMENT + timedelta(hours=1)}])
def test_an_answer_costs_the_same_few_queries_for_1_entry_or_50(
    question: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    with clock.sample_time(MOMENT):
        write_sealed(50)

    with django_assert_max_num_queries(4):
        assert len(entries_of(OFFICER, **question).entries) == 50
