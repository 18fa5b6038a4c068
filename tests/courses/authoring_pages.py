"""What the tests of authoring in the admin share."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from courses.models import CoursePage
from tests.courses import authoring


@pytest.fixture(name="trainer")
def trainer_fixture():
    return authoring.trainer()


@pytest.fixture(name="written")
def written_fixture(trainer) -> CoursePage:
    return authoring.course(by=trainer)


def edit_form(client: Any, address: str) -> dict[str, str]:
    """Return what the page editor's form would send."""

    class Fields(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.data: dict[str, Any] = {}
            self.inside = False
            self.textarea = ""
            self.select = ""

        def handle_starttag(self, tag, attrs):
            named = dict(attrs)
            if tag == "form" and "data-edit-form" in named:
                self.inside = True
            name = named.get("name")
            if tag == "option" and self.select and "selected" in named:
                self.data[self.select] = named.get("value", "")
            if not self.inside or not name or "__prefix__" in name:
                return
            if tag == "input" and named.get("type") not in ("submit", "file"):
                if named.get("type") in ("checkbox", "radio"):
                    if "checked" in named:
                        self.data.setdefault(name, []).append(named.get("value", "on"))
                else:
                    self.data[name] = named.get("value") or ""
            elif tag == "textarea":
                self.textarea = name
                self.data[name] = ""
            elif tag == "select":
                self.select = name

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.textarea = ""
            elif tag == "select":
                self.select = ""
            elif tag == "form":
                self.inside = False

        def handle_data(self, data):
            if self.textarea:
                self.data[self.textarea] += data

    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:500]
    reader = Fields()
    reader.feed(answer.content.decode())
    return reader.data
