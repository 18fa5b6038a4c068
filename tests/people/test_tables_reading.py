"""Tables that are handed in: whatever system wrote them they are read as they are meant, or refused by a sentence."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.formula import ArrayFormula

from people.tables import csv_files, xlsx_files
from people.tables import rows as limits
from people.tables.reading import open_table
from people.tables.rows import TableRefused
from people.tables.writing import as_csv, as_xlsx
from tests.hostile import HOSTILE


def read(content: bytes | str, encoding: str = "utf-8") -> list[tuple[str, ...]]:
    content = content.encode(encoding) if isinstance(content, str) else content
    return [row.cells for row in open_table(io.BytesIO(content)).rows()]


def refusal(content: bytes | str) -> str:
    with pytest.raises(TableRefused) as refused:
        read(content)
    return str(refused.value)


def numbers(content: str) -> list[int]:
    return [row.number for row in open_table(io.BytesIO(content.encode())).rows()]


def book(rows: Iterable[Iterable[Any]], **formats: str) -> bytes:
    """Return a workbook; ``formats`` are number formats by cell, such as ``A2='000000'``."""
    made = Workbook()
    for row in rows:
        made.active.append(list(row))
    for cell, shown in formats.items():
        made.active[cell].number_format = shown
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


# --- What was written is read ----------------------------------------------------------------------------------------

TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@'\"\t\n,;|\u00a0 é_x0041"),
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff\u2028\u2029\x85"),
    ),
    max_size=12,
)
# a row of nothing is skipped, so each begins with something
TABLE = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.tuples(st.just("x"), *[TEXT] * width).map(lambda row: tuple(map(str, row))), min_size=1, max_size=6
    )
)


@given(TABLE)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_csv_file_written_here_reads_the_same(table: list[tuple[str, ...]]) -> None:
    assert read(as_csv(table[0], table[1:])) == table


@given(TABLE)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_an_xlsx_file_written_here_reads_the_same(table: list[tuple[str, ...]]) -> None:
    found = read(as_xlsx(table[0], table[1:]))
    assert [tuple(one.rstrip() for one in row) for row in _filled(found)] == [
        tuple(one.rstrip() for one in row) for row in _filled(table)
    ]


def _filled(table: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the rows without empty cells at their end: a spreadsheet does not know them."""
    filled = []
    for row in table:
        wide = len(row)
        while wide and not row[wide - 1].strip():
            wide -= 1
        filled.append(row[:wide])
    return filled


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_read_as_text(name: str) -> None:
    table = [("Title", "Text"), ("a", HOSTILE[name])]
    for content in (as_csv(table[0], table[1:]), as_xlsx(table[0], table[1:])):
        assert [len(row) for row in read(content)] == [2, 2]


# --- CSV of several systems -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with a mark"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_the_encoding_is_found(encoding: str, words: str) -> None:
    content = "Name,Town\r\nZoë,Köln – €\r\n".encode(encoding)
    table = open_table(io.BytesIO(content))
    assert table.found.words == f"CSV, {words}, separated by commas"
    assert [row.cells for row in table.rows()] == [("Name", "Town"), ("Zoë", "Köln – €")]


def test_what_decides_the_encoding_may_stand_far_below() -> None:
    text = "Name,Town\n" + "Ada,London\n" * 9000 + "Zoë,Köln\n"
    assert open_table(io.BytesIO(text.encode("cp1252"))).found.encoding == "Windows-1252"
    assert read(text.encode("cp1252"))[-1] == ("Zoë", "Köln")


