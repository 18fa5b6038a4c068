"""What Tab reaches comes in the order that is seen, at every width."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from people import clock
from tests import factories
from tests.assessments.building import question, rules_only, started
from tests.journeys.visitors import PHONE, WIDE

PASSWORD = "a long enough password"
ACTIVE = """(() => { const active = document.activeElement, box = active.getBoundingClientRect();
    return [active.innerText, box.top, box.left] })()"""


@pytest.mark.parametrize("script", [True, False])
def test_previous_and_next_are_reached_as_they_are_seen(
    visitor: Callable[..., Any], transactional_db: None, script: bool
) -> None:
    for number in range(3):
        question(f"q{number}")
    candidate = factories.person("Bo", password=PASSWORD)
    attempt = started(
        rules_only(draw=[{"outcome": "LO1", "count": 3}]), candidate, at=clock.now() - timedelta(minutes=5)
    )
    bo = visitor(javascript=script)
    bo.signs_in(candidate.email, PASSWORD)
    for size, names in ((PHONE, ["Next question", "Previous"]), (WIDE, ["Previous", "Next question"])):
        bo.page.set_viewport_size(size)
        bo.goes_to(f"/assess/{attempt.pk}/?q=2")
        bo.page.locator("#flagged").focus()
        reached = []
        for _step in names:
            bo.page.keyboard.press("Tab")
            reached.append(bo.page.evaluate(ACTIVE))
        assert [name for name, *_place in reached] == names
        assert [place for _name, *place in reached] == sorted(place for _name, *place in reached)
    # One goes back by the button that is seen, and the first question offers no way back.
    bo.presses("Previous")
    assert bo.page.get_by_role("button", name="Previous", exact=True).count() == 0
