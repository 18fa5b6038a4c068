"""A legal hold stops an erasure wherever it is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cpd_records.erasures import carrying_out
from cpd_records.erasures.asking import CARRY_OUT
from cpd_records.erasures.carrying_out import carry_out
from cpd_records.erasures.refusals import ErasureNotAllowed
from cpd_records.ledger.holds import lift_hold, place_hold
from cpd_records.models import (
    Erasure,
    ErasurePiece,
    ErasureRequest,
    LegalHold,
    ReadablePart,
)
from people import clock
from people.models import User, WaitingWork
from tests.training_site.erasures.acts import approved, asked, entry_of, foreseen, long_ago, refused, worked_off
from training_site.erasing import ALL_PLANS, carry_out_erasure

pytestmark = pytest.mark.django_db


def test_a_hold_before_it_is_asked_refuses_it(olu: User, dee: User) -> None:
    entry_of(olu, long_ago(8))
    place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    assert foreseen(olu).is_held
    with pytest.raises(ErasureNotAllowed, match="A legal hold stands"):
        asked(olu, dee)


def test_a_hold_before_it_is_approved_refuses_that_but_not_a_refusal(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    with pytest.raises(ErasureNotAllowed, match="A legal hold stands"):
        approved(request, kit)
    refused(request, kit)


def test_a_hold_after_it_was_approved_stops_it(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = approved(asked(olu, dee), kit)
    place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    worked_off()
    carry_out(request.pk, ALL_PLANS)
    assert not Erasure.objects.exists()
    assert WaitingWork.objects.get(kind=CARRY_OUT).done_at is not None


def test_a_hold_that_no_verb_placed_stops_it_too(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = approved(asked(olu, dee), kit)
    LegalHold.objects.create(officer=olu.public_id, reason="Inquest", placed_by=dee.public_id, placed_at=clock.now())

    carry_out_erasure(str(request.pk))

    assert not Erasure.objects.exists()
    request.refresh_from_db()
    assert (request.end.how, request.end.followed_by.closed_at) == ("stopped", None)


def test_a_hold_between_two_pieces_keeps_what_is_left(olu: User, dee: User, kit: User, monkeypatch: Any) -> None:
    for days in range(3):
        entry_of(olu, long_ago(8, days))
    request = approved(asked(olu, dee), kit)
    monkeypatch.setattr(carrying_out, "RECORDS_AT_ONCE", 1)
    take = carrying_out._take

    def and_a_hold(*given: Any) -> None:
        take(*given)
        if ErasurePiece.objects.count() == 2:
            place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    monkeypatch.setattr(carrying_out, "_take", and_a_hold)
    carry_out(request.pk, ALL_PLANS)

    assert Erasure.objects.count() == 2
    assert ReadablePart.objects.exclude(kind="erasure").count() == 1
    request.refresh_from_db()
    assert request.end.how == "stopped"


def test_the_database_opens_no_piece_but_for_an_approved_request_without_a_hold(
    olu: User, dee: User, kit: User
) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    given = {"request": request, "number": 7, "retention_class": "cpd", "what": "x", "at": clock.now()}
    with pytest.raises(DatabaseError, match="approved request"), transaction.atomic():
        ErasurePiece.objects.create(officer=olu, **given)
    approved(request, kit)
    with pytest.raises(DatabaseError, match="approved request"), transaction.atomic():
        ErasurePiece.objects.create(officer=kit, **given)
    hold = place_hold(olu, reason="Inquest", by=dee, at=clock.now())
    with pytest.raises(DatabaseError, match="no legal hold"), transaction.atomic():
        ErasurePiece.objects.create(officer=olu, **given)
    lift_hold(hold, reason="Closed", by=dee, at=clock.now())
    given["request"] = approved(ErasureRequest.objects.get(closed_at=None), kit)
    ErasurePiece.objects.create(officer=olu, **given)
