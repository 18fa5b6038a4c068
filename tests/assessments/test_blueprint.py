"""A blueprint over the bank's tree: subtrees, what is left out, what attempts may share, and what is read for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import event, given, settings
from hypothesis import strategies as st

from assessments.assessment_rules import BadAssessment, draw, shortfalls, trial
from assessments.attempts import CannotStart, submit_attempt
from assessments.describing import describe_question
from assessments.models import AssessmentVersion
from assessments.topics import merge_topics, move_topic, rename_topic, topic_at, topic_in_bank
from tests.assessments.building import MINUTE, NOON, question, rules_only, started

# Topic, difficulty and must-pass rule of a question of outcome LO1.
FIELDS = (
    st.sampled_from(["a", "a/b", "a", "c"]),
    st.sampled_from(["easy", "hard"]),
    st.sampled_from(["", "", "", "", "child"]),
)
pytestmark = pytest.mark.django_db


def drawn(version: AssessmentVersion, seed: str = "s", **more: Any) -> set[str]:
    return {one.question.code for one in draw(version, seed=seed, **more)}


def by_topic(topic: str, count: int = 1, **more: Any) -> AssessmentVersion:
    return rules_only(draw=[{"topic": topic, "count": count}], **more)


def test_a_row_draws_from_a_topic_and_what_is_below_it_whatever_the_outcome() -> None:
    question("q1", topic="Custody")
    question("q2", topic="custody/Rights", outcome="LO2")
    question("q3", topic="Custodial")
    version = by_topic("Custody", 2)
    assert drawn(version) == {"q1", "q2"}
    assert shortfalls(by_topic("Custody", 3)) == ["Custody: 3 wanted, 2 approved."]
    assert shortfalls(by_topic("Nowhere")) == ["Nowhere: 1 wanted, 0 approved."]


def test_a_blueprint_follows_its_topics_where_they_go(person: Any) -> None:
    tess = person("Tess", "trainer")
    question("q1", topic="Rights")
    question("q2", topic="Arrest")
    version = by_topic("Rights")
    rights, arrest = topic_at("MH-101", "Rights"), topic_at("MH-101", "Arrest")
    assert rights
    assert arrest
    rename_topic(rights, "Entitlements", by=tess, at=NOON)
    assert drawn(version) == {"q1"}
    move_topic(rights, below=topic_in_bank("MH-101", "Law", family="", by=None, at=NOON), by=tess, at=NOON)
    assert drawn(version) == {"q1"}
    merge_topics(rights, into=arrest, by=tess, at=NOON)
    assert {code for n in range(20) for code in drawn(version, str(n))} == {"q1", "q2"}


def test_a_moved_question_counts_where_it_stands() -> None:
    question("q1", topic="Custody/Rights")
    question("q1", topic="Arrest")
    assert drawn(by_topic("Arrest")) == {"q1"}
    assert shortfalls(by_topic("Custody")) == ["Custody: 1 wanted, 0 approved."]


def test_questions_and_tags_left_out_are_never_drawn() -> None:
    for number in range(4):
        question(f"q{number}")
    describe_question(question("q4").question, tags=["trial"], source="")
    rules = {"draw": [{"outcome": "LO1", "count": 3}], "excluded": {"questions": ["q0"], "tags": ["trial"]}}
    version = rules_only(**rules)
    assert {code for n in range(20) for code in drawn(version, str(n))} == {"q1", "q2", "q3"}
    rules["draw"] = [{"outcome": "LO1", "count": 4}]
    assert shortfalls(rules_only(**rules)) == ["LO1: 4 wanted, 3 approved."]


def test_rules_as_they_always_were_keep_their_digest() -> None:
    question("q1")
    first = rules_only(draw=[{"outcome": "LO1", "count": 1}])
    assert rules_only(draw=first.draw, excluded={"questions": [], "tags": []}, overlap="avoid") == first
    second = rules_only(draw=first.draw, overlap="free")
    assert (second.number, second.digest != first.digest) == (2, True)
    third = rules_only(draw=first.draw, excluded={"questions": ["q1"]})
    assert (third.number, third.excluded) == (3, {"questions": ["q1"]})


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ({"overlap": "sometimes"}, "overlap"),
        ({"overlap": "never", "attempts": None}, "attempts"),
        ({"overlap": "never", "attempts": 21}, "attempts"),
        ({"excluded": {"colours": ["red"]}}, "excluded"),
        ({"excluded": {"questions": ["no-such"]}}, "excluded_questions"),
        ({"excluded": {"tags": ["<b>x</b>"]}}, "excluded_tags"),
        ({"draw": [{"count": 1}]}, "draw.0.outcome"),
    ],
)
def test_rules_of_a_blueprint_that_cannot_be_kept_are_refused(rules: dict[str, Any], path: str) -> None:
    with pytest.raises(BadAssessment) as refusal:
        rules_only(**{"draw": [{"outcome": "LO1", "count": 1}], **rules})
    assert [problem.path for problem in refusal.value.problems] == [path]


def test_no_question_comes_again_in_the_attempts_allowed(person: Any) -> None:
    ola = person("Ola")
    for number in range(4):
        question(f"q{number}")
    rules = {"draw": [{"outcome": "LO1", "count": 2}], "overlap": "never", "wait_hours": 0}
    assert shortfalls(rules_only(**rules, attempts=3)) == [
        "For 3 attempts that share no question: LO1: 6 wanted, 4 approved."
    ]
    version = rules_only(**rules, attempts=2)
    assert shortfalls(version) == []
    seen: list[int] = []
    for number in range(2):
        attempt = started(version, ola, at=NOON + number * MINUTE)
        seen += attempt.items.values_list("question_version", flat=True)
        submit_attempt(attempt, by=ola, at=NOON + number * MINUTE)
    assert len(set(seen)) == 4


@given(
    seeds=st.lists(st.text(max_size=4), min_size=3, max_size=3),
    fields=st.lists(st.tuples(*FIELDS), min_size=9, max_size=18),
)
@settings(max_examples=25, deadline=None)
def test_draws_that_never_share_share_nothing_over_all_attempts_a_bank_is_said_to_meet(
    seeds: list[str], fields: list[tuple[str, str, str]]
) -> None:
    with transaction.atomic():
        for number, (topic, difficulty, must_pass) in enumerate(fields):
            question(f"q{number}", topic=topic, difficulty=difficulty, must_pass=must_pass)
        rows = [{"topic": "a", "count": 1}, {"outcome": "LO1", "difficulty": "hard", "count": 1}]
        version = rules_only(draw=rows, overlap="never", attempts=3, must_pass=True, wait_hours=0)
        seen: list[int] = []
        if not shortfalls(version):
            for done, seed in enumerate(seeds):
                seen += [one.pk for one in draw(version, seed=seed, exclude=seen, attempts_left=3 - done)]
        transaction.set_rollback(True)
    event("met" if seen else "not met")
    assert len(set(seen)) == len(seen)


def test_who_has_seen_everything_is_not_started_where_nothing_comes_again(person: Any) -> None:
    ola = person("Ola")
    question("q1")
    version = rules_only(draw=[{"outcome": "LO1", "count": 1}], overlap="never", attempts=2, wait_hours=0)
    submit_attempt(started(version, ola), by=ola, at=NOON)
    with pytest.raises(CannotStart, match="too few approved questions"):
        started(version, ola, at=NOON + MINUTE)


def test_attempts_that_may_share_anything_are_drawn_freely() -> None:
    question("q1")
    question("q2")
    old = question("q3")
    version = rules_only(draw=[{"outcome": "LO1", "count": 1}], overlap="free")
    assert any(drawn(version, str(n), exclude=[old.pk]) == {"q3"} for n in range(30))


def test_a_draw_reads_definitions_of_what_it_draws_and_no_more() -> None:
    for number in range(12):
        question(f"q{number}", topic=f"Topic {number % 3}")
    version = rules_only(draw=[{"outcome": "LO1", "count": 2}])
    with CaptureQueriesContext(connection) as queries:
        draw(version, seed="s")
    reading = [query["sql"] for query in queries if "definition" in query["sql"]]
    assert len(queries) == 3
    assert len(reading) == 1
    assert " IN (" in reading[0]


def test_rules_that_were_never_saved_are_tried_alike() -> None:
    question("q1", topic="Custody")
    tried = trial("MH-101", draw=[{"topic": "custody", "count": 1}], must_pass=False, excluded={"questions": ["q1"]})
    assert shortfalls(tried) == ["custody: 1 wanted, 0 approved."]
    wanted = trial("MH-101", draw=[{"topic": "custody", "count": 1}], must_pass=False, overlap="never", attempts=2)
    assert shortfalls(wanted) == ["For 2 attempts that share no question: custody: 2 wanted, 1 approved."]
