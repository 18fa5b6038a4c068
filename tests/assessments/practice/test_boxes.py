"""Boxes after Leitner: what is missed comes back tomorrow, what is known waits twice as long each time, and is gone after the last box."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assessments.practice.boxes import DAYS, Card, after_answer, after_answers

TODAY = date(2026, 11, 23)
answers = st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=40)


def dated(gaps: list[tuple[bool, int]]) -> list[tuple[bool, date]]:
    """Turn days between answers into days."""
    on, told = TODAY, []
    for is_right, days in gaps:
        on += timedelta(days=days)
        told.append((is_right, on))
    return told


def test_what_was_never_missed_gets_no_card() -> None:
    assert after_answers([(True, TODAY), (True, TODAY + timedelta(days=9))]) is None


def test_what_is_missed_comes_back_tomorrow() -> None:
    assert after_answer(None, is_right=False, on=TODAY) == Card(1, TODAY + timedelta(days=1))


def test_a_card_answered_right_on_its_day_goes_through_the_boxes_and_is_gone_after_a_month() -> None:
    card, on, waited = after_answer(None, is_right=False, on=TODAY), TODAY, []
    while card is not None:
        waited.append((card.due_on - on).days)
        on = card.due_on
        card = after_answer(card, is_right=True, on=on)
    assert waited == [1, 2, 4, 8, 16]
    assert on == TODAY + timedelta(days=31)


def test_practising_before_the_day_moves_nothing() -> None:
    card = Card(2, TODAY + timedelta(days=2))
    assert after_answer(card, is_right=True, on=TODAY + timedelta(days=1)) == card


def test_missing_it_again_starts_from_the_first_box_whatever_the_box_and_the_day() -> None:
    for box in range(1, len(DAYS) + 1):
        for early in (0, 5):
            card = Card(box, TODAY + timedelta(days=early))
            assert after_answer(card, is_right=False, on=TODAY) == Card(1, TODAY + timedelta(days=1))


@given(answers)
def test_a_card_lies_in_one_of_the_boxes_and_is_due_after_the_last_answer_by_no_more_than_its_box_says(
    gaps: list[tuple[bool, int]],
) -> None:
    told = dated(gaps)
    card = after_answers(told)
    if card is not None:
        assert 1 <= card.box <= len(DAYS)
        assert card.due_on <= told[-1][1] + timedelta(days=DAYS[card.box - 1])


@given(answers)
def test_whoever_missed_it_last_has_it_back_the_next_day(gaps: list[tuple[bool, int]]) -> None:
    told = dated([*gaps, (False, 1)])
    assert after_answers(told) == Card(1, told[-1][1] + timedelta(days=1))


@given(answers, answers)
def test_taking_answers_one_by_one_is_taking_them_all(
    first: list[tuple[bool, int]], second: list[tuple[bool, int]]
) -> None:
    told = dated([*first, *second])
    card = after_answers(told[: len(first)])
    for is_right, on in told[len(first) :]:
        card = after_answer(card, is_right=is_right, on=on)
    assert card == after_answers(told)


@given(answers)
def test_nothing_is_learned_in_fewer_days_than_the_boxes_add_up_to(gaps: list[tuple[bool, int]]) -> None:
    told = [(False, TODAY), *dated(gaps)]
    missed = max((on for is_right, on in told if not is_right))
    if after_answers(told) is None:
        assert told[-1][1] - missed >= timedelta(days=sum(DAYS))
