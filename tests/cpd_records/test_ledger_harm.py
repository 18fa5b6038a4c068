"""A byte changed in any column or file of a log is found, and named for what it is; a column nobody decided about is an error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from cpd_records.ledger.kept import kept_checkpoints
from cpd_records.models import Certificate, Checkpoint, LedgerEntry, OfficerStanding, SealedPlace, UnsealedEntry
from cpd_records.verification.examination import Problem
from cpd_records.watching.verifying import verified
from tests.cpd_records import harm
from tests.cpd_records.harm import ENTRIES, SEALED, a_log, do_harm, unknown_columns, unknown_tables
from tests.cpd_records.harm_expected import FOUND
from tests.cpd_records.ledger_acts import run

pytestmark = pytest.mark.django_db
SAMPLE = 1


@pytest.fixture
def log(settings: Settings, tmp_path: Path) -> Iterator[None]:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    settings.LEDGER_TILES_DIR = tmp_path / "tiles"
    with a_log():
        yield


def problems() -> list[Problem]:
    """What is found, but for the triggers, which are lifted here."""
    return [problem for problem in verified(kept=kept_checkpoints()).problems if problem.kind != "trigger"]


def test_harm_in_a_sample_of_every_column_and_file_is_found(log: None) -> None:
    assert (LedgerEntry.objects.count(), SealedPlace.objects.count()) == (ENTRIES, SEALED)
    assert UnsealedEntry.objects.count() == ENTRIES - SEALED
    assert Checkpoint.objects.count() > 3
    assert harm.erased() > 3
    assert Certificate.objects.issued().count() == 5
    assert OfficerStanding.objects.exists()
    assert problems() == []

    outcome = do_harm(SAMPLE)

    assert outcome.unseen == []
    expected = {f"{table}.{column}" for table, columns in FOUND.items() for column in columns}
    # PostgreSQL lets no row name another that is not there, so nobody has to find that.
    refused = connection.vendor == "postgresql"
    found = {
        one.where
        for one in outcome.harms
        if one.is_found or (refused and one.is_found is None and one.where.endswith("_id"))
    }
    assert found >= expected | {"file tile", "file bundle", "file kept checkpoint", "file certificate"}
    assert problems() == [], "all of it was undone"


def test_every_column_of_the_ledgers_tables_is_known() -> None:
    assert unknown_columns() == []


def test_every_table_of_the_app_is_harmed_or_says_why_not() -> None:
    assert unknown_tables() == []


def test_a_table_that_nobody_decided_about_is_an_error() -> None:
    run("CREATE TABLE cpd_records_remark (id integer)")

    assert unknown_tables() == ["remark is not known"]


def test_a_column_that_nobody_decided_about_is_an_error() -> None:
    run("ALTER TABLE cpd_records_sealedplace ADD COLUMN remark integer")

    assert unknown_columns() == ["sealedplace.remark is not known"]
