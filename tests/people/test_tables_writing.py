"""Tables that are taken away: nothing in them runs, nothing in them is lost."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from people.tables import writing
from people.tables.harmless import harmless, unmarked
from people.tables.writing import TooManyRows, as_csv, as_xlsx
from tests.hostile import HOSTILE

ID = UUID("6f9c0a3e-0000-4000-8000-000000000001")
SUMMER = timezone(timedelta(hours=1))
ROW = ["Zoë", -5, 7.5, Decimal("2.50"), True, date(2026, 2, 28), datetime(2026, 7, 1, 9, 30, tzinfo=SUMMER), ID, None]
FORMULAS = ["=1+1", "+44 20 7946 0000", "-3", "@SUM(A1)", "\t=1", " =1", "'=1", "\uff1d1", "\n=1", "  '-1"]


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cells(content: bytes) -> list[list[Any]]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows()]


def test_a_csv_file_says_to_excel_that_it_is_utf_8_and_writes_days_and_moments_as_iso() -> None:
    content = as_csv(["Name", "Minutes"], [ROW])
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert read(content) == [
        ["Name", "Minutes"],
        ["Zoë", "-5", "7.5", "2.50", "yes", "2026-02-28", "2026-07-01T08:30:00+00:00", str(ID), ""],
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_file_is_taken_for_a_formula(text: str) -> None:
    titles, row = read(as_csv([text], [[text]]))
    assert titles == row == ["'" + text]
    assert unmarked(row[0]) == text


@given(st.text(alphabet="'=+-@ \t\n\raé\uff1d", max_size=6))
def test_the_mark_before_a_formula_can_be_taken_away_again(text: str) -> None:
    assert unmarked(harmless(text)) == text
    assert harmless(text)[:1] not in set("=+-@\t\r\n")


@pytest.mark.parametrize("text", [*FORMULAS, HOSTILE["formula"]])
def test_every_text_of_a_spreadsheet_is_text(text: str) -> None:
    (title,), (cell,) = cells(as_xlsx([text], [[text]]))
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)
    assert title.data_type == "s"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_spreadsheet_bears_every_text(name: str) -> None:
    (_title,), (cell,) = cells(as_xlsx(["Text"], [[HOSTILE[name]]]))
    assert cell.data_type == "s"
    assert len(read(as_csv(["Text"], [[HOSTILE[name]]]))) == 2


def test_a_spreadsheet_holds_numbers_days_and_moments_as_such() -> None:
    _titles, row = cells(as_xlsx(["Column"] * len(ROW), [ROW]))
    assert [cell.value for cell in row] == [
        "Zoë",
        -5,
        7.5,
        2.5,
        True,
        datetime(2026, 2, 28),
        datetime(2026, 7, 1, 8, 30),
        str(ID),
        None,
    ]
    assert [row[5].number_format, row[6].number_format] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"]


def test_what_a_spreadsheet_cannot_hold_is_written_as_text() -> None:
    row = [date(1850, 1, 1), float("nan"), "x" * 40_000, "_x0041_", datetime(2026, 1, 1, tzinfo=UTC)]
    (_titles, found) = cells(as_xlsx(list("abcde"), [row]))
    assert found[0].value == "1850-01-01"
    assert found[1].value == "nan"
    assert found[2].value == "x" * 32_766 + "…"
    assert found[3].value == "_x005F_x0041_"  # as Excel itself writes it, and reads it back


def test_titles_stay_in_view_and_columns_are_as_wide_as_they_need() -> None:
    content = as_xlsx(["Name", "Why it was refused"], [["Ada", "x" * 30], ["Bo", "y" * 500]], sheet="Team: a/b?")
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet.title == "Team  a b"
    assert sheet.freeze_panes == "A2"
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [8, 60]
    assert sheet["A1"].font.b


def test_more_rows_than_a_spreadsheet_holds_are_refused_by_a_sentence(monkeypatch: Any) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 2)
    with pytest.raises(TooManyRows, match=r"2 rows at most\. Narrow the filter, or take it as CSV\."):
        as_xlsx(["A"], [["1"], ["2"], ["3"]])
