"""What the world needs to be asked about practice: a round of the owner's with a picture, and a question that is due to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from assessments.practice.rounds import begin_round, note_lesson_answer
from people import clock
from tests.assessments import building
from tests.assessments.question_types.samples import HOTSPOT

if TYPE_CHECKING:
    from tests.permissions.asking import World


def with_practice(made: World) -> None:
    """The owner is in the middle of a round, and missed a question the day before yesterday."""
    owner, now = made.people["Owner"], clock.now()
    about = {"bank": "PRA-101", "family": "ethics", "use": "lesson"}
    shown = building.question("pra-1", type="hotspot", definition=HOTSPOT, **about)
    missed = building.question("pra-2", **about)
    note_lesson_answer(missed.pk, {"answer": True}, officer=owner, at=now - timedelta(days=2))
    begun = begin_round(
        owner,
        [missed.question_id, shown.question_id],
        title="What you missed",
        address="/my/practice/",
        by=owner,
        at=now,
        in_order=True,
    )
    made.places |= {
        "practice": str(begun.pk),
        "practice picture": HOTSPOT["pictures"]["hall"]["digest"],
    }
