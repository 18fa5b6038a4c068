"""What to do about a question, and which first."""

from __future__ import annotations

import pytest

from assessments.analysis.advice import Trouble, advise, worst_first
from assessments.analysis.answers import Blanks, OptionFigures
from assessments.analysis.items import ItemFigures

NOTHING = (0.0, 0.0, 0.0)


def item(
    facility: float | None = 0.6, discrimination: float | None = 0.35, *, count: int = 412, name: str = "q"
) -> ItemFigures:
    return ItemFigures(name, count, facility, 0.4, 0.1, 0.1, discrimination, 0.4, 0.8)


def option(
    text: str, by_third: tuple[float, float, float], *, is_right: bool = False, chosen: int = 100
) -> OptionFigures:
    return OptionFigures(text[:1], text, is_right, chosen, by_third, None)


KEY = option("Key", (0.4, 0.6, 0.8), is_right=True)
RIVAL = option("Tell the sergeant", (0.3, 0.2, 0.9))
STEADY = option("Ask her sister", (0.3, 0.3, 0.3))
IDLE = option("Do nothing", NOTHING, chosen=3)
WEAK = option("Later", (0.5, 0.3, 0.0))


@pytest.mark.parametrize(
    ("figures", "options", "blanks", "trouble", "sentence"),
    [
        (
            item(0.31, -0.08),
            [KEY, RIVAL],
            None,
            Trouble.KEY,
            "choose ‘Tell the sergeant’ more often than the right answer. Check the key first.",
        ),
        (
            item(0.31, -0.08),
            [KEY, WEAK],
            None,
            Trouble.BACKWARDS,
            "Check the key, then what the question takes for granted.",
        ),
        (item(0.31, -0.08), [], None, Trouble.BACKWARDS, "Check the key"),
        (
            item(0.38, 0.06),
            [KEY, STEADY],
            None,
            Trouble.RIVAL,
            "choose ‘Ask her sister’ as often as the weakest. Reword it",
        ),
        (
            item(0.38, 0.06),
            [KEY, WEAK, IDLE],
            None,
            Trouble.POOR,
            "Hardly anybody chooses ‘Do nothing’. Put a mistake there",
        ),
        (item(0.38, 0.19), [KEY, WEAK], None, Trouble.POOR, "Ask for one thing"),
        (item(0.97, 0.03), [KEY, STEADY], None, Trouble.TOO_EASY, "Keep it if it must be known"),
        (item(1.0, None), [], None, Trouble.TOO_EASY, "Nearly everyone is right."),
        (item(0.29, 0.4), [], None, Trouble.TOO_HARD, "Check that it is taught"),
        (item(0.44, 0.14), [], Blanks(61, 3), Trouble.LEFT_BLANK, "61 of 412 left it blank. Shorten the case"),
        (
            item(0.44, 0.4),
            [],
            Blanks(3, 61),
            Trouble.NOT_REACHED,
            "61 of 412 did not get as far as this. Give more time",
        ),
    ],
)
def test_each_trouble_has_its_sentence(
    figures: ItemFigures, options: list[OptionFigures], blanks: Blanks | None, trouble: Trouble, sentence: str
) -> None:
    found = advise(figures, options, blanks)
    assert found.trouble == trouble
    assert found.is_needed
    assert sentence in found.sentence


@pytest.mark.parametrize(
    "figures",
    [item(), item(0.3, 0.2), item(0.9499, 0.2), item(None, None), item(1.0, None, count=1), item(0.0, -1.0, count=1)],
)
def test_nothing_is_said_of_a_good_question_or_one_nobody_can_judge(figures: ItemFigures) -> None:
    found = advise(figures, [KEY, WEAK])
    assert (found.trouble, found.sentence, found.is_needed) == (Trouble.NONE, "", False)


def test_a_tenth_left_blank_is_not_many() -> None:
    assert not advise(item(count=100), [], Blanks(10, 10)).is_needed
    assert advise(item(count=100), [], Blanks(11, 0)).is_needed


def test_a_long_option_is_cut_at_a_word() -> None:
    long = option("You ask the custody sergeant to call an interpreter and wait", (0.1, 0.2, 0.9))
    assert "‘You ask the custody sergeant to call an …’" in advise(item(0.3, -0.1), [KEY, long]).sentence


def test_the_worst_comes_first() -> None:
    easy, wrong, poor, poorer = (
        item(0.97, 0.3, name="a"),
        item(0.4, -0.1, name="b"),
        item(0.5, 0.1, name="c"),
        item(0.5, 0.05, name="d"),
    )
    good, unknown = item(name="e"), item(0.5, None, name="f")
    shuffled = [good, unknown, easy, poor, wrong, poorer]
    ordered = sorted(shuffled, key=lambda figures: worst_first(advise(figures), figures))
    assert [figures.name for figures in ordered] == ["b", "d", "c", "a", "e", "f"]
