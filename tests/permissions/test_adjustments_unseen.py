"""Adjustments are seen by the person and by training administrators: no page or file of anybody else's says anything of them."""

from __future__ import annotations

import re

import pytest

from assessments.models import Attempt
from tests.permissions.adjustments import PERCENT, REST
from tests.permissions.asking import World
from tests.permissions.matrix import rows
from tests.permissions.world import world  # noqa: F401

UNSEEN = re.compile(rf"extra[ _]?(time|percent)|rest_minutes|{PERCENT}%|{REST} minutes|larger[ _]print", re.IGNORECASE)


@pytest.mark.parametrize("reader", ["Supervisor", "Trainer", "Assessor", "IQA", "Auditor", "Reviewer"])
def test_no_page_of_others_says_anything_of_them(world: World, reader: str) -> None:  # noqa: F811
    assert Attempt.objects.filter(officer=world.people["Owner"], adjustments__extra_percent=PERCENT).exists()
    shown, read = [], 0
    for row in rows():
        if row.method != "GET" or dict(row.cells).get(reader) != "yes":
            continue
        response = world.ask(reader, "GET", world.address(row.address)).response
        if response.streaming or not response["Content-Type"].startswith(("text/", "application/json")):
            continue
        read += 1
        if found := UNSEEN.search(response.content.decode()):
            shown.append(f"{row}: {found[0]}")
    assert not shown
    assert read > 15


def test_the_owner_and_an_administrator_do_read_them(world: World) -> None:  # noqa: F811
    for reader, address in (
        ("Owner", "/adjustments/mine/"),
        ("Training admin", f"/adjustments/{world.places['team officer']}/"),
    ):
        assert UNSEEN.search(world.ask(reader, "GET", address).response.content.decode())
