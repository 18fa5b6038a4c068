"""What stops without a word is told: a sealer that does not run, nights in which no verification ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from cpd_records.daily import ask_daily
from cpd_records.ledger import keys
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Checkpoint, NightlyVerification, UnsealedEntry
from cpd_records.watching import nightly
from cpd_records.watching.nightly import VERIFY_WORK, verify_night
from cpd_records.watching.silence import LATE_AFTER, SEALED_WITHIN, look_for_silence
from people import clock, work
from people.models import Hold, LastStamp, User, WaitingWork
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.ledger_acts import run, write_entry, write_sealed

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    settings.LEDGER_TILES_DIR = tmp_path / "tiles"


@pytest.fixture
def auditor(person: Callable[..., User], signed_in: Callable[[User], Client]) -> Client:
    return signed_in(person("Ann", "auditor"))


def ready(client: Client, name: str) -> tuple[int, str]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()[name]


def page(client: Client) -> str:
    return " ".join(client.get("/ledger/").content.decode().split())


def grow_old(by: timedelta) -> None:
    """Let what waits to be sealed have waited longer."""
    for waiting in UnsealedEntry.objects.all():
        UnsealedEntry.objects.filter(pk=waiting.pk).update(ticket=waiting.ticket - by // timedelta(microseconds=1))
    LastStamp.objects.update(row_at=clock.now() - by - timedelta(days=1))


def installed(ago: timedelta) -> None:
    run("UPDATE django_migrations SET applied = %s", clock.now() - ago)


def do_due_work() -> None:
    WaitingWork.objects.filter(done_at__isnull=True).update(due_at=timezone.now())
    while work.sweep_once():
        WaitingWork.objects.filter(done_at__isnull=True, tries=0).update(due_at=timezone.now())


def told(subject: str) -> list[str]:
    do_due_work()
    return [str(message.body) for message in mail.outbox if message.subject == subject]


# --- Nobody seals ------------------------------------------------------------------------------------------------------------


def test_entries_that_nobody_seals_are_told_by_readyz_by_mail_and_on_the_page(auditor: Client) -> None:
    write_sealed(2)
    write_entry()
    assert ready(auditor, "ledger signing")[1] == "ok"
    grow_old(SEALED_WITHIN + MINUTE)

    look_for_silence()

    status, said = ready(auditor, "ledger signing")
    assert status == 503
    assert "Nothing has been sealed since" in said
    assert "manage.py ledger_seal" in said
    assert "Nothing is sealed" in page(auditor)
    (words,) = told("The ledger is not sealed")
    assert said in words


def test_changes_without_an_entry_that_nobody_signs_are_told_too(auditor: Client) -> None:
    seal_now()
    last = Checkpoint.objects.order_by("-time").first()
    now = clock.now() if last is None else last.time
    with altered_evidence():
        run("UPDATE cpd_records_checkpoint SET time = %s", now - 2 * SEALED_WITHIN)
    LastStamp.objects.update(row_at=now - SEALED_WITHIN - MINUTE)

    assert "Nothing has been sealed since" in ready(auditor, "ledger signing")[1]


def test_a_sealer_that_cannot_even_begin_is_told(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    write_entry()
    grow_old(SEALED_WITHIN + MINUTE)

    def no_key() -> str:
        raise ImproperlyConfigured("LEDGER_ORIGIN is not set.")

    with monkeypatch.context() as patched:
        patched.setattr(keys, "origin_refusal", no_key)
        with pytest.raises(ImproperlyConfigured):
            seal_now()

    look_for_silence()
    assert len(told("The ledger is not sealed")) == 1


def test_a_silence_is_told_once_and_the_next_one_again(auditor: Client) -> None:
    write_entry()
    grow_old(SEALED_WITHIN + MINUTE)
    for _minute in range(3):
        look_for_silence()
    assert len(told("The ledger is not sealed")) == 1

    seal_now()
    write_entry()
    grow_old(SEALED_WITHIN + MINUTE)
    look_for_silence()

    assert len(told("The ledger is not sealed")) == 2


def test_a_silence_that_ended_by_itself_is_told_to_nobody(auditor: Client) -> None:
    write_entry()
    grow_old(SEALED_WITHIN + MINUTE)
    look_for_silence()
    seal_now()

    assert told("The ledger is not sealed") == []
    assert ready(auditor, "ledger signing")[1] == "ok"


def test_sample_history_that_is_being_written_may_take_its_time(auditor: Client) -> None:
    write_entry()
    grow_old(SEALED_WITHIN + MINUTE)
    Hold.objects.create(name="sample", until=timezone.now() + MINUTE)

    look_for_silence()

    assert ready(auditor, "ledger signing")[1] == "ok"
    assert not WaitingWork.objects.filter(kind="ledger.warn").exists()


# --- No night ends -----------------------------------------------------------------------------------------------------------


def test_nights_that_do_not_end_are_told_by_readyz_by_mail_and_on_the_page(auditor: Client) -> None:
    write_sealed(2)
    verify_night("2026-11-27")
    assert ready(auditor, "ledger nights")[1] == "ok"
    NightlyVerification.objects.update(ended_at=clock.now() - LATE_AFTER - MINUTE)

    look_for_silence()
    look_for_silence()

    status, said = ready(auditor, "ledger nights")
    assert "No night’s verification of the ledger has ended since" in said
    assert "See that waiting work is done" in said
    assert status == 200, "the site serves while its ledger is not verified"
    assert said in page(auditor)
    assert "Sound, but not verified lately" in page(auditor)
    (words,) = told("The ledger is not verified")
    assert said in words


def test_a_new_installation_is_not_late_and_one_that_never_verified_is(auditor: Client) -> None:
    installed(LATE_AFTER + MINUTE)
    assert ready(auditor, "ledger nights")[1] == "ok", "nothing was ever signed"
    write_sealed(2)
    installed(LATE_AFTER - MINUTE)
    assert ready(auditor, "ledger nights")[1] == "ok"
    assert "The first time is still to come." in page(auditor)

    installed(LATE_AFTER + MINUTE)

    assert "No night’s verification of the ledger has ended yet." in ready(auditor, "ledger nights")[1]
    assert "Not verified, though it should have been" in page(auditor)
    assert "still to come" not in page(auditor)


def test_what_a_night_failed_with_is_told_also_where_none_ever_ended(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sealed(2)
    installed(LATE_AFTER + MINUTE)
    ask_daily()

    def broken(**_: Any) -> None:
        raise RuntimeError("the processes could not be begun")

    monkeypatch.setattr(nightly, "verified", broken)
    WaitingWork.objects.filter(kind=VERIFY_WORK).update(due_at=timezone.now())
    work.sweep_once()

    assert not NightlyVerification.objects.exists()
    said = ready(auditor, "ledger nights")[1]
    assert "the processes could not be begun" in said
    assert "manage.py ledger_verify" in said
    assert "the processes could not be begun" in page(auditor)
    look_for_silence()
    assert "the processes could not be begun" in told("The ledger is not verified")[0]


def test_what_last_night_failed_with_is_on_the_page_before_it_is_late(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sealed(2)
    verify_night("2026-11-27")
    ask_daily()
    storage = type(storages["private"])
    with monkeypatch.context() as patched:
        patched.setattr(storage, "listdir", lambda *_: (_ for _ in ()).throw(OSError("the storage is away")))
        WaitingWork.objects.filter(kind=VERIFY_WORK).update(due_at=timezone.now())
        work.sweep_once()
    assert "the storage is away" in page(auditor)
    assert ready(auditor, "ledger nights")[1] == "ok"

    do_due_work()

    assert "the storage is away" not in page(auditor)
