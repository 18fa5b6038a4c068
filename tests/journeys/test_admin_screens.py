"""Every screen of ours in the admin, as the permission matrix lists them: axe within Wagtail's frame, and nothing scrolls sideways."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.journeys.visitors import PHONE, WIDE, is_ours
from tests.permissions.asking import World
from tests.permissions.matrix import rows
from tests.permissions.world import make_world


@pytest.fixture
def world() -> World:
    return make_world()


def screens(world: World) -> dict[str, str]:
    """Return the addresses of our screens, each with somebody who may open it; what is no page of its own is left out."""
    found = {}
    for row in rows():
        if (
            row.method != "GET"
            or not row.address.startswith("/admin/")
            or not any(word == "yes" for _, word in row.asked)
        ):
            continue
        address = world.address(row.address)
        if is_ours(address):
            answer = world.client(row.reader).get(address)
            if answer["Content-Type"].startswith("text/html") and b"<html" in answer.content[:500]:
                found[address] = row.reader
    return found


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_reads_every_screen_of_ours_in_the_admin(visitor, world, viewport):
    readers, found = {}, []
    shown = screens(world)
    for address, who in shown.items():
        if who not in readers:
            readers[who] = visitor(viewport=viewport)
            session = {"name": settings.SESSION_COOKIE_NAME, "value": world.sessions[who], "url": readers[who].address}
            readers[who].context.add_cookies([session])
        try:
            readers[who].goes_to(address)
        except AssertionError as fault:
            found.append(str(fault))
    assert len(shown) > 20
    assert not found, "\n".join(found)
