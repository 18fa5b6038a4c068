"""Writing an entry: with the fact or not at all, every column also in the payload, and a refusal in a sentence otherwise."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from cpd_records.ledger.canonical import PayloadRefused
from cpd_records.ledger.commitment import commit
from cpd_records.ledger.entries import EntryRefused, append_entry
from cpd_records.models import LedgerEntry, ReadablePart, UnsealedEntry
from people import clock
from tests.cpd_records.ledger_acts import DAY, MOMENT, OFFICER, examined, write_entry

ANN, BO = UUID(int=1001), UUID(int=1002)
TWO = {"reason": "so", "by": ANN, "approved_by": BO}

pytestmark = pytest.mark.django_db


def test_an_entry_says_in_its_payload_whatever_its_columns_say() -> None:
    with clock.sample_time(MOMENT):
        entry = write_entry(
            payload={"title": "Cafe\u0301", "marks": 850_000},
            minutes=90,
            subject="SPEC-110",
            valid_until=date(2028, 8, 31),
        )

    readable = ReadablePart.objects.get(entry=entry)
    assert json.loads(readable.payload) == {
        "v": 1,
        "id": str(entry.id),
        "kind": "completion",
        "officer": str(OFFICER),
        "subject": "SPEC-110",
        "day": "2026-09-01",
        "minutes": 90,
        "valid_until": "2028-08-31",
        "recorded_at": "2026-09-01T14:30:00.000000Z",
        "title": "Café",
        "marks": 850_000,
    }
    assert (readable.officer, readable.day, readable.minutes, readable.subject) == (OFFICER, DAY, 90, "SPEC-110")
    assert readable.recorded_at == MOMENT
    assert commit(bytes(readable.salt), readable.payload.encode()) == bytes(entry.commitment)
    assert UnsealedEntry.objects.filter(entry=entry).exists()


def test_what_an_entry_does_not_have_is_absent_from_its_payload() -> None:
    entry = write_entry(payload={}, minutes=0)

    payload = json.loads(entry.readable.payload)
    assert payload.keys() == {"v", "id", "kind", "officer", "day", "minutes", "recorded_at"}
    assert payload["minutes"] == 0


def test_two_entries_that_say_the_same_have_different_commitments() -> None:
    assert bytes(write_entry().commitment) != bytes(write_entry().commitment)


def test_an_entry_costs_three_statements(django_assert_num_queries: Any) -> None:
    with transaction.atomic(), django_assert_num_queries(3):
        append_entry(kind="completion", officer=OFFICER, day=DAY, payload={})


def test_an_entry_that_is_rolled_back_leaves_nothing() -> None:
    with transaction.atomic():
        append_entry(kind="completion", officer=OFFICER, day=DAY, payload={})
        transaction.set_rollback(True)

    assert not LedgerEntry.objects.exists()
    assert not ReadablePart.objects.exists()
    assert not UnsealedEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_refused_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        append_entry(kind="completion", officer=OFFICER, day=DAY, payload={})

    assert not LedgerEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_sealer_is_woken_after_the_commit_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[bool] = []
    monkeypatch.setattr("people.work.wake", lambda: woken.append(connection.in_atomic_block))

    with transaction.atomic():
        append_entry(kind="completion", officer=OFFICER, day=DAY, payload={})
        assert woken == []

    assert woken == [False]


def test_a_correction_names_its_entry_its_reason_and_its_author() -> None:
    wrong = write_entry(minutes=900)

    correction = write_entry(
        kind="correction",
        corrects=wrong.id,
        minutes=90,
        payload={"reason": "Typed one nought too many", "by": uuid4(), "approved_by": uuid4()},
    )

    assert json.loads(correction.readable.payload)["corrects"] == str(wrong.id)
    assert correction.readable.corrects == wrong.id
    assert examined().is_sound


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kind": "correction"}, "names the entry"),
        ({"kind": "correction", "corrects": uuid4()}, "its author and who approved it"),
        ({"kind": "correction", "corrects": uuid4(), "payload": {"reason": "so", "by": ANN}}, "who approved it"),
        ({"kind": "correction", "corrects": uuid4(), "payload": {**TWO, "approved_by": ANN}}, "takes two people"),
        ({"kind": "correction", "corrects": uuid4(), "payload": {**TWO, "by": OFFICER}}, "neither proposed nor"),
        ({"kind": "correction", "corrects": uuid4(), "payload": {**TWO, "approved_by": OFFICER}}, "nor approved"),
        ({"kind": "correction", "corrects": uuid4(), "payload": TWO}, "not in the ledger"),
        ({"kind": "certificate_revoked", "payload": {"reason": "so", "by": ANN}}, "who approved it"),
        ({"kind": "exemption", "payload": {"reason": "so", "by": ANN}}, "who approved it"),
        ({"kind": "completion", "corrects": uuid4()}, "not in the ledger"),
        ({"kind": "holiday"}, "records no 'holiday'"),
        ({"officer": "6f1c"}, "public UUID"),
        ({"day": datetime(2026, 9, 1, tzinfo=UTC)}, "'day' is a day"),
        ({"valid_until": "2026-09-01"}, "'valid_until' is a day"),
        ({"minutes": -1}, "whole number"),
        ({"minutes": 1.5}, "whole number"),
        ({"minutes": True}, "whole number"),
        ({"minutes": 2**31}, "whole number"),
        ({"subject": "x" * 121}, "at most 120"),
        ({"subject": "two\nlines"}, "in one line"),
        ({"subject": "\x00"}, "in one line"),
        ({"payload": {"minutes": 5}}, "names 'minutes' itself"),
        ({"payload": {"v": 2}}, "names 'v' itself"),
    ],
)
def test_an_entry_that_may_not_be_is_refused_in_a_sentence(given: dict[str, Any], says: str) -> None:
    with pytest.raises(EntryRefused, match=says):
        write_entry(**given)

    assert not LedgerEntry.objects.exists()


def test_an_entry_about_somebody_else_is_not_corrected() -> None:
    theirs = write_entry(officer=UUID(int=7))

    with pytest.raises(EntryRefused, match="somebody else"):
        write_entry(kind="correction", corrects=theirs.id, payload=TWO)


@pytest.mark.parametrize("hostile", [1.5, None, "\ud800", 2**53])
def test_a_payload_that_cannot_be_read_alike_by_all_is_refused(hostile: Any) -> None:
    with pytest.raises(PayloadRefused, match=r"payload\.title"):
        write_entry(payload={"title": hostile})

    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    "hostile",
    [
        "'; DROP TABLE cpd_records_ledgerentry; --",
        "<script>",
        "\x00\x1f\x7f",
        "‮gnp.exe",
        "a" + "\u0301" * 1000,
        "👩🏽‍✈️\u200b",
    ],
)
def test_any_text_is_kept_as_it_was_typed_and_verifies(hostile: str) -> None:
    entry = write_entry(payload={"title": hostile, hostile: "name"})

    assert hostile.replace("a\u0301", "á") in json.loads(entry.readable.payload)
    assert examined().is_sound
