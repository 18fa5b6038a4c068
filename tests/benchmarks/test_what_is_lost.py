"""The benchmarks that say that no answer was lost can say otherwise: a record without a step, with another answer or with two is named."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from assessments.models import AttemptStep
from benchmarks import __main__ as command
from benchmarks import exam_day, faults
from benchmarks.exam_day import missing, wanting_of
from tests.assessments.attempt_acts import save
from tests.assessments.building import DEFINITIONS, question, rules_only, started
from tests.faults.rounds import KINDS, Outcome

ROWS: list[exam_day.Row] = [
    ("a1", "tab-1", 1, 3, {"response": {"option": "b"}}),
    ("a1", "tab-1", 2, 4, {"response": {"answer": False}}),
    ("a2", "tab-2", 1, 3, {"response": {"options": ["a", "c"], "confidence": "high"}}),
]
SAVES: list[exam_day.Save] = [
    ("a1", "tab-1", 1, 3, "b"),
    ("a1", "tab-1", 2, 4, "false"),
    ("a2", "tab-2", 1, 3, "c"),
]


def test_a_day_on_which_everything_was_kept_is_told_as_such() -> None:
    assert missing(SAVES, ROWS) == []
    assert wanting_of(2, len(SAVES), []) == []


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        (ROWS[1:], ["a1 tab-1 1 was acknowledged and is in no step."]),
        ([], [f"{one[0]} {one[1]} {one[2]} was acknowledged and is in no step." for one in SAVES]),
        ([*ROWS, ROWS[0]], ["a1 tab-1 1 was acknowledged and is in 2 steps."]),
        (
            [("a1", "tab-1", 1, 3, {"response": {"option": "a"}}), *ROWS[1:]],
            ["a1 tab-1 1 was acknowledged as 'b' and kept otherwise."],
        ),
        (
            [("a1", "tab-1", 1, 5, {"response": {"option": "b"}}), *ROWS[1:]],
            ["a1 tab-1 1 was acknowledged as 'b' and kept otherwise."],
        ),
        (
            # One letter inside a word of the record is not the answer.
            [("a1", "tab-1", 1, 3, {"response": {"option": "abc"}}), *ROWS[1:]],
            ["a1 tab-1 1 was acknowledged as 'b' and kept otherwise."],
        ),
        (
            [("a1", "tab-1", 1, 3, {"response": None}), *ROWS[1:]],
            ["a1 tab-1 1 was acknowledged as 'b' and kept otherwise."],
        ),
        (
            [("a9", "tab-1", 1, 3, {"response": {"option": "b"}}), *ROWS[1:]],
            ["a1 tab-1 1 was acknowledged and is in no step."],
        ),
    ],
)
def test_whatever_was_lost_is_named(rows: list[exam_day.Row], sentences: list[str]) -> None:
    assert missing(SAVES, rows) == sentences
    assert str(len(sentences)) in wanting_of(2, len(SAVES), sentences)[0]


def test_a_day_on_which_nobody_had_an_answer_acknowledged_proves_nothing() -> None:
    assert wanting_of(500, 0, []) == ["None of 500 candidates had an answer acknowledged, so nothing was tried."]


@pytest.mark.django_db
def test_steps_are_read_as_the_site_writes_them_and_one_that_is_struck_out_is_missed(person: Any) -> None:
    question("one", type="single_choice", definition=DEFINITIONS["single_choice"])
    question("two", type="true_false", definition=DEFINITIONS["true_false"])
    attempt = started(rules_only(draw=[{"outcome": "LO1", "count": 2}]), person("Bo"))
    acknowledged: list[exam_day.Save] = []
    for item in attempt.items.select_related("question_version"):
        answer, response = (
            ("b", {"option": "b"}) if item.question_version.type == "single_choice" else ("true", {"answer": True})
        )
        save(attempt, item.position, response, item.position)
        acknowledged.append((str(attempt.pk), "laptop", item.position, item.position, answer))
    columns = exam_day.KEPT.split("SELECT ")[1].split(" FROM")[0].split(", ")
    rows = list(AttemptStep.objects.filter(kind="saved").order_by("number").values_list(*columns))
    assert missing(acknowledged, rows) == []
    assert missing(acknowledged, rows[:-1]) == [f"{attempt.pk} laptop 2 was acknowledged and is in no step."]


def rounds_that_come_to(*outcomes: Outcome, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the fault benchmark reports where its rounds came to this; nothing is started or struck."""

    class Own:
        url = ""

    monkeypatch.setattr(faults, "cluster", lambda template: nullcontext(Own()))
    monkeypatch.setattr(faults, "service", lambda url, cluster: nullcontext(None))
    monkeypatch.setattr(faults, "run_rounds", lambda *about, **more: list(outcomes))
    return faults.run(rounds=len(outcomes), seed=1)


def test_fault_rounds_in_which_nothing_was_lost_want_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = rounds_that_come_to(*(Outcome(kind, acknowledged=9) for kind in KINDS), monkeypatch=monkeypatch)
    assert told["wanting"] == []
    assert [row["lost"] for row in told["rows"]] == [0] * len(KINDS)


def test_a_fault_round_that_lost_an_answer_is_reported_with_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Outcome(KINDS[0], acknowledged=9, wanting=["tab-1 2 was acknowledged and is in no step."])
    told = rounds_that_come_to(lost, Outcome(KINDS[1], acknowledged=3), monkeypatch=monkeypatch)
    assert told["wanting"] == [f"{KINDS[0]}: tab-1 2 was acknowledged and is in no step."]
    assert [row["lost"] for row in told["rows"]][:2] == [1, 0]


def test_a_fault_round_in_which_nobody_answered_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = rounds_that_come_to(Outcome(KINDS[0]), monkeypatch=monkeypatch)
    assert told["wanting"] == [f"{KINDS[0]}: No answer was acknowledged."]


@pytest.mark.parametrize(("wanting", "status"), [([], 0), (["1 acknowledged answer is lost."], 1)])
def test_the_command_says_what_is_wanting_and_ends_with_it(
    wanting: list[str], status: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(exam_day, "run", lambda: {"rows": [{"lost": len(wanting)}], "wanting": wanting})
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["benchmarks", "exam_day"])
    assert command.main() == status
    assert ("WANTING 1 acknowledged answer is lost." in capsys.readouterr().out) == bool(wanting)
