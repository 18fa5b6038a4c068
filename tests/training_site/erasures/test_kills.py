"""A process may be killed before any statement: nothing is lost, and nothing is done twice.

Which statements it is killed before changes from day to day, so that every one of them has its turn; all are tried where EVERY_STATEMENT is
set in the environment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from cpd_records.erasures import carrying_out
from cpd_records.erasures.carrying_out import carry_out
from cpd_records.models import Activity, Erasure, ErasureGround, ErasurePiece, ErasureRequest
from people.models import User
from tests.training_site.erasures.acts import TODAY, an_activity, approved, asked, entry_of, long_ago, worked_off
from training_site.erasing import ALL_PLANS

pytestmark = pytest.mark.django_db
A_DAY = 10


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


class Statements:
    """A wrapper of the database that counts statements, and ends the process before number ``at`` where one is given."""

    def __init__(self, at: int | None = None) -> None:
        self.count, self.at = 0, at

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.count == self.at:
            self.at = None  # what is undone on the way out is the database's doing
            raise Killed
        self.count += 1
        return execute(sql, params, many, context)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def request_of_three(olu: User, dee: User, kit: User, monkeypatch: pytest.MonkeyPatch) -> ErasureRequest:
    """Three entries and three activities are to go, two in a piece."""
    monkeypatch.setattr(carrying_out, "RECORDS_AT_ONCE", 2)
    for days in range(3):
        entry_of(olu, long_ago(8, days))
        an_activity(olu, long_ago(8, days))
    return approved(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)


def test_killed_before_any_statement_it_is_done_once_when_it_is_tried_again(request_of_three: ErasureRequest) -> None:
    with undone(), connection.execute_wrapper(whole := Statements()):
        carry_out(request_of_three.pk, ALL_PLANS)
    assert whole.count > 100, "it could be killed in many places"
    step = 1 if os.environ.get("EVERY_STATEMENT") else -(-whole.count // A_DAY)

    for at in range(TODAY.toordinal() % step, whole.count, step):
        with undone():
            with pytest.raises(Killed), connection.execute_wrapper(Statements(at)):
                carry_out(request_of_three.pk, ALL_PLANS)
            # Twice, as two workers may try it; the second finds nothing to do.
            for _worker in range(2):
                carry_out(request_of_three.pk, ALL_PLANS)
            worked_off()
            assert_done_once(request_of_three, f"killed before statement {at}")


def test_killed_again_and_again_it_comes_to_its_end(request_of_three: ErasureRequest) -> None:
    """Each process gets a little further before it is killed than the one before."""
    at = TODAY.toordinal() % 5
    while True:
        try:
            with connection.execute_wrapper(Statements(at)):
                carry_out(request_of_three.pk, ALL_PLANS)
            break
        except Killed:
            at += 5
    worked_off()

    assert at > 50, "it was killed in many places"
    assert_done_once(request_of_three, "killed again and again")


def assert_done_once(request: ErasureRequest, when: str) -> None:
    request.refresh_from_db()
    pieces = list(ErasurePiece.objects.filter(request=request))
    assert request.closed_at is not None, when
    assert Erasure.objects.count() == 3, when
    assert not Activity.objects.exists(), when
    assert all(piece.closed_at for piece in pieces), when
    assert [piece.number for piece in pieces] == list(range(1, len(pieces) + 1)), when
    assert sum(piece.records for piece in pieces if piece.what == "CPD activities") == 3, when
    carry_out(request.pk, ALL_PLANS)
    assert ErasurePiece.objects.filter(request=request).count() == len(pieces), (
        f"{when}: once it has ended nothing is done"
    )
