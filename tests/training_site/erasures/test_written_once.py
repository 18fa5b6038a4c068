"""Tables that refuse every deletion let a row go while a piece of its own officer is open, and of nobody else's."""

# ruff: noqa: S608 (statements are put together from the constants below)

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from cpd_records.models import ErasurePiece, ErasureRequest
from people import clock
from people.models import User
from tests.permissions.asking import World, undone
from tests.permissions.world import world  # noqa: F401  # a fixture
from tests.training_site.erasures.acts import approved, asked

TABLES = (
    "courses_portfoliosamplemember",
    "courses_portfoliojudgement",
    "courses_portfolioclaim",
    "courses_portfolioversion",
)


def opened(officer: User, request: ErasureRequest) -> ErasurePiece:
    return ErasurePiece.objects.create(
        request=request, number=1, officer=officer, retention_class="initial-training", what="x", at=clock.now()
    )


def deleted_from(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
        return cursor.rowcount


@pytest.mark.parametrize("table", TABLES)
def test_a_row_goes_in_a_piece_of_its_officer_only(world: World, table: str) -> None:  # noqa: F811
    owner, other, second = (world.people[name] for name in ("Owner", "Officer", "Second"))
    dee = world.people["Disclosure officer"]
    with undone():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            held = cursor.fetchone()[0]
        assert held
        piece = opened(other, approved(asked(other, dee, classes=["cpd"]), second))
        with pytest.raises(DatabaseError), transaction.atomic():
            deleted_from(table)
        ErasurePiece.objects.filter(pk=piece.pk).update(closed_at=clock.now())

        mine = opened(owner, approved(ErasureRequest.objects.get(pk=world.places["erasure"]), dee))
        with transaction.atomic():
            assert deleted_from(table) == held
            transaction.set_rollback(True)
        ErasurePiece.objects.filter(pk=mine.pk).update(closed_at=clock.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            deleted_from(table)
