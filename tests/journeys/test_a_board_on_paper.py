"""The team board on paper: A4 across, 25 people on a page and never more, the head and the signs on every page."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from people import clock
from people.roles import grant_role
from tests.factories import LONG_AGO, person, unit
from tests.journeys import stories
from tests.journeys.visitors import WIDE, Visitor

PEOPLE = 64
ON_A_PAGE = 25


def pages_of(pdf: Path) -> list[str]:
    """Return the words of each page, laid out as they stand."""
    words = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True, text=True).stdout
    return words.split("\f")[:-1]


def printed(somebody: Visitor, folder: Path, name: str) -> list[str]:
    """Print what somebody has before them, as their browser does, and return the words of each page."""
    somebody.page.pdf(path=folder / name, prefer_css_page_size=True)
    return pages_of(folder / name)


def test_a_board_of_many_prints_at_most_25_people_on_a_page_with_its_head_and_signs_on_each(visitor, tmp_path):
    response = unit("response-c", name="Response team C")
    sergeant = stories.person("Sergeant D. Demo", "supervisor", unit=response)
    names = [person(f"Officer {number:02} Demo", unit=response).name for number in range(PEOPLE)]
    somebody = visitor(viewport=WIDE)
    stories.signs_in(somebody, sergeant)
    shown, fullest = list[str](), 0
    for page in (1, 2):
        somebody.goes_to(f"/team/?page={page}")
        pages = printed(somebody, tmp_path, f"board-{page}.pdf")
        people = [re.findall(r"Officer \d\d Demo", words) for words in pages]
        fullest = max(fullest, *(len(found) for found in people))
        for words, found in zip(pages, people, strict=True):
            assert found, f"A page without anybody: {words}"
            assert "What it means today" in words
            assert "Not required" in words
            assert "Shown to Sergeant D. Demo" in words
            assert f"{PEOPLE} people on {clock.today():%-d %B %Y}, as recorded at" in words
        shown += [name for found in people for name in found]
    assert shown == names
    assert fullest == ON_A_PAGE


def test_somebody_of_whom_much_is_to_be_said_takes_more_room_and_breaks_no_row(visitor, tmp_path):
    response = unit("response-c", name="Response team C")
    sergeant = stories.person("Sergeant D. Demo", "supervisor", unit=response)
    for number in range(30):
        officer = person(f"Officer {number:02} Demo of a long and winding family name", unit=response)
        for role in ("response-officer", "taser-officer", "firearms-officer", "custody-officer"):
            grant_role(officer, role, by=None, valid_from=LONG_AGO)
    somebody = visitor(viewport=WIDE)
    stories.signs_in(somebody, sergeant)
    somebody.goes_to("/team/")
    pages = printed(somebody, tmp_path, "board.pdf")
    people = [re.findall(r"Officer \d\d Demo", words) for words in pages]
    assert [len(found) <= ON_A_PAGE for found in people] == [True] * len(pages)
    assert len({name for found in people for name in found}) == sum(len(found) for found in people) == 30
    assert all("What it means today" in words for words in pages)
