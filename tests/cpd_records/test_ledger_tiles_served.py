"""The log as a stranger reads it: tiles and bundles by the format's addresses, enough to rebuild every signed root."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cpd_records.ledger import publishing
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.publishing import LONGEST_LOG, NoSuchTile, TileName
from cpd_records.models import Checkpoint
from cpd_records.verification.examination import examine
from tests.cpd_records.ledger_acts import MOMENT, write_sealed
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.LEDGER_TILES_DIR = tmp_path / "ledger"
    publishing._first_leaf.cache_clear()
    return tmp_path / "ledger"


def take(client: Client, path: str) -> bytes:
    answer = client.get(f"/ledger/tile/{path}")
    assert answer.status_code == 200, path
    return bytes(answer.content)


def hashes_in(row: bytes) -> list[bytes]:
    return [row[place : place + 32] for place in range(0, len(row), 32)]


def leaves_of(client: Client, size: int) -> list[bytes]:
    """Return the leaf hashes of a log of that size, as a stranger gets them."""
    full, rest = divmod(size, 256)
    rows = [take(client, f"0/{number:03}") for number in range(full)]
    rows += [take(client, f"0/{full:03}.p/{rest}")] if rest else []
    return hashes_in(b"".join(rows))


def root_over(leaves: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, written out."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root_over(leaves[:half]) + root_over(leaves[half:])).digest()


def test_a_stranger_rebuilds_every_signed_root_from_the_tiles(client: Client) -> None:
    for count in (1, 4, 250, 3):
        write_sealed(count)

    for signed in Checkpoint.objects.order_by("size"):
        assert root_over(leaves_of(client, signed.size)) == bytes(signed.root)


def test_the_tile_above_holds_the_roots_of_the_full_ones_below(client: Client) -> None:
    write_sealed(258)

    assert take(client, "1/000.p/1") == root_over(hashes_in(take(client, "0/000")))


def test_a_bundle_holds_each_commitment_after_its_length_and_leads_to_the_leaves(client: Client) -> None:
    write_sealed(258)

    bundle = take(client, "entries/000") + take(client, "entries/001.p/2")

    assert len(bundle) == 258 * 34
    entries = [bundle[place : place + 34] for place in range(0, len(bundle), 34)]
    assert {entry[:2] for entry in entries} == {b"\x00\x20"}
    leaves = [hashlib.sha256(b"\x00" + entry[2:]).digest() for entry in entries]
    assert leaves == leaves_of(client, 258)


def test_no_byte_of_the_log_is_anything_but_hashes(client: Client) -> None:
    (entry,) = write_sealed(1, payload={"title": "Stop and search", "name": "Olu Demo"})

    served = take(client, "0/000.p/1") + take(client, "entries/000.p/1")

    commitment = bytes(entry.commitment)
    assert served == hashlib.sha256(b"\x00" + commitment).digest() + b"\x00\x20" + commitment


def test_a_partial_tile_is_there_for_each_size_that_was_signed_and_for_no_other(client: Client) -> None:
    write_sealed(2)
    write_sealed(3)

    found = {width for width in range(1, 8) if client.get(f"/ledger/tile/0/000.p/{width}").status_code == 200}

    assert found == {2, 5}


def test_what_is_not_signed_yet_is_not_there_and_may_not_be_kept(client: Client) -> None:
    write_sealed(3)

    answer = client.get("/ledger/tile/0/000")

    assert answer.status_code == 404
    assert answer["Cache-Control"] == "no-store"
    assert "Read /ledger/checkpoint for its size" in answer.content.decode()


def test_in_an_empty_log_there_is_no_tile_at_all(client: Client) -> None:
    for path in ("0/000", "0/000.p/1", "entries/000", "1/000"):
        assert client.get(f"/ledger/tile/{path}").status_code == 404


def test_tiles_may_be_kept_for_ever_and_come_without_a_cookie(client: Client) -> None:
    write_sealed(257)

    for path in ("0/000", "0/001.p/1", "entries/000"):
        answer = client.get(f"/ledger/tile/{path}")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer
        assert "Cookie" not in answer.get("Vary", "")
        assert client.head(f"/ledger/tile/{path}").status_code == 200
        assert client.post(f"/ledger/tile/{path}").status_code == 405


def test_a_full_tile_costs_no_query_after_its_first_time_and_a_partial_one_two(client: Client) -> None:
    write_sealed(257)
    for path, most in (("0/000", 0), ("entries/000", 0), ("0/001.p/1", 2), ("entries/001.p/1", 2)):
        take(client, path)
        with counted_queries() as counted:
            take(client, path)
        assert counted.count == most, path


def test_another_log_in_the_same_place_does_not_read_the_first_ones_files(client: Client, files: Path) -> None:
    write_sealed(256)
    first = take(client, "entries/000")
    (log,) = files.iterdir()
    (log / "entries" / "000").write_bytes(b"another log")
    log.rename(files / "0123456789abcdef")

    assert take(client, "entries/000") == first


@pytest.mark.parametrize("path", ["0/000", "entries/000"])
def test_a_kept_file_that_says_something_else_is_named_by_the_examination(
    client: Client, files: Path, path: str
) -> None:
    write_sealed(256)
    take(client, path)
    (file,) = (each for each in files.rglob("*") if each.is_file())
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)

    problems = examine([], published=files).problems

    assert [f"the file {path} differs from a rebuild: remove it, and it is made again"] == [
        problem.detail for problem in problems if problem.kind == "tile"
    ]


def test_a_file_of_no_tile_is_named_too_and_a_sound_one_is_not(client: Client, files: Path) -> None:
    write_sealed(256)
    take(client, "0/000")
    (log,) = files.iterdir()
    (log / "0" / "007").write_bytes(b"x")

    problems = examine([], published=files).problems

    assert [problem.detail for problem in problems if problem.kind == "tile"] == [
        "the file 0/007 is of no tile of this log"
    ]


def test_a_rebuild_removes_the_kept_files(client: Client, files: Path) -> None:
    write_sealed(256)
    take(client, "0/000")

    call_command("ledger_rebuild")

    assert not [each for each in files.rglob("*") if each.is_file()]


def test_an_entry_that_was_erased_stays_in_its_bundle(client: Client) -> None:
    (entry,) = write_sealed(1)
    erase_readable_part(entry, retention_class="training, 6 years", authority="Head of Information", at=MOMENT)

    assert take(client, "entries/000.p/1")[2:] == bytes(entry.commitment)


# --- Addresses -------------------------------------------------------------------------------------------------------
def test_the_number_is_written_in_groups_of_three_with_an_x_before_all_but_the_last() -> None:
    assert TileName(0, 1_234_067).path == "0/x001/x234/067"
    assert TileName(None, 5, 70).path == "entries/005.p/70"


numbers = st.integers(0, LONGEST_LOG // 256)


@given(st.none() | st.integers(0, 7), numbers, st.integers(1, 256))
def test_every_tile_has_one_address_and_every_address_one_tile(level: int | None, number: int, width: int) -> None:
    name = TileName(level, number, width)
    if name.sizes[0] > LONGEST_LOG:
        with pytest.raises(NoSuchTile):
            TileName.from_address(name.path)
    else:
        assert TileName.from_address(name.path) == name


@pytest.mark.parametrize(
    "path",
    [
        "0/0", "0/00", "0/0000", "0/x000/001", "0/x001", "00/000", "8/000", "9/000", "entries/x1/000",
        "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/", "0/000.p/1000", "0/٠٠٠", "entries/-01", "data/000",
        "7/x999/x999/x999/x999/999", "0/00\x000", "0/" + "x001/" * 60 + "001",
    ],
)  # fmt: skip
def test_what_the_format_does_not_write_is_no_address(client: Client, path: str) -> None:
    write_sealed(1)

    assert client.get(f"/ledger/tile/{path}").status_code == 404


def test_a_file_of_a_tile_that_was_never_signed_here_is_not_served(client: Client, files: Path) -> None:
    """As after a restore: the files are those of the larger log that was lost."""
    write_sealed(256)
    take(client, "0/000")
    (log,) = files.iterdir()
    for lost in ("0/001", "entries/001", "1/000"):
        (log / lost).parent.mkdir(exist_ok=True)
        (log / lost).write_bytes(b"of the history that was lost")
        assert client.get(f"/ledger/tile/{lost}").status_code == 404


def test_a_log_that_goes_on_under_another_name_does_not_read_the_files_of_the_first(
    client: Client, files: Path, settings: Any
) -> None:
    write_sealed(256)
    first = take(client, "entries/000")
    (log,) = files.iterdir()
    (log / "entries" / "000").write_bytes(b"of the history that was lost")
    settings.LEDGER_ORIGIN = "second.example/ledger"

    assert take(client, "entries/000") == first


@pytest.mark.parametrize("path", ["0/000", "entries/000"])
def test_a_tile_is_served_where_the_disk_takes_no_file_and_the_log_says_so(
    client: Client, files: Path, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_sealed(256)
    whole = take(client, path)
    publishing.forget_files()

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        assert take(client, path) == whole
    assert "could not be kept as a file" in caplog.text
    assert not [file for file in files.rglob("*") if file.is_file()]
    files.rename(files.with_name("aside"))
    files.write_bytes(b"a file where the folder should be")
    assert client.get(f"/ledger/tile/{path}").status_code == 200
