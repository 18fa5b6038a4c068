"""That an erasure waits for a second person is told by mail and on My learning, to those who can decide, never to who asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from courses.decisions import decisions_waiting
from cpd_records.erasures.due import list_due
from cpd_records.ledger.holds import lift_hold, place_hold
from cpd_records.models import ErasureGround, ErasureRequest
from people import clock
from people.models import User
from tests.factories import person
from tests.training_site.erasures.acts import approved, asked, entry_of, long_ago, refused, worked_off
from tests.training_site.erasures.test_several import asked_of
from training_site.erasing import ALL_PLANS

pytestmark = pytest.mark.django_db
WAITING = "/evidence/erasures/waiting/"


def waits_for(officer: User) -> list[str]:
    return [one.title for one in decisions_waiting(officer) if "erasure" in one.title]


def told() -> list[str]:
    worked_off()
    return sorted(to for one in mail.outbox for to in one.to)


@pytest.fixture
def due(olu: User) -> User:
    entry_of(olu, long_ago(8))
    return olu


def test_every_other_disclosure_officer_is_told_by_mail_and_on_my_learning(
    due: User, dee: User, kit: User, signed_in: Any
) -> None:
    cy = person("Cy Demo", "disclosure-officer")
    person("Ada Demo", "training-admin")
    request = asked(due, dee, ground=ErasureGround.RETENTION, classes=["cpd"])

    assert told() == sorted([kit.email, cy.email])
    (one, _other) = mail.outbox
    assert one.subject == "An erasure waits for a second person"
    assert f"/evidence/erasures/{request.pk}/" in one.body
    for word in (due.name, due.service_number, request.reason, dee.name):
        assert word not in one.subject + one.body, "a mail names nobody and no reason"
    assert waits_for(kit) == waits_for(cy) == ["1 erasure to decide on"]
    page = signed_in(kit).get("/my/").content.decode()
    assert "1 erasure to decide on" in page
    assert f'href="{WAITING}"' in page


def test_who_asked_is_not_told_nor_whom_it_is_about(dee: User, kit: User) -> None:
    entry_of(kit, long_ago(8))
    asked(kit, dee, ground=ErasureGround.RETENTION, classes=["cpd"])
    assert told() == []
    assert waits_for(dee) == waits_for(kit) == []


def test_an_auditor_has_nothing_to_decide_and_is_not_told(due: User, dee: User) -> None:
    auditor = person("Aud Demo", "auditor")
    asked(due, dee)
    assert told() == []
    assert waits_for(auditor) == []


@pytest.mark.parametrize("decide", [approved, refused])
def test_once_it_is_decided_it_waits_for_nobody(
    due: User, dee: User, kit: User, decide: Callable[[ErasureRequest, User], Any]
) -> None:
    cy = person("Cy Demo", "disclosure-officer")
    decide(asked(due, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)
    assert waits_for(cy) == []
    assert told() == [], "what was decided before the mail went out is not told any more"


def test_several_asked_for_in_one_act_are_one_mail(due: User, dee: User, kit: User) -> None:
    other = person("Bo Demo")
    entry_of(other, long_ago(8))
    list_due(ALL_PLANS, at=clock.now())
    asked_of([due, other], dee)
    assert told() == [kit.email]
    assert mail.outbox[0].subject == "Erasures wait for a second person"
    assert WAITING in mail.outbox[0].body
    assert waits_for(kit) == ["2 erasures to decide on"]


def test_of_several_one_about_themselves_is_not_told_and_the_other_is(due: User, dee: User, kit: User) -> None:
    entry_of(kit, long_ago(8))
    about_kit, other = sorted(asked_of([kit, due], dee), key=lambda one: one.officer != kit)
    assert told() == [kit.email]
    assert f"/evidence/erasures/{other.pk}/" in mail.outbox[0].body
    assert str(about_kit.pk) not in mail.outbox[0].body


def test_what_a_hold_holds_back_waits_for_nobody_until_it_is_lifted(due: User, dee: User, kit: User) -> None:
    request = asked(due, dee, ground=ErasureGround.RETENTION, classes=["cpd"])
    hold = place_hold(due, reason="Inquest", by=dee, at=clock.now())
    assert waits_for(kit) == []
    assert told() == []
    lift_hold(hold, reason="Closed", by=dee, at=clock.now())
    assert waits_for(kit) == ["1 erasure to decide on"]
    assert set(ErasureRequest.objects.waiting_for(kit)) == {request}


def test_what_is_left_of_one_that_a_hold_stopped_is_told_when_the_hold_is_lifted(
    due: User, dee: User, kit: User
) -> None:
    approved(asked(due, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)
    hold = place_hold(due, reason="Inquest", by=dee, at=clock.now())
    worked_off()
    mail.outbox.clear()
    lift_hold(hold, reason="Closed", by=dee, at=clock.now())
    following = ErasureRequest.objects.get(closed_at=None)
    assert told() == [kit.email]
    assert f"/evidence/erasures/{following.pk}/" in mail.outbox[0].body
