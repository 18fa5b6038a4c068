"""The evidence is written once: raw SQL is refused too, on both databases, and a trigger that is gone is named."""

# ruff: noqa: S608 (statements are put together from the constants below)

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations import RunPython
from django.db.migrations.state import ProjectState
from django.test import Client
from django.utils import timezone

from cpd_records.ledger.erasure import ErasureRefused, erase_readable_part
from cpd_records.models import Checkpoint, Erasure, LedgerEntry, LegalHold, ReadablePart
from cpd_records.verification.triggers import expected_triggers, found_triggers, missing_triggers, unknown_triggers
from cpd_records.watching.verifying import verified
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.ledger_acts import EVIDENCE, MOMENT, OFFICER, name_erased, run, write_entry, write_sealed

pytestmark = pytest.mark.django_db

APPEND_ONLY = import_module("cpd_records.migrations.0004_append_only").Migration
ERASURES = (
    "0032_erasures_written_once",
    "0037_erasures_last_day",
    "0046_erasures_end",
)
COLUMNS = {
    "ledgerentry": ("id", "commitment"),
    "readablepart": ("entry_id", "payload"),
    "sealedplace": ("entry_id", "index"),
    "checkpoint": ("id", "note"),
    "erasure": ("entry_id", "authority"),
}
UNIQUE_BESIDE_THE_KEY = {"ledgerentry": "commitment", "sealedplace": "index", "checkpoint": "time"}
# Tables that later migrations guard, in every app that has any.
GUARDED = (
    "cpd_records_legalhold",
    "cpd_records_erasurerequest",
    "cpd_records_recordproposal",
    "cpd_records_certificatesuspension",
    "cpd_records_certificaterevocation",
    "courses_evidencepack",
    "courses_lawchange",
    "assessments_attemptstep",
)
IS_POSTGRESQL = connection.vendor == "postgresql"


@pytest.fixture
def evidence() -> LedgerEntry:
    """Leave a row in each of the five tables, and return the entry whose readable part is still there."""
    kept, erased = write_sealed(2)
    erase_readable_part(erased, retention_class="training, 6 years", authority="Head of Information", at=MOMENT)
    if IS_POSTGRESQL:
        run("SET CONSTRAINTS ALL IMMEDIATE")
    return kept


