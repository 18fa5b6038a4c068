"""What was handed in, judged, sampled, read and signed off stays: raw SQL is refused too, on both databases."""

# ruff: noqa: S608 (statements are put together from the constants below)

from __future__ import annotations

from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from courses.models import PortfolioJudgement, PortfolioSignOff, Recruit
from courses.tutoring.notes import withdraw_shift_note
from people.models import User
from tests.courses.portfolio.acts import DAY, assessor, complete, seen_of_portfolio
from tests.courses.portfolio.test_quality import drawn, read, selected
from tests.courses.portfolio.test_signing_off import signed
from tests.courses.programmes.acts import noon, weeks
from tests.courses.tutoring.acts import noted, paired, tutor
from tests.databases import triggers

pytestmark = pytest.mark.django_db
WRITTEN_ONCE = {row[0]: row[2] for row in import_module("courses.migrations.0017_portfolio_written_once").WRITTEN_ONCE}
IS_POSTGRESQL = connection.vendor == "postgresql"
# One column of each that somebody might wish otherwise.
COLUMNS = {
    "courses_portfolioversion": "words",
    "courses_portfolioclaim": "heading",
    "courses_portfoliojudgement": "reason",
    "courses_portfoliosample": "seed",
    "courses_portfoliosamplemember": "is_selected",
    "courses_portfolioreading": "outcome",
    "courses_portfoliosignoff": "words",
    "courses_shiftnotewithdrawal": "reason",
}


def run(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def refused(sql: str) -> str:
    """Run SQL that must be refused, and return the sentence."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        run(sql)
    return str(refusal.value)


@pytest.fixture
def signed_off(rae: Recruit, ada: User, asha: User, sergeant: User, ivan: User) -> PortfolioSignOff:
    """A row in each of the tables; of the portfolio the sign-off, which nobody ended."""
    complete(rae, asha)
    row = signed(rae, sergeant)
    read(selected(drawn(ivan))[0], ivan)
    tom = tutor()
    paired(rae, tom, by=ada)
    withdraw_shift_note(noted(rae, by=tom, day=weeks(1)), by=tom, at=noon(DAY), reason="About another recruit")
    if IS_POSTGRESQL:
        run("SET CONSTRAINTS ALL IMMEDIATE")
    return row


def test_every_table_has_something_to_keep(signed_off: PortfolioSignOff) -> None:
    assert COLUMNS.keys() == WRITTEN_ONCE.keys()
    assert all(run(f"SELECT count(*) FROM {table}")[0][0] for table in WRITTEN_ONCE)


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_a_row_is_never_changed(signed_off: PortfolioSignOff, table: str) -> None:
    if table == "courses_portfoliosignoff":
        assert WRITTEN_ONCE[table] in refused(f"UPDATE {table} SET words = 'Other words'")
        return
    assert WRITTEN_ONCE[table] in refused(f"UPDATE {table} SET {COLUMNS[table]} = {COLUMNS[table]}")


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_a_row_is_never_deleted(signed_off: PortfolioSignOff, table: str) -> None:
    before = run(f"SELECT count(*) FROM {table}")
    assert WRITTEN_ONCE[table] in refused(f"DELETE FROM {table}")
    assert run(f"SELECT count(*) FROM {table}") == before


@pytest.mark.parametrize("table", WRITTEN_ONCE)
def test_a_table_is_never_emptied_nor_a_row_replaced(signed_off: PortfolioSignOff, table: str) -> None:
    """By whichever way past the other triggers the database has."""
    way = f"TRUNCATE {table} CASCADE" if IS_POSTGRESQL else f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    assert WRITTEN_ONCE[table] in refused(way)


def test_a_judgement_is_not_replaced_by_one_of_the_same_number(signed_off: PortfolioSignOff) -> None:
    judgement = PortfolioJudgement.objects.latest("at")
    names = [field.column for field in PortfolioJudgement._meta.concrete_fields if field.column != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    same = f"SELECT '{uuid4().hex}'{'::uuid' if IS_POSTGRESQL else ''}, {columns} FROM courses_portfoliojudgement"
    insert = "INSERT" if IS_POSTGRESQL else "INSERT OR REPLACE"
    instead = " ON CONFLICT (version_id, number) DO UPDATE SET reason = 'Other'" if IS_POSTGRESQL else ""
    sentence = refused(f"{insert} INTO courses_portfoliojudgement (id, {columns}) {same}{instead}")
    assert WRITTEN_ONCE["courses_portfoliojudgement"] in sentence
    judgement.refresh_from_db()


def test_a_sign_off_is_ended_once(signed_off: PortfolioSignOff, ivan: User) -> None:
    ends = f"UPDATE courses_portfoliosignoff SET ended_at = at, ended_by_id = {ivan.pk}, end_reason = 'Not agreed'"
    run(ends)
    assert WRITTEN_ONCE["courses_portfoliosignoff"] in refused(ends)
    assert WRITTEN_ONCE["courses_portfoliosignoff"] in refused(
        "UPDATE courses_portfoliosignoff SET ended_at = NULL, ended_by_id = NULL, end_reason = ''"
    )


def test_the_triggers_are_on_the_migrated_schema() -> None:
    kinds = ["no_update", "no_delete", "no_truncate" if IS_POSTGRESQL else "no_replace"]
    assert {f"{table}_{kind}" for table in WRITTEN_ONCE for kind in kinds} <= triggers()


def test_the_verbs_still_write(rae: Recruit, sergeant: User) -> None:
    complete(rae, assessor("Ann Demo"))
    assert signed(rae, sergeant).words == "Seen on ten shifts."
    assert seen_of_portfolio(rae)
