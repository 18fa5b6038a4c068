"""What the tests of the question bank's screens share."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from assessments.models import QuestionVersion
from people.models import User
from tests.assessments import building
from tests.courses import authoring
from tests.factories import person

FAMILY = "mental-health"
LIST = "/admin/assessments/"
SignIn = Callable[[User], Client]

# What is not a tag as it stands, and would become one if a page let it; words of two directions; what other programs obey.
HOSTILE = (
    "<script src=//x'\"; DROP TABLE x;-- \u0634\u0631\u0637\u0629\u200f \u200b 🚓 "
    + "e"
    + "\u0301" * 1000
    + "{{ 7|add:7 }}"
)


@pytest.fixture(autouse=True)
def _families(db: None) -> None:
    authoring.family(FAMILY, "Mental health")
    authoring.family("ethics", "Ethics")


@pytest.fixture(name="tess")
def tess_fixture() -> User:
    return person("Tess Trainer", "trainer", family=FAMILY)


@pytest.fixture(name="trainer")
def trainer_fixture(tess: User, signed_in: SignIn) -> Client:
    return signed_in(tess)


@pytest.fixture(name="approver")
def approver_fixture(signed_in: SignIn) -> Client:
    return signed_in(person("Ada Approver", "approver", family=FAMILY))


def rows(prefix: str, *entries: dict[str, str]) -> dict[str, str]:
    """Return the posted fields of a list."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(entries)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, entry in enumerate(entries):
        data |= {f"{prefix}-{number}-{name}": value for name, value in entry.items()}
    return data


ABOUT = {
    "seen": "0",
    "do": "save",
    "outcome": "LO1",
    "topic": "Consultation",
    "difficulty": "easy",
    "must_pass": "",
    "references": "mha-136\n\n mha-135 \n",
    "module": "",
    "note": "A nurse is the likeliest.",
}
POSTED: dict[str, dict[str, str]] = {
    "single_choice": rows(
        "options",
        {"text": "On the way", "fraction": "", "feedback": "Too late."},
        {"text": "", "fraction": "", "feedback": ""},
        {"text": "Now", "fraction": "1", "feedback": "Right."},
        {"text": "After", "fraction": "1/3", "feedback": "No approval is needed."},
    ),
    "multiple_response": {
        "choose": "2",
        "partial": "on",
        **rows(
            "options",
            {"text": "A nurse", "fraction": "0.5", "feedback": "Yes."},
            {"text": "An AMHP", "fraction": "1/2", "feedback": "Yes, too."},
            {"text": "Your sergeant", "fraction": "−0.5", "feedback": "Not listed."},
        ),
    },
    "true_false": {"answer": "false", "feedback_right": "No rank can.", "feedback_wrong": "Nobody can authorise it."},
    "number": {
        "answer": "24",
        "tolerance": "0.5",
        "unit": "hours",
        "feedback_right": "To 14:20 next day.",
        "feedback_wrong": "24 hours.",
        **rows("near", {"value": "72", "fraction": "", "feedback": "The limit before 2017."}),
    },
    "short_text": {
        "otherwise": "The approved mental health professional.",
        **rows(
            "accept",
            {"text": "AMHP", "fraction": "1", "feedback": "Yes."},
            {"text": "", "fraction": "", "feedback": ""},
        ),
    },
}
STEM = "She sits calmly on a bench. What do you do?"


def new_address(type_name: str, *, code: str = "mh-101-q99", **more: str) -> str:
    place = {"new_bank": "MH-101", "new_family": FAMILY, "code": code, "use": "exam", **more}
    return f"{LIST}questions/new/{type_name}/?{urlencode(place)}"


def write(client: Client, type_name: str, *, code: str = "mh-101-q99", **more: str) -> Any:
    """Post a new question."""
    return client.post(new_address(type_name, code=code), {**ABOUT, "stem": STEM, **POSTED[type_name], **more})


def shown(answer: Any) -> str:
    return unescape(answer.content.decode())


def question_of(version: QuestionVersion) -> str:
    return f"{LIST}questions/{version.question_id}/"


def in_family(code: str = "q1", *, type: str = "true_false", by: User | None = None, **more: Any) -> QuestionVersion:
    return building.question(code, type=type, by=by, family=FAMILY, approved=False, **more)


def fields_of(page: str) -> dict[str, str]:
    """Return what the page's form would post as it stands, the Save button pressed."""
    form = page[page.index('name="seen"') - 200 :]
    data: dict[str, str] = {"do": "save"}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, kind = found.get("name"), found.get("type", "text")
        if name and (kind not in ("radio", "checkbox") or " checked" in tag):
            data[name] = unescape(found.get("value", "on" if kind == "checkbox" else ""))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        data[name] = unescape(value)
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', inner)
        data[name] = unescape(chosen[1]) if chosen else ""
    return data
