"""The check of the fault rounds can fail: whatever was lost, kept otherwise or moved is named, and a site that forgets is found out."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from django.conf import settings

from assessments import saves
from assessments.models import Attempt, AttemptStep
from people import clock
from tests.assessments.building import DEFINITIONS, question, rules_only, started
from tests.faults.candidates import Candidate
from tests.faults.judging import Acknowledged, Told, found_wanting

DEADLINE = "2026-11-29T12:00:00+00:00"
FIRST = Acknowledged("tab-1", 1, 2, {"text": "one"})
SECOND = Acknowledged("tab-1", 2, 2, {"text": "two"})
TOLD = Told(deadline=DEADLINE, steps=(FIRST, SECOND), agrees=True, state="submitted", receipts=1)


def wanting(told: Told, *, last: dict[int, Any] | None = None) -> list[str]:
    return found_wanting([FIRST, SECOND], told, deadline=DEADLINE, last=last)


def test_nothing_is_wanting_where_every_acknowledged_save_is_a_step() -> None:
    assert wanting(TOLD, last={2: {"text": "two"}}) == []
    assert (
        wanting(replace(TOLD, steps=(FIRST, SECOND, Acknowledged("tab-1", 3, 1, {"text": "not acknowledged"})))) == []
    )


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (replace(TOLD, steps=(FIRST,)), "tab-1 2 was acknowledged and is in no step."),
        (
            replace(TOLD, steps=(FIRST, replace(SECOND, response={"text": "too"}))),
            "tab-1 2 was acknowledged as {'text': 'two'} and kept as {'text': 'too'}.",
        ),
        (replace(TOLD, steps=(FIRST, SECOND, SECOND)), "A save stands in two steps."),
        (
            replace(TOLD, deadline="2026-11-29T12:00:01+00:00"),
            f"The deadline was {DEADLINE} and is 2026-11-29T12:00:01+00:00.",
        ),
        (replace(TOLD, deadline=None), f"The deadline was {DEADLINE} and is None."),
        (replace(TOLD, agrees=False), "The rows of the attempt are not what its steps come to."),
        (replace(TOLD, receipts=0), "No receipt was sent."),
    ],
)
def test_whatever_is_not_as_it_must_be_is_named(told: Told, sentence: str) -> None:
    assert wanting(told) == [sentence]


def test_what_stands_on_the_screen_and_was_kept_otherwise_is_named() -> None:
    shown = {2: {"text": "two and more"}, 5: {"text": "never sent"}}
    assert wanting(TOLD, last=shown) == [
        "Question 2 shows {'text': 'two and more'} and kept {'text': 'two'}.",
        "Question 5 shows {'text': 'never sent'} and kept None.",
    ]


@pytest.fixture
def answered(transactional_db: None, live_server: Any, person: Any, signed_in: Any) -> Any:
    """Return a function that lets a candidate answer over HTTP until so many saves are acknowledged, and returns what is wanting."""

    def answer(saves_wanted: int) -> list[str]:
        question("words", type="short_text", definition=DEFINITIONS["short_text"])
        bo = person("Bo")
        attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 1}]), bo, at=clock.now())
        session = signed_in(bo).cookies[settings.SESSION_COOKIE_NAME].value
        seat = {
            "attempt": str(attempt.pk),
            "session": session,
            "cookie": settings.SESSION_COOKIE_NAME,
            "turn": 0,
            "positions": 1,
        }
        candidate = Candidate(live_server.thread.port, seat, Random(1), saves=saves_wanted)
        candidate.start()
        candidate.join(timeout=120)
        assert not candidate.trouble
        assert len(candidate.acknowledged) == saves_wanted
        attempt.refresh_from_db()
        return found_wanting(candidate.acknowledged, told_of(attempt), deadline=str(attempt.deadline_at))

    return answer


def told_of(attempt: Attempt) -> Told:
    steps = AttemptStep.objects.filter(attempt=attempt, kind="saved")
    kept = (Acknowledged(s.device, s.sequence or 0, s.position or 0, s.data["response"]) for s in steps)
    return Told(deadline=str(attempt.deadline_at), steps=tuple(kept), agrees=True, state=attempt.state)


def test_a_site_that_keeps_what_it_acknowledges_passes(answered: Any) -> None:
    assert answered(4) == []


def test_a_site_that_acknowledges_what_it_does_not_keep_is_found_out(
    answered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = saves._write

    def forgets_the_third(item: Any, response: Any, flagged: Any, **about: Any) -> saves.Saved:
        if about["sequence"] == 3:
            return saves.Saved(about["at"], item.attempt.turn, is_news=True)
        return keep(item, response, flagged, **about)

    monkeypatch.setattr(saves, "_write", forgets_the_third)
    [sentence] = answered(4)
    assert sentence.endswith(" 3 was acknowledged and is in no step.")