@pytest.mark.parametrize(("separator", "word"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_the_separator_is_found(separator: str, word: str) -> None:
    rows = [("Number", "Name", "Note"), ("1", "Bell, Ada", "a; b; c"), ("2", "Webb, Dev", "x | y")]
    content = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    assert open_table(io.BytesIO(content.encode())).found.words.endswith(f"separated by {word}")
    assert read(content) == rows


def test_commas_in_every_cell_do_not_hide_the_semicolons_between_them() -> None:
    assert read("a;b;c\n1;x, y, z, w;3\n2;x, y, z, w;4\n")[1] == ("1", "x, y, z, w", "3")


def test_a_file_that_says_its_separator_is_believed() -> None:
    content = "sep=;\r\nNumber;Name\r\n1;A,B,C,D\r\n"
    assert read(content) == [("Number", "Name"), ("1", "A,B,C,D")]
    assert numbers(content) == [2, 3]


def test_line_breaks_in_quotation_marks_stay_and_rows_count_as_a_spreadsheet_counts_them() -> None:
    content = 'Name,Note\r\nAda,"one\r\ntwo"\r\n\r\n,\r\nBo,x\r\n'
    assert read(content) == [("Name", "Note"), ("Ada", "one\r\ntwo"), ("Bo", "x")]
    assert numbers(content) == [1, 2, 5]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_end_anywhere(end: str) -> None:
    assert read(end.join(["a,b", "1,2"])) == [("a", "b"), ("1", "2")]


def test_spaces_before_quotation_marks_are_no_part_of_a_cell() -> None:
    assert read('a, "b", "c"\n1, "x, y", "z"\n')[1] == ("1", "x, y", "z")


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    assert read("a,b\n=1+1,@SUM(A1)\n'=2,'quoted\n")[1:] == [("=1+1", "@SUM(A1)"), ("=2", "'quoted")]


# --- XLSX -------------------------------------------------------------------------------------------------------------


def test_cells_of_a_spreadsheet_are_read_as_they_are_meant() -> None:
    row = [7, 7.0, 7.5, True, date(2026, 2, 28), datetime(2026, 2, 28, 9, 30), time(9, 30), timedelta(hours=26), "x"]
    content = book([list("abcdefghi"), row], A2="000000", H2="[h]:mm")
    assert read(content)[1] == ("000007", "7", "7.5", "yes", "2026-02-28", "2026-02-28T09:30", "09:30", "26:00", "x")


def test_dates_count_from_1904_where_the_file_says_so() -> None:
    made = Workbook()
    made.epoch = datetime(1904, 1, 1)
    made.active.append(["Day", "x"])
    made.active.append([date(2026, 2, 28), "y"])
    content = io.BytesIO()
    made.save(content)
    assert read(content.getvalue())[1][0] == "2026-02-28"


def test_a_formula_is_never_worked_out_and_an_error_is_no_value() -> None:
    made = Workbook()
    made.active.append(["Number", "Day", "Sum", "Error", "Text"])
    made.active.append(["1", "=TODAY()", ArrayFormula("C2:C2", "=SUM(A1:A2)"), "#REF!", "plain"])
    content = io.BytesIO()
    made.save(content)
    row = list(open_table(io.BytesIO(content.getvalue())).rows())[1]
    assert dict(row.troubles) == {
        1: "column B holds a formula: put its value there instead",
        2: "column C holds a formula: put its value there instead",
        3: "column D shows the error #REF!: mend it",
    }
    assert row.cells[4] == "plain"


def test_the_first_sheet_that_is_shown_is_read_and_its_gaps_are_kept() -> None:
    made = Workbook()
    made.active.title = "Secret"
    made.active.sheet_state = "hidden"
    made.active["A1"] = "hidden"
    shown = made.create_sheet("Staff")
    shown["A1"], shown["C1"], shown["A4"], shown["B4"] = "Number", "Name", 1, "x"
    content = io.BytesIO()
    made.save(content)
    table = open_table(io.BytesIO(content.getvalue()))
    assert table.found.words == "XLSX, sheet Staff"
    assert [(row.number, row.cells) for row in table.rows()] == [(1, ("Number", "", "Name")), (4, ("1", "x", ""))]


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty. Its first line gives the titles of the columns."),
        (b"\xef\xbb\xbf \n\n", "The file is empty."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "The file is an old Excel file, or one protected by a password."),
        (b"%PDF-1.7", "The file is a PDF."),
        (b"<html><table>", "The file is a web page."),
        (b"<?xml version", "The file is XML."),
        (b"\x1f\x8b\x08", "The file is compressed."),
        (b"\x89PNG\r\n", "The file is a picture."),
        (b"\xff\xd8\xff\xe0", "The file is a picture."),
        (b"\x81\x8d\xff,x", "The file is neither UTF-8 nor Windows text."),
        (b"\xef\xbb\xbfa,b\n\xff,\xfe", "The file is neither UTF-8 nor Windows text."),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "The file is in UTF-32, which is not read."),
        (b'a,b\n1,"x', "Row 2 cannot be read: a quotation mark is not closed"),
        (b'a,b\n1,"x"y\n', "Row 2 cannot be read: a quotation mark is not closed, or stands in the middle of a cell."),
        (b"PK\x03\x04 and nothing", "The file is not a readable XLSX file."),
        (b"a,b\n" + b"x" * 1_100_000, "The file has a line of more than 1,000,000 characters."),
        (b"a,b\n1," + b"x" * 40_000, "Row 2 has a cell of more than 32,767 characters."),
        (b",".join([b"x"] * 201), "Row 1 has more than 200 columns."),
    ],
    ids=str,
)
def test_a_file_that_is_no_list_is_refused_by_a_sentence(content: bytes, sentence: str) -> None:
    assert refusal(content).startswith(sentence)


