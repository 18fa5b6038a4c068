"""A certificate stands as the ledger says: whoever changes a row or a file, whatever triggers he lifts, is found by the entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.suspending import lift_suspension, suspend_certificate
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, NightlyVerification
from cpd_records.watching.nightly import verify_night
from cpd_records.watching.verifying import verified
from people.models import User
from tests.cpd_records.certificate_acts import issued, stored_files
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.ledger_acts import run

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 20, 12, tzinfo=UTC)
TABLES = ("certificate", "certificaterevocation", "certificatesuspension", "certificatesuspensionend")


@pytest.fixture(autouse=True)
def _own_storage(settings: Settings, tmp_path: Path) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    settings.LEDGER_TILES_DIR = tmp_path / "tiles"


@pytest.fixture
def certificates(person: Callable[..., User]) -> list[Certificate]:
    """One withdrawn, one suspended and lifted, one suspended; each issued, and everything sealed."""
    ann, cy = person("Ann", "system-admin"), person("Cy", "system-admin")
    made = [issued(person(name), subject=f"SPEC-{name}") for name in ("Bo", "Di", "Ed")]
    revoke_certificate(made[0], by=ann, approved_by=cy, reason="It was somebody else", at=AT)
    suspend_certificate(made[1], by=ann, reason="Looked into", at=AT)
    lift_suspension(made[1], by=ann, approved_by=cy, reason="All was well", at=AT)
    suspend_certificate(made[2], by=ann, reason="Looked into", at=AT)
    seal_now()
    assert verified(files=True).problems == []
    return made


@contextmanager
def altered() -> Iterator[None]:
    if connection.vendor == "postgresql":
        run("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            run(f"ALTER TABLE cpd_records_{table} DISABLE TRIGGER ALL")
    with altered_evidence():
        yield


def found(*, files: bool = False) -> set[tuple[str, str]]:
    """What is found but lifted triggers: kind, and what was seen."""
    return {(one.kind, one.detail) for one in verified(files=files).problems if one.kind != "trigger"}


@pytest.mark.parametrize(
    ("gone", "what"),
    [
        ("certificaterevocation", "it records the withdrawal of a certificate, and no row does"),
        ("certificatesuspensionend", "it records the end of a suspension, and no row does"),
    ],
)
def test_a_row_that_was_taken_away_is_missed(certificates: list[Certificate], gone: str, what: str) -> None:
    with altered():
        run(f"DELETE FROM cpd_records_{gone}")  # noqa: S608

        assert found() == {("certificate", what)}


def test_a_suspension_that_was_taken_away_with_its_end_is_missed(certificates: list[Certificate]) -> None:
    with altered():
        run("DELETE FROM cpd_records_certificatesuspensionend")
        run("DELETE FROM cpd_records_certificatesuspension")

        assert {kind for kind, _detail in found()} == {"certificate"}
        assert len(verified().problems) >= 3


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ("certificate SET valid_until = '2098-01-01'", "valid_until"),
        ("certificate SET title = 'Another course'", "title"),
        ("certificate SET awarded_on = '2020-01-01'", "day"),
        ("certificate SET code = 'X' WHERE code = (SELECT min(code) FROM cpd_records_certificate)", "subject"),
        ("certificaterevocation SET public_reason = 'issued_in_error'", "public_reason"),
        ("certificaterevocation SET reason = 'x'", "reason"),
        ("certificaterevocation SET revoked_at = '2099-01-01 00:00:00+00:00'", "day"),
        ("certificatesuspension SET suspended_at = '2099-01-01 00:00:00+00:00'", "day"),
        ("certificatesuspensionend SET lifted_at = '2020-01-01 00:00:00+00:00'", "day"),
        ("certificatesuspensionend SET approved_by_id = (SELECT max(id) FROM people_user)", "approved_by"),
    ],
)
def test_a_row_that_says_something_else_than_its_entry_is_named(
    certificates: list[Certificate], change: str, member: str
) -> None:
    with altered():
        run(f"UPDATE cpd_records_{change}")

        details = {detail for kind, detail in found() if kind == "certificate"}
    assert details
    assert all(f"for {member}, and the entry" in detail for detail in details)


def test_a_digest_that_was_changed_is_held_to_its_entry(certificates: list[Certificate]) -> None:
    with altered():
        run("UPDATE cpd_records_certificate SET sha256 = %s WHERE code = %s", "0" * 64, certificates[0].code)

        assert {kind for kind, _detail in found()} == {"certificate"}
        assert {kind for kind, _detail in found(files=True)} == {"certificate", "certificate file"}


def test_a_file_that_was_changed_or_is_gone_is_named_at_night_and_where_it_is_asked_for(
    certificates: list[Certificate], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, _third = stored_files()
    first.write_bytes(first.read_bytes() + b"\n")
    second.unlink()

    assert found() == set()
    ends = sorted(detail.partition(" ")[2][-30:] for _kind, detail in found(files=True))
    assert len(ends) == 2
    verify_night("2026-11-29")
    night = NightlyVerification.objects.get()
    assert {problem["kind"] for problem in night.problems} == {"certificate file"}
    assert night.kept_as, "the tree is as it was"
    with pytest.raises(SystemExit):
        call_command("ledger_verify", "--files")
    assert "is not the one that was issued" in capsys.readouterr().out


def test_what_was_lawfully_erased_is_left_aside(certificates: list[Certificate]) -> None:
    gone = certificates[0]
    entries = (gone.entry, gone.issued_entry, gone.revocation.entry)
    for entry in entries:
        assert entry is not None
        erase_readable_part(entry, retention_class="cpd", authority="Head of Information", at=AT)
    for file in stored_files():
        if file.stem == gone.pk.hex:
            file.unlink()
    seal_now()

    assert found(files=True) == set()
