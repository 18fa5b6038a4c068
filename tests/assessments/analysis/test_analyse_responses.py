"""``manage.py analyse_responses``: a matrix from outside, its JSON, and every file it refuses."""

from __future__ import annotations

import json
from io import StringIO
from math import sqrt
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from assessments.management.commands.analyse_responses import Command
from tests.assessments.analysis.matrices import MOODLE_ITEMS, moodle

KEYS = ["attempts", "items", "alpha", "mean", "sd", "skewness", "kurtosis", "standard_error", "error_ratio", "per_item"]
ITEM_KEYS = [
    "item",
    "facility",
    "sd",
    "discrimination",
    "discriminative_efficiency",
    "effective_weight",
    "alpha_if_deleted",
]
SMALL = "a,b,c\n1,1,1\n1,1,0\n1,0,0\n0,0,0\n"


def written(folder: Path, content: str | bytes, name: str = "marks.csv") -> str:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(file)


def said(file: str, **options: Any) -> str:
    out = StringIO()
    call_command("analyse_responses", file, stdout=out, **options)
    return out.getvalue()


def figures(folder: Path, content: str | bytes, **options: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(said(written(folder, content), json=True, **options))
    return told


def refused(folder: Path, content: str | bytes, **options: Any) -> CommandError:
    with pytest.raises(CommandError) as refusal:
        said(written(folder, content), **options)
    return refusal.value


def test_the_figures_of_a_matrix(tmp_path: Path) -> None:
    found = figures(tmp_path, SMALL)
    assert list(found) == KEYS
    assert (found["attempts"], found["items"], found["alpha"], found["mean"]) == (4, 3, 0.75, 1.5)
    assert (found["sd"], found["error_ratio"], found["kurtosis"]) == (sqrt(5 / 3), 0.5, -1.2)
    assert [list(item) for item in found["per_item"]] == [ITEM_KEYS] * 3
    assert found["per_item"][0]["item"] == "a"
    assert [item["facility"] for item in found["per_item"]] == [0.75, 0.5, 0.25]


def test_it_prints_one_object_and_nothing_else(tmp_path: Path) -> None:
    printed = said(written(tmp_path, SMALL), json=True)
    assert printed.count("\n") == 1
    assert isinstance(json.loads(printed), dict)


def test_a_column_that_names_candidates_is_no_item(tmp_path: Path) -> None:
    content = "who,a,b,c\nx1,1,1,1\nx2,1,1,0\nx3,1,0,0\nx4,0,0,0\n"
    assert figures(tmp_path, content, id_column="who") == figures(tmp_path, SMALL)


def test_a_row_of_maxima_stands_under_the_header(tmp_path: Path) -> None:
    content = "who,a,b\nmost,2,4\nx1,2,1\nx2,1,0\n"
    found = figures(tmp_path, content, id_column="who", maxima_row=True)
    assert found["attempts"] == 2
    assert [item["facility"] for item in found["per_item"]] == [0.75, 0.125]


def test_without_one_the_largest_mark_seen_is_the_maximum(tmp_path: Path) -> None:
    found = figures(tmp_path, "a,b\n2,1\n1,0\n")
    assert [item["facility"] for item in found["per_item"]] == [0.75, 0.5]


def test_blank_is_missing_and_no_nought(tmp_path: Path) -> None:
    found = figures(tmp_path, "who,a,b\nx,1,1\ny,,1\nz,0,0\nv,,\n", id_column="who")
    assert found["attempts"] == 4
    assert found["per_item"][0]["facility"] == 0.5
    # Totals 2, 1, 0, 0.
    assert found["mean"] == 0.75


def test_what_is_not_defined_is_null(tmp_path: Path) -> None:
    found = figures(tmp_path, "a,b,c\n1,0,\n1,1,\n")
    constant, _, empty = found["per_item"]
    assert (constant["discrimination"], constant["discriminative_efficiency"]) == (None, None)
    assert (empty["facility"], empty["sd"], empty["discrimination"]) == (None, None, None)
    assert (found["skewness"], found["kurtosis"]) == (None, None)


def test_one_candidate_and_one_item(tmp_path: Path) -> None:
    found = figures(tmp_path, "a\n1\n")
    assert (found["attempts"], found["items"], found["mean"]) == (1, 1, 1.0)
    assert (found["alpha"], found["sd"], found["error_ratio"], found["standard_error"]) == (None, None, None, None)


def test_the_figures_moodle_has_published(tmp_path: Path) -> None:
    given = moodle()
    rows = [
        ",".join(str(float(column.marks[candidate] / given.unit)) for column in given.columns)
        for candidate in range(given.candidates)
    ]
    found = figures(tmp_path, "\n".join([",".join("ABCDEFG"), ",".join("1" * 7), *rows]), maxima_row=True)
    assert found["alpha"] == pytest.approx(-0.872230935542)
    for item, expected in zip(found["per_item"], MOODLE_ITEMS, strict=True):
        told = (
            item["facility"],
            item["sd"],
            item["effective_weight"],
            item["discrimination"],
            item["discriminative_efficiency"],
        )
        assert told == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize(
    "content",
    [
        SMALL.replace(",", ";"),
        SMALL.replace(",", "\t"),
        ("\ufeff" + SMALL).encode(),
        SMALL.encode("utf-16"),
        SMALL.replace("\n", "\r\n"),
        SMALL.replace("1", '"1"'),
        SMALL.replace("1", "1.0").replace(",0", ",0.00"),
        SMALL.replace(",", ";").replace("1", "1,0"),
        SMALL.replace("1", "1e0"),
        SMALL + "\n,,\n",
        "sep=;\n" + SMALL.replace(",", ";"),
    ],
)
def test_a_file_is_read_however_it_was_written(content: str | bytes, tmp_path: Path) -> None:
    assert figures(tmp_path, content) == figures(tmp_path, SMALL)


def test_items_keep_their_names(tmp_path: Path) -> None:
    found = figures(tmp_path, "Größe;Ünit 2\n1;0\n0;1\n".encode("cp1252"))
    assert [item["item"] for item in found["per_item"]] == ["Größe", "Ünit 2"]


def test_without_json_it_is_told_in_words(tmp_path: Path) -> None:
    told = said(written(tmp_path, SMALL))
    assert "4 candidates, 3 items." in told
    assert "Only 4 candidates: treat as a hint." in told
    assert "kurtosis: −1.200" in told
    assert "not defined" in said(written(tmp_path, "a\n1\n"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty."),
        ("a,b\n", "The file has a header and no candidates below it."),
        ("a,b\n1,x\n", "Row 2, column B (b): 'x' is no mark. Leave the cell blank where a mark is missing."),
        ("a,b\n1,1\n,NaN\n", "Row 3, column B (b): 'NaN' is no mark."),
        ("a,b\n1,inf\n", "'inf' is no mark."),
        ("a,b\n1,1e999\n", "'1e999' is no mark."),
        ("a,b\n1,1/2\n", "'1/2' is no mark."),
        ("a,b\nx,y\nz,v\n", "And 1 more."),
        ("a,a\n1,1\n", "More than one column is called 'a'. Give each item a name of its own."),
        ("a,,c\n1,1,1\n", "Column B has no title in row 1. Name each item."),
        ("a,b\n1,1,1\n", "Row 2 has more cells than the header. Check the separator."),
        ("a,b\n1," + "9" * 40 + "\n", "is no mark."),
        (b"%PDF-1.7", "The file is a PDF."),
        (b"a,b\n1,\x81\x8d\n", "neither UTF-8 nor Windows text"),
        ('a,b\n1,"1\n', "a quotation mark is not closed"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(
    content: str | bytes, sentence: str, tmp_path: Path
) -> None:
    refusal = refused(tmp_path, content)
    assert sentence in str(refusal)
    assert refusal.returncode == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a,b\n1,\n1,1\n", "Row 2, column B (b): '' is no maximum. Give a number of 0 or more."),
        ("a,b\n-1,1\n-2,1\n", "Row 2, column A (a): '-1' is no maximum."),
        ("a,b\n1,2\n1,3\n", "Row 3, column B (b): '3' is more than the maximum of 2."),
        ("a,b\n1,1\n", "The file has a header and no candidates below it."),
    ],
)
def test_maxima_that_cannot_be_are_refused(content: str, sentence: str, tmp_path: Path) -> None:
    refusal = refused(tmp_path, content, maxima_row=True)
    assert sentence in str(refusal)
    assert refusal.returncode == 1


def test_a_maximum_of_nought_has_no_facility(tmp_path: Path) -> None:
    assert figures(tmp_path, "a,b\n0,1\n0,1\n0,0\n", maxima_row=True)["per_item"][0]["facility"] is None


def test_a_column_that_is_not_there_is_bad_usage(tmp_path: Path) -> None:
    refusal = refused(tmp_path, SMALL, id_column="who")
    assert str(refusal) == "No column is called 'who'. The file has: a, b, c."
    assert refusal.returncode == 2


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file or directory") as refusal:
        said("nowhere.csv")
    assert refusal.value.returncode == 1


@pytest.mark.parametrize(("arguments", "status"), [(["{file}", "--json"], 0), (["{file}.not"], 1), ([], 2)])
def test_the_exit_status(arguments: list[str], status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, SMALL)
    ended = 0
    try:
        Command().run_from_argv(["manage.py", "analyse_responses", *(word.format(file=file) for word in arguments)])
    except SystemExit as end:
        ended = int(end.code or 0)
    told = capsys.readouterr()
    assert ended == status
    assert bool(told.err) is bool(status)
    assert json.loads(told.out)["attempts"] == 4 if status == 0 else not told.out