def test_a_list_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (csv_files, xlsx_files):
        monkeypatch.setattr(module, "MOST_ROWS", 2)
    table = [["a"], ["1"], ["2"], ["3"]]
    for content in (as_csv(table[0], table[1:]), as_xlsx(table[0], table[1:])):
        assert refusal(content) == f"The file has more than {limits.MOST_ROWS:,} rows. Divide it."


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("people.tables.reading.MOST_BYTES", 10)
    assert refusal(b"a,b\n1,2\n3,4\n") == "The file is larger than 0 MB. Divide it."


def packed(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """Return a workbook with parts replaced, by the last word of their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    return packed({name: parts.get(name.rsplit("/")[-1].split(".")[0], part) for name, part in found.items()})


GOOD_BOOK = as_xlsx(["a", "b"], [["1", "2"]])


def test_a_spreadsheet_made_to_burst_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "The file unpacks to far more than a list holds, so it was not opened. Save it as CSV."
    assert refusal(repacked(GOOD_BOOK, styles=b"\0" * 9 * 1024 * 1024)) == sentence
    assert refusal(packed({f"{number}.xml": b"" for number in range(2001)})) == sentence
    monkeypatch.setattr(xlsx_files, "MOST_BYTES_OF_A_SHEET", 100)
    assert refusal(GOOD_BOOK) == sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_spreadsheet_that_declares_entities_is_refused(encoding: str) -> None:
    bomb = '<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'.encode(encoding)
    assert refusal(repacked(GOOD_BOOK, sheet1=bomb)).startswith("The file is not a readable XLSX file.")


def test_a_spreadsheet_that_is_broken_or_something_else_is_refused() -> None:
    for content in (
        packed({"word/document.xml": b"<x/>"}),
        packed({"[Content_Types].xml": b"<x/>"}),
        repacked(GOOD_BOOK, workbook=b"<nothing/>"),
        GOOD_BOOK[:-40],
    ):
        assert refusal(content).startswith("The file is not a readable XLSX file."), content[:80]
    broken = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    assert refusal(repacked(GOOD_BOOK, sheet1=broken)).startswith("What follows row 0 cannot be read.")


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_spreadsheet_of_which_a_part_is_damaged_is_refused(part: str) -> None:
    content = bytearray(book([["a"], ["b"]]))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        found = archive.getinfo(part)
    # Behind the part's own header: its name, and what else the header says of itself.
    name, more = (
        int.from_bytes(content[found.header_offset + at : found.header_offset + at + 2], "little") for at in (26, 28)
    )
    start = found.header_offset + 30 + name + more
    content[start : start + found.compress_size] = b"\xff" * found.compress_size
    assert refusal(bytes(content)).startswith("The file is not a readable XLSX file.")


def test_a_cell_in_a_far_column_or_row_makes_no_wide_or_long_list() -> None:
    made = Workbook()
    made.active["A1"], made.active["ZZ1"] = "a", "far"
    content = io.BytesIO()
    made.save(content)
    assert refusal(content.getvalue()).startswith("Row 1 has more than 200 columns.")
    rows = b'<sheetData><row r="1"><c t="n"><v>1</v></c></row><row r="99999999999"><c><v>2</v></c></row></sheetData>'
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + rows + b"</worksheet>"
    assert refusal(repacked(GOOD_BOOK, sheet1=sheet)).startswith("The file has more than 200,000 rows.")


def test_a_long_list_is_read_in_little_memory() -> None:
    """Twenty times as many rows need no more memory: what was read is not kept."""
    line = b"900431,a.bell@force.example,Ada Bell,team-c\n"
    most = []
    for count in (2_000, 40_000):
        table = open_table(io.BytesIO(line * count))
        tracemalloc.start()
        assert sum(1 for _row in table.rows()) == count
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert most[1] < most[0] + 200_000
