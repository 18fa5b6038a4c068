"""Certificates that are not made in their time: told to those who can do something about it, with what is in the way."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.decisions import decisions_waiting
from cpd_records.certificates import late
from cpd_records.certificates.awarding import ISSUE_WORK
from cpd_records.certificates.issuing import ListDiffers
from cpd_records.certificates.late import NOT_YET, UNKNOWN, UNSEALED, late_certificates, why_waiting
from cpd_records.certificates.rendering import CannotBeDrawn
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, EntryKind, ReadablePart
from people import clock, work
from people.models import User, WaitingWork
from tests.cpd_records.certificate_acts import award, issued

pytestmark = pytest.mark.django_db

Person = Callable[..., User]
ADDRESS = "/certificates/late/"


@pytest.fixture
def desk(person: Person, client: Client) -> Client:
    client.force_login(person("Ada", "training-admin"), backend="people.sign_in.SignInBackend")
    return client


def failed(certificate: Certificate, error: Exception) -> None:
    """Let the work have ended with an error last time, as ``do_work`` keeps it."""
    WaitingWork.objects.filter(kind=ISSUE_WORK, key=str(certificate.pk)).update(last_error=repr(error), tries=3)


def why(certificate: Certificate) -> str:
    return why_waiting([certificate.pk])[certificate.pk]


def test_a_certificate_is_late_when_its_file_is_not_made_within_five_minutes(person: Person) -> None:
    at = clock.now()
    waits = award(person("Cy"), at=at)
    issued(person("Bo"), at=at)

    assert not late_certificates(at=at + timedelta(minutes=5)).exists()
    assert list(late_certificates(at=at + timedelta(minutes=5, seconds=1))) == [waits]


def test_what_is_in_the_way_is_said_in_words_that_say_what_to_do(person: Person) -> None:
    certificate = award(person("Cy"))

    assert why(certificate) == UNSEALED
    seal_now()
    assert why(certificate) == NOT_YET
    for error, words in (
        (OSError(errno.ENOSPC, "No space left on device"), "The disk for files is full. Make room"),
        (OSError(errno.EROFS, "Read-only file system"), "takes no writing"),
        (PermissionError(errno.EACCES, "Permission denied"), "may not write where files are kept"),
        (CannotBeDrawn("No font draws U+12000"), "Install the font the log names"),
        (ListDiffers("The list of ABCD is not the one"), "nothing is issued"),
        (ValueError("anything else"), UNKNOWN),
    ):
        failed(certificate, error)
        assert words in why(certificate), error
    assert "U+12000" not in why(certificate), "what an error says may name somebody, and stays in the log"


def test_every_reason_is_that_of_an_error_as_it_is_kept() -> None:
    kept = [
        repr(error)
        for error in (
            CannotBeDrawn("x"),
            ListDiffers("x"),
            OSError(28, "x"),
            OSError(30, "x"),
            PermissionError(13, "x"),
        )
    ]
    assert [next((start for start in late.REASONS if one.startswith(start)), None) for one in kept] == [
        "CannotBeDrawn(",
        "ListDiffers(",
        "OSError(28,",
        "OSError(30,",
        "PermissionError(",
    ]


def test_a_full_disk_is_told_and_once_there_is_room_the_file_is_made_once(
    person: Person, desk: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    certificate = award(person("Cy"))
    seal_now()
    save = type(storages["private"]).save

    def torn(self: Any, name: str, content: Any, max_length: int | None = None) -> str:
        """Write half of it, as a disk that fills up does."""
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read()[:9000])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(type(storages["private"]), "save", torn)
        for _again in range(2):
            assert work.do_work(ISSUE_WORK, str(certificate.pk)) is False
    page = desk.get(ADDRESS).content.decode()
    assert "The disk for files is full. Make room; it is made by itself then." in page
    assert '<a href="/my/" aria-current="true">My learning</a>' in page, "where whoever looks after them comes from"
    certificate.refresh_from_db()
    assert not certificate.is_ready

    assert type(storages["private"]).save is save
    assert work.do_work(ISSUE_WORK, str(certificate.pk)) is True
    assert work.do_work(ISSUE_WORK, str(certificate.pk)) is False
    certificate.refresh_from_db()
    assert certificate.is_ready
    assert ReadablePart.objects.filter(kind=EntryKind.CERTIFICATE_ISSUED).count() == 1
    files = Path(storages["private"].path("certificates")).rglob(f"{certificate.pk.hex}*")
    assert [path.name for path in files] == [f"{certificate.pk.hex}.pdf"]
    assert "None is late." in desk.get(ADDRESS).content.decode()


def test_those_who_look_after_them_are_led_there(person: Person, desk: Client) -> None:
    award(person("Cy"))
    ada = User.objects.get(name="Ada")

    assert [one.address for one in decisions_waiting(ada)] == [ADDRESS]
    assert "1 certificate not made in time" in {one.title for one in decisions_waiting(ada)}
    assert decisions_waiting(person("Bo")) == []


def test_readyz_says_how_many_wait_and_goes_on_serving(person: Person, client: Client) -> None:
    assert client.get("/readyz").json()["certificates"] == "ok"
    award(person("Cy Osei"))
    award(person("Bo"))

    answer = client.get("/readyz")
    assert answer.json()["certificates"].startswith("2 certificates wait for longer than five minutes")
    assert "Osei" not in answer.content.decode()
    assert answer.json()["ready"] is (answer.status_code == 200)


def test_nobody_else_reads_whose_certificate_waits(person: Person, client: Client) -> None:
    client.force_login(person("Bo", "assessor"), backend="people.sign_in.SignInBackend")
    answer = client.get(ADDRESS)
    assert answer.status_code == 403
    assert "You hold neither role" in answer.content.decode()


def test_the_page_costs_as_many_queries_for_three_as_for_one(person: Person, desk: Client) -> None:
    def cost() -> int:
        desk.get(ADDRESS)
        with CaptureQueriesContext(connection) as made:
            desk.get(ADDRESS)
        return len(made)

    award(person("Cy"))
    one = cost()
    award(person("Bo"))
    award(person("Di"))
    assert cost() == one
