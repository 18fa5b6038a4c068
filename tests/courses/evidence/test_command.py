"""``manage.py evidence_pack`` writes the pack, records that it did, and ends with the status that says how it went."""

import hashlib
import io

import pytest
from django.core.management import CommandError, call_command

from courses.models import EvidencePack
from people import clock
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return person("Olu Demo")


def test_it_writes_the_file_and_names_its_digest(officer, tmp_path):
    said, out = io.StringIO(), tmp_path / "pack.zip"
    call_command(
        "evidence_pack", officer.email, "--on", "2026-03-03", "--known-at", "2026-03-03", "--out", str(out), stdout=said
    )
    assert hashlib.sha256(out.read_bytes()).hexdigest() in said.getvalue()
    row = EvidencePack.objects.get()
    assert (row.on.isoformat(), row.purpose, row.asked_by) == ("2026-03-03", "Built on the command line", None)
    assert row.known_at.isoformat().startswith("2026-03-03T23:59:59")
    assert not row.file.path
    assert [file.name for file in tmp_path.iterdir()] == ["pack.zip"]


def test_twice_the_same_question_writes_the_same_bytes(officer, tmp_path):
    for name in ("one.zip", "two.zip"):
        call_command(
            "evidence_pack",
            officer.service_number,
            "--on",
            "2026-03-03",
            "--out",
            str(tmp_path / name),
            stdout=io.StringIO(),
        )
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_nobody_by_that_name_and_a_day_to_come_are_refused_with_status_one(officer, tmp_path):
    out = str(tmp_path / "pack.zip")
    with pytest.raises(CommandError, match="Nobody has") as nobody:
        call_command("evidence_pack", "nobody@force.example", "--out", out)
    assert nobody.value.returncode == 1
    with pytest.raises(CommandError, match="a day that has begun") as refused:
        call_command("evidence_pack", officer.email, "--on", f"{clock.today().year + 1}-01-01", "--out", out)
    assert refused.value.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_and_a_day_that_is_none_are_bad_usage(officer, tmp_path):
    with pytest.raises(CommandError, match="cannot be written") as unwritable:
        call_command("evidence_pack", officer.email, "--out", str(tmp_path / "no folder" / "pack.zip"))
    assert unwritable.value.returncode == 2
    with pytest.raises(CommandError, match="is no day"):
        call_command("evidence_pack", officer.email, "--on", "yesterday", "--out", str(tmp_path / "pack.zip"))
