"""Which column is what, and what a cell says: titles of several systems, titles nobody knows, days as Britain writes them."""

from __future__ import annotations

import io
from datetime import date

import pytest

from people.tables.columns import (
    Column,
    Line,
    find_titles,
    lines,
    mapping_for,
    one_line,
    recognised,
    said,
    title_key,
    unused,
)
from people.tables.days import NoSuchValue, day_of, minutes_of, yes_or_no
from people.tables.reading import Table, open_table
from people.tables.rows import TableRefused, column_letters
from tests.hostile import HOSTILE

COLUMNS = (
    Column("number", "Service number", ("warrant no", "identifier", "username")),
    Column("name", "Name", ("full name",)),
    Column("day", "Day", ("date",)),
)


def table(text: str) -> Table:
    return open_table(io.BytesIO(text.encode()))


def read(text: str, *words: dict[str, str]) -> list[Line]:
    opened = table(text)
    titles = find_titles(opened, COLUMNS)
    return list(lines(opened, titles, mapping_for(titles, COLUMNS, *words)))


def test_titles_are_known_by_several_names_without_case_spaces_and_signs() -> None:
    for titles in ("number,name,day", "SERVICE NUMBER,Full-Name,Date:", "Warrant No.,FULL NAME,_day_"):
        assert read(f"{titles}\n1,Ada,x\n")[0].cells == {"number": "1", "name": "Ada", "day": "x"}


def test_of_several_titles_for_one_column_the_better_known_counts() -> None:
    opened = table("username,identifier,name\nu,1,Ada\n")
    titles = find_titles(opened, COLUMNS)
    mapping = recognised(titles, COLUMNS)
    assert mapping == {"identifier": "number", "name": "name"}
    assert unused(titles, mapping) == ("username",)


def test_headings_above_the_titles_are_passed_over() -> None:
    [line] = read("Training records 2026,,\n,,\nPrinted by,HR,\nService number,Name,Date\n1,Ada,x\n")
    assert (line.number, line.cells) == (5, {"number": "1", "name": "Ada", "day": "x"})


def test_titles_merged_over_two_rows_are_read_from_both() -> None:
    for above in ("", "Training records 2026,,\n"):
        opened = table(f"{above}Service number,Person,Date\n,Name,\n1,Ada,x\n")
        assert find_titles(opened, COLUMNS).texts == ("Service number", "Name", "Date")
        [line] = read(f"{above}Service number,Person,Date\n,Name,\n1,Ada,x\n")
        assert line.cells == {"number": "1", "name": "Ada", "day": "x"}
    # a line with little in it is no second row of titles
    assert len(read("number,name,day\n1,,\n2,Bo,x\n")) == 2


def test_a_list_with_no_known_title_still_has_titles() -> None:
    titles = find_titles(table("Nummer;Wer\n1;Ada\n"), COLUMNS)
    assert titles.texts == ("Nummer", "Wer")
    assert recognised(titles, COLUMNS) == {}


def test_what_is_remembered_goes_over_what_is_recognised_and_leaves_out_what_nobody_knows() -> None:
    titles = find_titles(table("username,identifier,Wer\nu,1,Ada\n"), COLUMNS)
    words = {"username": "number", "wer": "name", "gone": "day"}
    assert mapping_for(titles, COLUMNS, words) == {"username": "number", "wer": "name"}
    assert mapping_for(titles, COLUMNS, words, {"wer": "", "identifier": "telephone"}) == {"username": "number"}


def test_the_same_titles_in_another_order_are_the_same_set() -> None:
    one, other = (find_titles(table(text), COLUMNS) for text in ("name,number\nA,1\n", "Number;NAME\n1;A\n"))
    assert one.digest == other.digest
    assert one.digest != find_titles(table("name,day\nA,1\n"), COLUMNS).digest


def test_columns_without_a_title_and_titles_that_come_twice_have_keys_of_their_own() -> None:
    titles = find_titles(table("name,,name,!\nA,1,2,3\n"), COLUMNS)
    assert titles.keys == ("name", "column B", "name 2", "column D")


