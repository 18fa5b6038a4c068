"""The draw: exact, seeded, fair to must-pass rules, and fresh where the bank allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.drawing import BankItem, CannotDraw, DrawRow, draw_items, shortfalls_of_attempts


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


def test_a_topic_takes_in_what_is_below_it_and_nothing_beside_it() -> None:
    items = [
        BankItem("a", "LO1", "custody"),
        BankItem("b", "LO1", "custody/rights"),
        BankItem("c", "LO1", "custody time"),
    ]
    drawn = draw_items(items, [DrawRow("", 2, topic="custody")], must_pass=False, seed="s")
    assert set(codes(drawn)) == {"a", "b"}
    with pytest.raises(CannotDraw, match="custody: 3 wanted, 2 approved"):
        draw_items(items, [DrawRow("LO1", 3, topic="custody")], must_pass=False, seed="s")


def test_a_topic_that_moved_is_drawn_from_where_it_stands_and_called_what_was_written() -> None:
    items = [BankItem("a", "LO1", "law/custody/rights"), BankItem("b", "LO1", "rights")]
    row = DrawRow("", 1, topic="rights", stands_at="law/custody/rights")
    assert codes(draw_items(items, [row], must_pass=False, seed="s")) == ["a"]
    assert str(row) == "rights"


def test_what_may_never_come_again_is_not_drawn_and_what_is_free_may_be() -> None:
    rows = [DrawRow("LO1", 2)]
    with pytest.raises(CannotDraw, match="2 wanted, 1 approved"):
        draw_items(bank(LO1=3), rows, must_pass=False, seed="s", never={"LO1-0", "LO1-1"})
    seen = {code for n in range(30) for code in codes(draw_items(bank(LO1=3), rows, must_pass=False, seed=str(n)))}
    assert seen == {"LO1-0", "LO1-1", "LO1-2"}


def test_a_must_pass_rule_with_nothing_new_left_stops_the_draw() -> None:
    items = [*bank(LO1=3), BankItem("m", "LO1", must_pass="child")]
    with pytest.raises(CannotDraw, match="‘child’: 1 wanted, none left"):
        draw_items(items, [DrawRow("LO1", 1)], must_pass=True, seed="s", never={"m"})


ITEMS = st.lists(
    st.tuples(
        st.sampled_from(["LO1", "LO2"]),
        st.sampled_from(["", "a", "a/b", "c"]),
        st.sampled_from(["easy", "hard"]),
        st.sampled_from(["", "", "", "child", "home"]),
    ),
    max_size=24,
)
ROWS = st.lists(
    st.builds(
        DrawRow,
        st.sampled_from(["LO1", "LO2", ""]),
        st.integers(1, 2),
        st.sampled_from(["", "", "a", "a/b", "c"]),
        st.sampled_from(["", "", "easy", "hard"]),
    ),
    min_size=1,
    max_size=3,
)


@given(ITEMS, ROWS, st.booleans(), st.integers(1, 3), st.lists(st.text(max_size=3), min_size=3, max_size=3))
def test_a_bank_said_to_be_enough_for_attempts_that_share_nothing_is_enough_whatever_the_seeds(
    said: list[tuple[str, str, str, str]], rows: list[DrawRow], must_pass: bool, attempts: int, seeds: list[str]
) -> None:
    items = [BankItem(f"q{n}", *words) for n, words in enumerate(said)]
    if shortfalls_of_attempts(items, rows, must_pass=must_pass, attempts=attempts):
        return
    seen: set[str] = set()
    for number in range(attempts):
        drawn = codes(
            draw_items(
                items, rows, must_pass=must_pass, seed=seeds[number], never=seen, attempts_left=attempts - number
            )
        )
        assert not seen & set(drawn)
        seen |= set(drawn)


@given(ITEMS, ROWS, st.text(max_size=3))
def test_a_draw_fills_the_rows_whenever_any_choice_of_items_does(
    said: list[tuple[str, str, str, str]], rows: list[DrawRow], seed: str
) -> None:
    items = [BankItem(f"q{n}", *words) for n, words in enumerate(said[:8])]
    places = [row for row in rows for _place in range(row.count)]

    def can_fill(place: int, used: frozenset[str]) -> bool:
        if place == len(places):
            return True
        fitting = [item for item in items if item.code not in used and places[place].accepts(item)]
        return any(can_fill(place + 1, used | {item.code}) for item in fitting)

    if can_fill(0, frozenset()):
        drawn = draw_items(items, rows, must_pass=False, seed=seed)
        assert len({item.code for item in drawn}) == len(places)
    else:
        with pytest.raises(CannotDraw):
            draw_items(items, rows, must_pass=False, seed=seed)


def test_a_bank_that_is_too_small_for_attempts_that_share_nothing_says_where() -> None:
    siblings = [BankItem("m", "LO1", must_pass="child")]
    said = shortfalls_of_attempts([*bank(LO1=3), *siblings], [DrawRow("LO1", 3)], must_pass=True, attempts=2)
    assert said == [
        "For 2 attempts that share no question: Must-pass rule ‘child’: 2 wanted, 1 approved.",
        "For 2 attempts that share no question: LO1: 4 wanted, 3 approved.",
    ]
    enough = [*bank(LO1=4), *siblings, BankItem("n", "LO1", must_pass="child")]
    assert not shortfalls_of_attempts(enough, [DrawRow("LO1", 3)], must_pass=True, attempts=2)


def test_fifty_thousand_items_take_few_tries_of_their_rows() -> None:
    """Items of one kind are tried once, whether there are three or fifty thousand: counted, not timed."""
    asked = []

    class Counted(DrawRow):
        def accepts(self, item: BankItem) -> bool:
            asked.append(item)
            return super().accepts(item)

    items = [BankItem(f"q{n}", "LO1", "a", "easy") for n in range(3_000)]
    draw_items(items, [Counted("LO1", 9), Counted("LO1", 3, "a")], must_pass=False, seed="s")
    assert len(asked) == 2
