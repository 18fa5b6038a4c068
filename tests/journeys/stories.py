"""What several stories begin with: people who can sign in, a small course that is out, and what people do in a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from courses.folder.loading import load_catalogue
from courses.models import Course
from people import clock
from people.models import User
from tests import factories
from tests.assessments.question_types.samples import Fields, values_of
from tests.courses.folder import tiny
from tests.journeys.visitors import Visitor

PASSWORD = "a long enough password"
# The course of most stories: two modules, a check before and a check after, a reflection in each lesson, a task, a test of three.
HANDING_OVER = "/catalogue/tiny-101/"
TITLE = "Handing over: what the next officer needs"
RIGHT = {
    "You leave the flat with one room unopened": "That the bedroom is locked and unopened",
    "What a neighbour heard is what a neighbour saw": "False",
    "For how many minutes were you there?": "30",
}
WRONG = {
    "You leave the flat with one room unopened": "That everything has been looked at by now",
    "What a neighbour heard is what a neighbour saw": "True",
    "For how many minutes were you there?": "20",
}


def person(name: str, *roles: str, **more: Any) -> User:
    return factories.person(name, *roles, password=PASSWORD, **more)


def handing_over_is_out(folder: Path) -> Course:
    """Bring the course out from its folder, as the importer does."""
    load_catalogue(tiny.write(folder / "catalogue", tiny.files()), by=None, at=clock.now())
    return Course.objects.get(code=tiny.CODE)


def signs_in(somebody: Visitor, who: User) -> None:
    somebody.signs_in(who.email, PASSWORD)


def answers(somebody: Visitor, known: dict[str, str] = RIGHT) -> None:
    """Answer the question shown, whichever of the bank it is."""
    stem = somebody.page.locator(".question").inner_text()
    answer = next(answer for words, answer in known.items() if words in stem)
    typed = somebody.page.locator("[data-piece] input[type=text]")
    if typed.count():
        typed.fill(answer)
        typed.blur()
    else:
        somebody.page.get_by_label(answer, exact=True).check()


def box_of(piece: Locator, name: str, value: str) -> Locator:
    """The radio or tick with that value; nothing for a field that is typed or a list."""
    return piece.locator(f"input:is([type=radio], [type=checkbox])[name='{name}'][value='{value}']")


def fills(piece: Locator, fields: Fields) -> None:
    for name, value in fields.items():
        for one in values_of(value):
            box = box_of(piece, name, one)
            if box.count():
                box.check()
            elif piece.locator(f"select[name='{name}']").count():
                piece.locator(f"select[name='{name}']").select_option(one)
            else:
                piece.locator(f"[name='{name}']").fill(one)


def stands_at_question(somebody: Visitor, number: int) -> None:
    expect(somebody.page.locator(".exam-bar__place")).to_contain_text(f"Question {number} of")