def test_pairs_say_what_a_title_means() -> None:
    titles = find_titles(table("Nummer,Wer = wann\n1,Ada\n"), COLUMNS)
    assert said(titles, COLUMNS, ["nummer=Service Number", "Wer = wann=day"]) == {"nummer": "number", "werwann": "day"}
    assert said(titles, COLUMNS, ["Nummer="]) == {"nummer": ""}
    for pair in ("Nummer", "Anderes=name", "Nummer=telephone"):
        with pytest.raises(TableRefused):
            said(titles, COLUMNS, [pair])


def test_a_line_longer_than_its_titles_is_in_trouble_and_a_shorter_one_is_noted() -> None:
    whole, longer, shorter = read("number,name,day\n1,A,x\n2,B,x,y\n3,C\n")
    assert (whole.trouble, whole.note) == ("", "")
    assert longer.trouble.startswith("the line has 4 cells and there are 3 titles: a separator stands inside a cell")
    assert shorter.note == "the line has 2 cells and there are 3 titles: the others count as empty"
    assert shorter["day"] == ""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_cell_is_one_line_of_text(name: str) -> None:
    text = one_line(HOSTILE[name])
    assert len(text.splitlines()) <= 1
    assert "\x00" not in text
    assert title_key(text) == title_key(title_key(text))


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    assert [column_letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-28",
        "2026-2-28",
        "2026-02-28T09:30",
        "2026-02-28 00:00:00",
        "28/02/2026",
        "28.2.2026",
        "28-02-2026",
        "28/02/2026 09:30",
        "28 February 2026",
        "28 Feb 2026",
        "28th february 2026",
        "28-Feb-2026",
    ],
)
def test_a_day_is_read_as_britain_writes_it(text: str) -> None:
    assert day_of(text) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("29/02/2026", "is not a day: write it as"),
        ("31/04/2026", "is not a day: write it as"),
        ("02/28/2026", "is not a day: days come first, write it as"),
        ("3/4/26", "the year of '3/4/26' has two figures"),
        ("3 April 26", "the year of '3 April 26' has two figures"),
        ("45981", "'45981' is a number, not a day"),
        ("45981.5", "'45981.5' is a number, not a day"),
        ("28 Foo 2026", "is not a day"),
        ("soon", "is not a day"),
        ("٢٨/٠٢/٢٠٢٦", "is not a day"),
        ("0000-00-00", "is not a day"),
        ("2026-02", "is not a day"),
    ],
)
def test_a_day_that_is_none_or_could_be_another_is_refused(text: str, why: str) -> None:
    with pytest.raises(NoSuchValue) as refused:
        day_of(text)
    assert why in str(refused.value)
    assert "write it as 2026-11-22 or 22/11/2026" in str(refused.value)


def test_29_february_is_a_day_in_a_leap_year() -> None:
    assert day_of("29/02/2028") == date(2028, 2, 29)
    assert day_of("") is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        ("0", 0),
        ("1:30", 90),
        ("01:30:00", 90),
        ("1 h 30 min", 90),
        ("1.5 hours", 90),
        ("2h", 120),
        ("45m", 45),
        ("", None),
    ],
)
def test_minutes_are_read(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


def test_hours_are_read_where_a_column_counts_in_hours() -> None:
    assert minutes_of("1.5", unit="hours") == 90
    assert minutes_of("7.25", unit="hours") == 435
    assert minutes_of("1:30", unit="hours") == 90


@pytest.mark.parametrize("text", ["-5", "1,5", "x", "1e3", "90.5", "1:75", "٩٠", "999999999", "h"])
def test_a_length_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(NoSuchValue):
        minutes_of(text)


def test_yes_and_no() -> None:
    assert [yes_or_no(text) for text in ("Yes", "TRUE", "1", "no", "N", "")] == [True, True, True, False, False, None]
    with pytest.raises(NoSuchValue, match="'perhaps' is neither yes nor no"):
        yes_or_no("perhaps")
