"""One asks and another decides, neither about themselves, and all of it stays as it was written."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cpd_records.erasures.refusals import ErasureNotAllowed
from cpd_records.models import (
    Erasure,
    ErasureDecision,
    ErasurePiece,
    ErasureRequest,
)
from people.models import User
from tests import factories
from tests.factories import person
from tests.training_site.erasures.acts import (
    approved,
    asked,
    entry_of,
    long_ago,
    opened_piece,
    refused,
    worked_off,
)

pytestmark = pytest.mark.django_db


def test_one_asks_and_another_approves(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    with pytest.raises(ErasureNotAllowed, match="Somebody else has to decide"):
        approved(request, dee)
    approved(request, kit)
    decision = ErasureDecision.objects.get()
    assert (decision.by, decision.foreseen) == (kit, {"cpd": 1})
    with pytest.raises(ErasureNotAllowed, match="decided already"):
        approved(request, person("Third", "disclosure-officer"))


def test_nobody_asks_or_decides_about_their_own(olu: User, dee: User, kit: User) -> None:
    entry_of(dee, long_ago(8))
    with pytest.raises(ErasureNotAllowed, match="their own records"):
        asked(dee, dee)
    request = asked(dee, kit)
    with pytest.raises(ErasureNotAllowed, match="their own records"):
        approved(request, dee)


@pytest.mark.parametrize("role", ["auditor", "training-admin", "system-admin", "supervisor"])
def test_nobody_without_the_duty_asks_or_decides(olu: User, dee: User, role: str) -> None:
    entry_of(olu, long_ago(8))
    other = person("Sam", role, unit=factories.unit("elsewhere"))
    with pytest.raises(ErasureNotAllowed, match="Disclosure officers ask"):
        asked(olu, other)
    request = asked(olu, dee)
    with pytest.raises(ErasureNotAllowed, match="Disclosure officers ask"):
        approved(request, other)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": "  "}, "Say why"),
        ({"reason": "x" * 301}, "300 characters"),
        ({"ground": "whim"}, "on what ground"),
        ({"classes": []}, "at least one class"),
        ({"classes": ["cpd", "gossip"]}, "at least one class"),
        ({"classes": ["exceptions"]}, "Nothing of these classes would go"),
        ({"classes": ["service"]}, "who serves"),
        ({"seen": "another preview"}, "has changed since you looked"),
    ],
)
def test_what_says_too_little_is_refused(olu: User, dee: User, given: dict[str, Any], sentence: str) -> None:
    entry_of(olu, long_ago(8))
    with pytest.raises(ErasureNotAllowed, match=sentence):
        asked(olu, dee, **given)
    assert not ErasureRequest.objects.exists()


def test_one_is_open_at_a_time_and_a_refused_one_takes_nothing(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    with pytest.raises(ErasureNotAllowed, match="under way already"):
        asked(olu, kit)
    refused(request, kit)
    worked_off()
    assert not Erasure.objects.exists()
    asked(olu, kit)


def test_who_asked_who_decided_and_what_went_stays(olu: User, dee: User, kit: User) -> None:
    opened_piece(olu, dee, kit)
    entry_of(olu, long_ago(9))
    asked(olu, dee)
    for act in (
        lambda: ErasureRequest.objects.update(reason="Another"),
        lambda: ErasureRequest.objects.update(closed_at=None),
        lambda: ErasureRequest.objects.filter(closed_at=None).update(classes=["service"]),
        lambda: ErasureRequest.objects.filter(closed_at=None).update(on=long_ago(1)),
        lambda: ErasureRequest.objects.filter(closed_at=None).update(left_on=long_ago(1)),
        lambda: ErasureDecision.objects.update(reason="Another"),
        lambda: ErasurePiece.objects.update(records=9),
        lambda: ErasurePiece.objects.update(closed_at=None),
        lambda: ErasureRequest.objects.all()._raw_delete("default"),
        lambda: ErasureDecision.objects.all()._raw_delete("default"),
        lambda: ErasurePiece.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
