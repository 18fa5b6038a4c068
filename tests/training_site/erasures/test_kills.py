"""A process may be killed before any statement: nothing is lost, and nothing is done twice."""

from __future__ import annotations

from typing import Any

import pytest

from cpd_records.erasures import carrying_out
from cpd_records.erasures.carrying_out import carry_out
from cpd_records.models import (
    Activity,
    Erasure,
    ErasureGround,
    ErasurePiece,
)
from people.models import User
from tests.training_site.erasures.acts import an_activity, approved, asked, entry_of, long_ago, worked_off
from training_site.erasing import ALL_PLANS

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


def statements(at: int) -> Any:
    """Return a wrapper of the database that ends the process before its statement number ``at``."""
    count = iter(range(10_000))

    def run(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if next(count) == at:
            raise Killed
        return execute(sql, params, many, context)

    return run


def test_killed_before_any_statement_it_is_done_once_when_it_is_tried_again(
    olu: User, dee: User, kit: User, monkeypatch: Any
) -> None:
    from django.db import connection

    monkeypatch.setattr(carrying_out, "RECORDS_AT_ONCE", 2)
    for days in range(3):
        entry_of(olu, long_ago(8, days))
        an_activity(olu, long_ago(8, days))
    request = approved(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)
    at, step = 0, 5
    while True:
        try:
            with connection.execute_wrapper(statements(at)):
                carry_out(request.pk, ALL_PLANS)
            break
        except Killed:
            at += step
    worked_off()

    assert at > 50, "it was killed in many places"
    assert Erasure.objects.count() == 3
    assert not Activity.objects.exists()
    pieces = ErasurePiece.objects.all()
    assert all(piece.closed_at for piece in pieces)
    assert [piece.number for piece in pieces] == list(range(1, len(pieces) + 1))
    assert sum(piece.records for piece in pieces if piece.what == "CPD activities") == 3
    carry_out(request.pk, ALL_PLANS)
    assert ErasurePiece.objects.count() == len(pieces), "once it has ended nothing is done"
