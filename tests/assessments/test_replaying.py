"""Every attempt can be rebuilt from its steps alone, and its recorded mark is held against marking anew."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Attempt, AttemptItem
from assessments.question_types.contract import Marked
from assessments.question_types.true_false import TrueFalse
from tests.assessments.building import assessment
from tests.assessments.decisions.acts import applied, confirmed, reread, sat

pytestmark = pytest.mark.django_db


def replayed(*options: str) -> str:
    said = StringIO()
    call_command("replay_attempts", *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def attempts(person: Any) -> list[Attempt]:
    """Attempts with decisions behind them: one on a question that was answered wrong, one still running."""
    version = assessment(pass_percent=60)
    made = [sat(version, person(), wrong=("final-q1",)), sat(version, person()), sat(version, person(), submit=False)]
    applied(confirmed("final-q1"))
    return [reread(attempt) for attempt in made]


def test_what_is_in_order_stays_as_it_is(attempts: list[Attempt]) -> None:
    before = list(Attempt.objects.order_by("pk").values())
    assert replayed() == "3 attempts replayed.\n"
    assert list(Attempt.objects.order_by("pk").values()) == before


def test_rows_that_went_wrong_are_written_anew_from_the_steps(attempts: list[Attempt]) -> None:
    spoilt = attempts[0]
    right = (spoilt.score, spoilt.outcome)
    Attempt.objects.filter(pk=spoilt.pk).update(score=1, outcome="failed")
    AttemptItem.objects.filter(attempt=spoilt).update(response=None, fraction=0)
    said = replayed("--dry-run")
    assert f"{spoilt.pk}: the rows differed from the steps; would be rebuilt." in said
    assert reread(spoilt).score == 1
    assert f"{spoilt.pk}: the rows differed from the steps; rebuilt." in replayed("--assessment", "final")
    assert (reread(spoilt).score, reread(spoilt).outcome) == right
    assert replayed() == "3 attempts replayed.\n"


def test_a_mark_that_comes_out_otherwise_is_named_and_kept(
    attempts: list[Attempt], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TrueFalse, "mark", lambda *given: Marked(0))
    with pytest.raises(CommandError, match="2 recorded marks come out otherwise"):
        replayed()
    assert reread(attempts[1]).score == 1_000_000


def test_another_assessment_is_left_alone(attempts: list[Attempt]) -> None:
    assert replayed("--assessment", "other") == "0 attempts replayed.\n"
