"""Importing and exporting questions by command: every question arrives whole or is named, and what goes out comes back unchanged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments.models import QuestionVersion, VersionState

pytestmark = pytest.mark.django_db

GIFT = """// Two that are well formed, one that is not.
::Notebook:: When do you write up the notebook? {
  =As soon as practicable#Memory fades. ~At the end of the month#Too late. ~%50%Before going off duty#Often too late.
}

::Record:: He may ask for the record for three months. {FALSE#It is not so.#Right.}

::Broken:: Which of these? {=One ~
"""
AIKEN = """Which fact adds most to the grounds?
A. He ran off
B. The tracking shows the phone within metres of him
ANSWER: B

A question that breaks off
A. One
B. Two
"""


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def written(text: str | bytes, name: str = "questions.txt") -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return written


def imported(path: str, capsys: pytest.CaptureFixture[str], *more: str, topic: str = "Law/Custody") -> dict[str, Any]:
    capsys.readouterr()
    call_command("import_questions", path, "--topic", topic, "--json", *more)
    out = capsys.readouterr().out
    told: dict[str, Any] = json.loads(out)
    assert told["read"] == told["imported"] + len(told["skipped"])
    return told


def stored() -> list[tuple[str, Any, str, Any]]:
    rows = QuestionVersion.objects.order_by("question__code", "number")
    return [
        (row.type, row.definition, row.question.topic.path if row.question.topic else "", row.max_mark) for row in rows
    ]


def test_every_question_arrives_as_a_draft_or_is_named_with_line_and_reason(file, capsys) -> None:
    told = imported(file(GIFT), capsys)

    assert (told["format"], told["read"], told["imported"]) == ("gift", 3, 2)
    (broken,) = told["skipped"]
    assert broken["line"] >= 8
    assert broken["reason"]
    assert {row.state for row in QuestionVersion.objects.all()} == {VersionState.DRAFT}
    first = next(one for one in told["questions"] if one["name"] == "Notebook")
    assert first["type"] == "single_choice"
    assert first["max_mark"] == 1
    assert [(one["text"], one["fraction"], one["feedback"]) for one in first["responses"]] == [
        ("As soon as practicable", 1, "Memory fades."),
        ("At the end of the month", 0, "Too late."),
        ("Before going off duty", 0.5, "Often too late."),
    ]


def test_the_same_file_twice_makes_no_duplicates(file, capsys) -> None:
    path = file(GIFT)
    imported(path, capsys)
    before = stored()
    imported(path, capsys)
    assert stored() == before


def test_a_dry_run_counts_what_would_be_imported_and_changes_nothing(file, capsys) -> None:
    told = imported(file(GIFT), capsys, "--dry-run")
    assert (told["imported"], len(told["skipped"])) == (2, 1)
    assert not QuestionVersion.objects.exists()


def test_a_broken_last_question_is_counted_and_named(file, capsys) -> None:
    told = imported(file(AIKEN), capsys)
    assert (told["format"], told["read"], told["imported"]) == ("aiken", 2, 1)
    assert told["skipped"][0]["line"] == 6


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        b'<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>',
        b'<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>',
        b"<quiz><question type='multichoice'>",
        b"PK\x03\x04 not a zip",
    ],
    ids=["empty", "picture", "entities", "external entity", "cut off", "no archive"],
)
def test_an_unreadable_file_exits_1_with_a_sentence_and_nothing_is_written(content: bytes, file, capsys) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_questions", file(content, "odd"), "--topic", "Law/Custody")
    assert refused.value.returncode == 1
    assert str(refused.value).endswith(".")
    assert "root:" not in str(refused.value)
    assert not QuestionVersion.objects.exists()


def test_a_file_that_is_not_there_exits_1(capsys) -> None:
    with pytest.raises(CommandError, match="cannot be read") as refused:
        call_command("import_questions", "/no/such/file", "--topic", "Law")
    assert refused.value.returncode == 1


def test_questions_stand_at_the_topic_that_was_named(file, capsys) -> None:
    imported(file(GIFT), capsys)
    assert all("custody" in path.lower() for _type, _definition, path, _mark in stored())


@pytest.mark.parametrize("kind", ["gift", "moodle-xml", "qti"])
def test_what_is_exported_is_known_when_it_comes_back(kind: str, file, capsys, tmp_path: Path) -> None:
    imported(file(GIFT), capsys)
    before = stored()
    out = tmp_path / "out"
    call_command("export_questions", "--topic", "Law/Custody", "--format", kind, "--out", str(out))

    told = imported(str(out), capsys)

    assert told["format"] == kind
    assert told["read"] == 2
    assert stored() == before


@pytest.mark.parametrize("kind", ["gift", "moodle-xml", "qti"])
def test_what_is_exported_is_read_elsewhere_unchanged(kind: str, file, capsys, tmp_path: Path) -> None:
    imported(file(GIFT), capsys)
    before = [(kept, definition, mark) for kept, definition, _path, mark in stored()]
    out = tmp_path / "out"
    call_command("export_questions", "--topic", "Law/Custody", "--format", kind, "--out", str(out))
    known = set(QuestionVersion.objects.values_list("pk", flat=True))

    told = imported(str(out), capsys, "--bank", "ELSEWHERE", topic="Elsewhere")

    assert told["imported"] == 2
    fresh = QuestionVersion.objects.exclude(pk__in=known).order_by("question__code")
    assert sorted(map(str, before)) == sorted(str((row.type, row.definition, row.max_mark)) for row in fresh)


def test_a_topic_without_questions_exports_nothing_and_says_so(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(CommandError, match="Nothing was written for the topic Nowhere") as refused:
        call_command("export_questions", "--topic", "Nowhere", "--format", "gift", "--out", str(out))
    assert refused.value.returncode == 1
    assert not out.exists()
