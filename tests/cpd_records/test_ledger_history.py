"""History in bulk is the very rows of the verbs, byte for byte; and it is refused where anything stands."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from cpd_records.activities import log_activity, submit_activity, verify_activity
from cpd_records.activities.history import PastActivity, insert_activities
from cpd_records.ledger import entries
from cpd_records.ledger.checkpoints import LedgerRefuses
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.history import Fact, HistoryWriter, SealedDay, holds_anything
from cpd_records.ledger.sealing import seal_now
from cpd_records.ledger.tree import EMPTY_ROOT, GrowingTree, root, source_of_leaves
from cpd_records.models import (
    Activity,
    ActivityStep,
    Checkpoint,
    HashTile,
    LedgerEntry,
    ReadablePart,
    SealedPlace,
    UnsealedEntry,
)
from people import clock
from people.models import User, WaitingWork
from tests import factories
from tests.cpd_records.ledger_acts import examined, write_entry

pytestmark = pytest.mark.django_db

FIRST = datetime(2024, 3, 30, 8, 15, tzinfo=UTC)
TABLES = (LedgerEntry, ReadablePart, SealedPlace, HashTile, Checkpoint, UnsealedEntry)


@contextmanager
def undone() -> Iterator[None]:
    """Undo what the block wrote for comparison: the triggers let nothing be deleted."""
    kept = transaction.savepoint()
    yield
    transaction.savepoint_rollback(kept)
    assert not LedgerEntry.objects.exists()


def facts(days: int = 3, a_day: int = 120) -> list[SealedDay]:
    """Return days of entries of every shape, more of them than a tile holds; the day the clocks go forward among them."""
    luck = random.Random(7)
    found = []
    for place in range(days):
        start = FIRST + timedelta(days=place)
        told = []
        for turn in range(a_day):
            moment = start + timedelta(seconds=turn)
            payload: dict[str, Any] = {"title": f"Turn {turn}", "on_duty": turn % 2 == 0, "z": turn, "a\x7f": '"\\/\n'}
            if turn % 5 == 0:
                payload |= {"title": "Zoë’s café", "by": uuid.UUID(int=turn), "list": [1, "é"]}
            told.append(
                Fact(
                    id=uuid.UUID(int=luck.getrandbits(128), version=4),
                    salt=luck.randbytes(32),
                    recorded_at=moment,
                    kind="qualification" if turn % 2 else "completion",
                    officer=uuid.UUID(int=turn % 7 + 1),
                    day=moment.date(),
                    payload=payload,
                    subject="PPST" if turn % 3 else "",
                    minutes=turn if turn % 4 else None,
                    valid_until=date(2025, 2, 28) if turn % 6 == 0 else None,
                )
            )
        found.append(SealedDay(told, start + timedelta(hours=2)))
    return found


def by_the_verbs(days: list[SealedDay], monkeypatch: pytest.MonkeyPatch) -> None:
    for day in days:
        for fact in day.facts:
            monkeypatch.setattr(entries.uuid, "uuid4", lambda fact=fact: fact.id)
            monkeypatch.setattr(entries, "new_salt", lambda fact=fact: fact.salt)
            with clock.sample_time(fact.recorded_at), transaction.atomic():
                append_entry(
                    kind=fact.kind,
                    officer=fact.officer,
                    day=fact.day,
                    payload=fact.payload,
                    minutes=fact.minutes,
                    subject=fact.subject,
                    valid_until=fact.valid_until,
                )
        monkeypatch.undo()
        with clock.sample_time(day.sealed_at):
            seal_now()


def in_bulk(days: list[SealedDay]) -> HistoryWriter:
    writer = HistoryWriter()
    for piece in (days[:1], days[1:]):
        with clock.sample_time(piece[-1].sealed_at):
            writer.write(piece)
    return writer


def rows_of(*tables: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the tables, without keys that only count."""
    found = {}
    for model in tables:
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in ("id",)]
        names += ["id"] if model in (LedgerEntry, Activity) else []
        rows = [
            tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
            for row in model.objects.values_list(*names)
        ]
        found[model.__name__] = sorted(rows, key=repr)
    return found


