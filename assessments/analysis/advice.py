"""Which question to mend first, and one sentence each that names what to do. The limits are ours and stated here once.

Below 0.20 an item tells strong from weak candidates poorly: Ebel's rule of thumb (1965, 'Measuring educational achievement').
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from assessments.analysis.answers import Blanks, OptionFigures
from assessments.analysis.items import ItemFigures

POOR_DISCRIMINATION = 0.20
NEARLY_EVERYONE = 0.95
# On questions with options; guessing alone gives a quarter of four.
FEW_RIGHT = 0.30
MANY_BLANK = 0.10
HARDLY_CHOSEN = 0.02
LONGEST_QUOTE = 40


class Trouble(IntEnum):
    """What is wrong with a question, the worst first; within one, the lowest discrimination first."""

    KEY = 1
    BACKWARDS = 2
    RIVAL = 3
    TOO_HARD = 4
    POOR = 5
    LEFT_BLANK = 6
    NOT_REACHED = 7
    TOO_EASY = 8
    NONE = 9


@dataclass(frozen=True)
class Advice:
    """What is wrong, and the sentence that says what to do; an empty sentence where nothing needs doing."""

    trouble: Trouble
    sentence: str = ""

    @property
    def is_needed(self) -> bool:
        return self.trouble != Trouble.NONE


def advise(figures: ItemFigures, options: Sequence[OptionFigures] = (), blanks: Blanks | None = None) -> Advice:
    """Return what to do about an item; nothing where there are no two candidates to compare."""
    blanks = blanks or Blanks()
    if figures.count < 2 or figures.facility is None:
        return Advice(Trouble.NONE)
    found = figures.discrimination
    if found is not None and found < 0:
        return _backwards(options)
    return _blank(figures, blanks) or _weak(figures, options) or Advice(Trouble.NONE)


def _backwards(options: Sequence[OptionFigures]) -> Advice:
    rival = _chosen_more_than_the_key_by_the_strongest(options)
    if rival is not None:
        return Advice(
            Trouble.KEY,
            f"The strongest candidates choose {_quoted(rival)} more often than the right answer. Check the key first.",
        )
    return Advice(
        Trouble.BACKWARDS,
        "Those who do badly in the rest do better here than those who do well. Check the key, then what the question takes for granted.",
    )


def _blank(figures: ItemFigures, blanks: Blanks) -> Advice | None:
    if blanks.not_reached > MANY_BLANK * figures.count:
        return Advice(
            Trouble.NOT_REACHED,
            f"{blanks.not_reached} of {figures.count} did not get as far as this. Give more time, or ask fewer questions.",
        )
    if blanks.omitted > MANY_BLANK * figures.count:
        return Advice(
            Trouble.LEFT_BLANK,
            f"{blanks.omitted} of {figures.count} left it blank. Shorten the case and ask one thing.",
        )
    return None


def _weak(figures: ItemFigures, options: Sequence[OptionFigures]) -> Advice | None:
    facility, found = figures.facility or 0.0, figures.discrimination
    if facility >= NEARLY_EVERYONE:
        return Advice(
            Trouble.TOO_EASY, "Nearly everyone is right. Keep it if it must be known, or else use a harder case."
        )
    if found is not None and found < POOR_DISCRIMINATION:
        rival = _chosen_by_strong_and_weak(options)
        if rival is not None:
            return Advice(
                Trouble.RIVAL,
                f"The strongest choose {_quoted(rival)} as often as the weakest. Reword it: it can be read as correct.",
            )
        idle = [one for one in options if not one.is_right and one.chosen <= HARDLY_CHOSEN * figures.count]
        if idle:
            return Advice(
                Trouble.POOR,
                f"Hardly anybody chooses {_quoted(idle[0])}. Put a mistake there that people make.",
            )
        return Advice(
            Trouble.POOR,
            "It tells strong from weak candidates poorly. Ask for one thing, and make it the thing that matters.",
        )
    if facility < FEW_RIGHT:
        return Advice(
            Trouble.TOO_HARD, "Few are right. Check that it is taught, then that only one answer can be right."
        )
    return None


def _chosen_more_than_the_key_by_the_strongest(options: Sequence[OptionFigures]) -> OptionFigures | None:
    right = [one.by_third[2] or 0.0 for one in options if one.is_right]
    rivals = [one for one in options if not one.is_right and (one.by_third[2] or 0.0) > max(right, default=1.0)]
    return max(rivals, key=lambda one: one.by_third[2] or 0.0, default=None)


def _chosen_by_strong_and_weak(options: Sequence[OptionFigures]) -> OptionFigures | None:
    """Return the most chosen distractor that a tenth choose and that draws the strongest third as much as the weakest."""
    rivals = []
    for one in options:
        weak, _middle, strong = one.by_third
        if not one.is_right and weak is not None and strong is not None and strong >= weak and strong >= MANY_BLANK:
            rivals.append(one)
    return max(rivals, key=lambda one: one.chosen, default=None)


def _quoted(option: OptionFigures) -> str:
    text = " ".join(option.text.split())
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    return f"‘{text}’"


def worst_first(advice: Advice, figures: ItemFigures) -> tuple[int, float, str]:
    """Return what questions are ordered by: trouble, then discrimination (not defined last), then name."""
    found = figures.discrimination
    return int(advice.trouble), 2.0 if found is None else found, figures.name
