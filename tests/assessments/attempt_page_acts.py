"""What the tests of an attempt's pages share."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Attempt
from people import clock
from tests.assessments.building import MINUTE, assessment, started

HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE assessments_attempt; --",
    "\u202eright to left",
    "zero\u200bwidth",
    "🚓👮",
    "a" + "́" * 1000,
    "nul\x00in it",
    "x" * 10_000_000,
]


@pytest.fixture(name="candidate")
def candidate_fixture(person: Any) -> Any:
    return person("Bo")


@pytest.fixture(name="desk")
def desk_fixture(candidate: Any, signed_in: Any) -> Client:
    return signed_in(candidate)


@pytest.fixture(name="attempt")
def attempt_fixture(candidate: Any) -> Attempt:
    """An open attempt of three true/false questions, ten minutes old, with half an hour left."""
    return started(
        assessment(questions=3, minutes=40),
        candidate,
        at=clock.now() - 10 * MINUTE,
        context_title="Stop and search: knowledge test",
        context_address="/learn/spec-110/final/",
    )


def address(attempt: Attempt, name: str = "attempt") -> str:
    return reverse(f"assessments:{name}", args=[attempt.pk])


def page(desk: Client, where: str) -> str:
    response = desk.get(where)
    assert response.status_code == 200, response
    return response.content.decode()


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1]


def send(desk: Client, attempt: Attempt, q: int = 1, /, *, html: str | None = None, **fields: Any) -> Any:
    """Post the form of a page as a browser without script does."""
    html = html or page(desk, f"{address(attempt)}?q={q}")
    known = {name: hidden(html, name) for name in ("position", "turn", "device", "sequence")}
    return desk.post(address(attempt, "save"), {**known, "go": "next", **fields})


def save(desk: Client, attempt: Attempt, **message: Any) -> Any:
    """Post a save as the page's script does."""
    usual = {"position": 1, "response": "false", "device": "tab-1", "sequence": 1}
    body = json.dumps({**usual, **message})
    return desk.post(address(attempt, "save"), body, content_type="application/json")


def kept(attempt: Attempt, position: int = 1) -> Any:
    return attempt.items.get(position=position).response