def test_history_in_bulk_is_the_rows_of_the_verbs_byte_for_byte(monkeypatch):
    days, kept = facts(), {}
    with undone():
        by_the_verbs(days, monkeypatch)
        kept = rows_of(*TABLES)
        asked = set(WaitingWork.objects.values_list("kind", "key"))

    writer = in_bulk(days)

    made = rows_of(*TABLES)
    assert writer.size == 360
    assert len(made["Checkpoint"]) == 3
    assert len(made["HashTile"]) == 3
    for name, rows in kept.items():
        assert made[name] == rows, name
    assert set(WaitingWork.objects.values_list("kind", "key")) == asked
    assert examined().is_sound


def test_a_day_without_entries_has_its_checkpoint(monkeypatch):
    with clock.sample_time(FIRST):
        HistoryWriter().write([SealedDay([], FIRST), *facts(days=1, a_day=3)])
    assert list(Checkpoint.objects.order_by("time").values_list("size", flat=True)) == [0, 3]
    assert examined().is_sound


def test_what_has_no_place_in_the_format_is_refused_and_nothing_is_written():
    day = facts(days=1, a_day=1)[0]
    wrong = day.facts[0]._replace(payload={"title": 1.5})
    with clock.sample_time(FIRST), pytest.raises(ValueError, match=r"payload.title is a float"):
        HistoryWriter().write([SealedDay([wrong], FIRST)])
    assert not holds_anything()


def test_history_is_refused_on_a_ledger_that_holds_anything():
    write_entry()
    with pytest.raises(LedgerRefuses, match="no history is written into it"):
        HistoryWriter()


def test_history_is_refused_once_somebody_else_has_sealed():
    writer = HistoryWriter()
    write_entry()
    seal_now()
    with clock.sample_time(FIRST), pytest.raises(LedgerRefuses, match="Somebody else"):
        writer.write(facts(days=1, a_day=1))


def test_history_is_only_written_in_sample_time():
    with pytest.raises(RuntimeError, match="inside sample time"):
        HistoryWriter().write(facts(days=1, a_day=1))
    assert not holds_anything()


def test_a_growing_tree_has_the_root_of_the_same_leaves_at_every_size():
    leaves = [hashlib.sha256(bytes([number])).digest() for number in range(70)]
    tree = GrowingTree()
    assert tree.root() == EMPTY_ROOT
    for size, leaf in enumerate(leaves, 1):
        tree.append(leaf)
        assert (tree.size, tree.root()) == (size, root(size, source_of_leaves(leaves)))


def by_hand(officer: User, verifier: User, *, states: int) -> Activity:
    """Log an activity, hand it in, verify it: as many of these as ``states`` says."""
    answers = {"title": "Team talk", "kind": "briefing", "day": FIRST.date(), "minutes": 45, "learned": "I wait."}
    with clock.sample_time(FIRST):
        activity = log_activity(officer, client_token=None, at=FIRST, **answers)
    if states > 1:
        submit_activity(activity, by=officer, verifier=verifier, at=FIRST + timedelta(hours=1))
    if states > 2:
        with clock.sample_time(FIRST + timedelta(hours=2)):
            verify_activity(activity, by=verifier, at=FIRST + timedelta(hours=2))
    return activity


@pytest.mark.parametrize("states", [1, 2, 3])
def test_cpd_in_bulk_is_the_rows_of_logging_handing_in_and_verifying(states):
    unit = factories.unit()
    officer = factories.person("Olu", unit=unit, short_name="PC Olu")
    verifier = factories.person("Sunita", "supervisor", unit=unit, short_name="Sgt Sunita")
    kept: dict[str, Any] = {}
    tables = (Activity, ActivityStep, ReadablePart)
    with undone():
        activity = by_hand(officer, verifier, states=states)
        kept = rows_of(*tables)
        entry = ReadablePart.objects.first()

    past = PastActivity(
        id=activity.pk,
        officer=officer,
        verifier=verifier,
        title="Team talk",
        kind="briefing",
        day=FIRST.date(),
        minutes=45,
        learned="I wait.",
        logged_at=FIRST,
        submitted_at=FIRST + timedelta(hours=1) if states > 1 else None,
        verified_at=FIRST + timedelta(hours=2) if states > 2 else None,
        entry=entry.entry_id if entry else None,
        salt=bytes(entry.salt) if entry else b"",
    )
    assert (past.fact is None) is (entry is None)
    if past.fact is not None:
        # The units' rows have asked for a checkpoint of now; this history is older, so it is written as the writer composes it.
        from_fact = HistoryWriter()
        with clock.sample_time(FIRST):
            from_fact.write([SealedDay([past.fact], FIRST + timedelta(hours=3))])
    insert_activities([past])
    assert rows_of(*tables) == kept
