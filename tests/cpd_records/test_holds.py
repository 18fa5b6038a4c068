"""Legal holds: placed and lifted with reasons by disclosure officers; while one stands nothing of the officer's is erased."""

import pytest
from django.db import DatabaseError, transaction

from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.erasure import ErasureRefused, erase_readable_part
from cpd_records.ledger.holds import HoldRefused, lift_hold, place_hold
from cpd_records.models import LegalHold, LegalHoldEnd
from people import clock
from tests.factories import person

pytestmark = pytest.mark.django_db

PAGE = "/evidence/holds/"


@pytest.fixture
def dee():
    return person("Dee Demo", "disclosure-officer")


@pytest.fixture
def olu():
    return person("Olu Demo")


def placed(olu, dee, reason="Inquest, 2026/114"):
    return place_hold(olu, reason=reason, by=dee, at=clock.now())


def test_while_it_stands_nothing_is_erased_and_once_lifted_it_can_be(olu, dee):
    with transaction.atomic():
        entry = append_entry(officer=olu.public_id, kind="cpd_activity", subject="a", day=clock.today(), payload={})
    hold = placed(olu, dee)
    with pytest.raises(ErasureRefused, match="A legal hold stands"):
        erase_readable_part(entry, retention_class="cpd", authority="Test", at=clock.now())
    lift_hold(hold, reason="The inquest is closed", by=dee, at=clock.now())
    erase_readable_part(entry, retention_class="cpd", authority="Test", at=clock.now())


def test_who_placed_it_who_lifted_it_and_why_stays(olu, dee):
    hold = placed(olu, dee)
    end = lift_hold(hold, reason="  The inquest\nis closed ", by=person("Kit", "disclosure-officer"), at=clock.now())
    assert (hold.placed_by, hold.reason) == (dee.public_id, "Inquest, 2026/114")
    assert (end.lifted_by.name, end.reason) == ("Kit", "The inquest is closed")
    for act in (
        lambda: LegalHold.objects.update(reason="Something else"),
        lambda: LegalHold.objects.update(ended_at=None),
        lambda: LegalHold.objects.all()._raw_delete("default"),
        lambda: LegalHoldEnd.objects.update(reason="Something else"),
        lambda: LegalHoldEnd.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_one_stands_at_a_time_and_is_lifted_once(olu, dee):
    hold = placed(olu, dee)
    with pytest.raises(HoldRefused, match="stands on this officer already"):
        placed(olu, dee)
    lift_hold(hold, reason="Closed", by=dee, at=clock.now())
    with pytest.raises(HoldRefused, match="was lifted already"):
        lift_hold(hold, reason="Closed", by=dee, at=clock.now())
    placed(olu, dee, "Opened again")


@pytest.mark.parametrize("role", ["auditor", "training-admin", "system-admin"])
def test_nobody_without_the_duty_places_or_lifts_one(olu, dee, role):
    other = person("Sam", role)
    with pytest.raises(HoldRefused, match="Disclosure officers place"):
        placed(olu, other)
    hold = placed(olu, dee)
    with pytest.raises(HoldRefused, match="Disclosure officers place"):
        lift_hold(hold, reason="Closed", by=other, at=clock.now())


def test_nobody_decides_about_their_own(dee):
    with pytest.raises(HoldRefused, match="their own record"):
        placed(dee, dee)
    hold = placed(dee, person("Kit", "disclosure-officer"))
    with pytest.raises(HoldRefused, match="their own record"):
        lift_hold(hold, reason="Closed", by=dee, at=clock.now())


@pytest.mark.parametrize("reason", ["", " \n", "x" * 301])
def test_a_reason_says_something_and_not_too_much(olu, dee, reason):
    with pytest.raises(HoldRefused, match="Say why"):
        placed(olu, dee, reason)


def test_the_page_places_and_lifts_and_does_not_show_ones_own(client, olu, dee):
    client.force_login(dee)
    assert client.post(PAGE, {"who": olu.email, "reason": "Inquest"}).status_code == 302
    placed(dee, person("Kit", "disclosure-officer"), "About Dee")
    words = client.get(PAGE).content.decode()
    assert "Olu Demo" in words
    assert "About Dee" not in words
    own, hold = LegalHold.objects.get(officer=dee.public_id), LegalHold.objects.get(officer=olu.public_id)
    assert client.get(f"{PAGE}{own.pk}/lift/").status_code == 404
    assert client.post(f"{PAGE}{hold.pk}/lift/", {"reason": "Closed"}).status_code == 302
    assert "Lifted on" in client.get(PAGE).content.decode()
    again = client.post(f"{PAGE}{hold.pk}/lift/", {"reason": "Closed"})
    assert again.status_code == 422
    assert "was lifted already" in again.content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"who": "nobody@force.example"}, "Nobody is known by that."),
        ({"who": ""}, "Enter the officer"),
        ({"reason": ""}, "Say why, in a sentence."),
        ({"reason": "x" * 301}, "at most 300"),
    ],
)
def test_what_was_typed_comes_back_with_what_is_wrong(client, olu, dee, changed, sentence):
    client.force_login(dee)
    typed = {"who": olu.email, "reason": "Inquest, 2026/114", **changed}
    answer = client.post(PAGE, typed)
    assert answer.status_code == 422
    words = answer.content.decode()
    assert sentence in words
    assert typed["who"] in words
    assert typed["reason"] in words
    assert not LegalHold.objects.exists()


def test_an_auditor_reads_them_and_is_offered_nothing(client, olu, dee):
    placed(olu, dee)
    client.force_login(person("Aud", "auditor"))
    words = client.get(PAGE).content.decode()
    assert "Inquest, 2026/114" in words
    assert "Place the hold" not in words
    assert "Lift it" not in words
    assert client.post(PAGE, {"who": olu.email, "reason": "x"}).status_code == 403
