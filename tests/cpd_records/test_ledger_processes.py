"""Several processes find in a ledger what one finds, in the same order."""

from __future__ import annotations

import hashlib
import multiprocessing
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from cpd_records.ledger.history import Fact, HistoryWriter, SealedDay
from cpd_records.ledger.keys import verifier_keys
from cpd_records.models import HashTile, NightlyVerification, SealedPlace
from cpd_records.verification import places, processes
from cpd_records.verification.examination import Examination, examine
from cpd_records.verification.processes import ReadingFailed
from cpd_records.watching.nightly import verify_night
from people import clock
from tests.cpd_records import ledger_by_hand as by_hand
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.ledger_acts import OFFICER, run, write_entry

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = datetime(2024, 3, 30, 8, 15, tzinfo=UTC)
DAYS, A_DAY = 9, 90


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger of three full tiles and a part of a fourth, with a checkpoint a day, and two entries that wait."""
    monkeypatch.setattr(places, "FEWEST_FOR_SEVERAL", 1)
    monkeypatch.setattr(places, "ENTRIES_IN_A_RANGE", 256)
    days = [SealedDay([_fact(day, place) for place in range(A_DAY)], _at(day, 900)) for day in range(DAYS)]
    with clock.sample_time(_at(DAYS, 0)):
        HistoryWriter().write(days)
    for _number in range(2):
        write_entry()


def _fact(day: int, place: int) -> Fact:
    seed = hashlib.sha256(f"{day} {place}".encode()).digest()
    return Fact(
        id=uuid.UUID(bytes=seed[:16], version=4),
        salt=seed,
        recorded_at=_at(day, place),
        kind="completion",
        officer=OFFICER,
        day=date(2024, 3, 30),
        payload={"title": f"Élan {place}"},
        minutes=place or None,
    )


def _at(day: int, minute: int) -> datetime:
    return FIRST + timedelta(days=day, minutes=minute)


def found_by(count: int, **given: Path) -> Examination:
    return examine([str(key) for key in verifier_keys()], processes=count, **given)


def entry_at(index: int) -> str:
    return str(SealedPlace.objects.values_list("entry", flat=True).get(index=index))


def test_what_one_process_finds_several_find_in_the_same_order(ledger: None, tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        return  # its file is read by one process
    sound = found_by(2)
    assert sound.problems == []
    assert (sound.entries, sound.sealed) == (DAYS * A_DAY + 2, DAYS * A_DAY)
    leaves = SealedPlace.objects.order_by("index").values_list("leaf_hash", flat=True)
    assert sound.root == by_hand.mth([bytes(leaf) for leaf in leaves])

    with altered_evidence():
        for index in (3, 255, 256, 700, 800):
            run("UPDATE cpd_records_readablepart SET minutes = 77777 WHERE entry_id = %s", entry_at(index))
        run("UPDATE cpd_records_readablepart SET salt = %s WHERE entry_id = %s", b"\x01" * 32, entry_at(300))
        run("UPDATE cpd_records_ledgerentry SET commitment = %s WHERE id = %s", b"\x02" * 32, entry_at(520))
    HashTile.objects.filter(level=0, number=1).delete()
    log = tmp_path / bytes(leaves[0]).hex()[:16]
    (log / "0").mkdir(parents=True)
    (log / "0" / "000").write_bytes(b"another tile")
    (log / "0" / "003").write_bytes(b"of a tile that is not full")

    harmed = found_by(2, published=tmp_path)

    assert harmed == found_by(1, published=tmp_path)
    assert {problem.kind for problem in harmed.problems} == {"column", "commitment", "leaf", "root", "tile"}
    assert len([problem for problem in harmed.problems if problem.kind == "column"]) == 5


def test_a_gap_in_the_places_is_found_as_by_one_process(ledger: None) -> None:
    if connection.vendor != "postgresql":
        return  # its file is read by one process
    with altered_evidence():
        run('UPDATE cpd_records_sealedplace SET "index" = 4000 WHERE "index" = 400')
        run("UPDATE cpd_records_readablepart SET minutes = 77777 WHERE entry_id = %s", entry_at(700))

    found = found_by(2)

    assert found == found_by(1)
    assert {"index", "root", "tile", "column"} <= {problem.kind for problem in found.problems}


def test_a_process_that_cannot_read_its_part_is_told_and_not_passed_over(
    ledger: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        return  # its file is read by one process
    true = processes.read_in_processes
    monkeypatch.setattr(
        places, "read_in_processes", lambda *given, **named: true(*given, **{**named, "snapshot": "none such"})
    )

    with pytest.raises(ReadingFailed, match="could not read its part"):
        found_by(2)


def test_a_process_that_is_ended_from_outside_is_told(ledger: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        return  # its file is read by one process
    monkeypatch.setattr(processes.sys, "executable", "/bin/false")

    with pytest.raises(ReadingFailed, match="ended from outside"):
        found_by(2)


def test_a_worker_of_celery_which_is_daemonic_verifies_a_large_ledger_at_night(
    ledger: None, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    if connection.vendor != "postgresql":
        return  # its file is read by one process
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    settings.LEDGER_VERIFY_PROCESSES = 2
    read: list[int] = []
    true = processes.read_in_processes

    def counted(*given: Any, **named: Any) -> Any:
        for wanted, blocks in true(*given, **named):
            read.append(sum(block.count for block in blocks))
            yield wanted, blocks

    monkeypatch.setattr(places, "read_in_processes", counted)
    # As billiard marks each process of a worker's pool, for the standard library as well.
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)  # type: ignore[attr-defined]

    verify_night("2026-11-29")

    found = NightlyVerification.objects.get()
    assert found.ended_at is not None
    assert found.sealed == sum(read) == DAYS * A_DAY
    assert found.problems == []