def refused(sql: str, *values: Any) -> str:
    """Run SQL that must be refused, and return the sentence it was refused with."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        run(sql, *values)
    return str(refusal.value)


@pytest.mark.parametrize("table", EVIDENCE)
def test_a_row_of_evidence_is_never_updated(evidence: LedgerEntry, table: str) -> None:
    for column in COLUMNS[table]:
        assert "ledger" in refused(f'UPDATE cpd_records_{table} SET "{column}" = "{column}"')


@pytest.mark.parametrize("table", EVIDENCE)
def test_a_row_of_evidence_is_never_deleted(evidence: LedgerEntry, table: str) -> None:
    rows = count(table)

    assert "ledger" in refused(f"DELETE FROM cpd_records_{table}")
    assert "ledger" in refused(f"DELETE FROM cpd_records_{table} WHERE {COLUMNS[table][0]} IS NOT NULL")
    assert count(table) == rows


@pytest.mark.parametrize("table", EVIDENCE)
def test_a_table_of_evidence_is_never_emptied_at_once(evidence: LedgerEntry, table: str) -> None:
    # SQLite knows no TRUNCATE; a DELETE without a condition is its way to empty a table.
    emptying = f"TRUNCATE cpd_records_{table} CASCADE" if IS_POSTGRESQL else f"DELETE FROM cpd_records_{table}"

    assert "ledger" in refused(emptying)


@pytest.mark.parametrize("table", EVIDENCE)
def test_a_row_of_evidence_is_never_replaced_by_an_insert(evidence: LedgerEntry, table: str) -> None:
    key, other = COLUMNS[table]
    columns = ", ".join(f'"{name}"' for name in columns_of(table))
    for conflict in {key, UNIQUE_BESIDE_THE_KEY.get(table, key)}:
        again = f"cpd_records_{table} ({columns}) SELECT {columns} FROM cpd_records_{table}"
        statements = (
            [f'INSERT INTO {again} ON CONFLICT ("{conflict}") DO UPDATE SET "{other}" = EXCLUDED."{other}"']
            if IS_POSTGRESQL
            else [f"INSERT OR REPLACE INTO {again}", f"REPLACE INTO {again}"]
        )
        for statement in statements:
            assert "ledger" in refused(statement)


@pytest.mark.parametrize("table", EVIDENCE)
def test_sqlite_replaces_nothing_even_where_a_connection_forgot_its_pragma(evidence: LedgerEntry, table: str) -> None:
    if IS_POSTGRESQL:
        return  # it has neither REPLACE nor row numbers to aim at
    run("PRAGMA recursive_triggers = OFF")
    columns = ", ".join(f'"{name}"' for name in columns_of(table))
    try:
        assert "never replaced" in refused(
            f"INSERT OR REPLACE INTO cpd_records_{table} (rowid, {columns}) SELECT rowid, {columns} FROM cpd_records_{table}"
        )
        if table == "sealedplace":
            other = write_entry()
            assert "never replaced" in refused(
                'INSERT OR REPLACE INTO cpd_records_sealedplace (entry_id, "index", leaf_hash) VALUES (%s, 0, %s)',
                other.id.hex,
                b"\x00" * 32,
            )
            assert "never replaced" in refused(
                'INSERT OR REPLACE INTO cpd_records_sealedplace (rowid, entry_id, "index", leaf_hash) '
                "SELECT min(rowid), %s, 900, %s FROM cpd_records_sealedplace",
                other.id.hex,
                b"\x00" * 32,
            )
    finally:
        run("PRAGMA recursive_triggers = ON")


def test_a_readable_part_goes_only_where_an_erasure_names_it(evidence: LedgerEntry) -> None:
    assert "only where an erasure names it" in refused(
        "DELETE FROM cpd_records_readablepart WHERE entry_id = %s", evidence.id.hex
    )

    name_erased(evidence)
    run("DELETE FROM cpd_records_readablepart WHERE entry_id = %s", evidence.id.hex)

    assert not ReadablePart.objects.filter(entry=evidence).exists()


def test_a_readable_part_stays_while_a_legal_hold_on_its_officer_stands(evidence: LedgerEntry) -> None:
    hold = LegalHold.objects.create(officer=OFFICER, reason="Inquest", placed_by=OFFICER, placed_at=MOMENT)
    name_erased(evidence)

    away = "DELETE FROM cpd_records_readablepart WHERE entry_id = %s"
    assert "no legal hold stands" in refused(away, evidence.id.hex)

    LegalHold.objects.filter(pk=hold.pk).update(ended_at=timezone.now())
    run(away, evidence.id.hex)
    assert not ReadablePart.objects.filter(entry=evidence).exists()


def test_an_erasure_names_the_entry_that_records_it(evidence: LedgerEntry) -> None:
    row = f"'{evidence.id.hex}', '{OFFICER.hex}', 'x', 'y', '2026-09-01 14:30:00+00:00'"
    columns = "entry_id, officer, retention_class, authority, at"
    into = f"INSERT INTO cpd_records_erasure ({columns}, recorded_in_id) VALUES ({row}"

    assert "names the entry that records it" in refused(f"{into}, NULL)")
    # An entry that says something else records no erasure.
    assert "names the entry that records it" in refused(f"{into}, '{evidence.id.hex}')")


def test_what_the_ledger_says_of_an_erasure_is_never_erased(evidence: LedgerEntry) -> None:
    record = Erasure.objects.get().recorded_in
    assert record is not None

    with pytest.raises(IntegrityError, match="is never erased"), transaction.atomic():
        name_erased(record)
    with pytest.raises(ErasureRefused, match="is never erased"):
        erase_readable_part(record, retention_class="x", authority="y", at=MOMENT)
    assert "only where an erasure names it" in refused(
        "DELETE FROM cpd_records_readablepart WHERE entry_id = %s", record.id.hex
    )


def test_what_was_erased_is_not_written_again(evidence: LedgerEntry) -> None:
    erased = Erasure.objects.get().entry
    columns = ", ".join(name for name in columns_of("readablepart") if name != "entry_id")

    assert "was erased is not written again" in refused(
        f"INSERT INTO cpd_records_readablepart (entry_id, {columns}) SELECT %s, {columns} FROM cpd_records_readablepart",
        erased.id.hex,
    )


def test_postgresql_keeps_its_triggers_in_a_replication_role_and_asks_the_real_tables(evidence: LedgerEntry) -> None:
    if not IS_POSTGRESQL:
        return  # SQLite has no such role, and its triggers only see tables of their own file
    run("SET LOCAL session_replication_role = replica")
    assert "ledger" in refused("DELETE FROM cpd_records_ledgerentry")
    run("SET LOCAL session_replication_role = DEFAULT")

    run("CREATE TEMPORARY TABLE cpd_records_erasure AS SELECT entry_id FROM cpd_records_readablepart")
    assert "only where an erasure names it" in refused("DELETE FROM cpd_records_readablepart")


def test_the_verb_of_erasure_takes_payload_and_salt_and_leaves_entry_and_place(evidence: LedgerEntry) -> None:
    erase_readable_part(evidence, retention_class="training, 6 years", authority="Head of Information", at=MOMENT)

    assert not ReadablePart.objects.filter(entry=evidence).exists()
    assert LedgerEntry.objects.get(pk=evidence.pk).place.index == 0
    assert Erasure.objects.get(entry=evidence).officer == OFFICER


def test_the_verb_of_erasure_refuses_in_a_sentence_and_changes_nothing(evidence: LedgerEntry) -> None:
    with pytest.raises(ErasureRefused, match="retention class"):
        erase_readable_part(evidence, retention_class=" ", authority="Head", at=MOMENT)
    with pytest.raises(ErasureRefused, match="already gone"):
        erase_readable_part(Erasure.objects.get().entry, retention_class="x", authority="y", at=MOMENT)
    LegalHold.objects.create(officer=OFFICER, reason="Inquest", placed_by=OFFICER, placed_at=MOMENT)
    with pytest.raises(ErasureRefused, match="legal hold"):
        erase_readable_part(evidence, retention_class="x", authority="y", at=MOMENT)

    assert ReadablePart.objects.filter(entry=evidence).exists()
    assert Erasure.objects.count() == 1


def test_every_trigger_is_on_the_migrated_schema() -> None:
    expected = expected_triggers(connection.vendor)
    assert expected.keys() >= triggers_of_evidence()
    assert found_triggers() == expected, "write down what the migrations leave: python -m tests.expected_triggers"
    assert missing_triggers() == unknown_triggers() == []


@pytest.mark.parametrize("table", GUARDED)
def test_what_is_written_once_anywhere_is_guarded_and_missed(table: str, client: Client) -> None:
    """Holds, erasures, proposals, suspensions, and what other apps prove by: one trigger of each is taken away."""
    name = next(name for name, text in expected_triggers(connection.vendor).items() if f" UPDATE ON {table} " in text)
    run(f"DROP TRIGGER {name}" + (f" ON {table}" if IS_POSTGRESQL else ""))

    assert missing_triggers() == [name]
    assert client.get("/readyz").json()["ledger triggers"] == f"missing: {name}"
    assert [problem.detail for problem in verified().problems] == [f"{name} is missing, switched off or altered"]


def test_a_trigger_of_nobody_on_a_table_of_ours_is_named() -> None:
    if IS_POSTGRESQL:
        run(
            "CREATE FUNCTION quietly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.minutes = 5; RETURN NEW; END $$"
        )
        made = (
            "CREATE TRIGGER quietly BEFORE INSERT ON cpd_records_readablepart FOR EACH ROW EXECUTE FUNCTION quietly()"
        )
    else:
        made = "CREATE TRIGGER quietly AFTER INSERT ON cpd_records_certificate BEGIN SELECT 1; END"
    run(made)

    assert unknown_triggers() == ["quietly"]
    assert missing_triggers() == []
    (problem,) = verified().problems
    assert problem.kind == "trigger"
    assert problem.detail.startswith("quietly stands on a table of ours")


def test_triggers_that_a_test_lifted_are_back() -> None:
    write_sealed()
    with altered_evidence():
        run("DELETE FROM cpd_records_checkpoint")

    assert not Checkpoint.objects.exists()
    assert missing_triggers() == []
    assert "ledger" in refused("UPDATE cpd_records_ledgerentry SET commitment = commitment")


def test_a_trigger_that_was_dropped_is_named() -> None:
    run("DROP TRIGGER cpd_records_checkpoint_no_update" + (" ON cpd_records_checkpoint" if IS_POSTGRESQL else ""))

    assert missing_triggers() == ["cpd_records_checkpoint_no_update"]


def test_a_trigger_that_was_made_harmless_is_named() -> None:
    if IS_POSTGRESQL:
        run(
            "CREATE OR REPLACE FUNCTION ledger_refuse_insert_if_erased() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NEW; END $$"
        )
        run("ALTER TABLE cpd_records_erasure DISABLE TRIGGER cpd_records_erasure_no_delete")
        run("ALTER TABLE cpd_records_checkpoint ENABLE TRIGGER cpd_records_checkpoint_no_delete")
        names = [
            "cpd_records_checkpoint_no_delete",
            "cpd_records_erasure_no_delete",
            "cpd_records_readablepart_stays_erased",
        ]
    else:
        names = ["cpd_records_checkpoint_no_delete"]
        run(f"DROP TRIGGER {names[0]}")
        run(f"CREATE TRIGGER {names[0]} BEFORE DELETE ON cpd_records_checkpoint WHEN 0 BEGIN SELECT 1; END")

    assert missing_triggers() == names


@pytest.mark.django_db(transaction=True)
def test_the_migration_of_the_triggers_can_be_taken_back_and_made_again() -> None:
    """Its own operations, on the schema of today: later migrations alter other tables, and theirs are not what is asked here."""
    nothing_else = ProjectState()
    with connection.schema_editor() as editor:
        for operation in reversed(APPEND_ONLY.operations):
            assert operation.reversible
            operation.database_backwards("cpd_records", editor, nothing_else, nothing_else)
    assert set(missing_triggers()) == triggers_of_evidence()

    with connection.schema_editor() as editor:
        for operation in APPEND_ONLY.operations:
            operation.database_forwards("cpd_records", editor, nothing_else, nothing_else)
    assert missing_triggers() == []


@pytest.mark.django_db(transaction=True)
def test_the_triggers_on_erasures_can_be_taken_back_and_made_again() -> None:
    """On both databases, in the order in which a release is taken back; the operations that make triggers, on the schema of today."""
    nothing_else = ProjectState()
    operations = [
        operation
        for name in ERASURES
        for operation in import_module(f"cpd_records.migrations.{name}").Migration.operations
        if isinstance(operation, RunPython)
    ]
    with connection.schema_editor() as editor:
        for operation in reversed(operations):
            assert operation.reversible
            operation.database_backwards("cpd_records", editor, nothing_else, nothing_else)
    gone = set(missing_triggers())
    for table in ("erasurerequest", "erasuredecision", "erasurepiece", "erasureend"):
        assert {f"cpd_records_{table}_no_update", f"cpd_records_{table}_no_delete"} <= gone
    assert "cpd_records_erasurepiece_is_allowed" in gone

    with connection.schema_editor() as editor:
        for operation in operations:
            operation.database_forwards("cpd_records", editor, nothing_else, nothing_else)
    assert (missing_triggers(), unknown_triggers()) == ([], [])


def triggers_of_evidence() -> set[str]:
    per_table = ["no_update", "no_delete", "no_truncate" if IS_POSTGRESQL else "no_replace"]
    names = {f"cpd_records_{table}_{what}" for table in EVIDENCE for what in per_table}
    return names | {"cpd_records_readablepart_stays_erased"}


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM cpd_records_{table}")
        return cursor.fetchone()[0]


def columns_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [
            column.name for column in connection.introspection.get_table_description(cursor, f"cpd_records_{table}")
        ]
