"""Folders packed by an enemy: refused by sentence, without leaving the folder and without being eaten up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from courses.folder import files
from courses.folder.checking import check_folder
from tests.courses.folder import tiny
from tests.courses.folder.conftest import TODAY, Check

LESSON = "TINY-101/10-at-the-door/10-what-you-did-not-check.md"
FINAL = "TINY-101/assessments/final.yaml"


def reasons(findings: object) -> str:
    return "\n".join(str(problem) for problem in findings.refusals)  # type: ignore[attr-defined]


def test_a_symbolic_link_is_never_followed(check: Check, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text(tiny.LESSON)
    (folder / LESSON).unlink()
    (folder / LESSON).symlink_to(secret)
    assert f"{LESSON}:1: A symbolic link is refused" in reasons(check())


def test_a_linked_folder_is_never_followed(check: Check, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "TINY-101/40-more").symlink_to(tmp_path / "elsewhere")
    (folder / "OTHER-1").symlink_to(folder / "TINY-101")
    found = reasons(check())
    assert "TINY-101/40-more:1: A symbolic link" in found
    assert "OTHER-1:1: A symbolic link" in found


def test_families_behind_a_link_are_not_read(check: Check, folder: Path) -> None:
    (folder / "families.yaml").rename(folder.parent / "families.yaml")
    (folder / "families.yaml").symlink_to(folder.parent / "families.yaml")
    assert "families.yaml:1: This file is missing" in reasons(check())


def test_what_is_not_a_plain_file_is_refused_unopened(check: Check, folder: Path) -> None:
    os.mkfifo(folder / "TINY-101/media/pipe.mp3")
    assert "TINY-101/media/pipe.mp3:1: This is not a plain file" in reasons(check())


@pytest.mark.parametrize("name", ["a b.png", "-rf.png", "ä.png", "\u202egnp.exe", "x" * 120 + ".png"])
def test_names_that_cannot_travel_are_refused(check: Check, folder: Path, name: str) -> None:
    (folder / "TINY-101/media" / name).write_bytes(tiny.picture())
    found = reasons(check())
    assert "A file name has plain letters" in found
    assert "\u202e" not in found


def test_hidden_files_are_passed_over(check: Check, folder: Path) -> None:
    (folder / "TINY-101/.DS_Store").write_bytes(b"\x00")
    (folder / ".git").mkdir()
    assert check().refusals == ()


def test_a_text_file_of_ten_megabytes_is_refused_by_its_size(check: Check, folder: Path) -> None:
    (folder / LESSON).write_bytes(b"word " * (2 * 1024 * 1024))
    assert f"{LESSON}:1: A text file may have 1024 KB; this one has 10240 KB" in reasons(check())


def test_too_many_files_are_refused(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 5)
    assert "holds 5 files at most" in reasons(check())


def test_what_is_not_utf_8_is_refused_with_its_line(check: Check, folder: Path) -> None:
    (folder / LESSON).write_bytes(b"---\ntitle: Caf\xe9\n---\n")
    assert f"{LESSON}:2: This file is not UTF-8" in reasons(check())


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\u202e", "\u2066", "\u2028"])
def test_characters_that_hide_what_is_said_are_refused(check: Check, sign: str) -> None:
    found = reasons(check(LESSON, "PC Amara", f"PC {sign}Amara"))
    assert (
        f"{LESSON}:{tiny.line_of(tiny.LESSON, 'PC Amara')}: A character that cannot be shown (U+{ord(sign):04X})"
        in found
    )


@pytest.mark.parametrize("path", [FINAL, "TINY-101/questions/30-who-knows.yaml"])
def test_hidden_characters_written_as_escapes_are_refused_too(check: Check, path: str) -> None:
    word = "title: Final test" if path == FINAL else "stem: What a neighbour heard is what a neighbour saw."
    found = reasons(check(path, word, word.split(":")[0] + ': "a\\u202Eb"'))
    assert "(U+202E)" in found


def test_names_in_other_scripts_are_welcome(check: Check) -> None:
    assert check(LESSON, "PC Amara Osei", "PC Zoë Nguyễn-Ó Súilleabháin, ليلى 李娜 👩🏽‍✈️").refusals == ()


def test_line_ends_and_a_byte_order_mark_of_other_systems_are_read(check: Check, folder: Path) -> None:
    (folder / LESSON).write_bytes(b"\xef\xbb\xbf" + tiny.LESSON.replace("\n", "\r\n").encode())
    assert check().refusals == ()


def test_aliases_that_would_multiply_are_refused(check: Check, folder: Path) -> None:
    rows = [
        "a: &a [x,x,x,x,x,x,x,x,x]",
        *(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]" for n in range(8)),
    ]
    (folder / FINAL).write_text("\n".join(rows))
    assert f"{FINAL}:1: Anchors (&) and aliases (*) are refused" in reasons(check())


def test_an_alias_to_itself_is_refused(check: Check, folder: Path) -> None:
    (folder / FINAL).write_text("draw: &a\n  - *a\n")
    assert f"{FINAL}:1: Anchors" in reasons(check())


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 5_000, "- " * 5_000, "a:\n" + " a:\n" * 40])
def test_endless_nesting_is_refused_without_a_crash(check: Check, folder: Path, text: str) -> None:
    (folder / FINAL).write_text(text)
    assert FINAL in reasons(check())


def test_markdown_without_end_is_read_in_time(check: Check, folder: Path) -> None:
    nasty = "*a **b " * 5_000 + "[" * 5_000 + "> " * 2_000
    (folder / LESSON).write_text(tiny.LESSON.replace("PC Amara", nasty))
    assert LESSON in reasons(check())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.png", b"<svg onload=alert(1)>"),
        ("plan.png", b"GIF89a" + bytes(40)),
        ("plan.png", b""),
        ("plan.png", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("call.mp3", b"MZ\x90\x00 a program"),
        ("call.vtt", b"<html>"),
        ("form.txt", b"\xff\xfe"),
        ("page.html", b"<html>"),
        ("run.exe", b"MZ"),
    ],
)
def test_media_that_is_not_what_its_name_says_is_refused(check: Check, name: str, content: bytes) -> None:
    path = f"TINY-101/media/{name}"
    assert path in {problem.file for problem in check(**{path: content}).refusals}


def test_a_picture_that_would_fill_the_memory_is_refused(check: Check) -> None:
    huge = tiny.picture().replace(b"\x00\x00\x00\x08\x00\x00\x00\x06", b"\x00\x00\xff\xff\x00\x00\xff\xff", 1)
    path = "TINY-101/media/plan.png"
    assert path in {problem.file for problem in check(**{path: huge}).refusals}


def test_a_folder_that_is_not_there_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    assert check_folder(tmp_path / "none", on=TODAY).refusals[0].reason == "There is no such folder."
    assert "This file is missing" in reasons(check_folder(tmp_path, on=TODAY))
    (tmp_path / "families.yaml").write_text("[]")
    assert "no course folder" in reasons(check_folder(tmp_path, on=TODAY))
    (tmp_path / "MH-101").mkdir()
    assert "MH-101/course.md:1: This file is missing" in reasons(check_folder(tmp_path, on=TODAY))
