"""A verdict is said once: by us, or by the author's own words."""

from __future__ import annotations

import pytest

from assessments.question_types.openings import opening_of


@pytest.mark.parametrize(
    ("verdict", "feedback", "said"),
    [
        ("right", ["It is practicable."], "That is right."),
        ("right", ["Right. It is practicable."], ""),
        ("right", ["Yes: to 14:20 next day."], ""),
        ("partly", ["Partly. Look again."], ""),
        ("partly", ["Right, as far as it goes."], "Partly right."),
        ("wrong", ["No. No rank can."], ""),
        ("wrong", ["No rank can authorise it."], "Not quite."),
        ("wrong", [""], "Not quite."),
        ("wrong", [], "Not quite."),
        ("", ["Anything."], ""),
    ],
)
def test_the_verdict_is_not_said_twice(verdict: str, feedback: list[str], said: str) -> None:
    assert opening_of(verdict, feedback) == said
