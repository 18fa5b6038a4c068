"""One officer with one of everything: what an erasure takes, what stays, and that the ledger and the files are whole."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import storages
from wagtail.log_actions import log

from cpd_records.certificates.suspending import lift_suspension, suspend_certificate
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, Erasure, ErasureRequest
from cpd_records.watching.verifying import verified
from people import clock
from people.erasing import ERASED_NAME
from people.models import User
from people.subject_data import Held, rows_held
from tests.permissions.asking import World, undone
from tests.permissions.matrix import Row, rows
from tests.permissions.world import world  # noqa: F401  # a fixture
from tests.training_site.erasures.acts import EVERY_CLASS, approved, asked, leave, refused, worked_off
from training_site.erasing import ALL_STAYS, carry_out_erasure
from training_site.held import ALL_HELD

KEPT_BLANKED = {
    ("cpd_records.Certificate", "officer"),
    ("cpd_records.CertificateRevocation", "certificate__officer"),
    ("cpd_records.CertificateSuspension", "certificate__officer"),
    ("cpd_records.CertificateSuspensionEnd", "suspension__certificate__officer"),
}


@contextmanager
def files_put_back() -> Iterator[None]:
    """Put back what is removed from storage inside: a transaction that is rolled back brings no file back, and the world is shared."""
    places = [Path(storages[name].location) for name in ("private", "default")]  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as aside:
        for number, place in enumerate(places):
            place.mkdir(parents=True, exist_ok=True)
            shutil.copytree(place, Path(aside) / str(number))
        try:
            yield
        finally:
            for number, place in enumerate(places):
                shutil.copytree(Path(aside) / str(number), place, dirs_exist_ok=True)


def suspended_and_lifted(made: World) -> None:
    """The owner's certificate was suspended for a while."""
    certificate = Certificate.objects.select_related("officer").get(pk=made.places["certificate"])
    said = {"by": made.people["Training admin"], "reason": "Owner was named by another.", "at": clock.now()}
    suspend_certificate(certificate, **said)
    lift_suspension(certificate, approved_by=made.people["System admin"], **said)


@pytest.fixture(scope="module")
def erased(world: World) -> Iterator[World]:  # noqa: F811
    """The world after everything about its owner was erased by order; rolled back when the module's tests are done."""
    with files_put_back(), undone():
        owner, asker = world.people["Owner"], world.people["Disclosure officer"]
        second = world.people["Second"]
        refused(ErasureRequest.objects.get(pk=world.places["erasure"]), asker)
        suspended_and_lifted(world)
        leave(owner)
        log(owner, "wagtail.edit")
        worked_off()
        seal_now()
        request = approved(asked(owner, asker, classes=EVERY_CLASS), second)
        carry_out_erasure(str(request.pk))
        seal_now()
        worked_off()
        yield world


def rows_about(one: Held, officer: User) -> list[Any]:
    return list(rows_held(one, officer))


@pytest.mark.parametrize("one", ALL_HELD, ids=lambda one: f"{one.model}.{one.by}")
def test_nothing_is_held_on_them_but_what_stays_for_a_reason(erased: World, one: Held) -> None:
    rows = rows_about(one, erased.people["Owner"])

    if (one.model, one.by) not in {*ALL_STAYS, *KEPT_BLANKED} and one.model != "cpd_records.ReadablePart":
        assert rows == []


def test_what_stays_of_a_certificate_says_no_reason(erased: World) -> None:
    certificate = Certificate.objects.get(pk=erased.places["certificate"])
    (suspension,) = certificate.suspensions.all()

    assert (certificate.title, suspension.reason, suspension.end.reason) == ("", "", "")


def test_the_person_is_named_no_more(erased: World) -> None:
    owner = User.objects.get(pk=erased.people["Owner"].pk)

    assert owner.name == ERASED_NAME
    assert not owner.has_usable_password()
    assert "Owner" not in " ".join((owner.name, owner.short_name, owner.email, owner.service_number))


def test_the_log_of_the_authoring_pages_names_them_no_more(erased: World) -> None:
    logged = apps.get_model("wagtailcore.ModelLogEntry").objects.filter(object_id=str(erased.people["Owner"].pk))

    assert not logged.exclude(label=ERASED_NAME).exists()


def test_the_ledger_holds_and_says_of_them_only_that_they_were_erased(erased: World) -> None:
    owner = erased.people["Owner"]
    model = apps.get_model("cpd_records.ReadablePart")

    assert {part.kind for part in model.objects.filter(officer=owner.public_id)} == {"erasure"}
    assert Erasure.objects.filter(officer=owner.public_id).count() > 5
    assert verified().problems == []


READ_ABOUT_OTHERS = [row for row in rows() if row.method == "GET" and "/accounts/" not in row.address]


@pytest.mark.parametrize("row", READ_ABOUT_OTHERS, ids=str)
def test_no_page_breaks_for_those_who_still_read(erased: World, row: Row) -> None:
    address = erased.address(row.address)
    readers = [person for person, word in row.asked if word == "yes" and person not in ("Owner", "Stranger")]

    for person in readers[:: max(1, len(readers) // 3)]:
        assert erased.ask(person, "GET", address).response.status_code < 500, person
