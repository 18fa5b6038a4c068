"""The ledger is verified when an auditor or a system administrator asks: one at a time, in the background, and told as a night's is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from cpd_records.ledger.kept import kept_checkpoints
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import AskedVerification, NightlyVerification
from cpd_records.verification.examination import Examination
from cpd_records.watching import asking
from cpd_records.watching.asking import NOT_YOURS, VerificationRefused, ask_verification, verify_asked
from cpd_records.watching.nightly import LONGEST, verify_night
from people import clock, work
from people.models import User, WaitingWork
from tests.cpd_records.certificate_acts import issued, stored_files
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.ledger_acts import run, write_sealed

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
Make = Callable[..., User]


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    settings.LEDGER_TILES_DIR = tmp_path / "tiles"


@pytest.fixture
def auditor(person: Make) -> User:
    return person("Ann Auditor", "auditor")


def do_all_work() -> None:
    while work.sweep_once():
        pass


def asked(by: User) -> AskedVerification:
    """Ask, and have the background do it."""
    row = ask_verification(by=by, at=clock.now())
    do_all_work()
    row.refresh_from_db()
    return row


def rested() -> None:
    """Let the time pass for which another may not be asked for."""
    AskedVerification.objects.update(ended_at=clock.now() - asking.REST)


def words(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def damage() -> None:
    entry = write_sealed(3, minutes=60)[1]
    with altered_evidence():
        run("UPDATE cpd_records_readablepart SET minutes = 61 WHERE entry_id = %s", entry.id.hex)


# --- On the page ---------------------------------------------------------------------------------------------------------


def test_it_is_asked_for_with_a_button_runs_in_the_background_and_the_page_says_who_asked_and_what_was_found(
    auditor: User, signed_in: Browser
) -> None:
    write_sealed(3)
    browser = signed_in(auditor)
    assert "Verify now" in words(browser.get("/ledger/"))

    begun = words(browser.post("/ledger/verify/", follow=True))

    assert "The verification has begun." in begun
    assert "Being verified now" in begun
    assert "Ann Auditor asked for it on" in begun
    assert "Verify now" not in begun
    row = AskedVerification.objects.get()
    assert (row.is_running, row.ended_at, row.asked_by) == (True, None, auditor)
    do_all_work()
    shown = words(browser.get("/ledger/"))
    assert "Being verified now" not in shown
    assert "<span>Sound</span>" in shown
    assert "3 entries, each with its place" in shown
    assert "By Ann Auditor at" in shown
    assert "Verify now" in shown


@pytest.mark.parametrize(
    ("role", "may"),
    [("system-admin", True), ("auditor", True), ("disclosure-officer", False), ("training-admin", None)],
)
def test_auditors_and_system_administrators_ask_and_disclosure_officers_read(
    role: str, may: bool | None, person: Make, signed_in: Browser
) -> None:
    browser = signed_in(person("Kim", role))
    shown = browser.get("/ledger/")
    assert shown.status_code == (403 if may is None else 200)
    assert ("Verify now" in words(shown)) is bool(may)

    answer = browser.post("/ledger/verify/")

    assert answer.status_code == (302 if may else 403)
    assert AskedVerification.objects.exists() is bool(may)
    if may is False:
        assert NOT_YOURS in words(answer)


def test_it_is_asked_for_by_a_post_with_its_token_alone(auditor: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(auditor)
    assert browser.get("/ledger/verify/").status_code == 405
    assert browser.post("/ledger/verify/").status_code == 403
    assert not AskedVerification.objects.exists()


def test_what_does_not_hold_stands_on_the_page_with_what_to_do(auditor: User, signed_in: Browser) -> None:
    damage()
    verify_night("2026-11-29")
    found = asked(auditor)

    assert (found.problem_count, found.problems[0]["kind"]) == (1, "column")
    shown = words(signed_in(auditor).get("/ledger/"))
    assert "Found wanting" in shown
    assert "the column says minutes is 61" in shown
    assert "Change nothing, keep the newest backups" in shown
    assert "1 problem" in shown


def test_the_newest_of_both_is_the_one_that_the_page_speaks_of(auditor: User, signed_in: Browser) -> None:
    write_sealed(2)
    verify_night("2026-11-28")
    damage()
    asked(auditor)
    assert "Found wanting" in words(signed_in(auditor).get("/ledger/")).split('id="problems"')[0]


# --- Told ------------------------------------------------------------------------------------------------------------------


def test_those_who_must_know_are_told_as_at_night(
    auditor: User, person: Make, caplog: pytest.LogCaptureFixture
) -> None:
    admin = person("Ben", "system-admin")
    damage()

    found = asked(auditor)

    assert not found.is_sound
    assert "found wanting" in caplog.text
    told = [message for message in mail.outbox if message.subject == "The ledger was found wanting"]
    assert {address for message in told for address in message.to} == {auditor.email, admin.email}
    assert "that somebody asked for" in str(told[0].body)
    assert found.problems[0]["entry"] not in str(told[0].body)


def test_of_a_sound_ledger_nobody_is_told(auditor: User) -> None:
    write_sealed(2)
    assert asked(auditor).is_sound
    assert not mail.outbox
    assert not WaitingWork.objects.filter(kind__startswith="ledger.warn").exists()


def test_it_reads_the_files_of_certificates_and_holds_the_ledger_to_what_nights_kept(
    auditor: User, person: Make
) -> None:
    issued(person("Bo"))
    seal_now()
    verify_night("2026-11-29")
    kept = kept_checkpoints()
    (file,) = stored_files()
    file.write_bytes(file.read_bytes() + b"\n")

    found = asked(auditor)

    assert (found.held_against, kept_checkpoints()) == (1, kept)
    assert [problem["kind"] for problem in found.problems] == ["certificate file"]


def test_it_stands_for_no_night(auditor: User, signed_in: Browser) -> None:
    write_sealed(2)
    verify_night("2026-11-29")
    NightlyVerification.objects.update(ended_at=clock.now() - timedelta(hours=37))
    asked(auditor)

    shown = words(signed_in(auditor).get("/ledger/"))

    assert "<span>Sound</span>" in shown
    assert "Sound, but not verified lately" not in shown
    assert "No night’s verification of the ledger has ended since" in shown
    assert NightlyVerification.objects.count() == 1


# --- Refused ---------------------------------------------------------------------------------------------------------------


def test_one_at_a_time(auditor: User, person: Make, signed_in: Browser) -> None:
    ask_verification(by=auditor, at=clock.now())
    answer = words(signed_in(person("Ben", "system-admin")).post("/ledger/verify/", follow=True))
    assert "is running already. This page shows what it finds." in answer
    assert AskedVerification.objects.count() == 1
    with pytest.raises(IntegrityError, match=r"one_verification_asked_for_at_a_time|is_running"):
        AskedVerification.objects.create(asked_by=auditor, asked_at=clock.now())


def test_of_two_who_ask_in_the_same_moment_the_second_is_told_so(
    auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken(**_more: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(AskedVerification.objects, "create", taken)
    with pytest.raises(VerificationRefused, match="running already"):
        ask_verification(by=auditor, at=clock.now())


def test_none_while_the_nights_is_running_unless_that_was_killed(auditor: User) -> None:
    night = NightlyVerification.objects.create(night=date(2026, 11, 29), began_at=clock.now())
    with pytest.raises(VerificationRefused, match="The night’s verification is running"):
        ask_verification(by=auditor, at=clock.now())
    NightlyVerification.objects.filter(pk=night.pk).update(began_at=clock.now() - LONGEST)
    assert ask_verification(by=auditor, at=clock.now())


def test_none_within_ten_minutes_of_the_last_one_asked_for(auditor: User) -> None:
    write_sealed(1)
    asked(auditor)
    with pytest.raises(VerificationRefused, match=r"asked for again from \d\d:\d\d\."):
        ask_verification(by=auditor, at=clock.now())
    rested()
    assert asked(auditor).is_sound
    assert AskedVerification.objects.count() == 2


def test_only_auditors_and_system_administrators_whatever_leads_here(person: Make) -> None:
    with pytest.raises(VerificationRefused, match="Auditors and system administrators"):
        ask_verification(by=person("Dee", "disclosure-officer"), at=clock.now())


# --- Crashes ---------------------------------------------------------------------------------------------------------------


def test_one_that_could_not_end_is_tried_again_and_the_page_says_with_what_it_failed(
    auditor: User, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sealed(2)

    def broken() -> dict[str, str]:
        raise OSError("the storage is away")

    with monkeypatch.context() as patched:
        patched.setattr(asking, "kept_checkpoints", broken)
        row = asked(auditor)
    assert (row.is_running, row.began_at) == (True, None)
    shown = words(signed_in(auditor).get("/ledger/"))
    assert "The verification that was asked for could not end, and is tried again" in shown
    assert "the storage is away" in shown

    verify_asked(str(row.pk))

    row.refresh_from_db()
    assert row.is_sound


def test_a_second_worker_waits_for_the_first_and_takes_over_when_it_was_killed(auditor: User) -> None:
    write_sealed(2)
    row = ask_verification(by=auditor, at=clock.now())
    AskedVerification.objects.update(began_at=clock.now())
    with pytest.raises(work.NotYet):
        verify_asked(str(row.pk))
    AskedVerification.objects.update(began_at=clock.now() - asking.KILLED_AFTER)

    verify_asked(str(row.pk))

    row.refresh_from_db()
    assert row.is_sound


def test_of_two_that_ran_beside_each_other_the_first_to_end_says_what_was_found(
    auditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sealed(2)
    row = ask_verification(by=auditor, at=clock.now())
    real, ended = asking.verified, clock.now() - timedelta(minutes=1)

    def overtaken(**given: Any) -> Examination:
        AskedVerification.objects.update(is_running=False, ended_at=ended, entries=7)
        return real(**given)

    monkeypatch.setattr(asking, "verified", overtaken)
    verify_asked(str(row.pk))

    row.refresh_from_db()
    assert (row.entries, row.ended_at) == (7, ended)


def test_the_same_work_twice_verifies_once(auditor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sealed(2)
    row = asked(auditor)
    monkeypatch.setattr(asking, "verified", lambda **_: pytest.fail("verified again"))
    verify_asked(str(row.pk))
    verify_asked("987654")
