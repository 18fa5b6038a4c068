"""A certificate stands as the ledger says: whoever changes a row or a file, whatever triggers he lifts, is found by the entries."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import Settings

from cpd_records.certificates import issuing
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


def found(*, files: bool = False) -> set[tuple[str, str]]:
    """What is found but lifted triggers: kind, and what was seen."""
    return {(one.kind, one.detail) for one in verified(files=files).problems if one.kind != "trigger"}


@pytest.mark.parametrize(
    ("gone", "what"),
    [
        ("certificaterevocation", "certificate {0}: it records the withdrawal, and no row does"),
        ("certificatesuspensionend", "certificate {1}: it records the end of the suspension, and no row does"),
    ],
)
def test_a_row_that_was_taken_away_is_missed(certificates: list[Certificate], gone: str, what: str) -> None:
    with altered_evidence():
        run(f"DELETE FROM cpd_records_{gone}")  # noqa: S608

        assert found() == {("certificate", what.format(*(one.code for one in certificates)))}


def test_a_suspension_that_was_taken_away_with_its_end_is_missed(certificates: list[Certificate]) -> None:
    with altered_evidence():
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
        # To the second, not only to the day.
        ("certificaterevocation SET revoked_at = '2026-09-20 12:00:01+00:00'", "decided_at"),
        ("certificatesuspension SET suspended_at = '2026-09-20 12:00:01+00:00'", "decided_at"),
        ("certificatesuspensionend SET lifted_at = '2026-09-20 12:00:01+00:00'", "decided_at"),
        # What the entry of the issue alone says.
        ("certificate SET created_at = '2026-09-01 10:30:01+00:00'", "awarded_at"),
        ("certificate SET subject = 'SPEC-Zoe'", "certifies"),
        ("certificate SET completion_entry_id = entry_id", "rests_on"),
        ("certificate SET issued_at = '2026-09-01 10:30:01+00:00'", "issued_at"),
    ],
)
def test_a_row_that_says_something_else_than_its_entry_is_named(
    certificates: list[Certificate], change: str, member: str
) -> None:
    with altered_evidence():
        run(f"UPDATE cpd_records_{change}")

        seen = found()
    assert {kind for kind, _detail in seen} == {"certificate"}
    named = [detail for _kind, detail in seen if f"for {member}, and the entry" in detail]
    assert named
    assert all(any(one.code in detail for one in certificates) for detail in named)


def test_a_certificate_that_replaces_another_than_it_did_is_named(
    certificates: list[Certificate], person: Callable[..., User]
) -> None:
    first = certificates[1]
    second = issued(first.officer, subject=first.subject)
    assert second.supersedes == first
    seal_now()
    assert found() == set()
    no_more = f"certificate {second.code}: the row of the issue has None for replaces"
    for other, said in ((None, no_more), (certificates[0], "what it replaces is none of its holder's of the same")):
        with altered_evidence(), transaction.atomic():
            key = None if other is None else other.pk.hex
            run("UPDATE cpd_records_certificate SET supersedes_id = %s WHERE code = %s", key, second.code)

            assert any(said in detail for _kind, detail in found())
            transaction.set_rollback(True)


def test_a_row_under_another_id_and_a_file_under_another_name_are_named(certificates: list[Certificate]) -> None:
    said = f"certificate {certificates[2].code}: its file is kept as "
    for change in ("file = 'certificates/00/other.pdf'", "id = '0b5c6a5253a04d539c3b0d5f1f7a4b11'"):
        with altered_evidence(), transaction.atomic():
            run(f"UPDATE cpd_records_certificate SET {change} WHERE code = %s", certificates[2].code)  # noqa: S608

            assert any(said in detail for _kind, detail in found())
            transaction.set_rollback(True)


def test_a_row_that_a_join_would_lose_is_still_named(certificates: list[Certificate]) -> None:
    with altered_evidence(), transaction.atomic():
        run("UPDATE cpd_records_certificatesuspensionend SET suspension_id = 987654")

        said = "the row of the end of the suspension has None for suspension"
        assert any(said in detail for _kind, detail in found())
        transaction.set_rollback(True)


def test_letters_and_accents_written_apart_are_the_same_as_in_one(person: Callable[..., User]) -> None:
    certificate = issued(person("Fay"))
    apart = unicodedata.normalize("NFD", "Renée asked.")
    suspend_certificate(certificate, by=person("Ann", "system-admin"), reason=apart, at=AT)
    seal_now()

    assert found() == set()


def test_what_was_issued_before_entries_said_more_is_held_to_what_they_say(
    person: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_before(certificate: Certificate, digest: str, *, at: datetime) -> dict[str, Any]:
        return {"certificate": certificate.entry_id, "sha256": digest}

    monkeypatch.setattr(issuing, "_of_issue", as_before)
    certificate = issued(person("Gus"))
    assert found() == set()

    with altered_evidence():
        run("UPDATE cpd_records_certificate SET sha256 = %s WHERE code = %s", "0" * 64, certificate.code)

        assert {kind for kind, _detail in found()} == {"certificate"}


def test_a_digest_that_was_changed_is_held_to_its_entry(certificates: list[Certificate]) -> None:
    with altered_evidence():
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
