"""The draw: exact, seeded, fair to must-pass rules, and fresh where the bank allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.drawing import BankItem, CannotDraw, DrawRow, draw_items


def bank(**outcomes: int) -> list[BankItem]:
    return [BankItem(f"{code}-{n}", code) for code, count in outcomes.items() for n in range(count)]


def codes(items: list[BankItem]) -> list[str]:
    return [item.code for item in items]


def test_a_draw_has_exactly_what_its_rows_ask_for() -> None:
    drawn = draw_items(bank(LO1=9, LO2=6), [DrawRow("LO1", 5), DrawRow("LO2", 3)], must_pass=False, seed="s")
    assert len(drawn) == len(set(drawn)) == 8
    assert sum(item.outcome == "LO1" for item in drawn) == 5


def test_the_same_seed_draws_the_same_in_whatever_order_the_bank_comes() -> None:
    items = bank(LO1=20)
    rows = [DrawRow("LO1", 7)]
    first = draw_items(items, rows, must_pass=False, seed="s")
    assert draw_items(items[::-1], rows, must_pass=False, seed="s") == first
    assert draw_items(items, rows, must_pass=False, seed="t") != first


def test_topic_and_difficulty_narrow_a_row() -> None:
    items = [
        BankItem("a", "LO1", "grounds", "easy"),
        BankItem("b", "LO1", "grounds", "hard"),
        BankItem("c", "LO1", "record"),
    ]
    drawn = draw_items(items, [DrawRow("LO1", 1, topic="grounds", difficulty="hard")], must_pass=False, seed="s")
    assert codes(drawn) == ["b"]


@given(st.text(max_size=8))
def test_overlapping_rows_are_met_whenever_they_can_be(seed: str) -> None:
    items = [
        BankItem("easy", "LO1", "", "easy"),
        BankItem("hard1", "LO1", "", "hard"),
        BankItem("hard2", "LO1", "", "hard"),
    ]
    rows = [DrawRow("LO1", 1), DrawRow("LO1", 2, difficulty="hard")]
    assert set(codes(draw_items(items, rows, must_pass=False, seed=seed))) == {"easy", "hard1", "hard2"}


@given(st.text(max_size=8))
def test_one_item_of_every_must_pass_rule_is_drawn_inside_the_count(seed: str) -> None:
    siblings = [BankItem(f"child-{n}", "LO1", must_pass="child") for n in range(2)]
    others = [BankItem(f"home-{n}", "LO1", must_pass="home") for n in range(3)]
    drawn = draw_items([*bank(LO1=6), *siblings, *others], [DrawRow("LO1", 5)], must_pass=True, seed=seed)
    assert len(drawn) == 5
    assert sum(item.must_pass == "child" for item in drawn) == 1
    assert sum(item.must_pass == "home" for item in drawn) == 1


def test_a_rule_no_row_has_room_for_is_drawn_in_addition() -> None:
    drawn = draw_items(
        [*bank(LO1=3), BankItem("m", "LO4", must_pass="child")], [DrawRow("LO1", 2)], must_pass=True, seed="s"
    )
    assert len(drawn) == 3
    assert "m" in codes(drawn)


def test_second_items_of_a_rule_are_drawn_only_where_the_bank_is_short() -> None:
    siblings = [BankItem(f"child-{n}", "LO1", must_pass="child") for n in range(2)]
    drawn = draw_items([*bank(LO1=1), *siblings], [DrawRow("LO1", 3)], must_pass=True, seed="s")
    assert len(drawn) == 3


def test_without_must_pass_such_items_are_like_others() -> None:
    siblings = [BankItem(f"child-{n}", "LO1", must_pass="child") for n in range(4)]
    drawn = draw_items(siblings, [DrawRow("LO1", 4)], must_pass=False, seed="s")
    assert len(drawn) == 4


@given(st.text(max_size=8))
def test_items_seen_before_are_avoided_as_far_as_the_bank_allows(seed: str) -> None:
    seen = {"LO1-0", "LO1-1", "LO1-2", "LO1-3"}
    drawn = codes(draw_items(bank(LO1=6), [DrawRow("LO1", 4)], must_pass=False, seed=seed, avoid=seen))
    assert {"LO1-4", "LO1-5"} <= set(drawn)
    siblings = [BankItem("old", "LO1", must_pass="x"), BankItem("new", "LO1", must_pass="x")]
    assert codes(draw_items(siblings, [DrawRow("LO1", 1)], must_pass=True, seed=seed, avoid={"old"})) == ["new"]


def test_a_bank_that_is_too_small_says_where() -> None:
    with pytest.raises(CannotDraw) as refusal:
        draw_items(
            bank(LO1=2, LO2=1), [DrawRow("LO1", 2), DrawRow("LO2", 3, topic="record")], must_pass=False, seed="s"
        )
    assert refusal.value.shortfalls == ["LO2, record: 3 wanted, 0 approved."]


def test_rows_that_share_too_few_questions_say_so() -> None:
    with pytest.raises(CannotDraw, match="together they want more"):
        draw_items(bank(LO1=3), [DrawRow("LO1", 2), DrawRow("LO1", 2)], must_pass=False, seed="s")


@given(st.integers(1, 12), st.integers(0, 6), st.text(max_size=5))
def test_every_draw_of_a_big_enough_bank_is_whole(count: int, spare: int, seed: str) -> None:
    drawn = draw_items(bank(LO1=count + spare), [DrawRow("LO1", count)], must_pass=True, seed=seed)
    assert len(set(drawn)) == count
