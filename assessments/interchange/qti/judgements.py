"""Ratings in an item, known by their scoring: each pair earns by its distance from one rating of its row."""

from __future__ import annotations

from fractions import Fraction

from assessments.interchange.qti.asked import Asked
from assessments.interchange.qti.body import own_feedback
from assessments.interchange.qti.markup import JUDGEMENT
from assessments.interchange.reading import NotRead
from assessments.interchange.xml_tree import Node
from assessments.question_types.distances import key_of_worths
from assessments.question_types.exchange import Answer, Asking, Exchanged

FEWEST = 3


def read_ratings(item: Asked, body: Node, interaction: Node, rows: list[Node], scale: list[Node]) -> Exchanged | None:
    """Return the ratings that a match asks for; None where it asks for pairs, each right or wrong."""
    response = item.response(interaction)
    is_named = JUDGEMENT in interaction.get("class").split()
    if not is_named and (response.mapping is None or len(rows) < FEWEST or len(scale) < FEWEST):
        return None
    earned = [
        [item.scored(response, [f"{row.get('identifier')} {label.get('identifier')}"])[0] for label in scale]
        for row in rows
    ]
    if not is_named and not any(len({one for one in each if one > 0}) > 1 for each in earned):
        return None
    for full in _fulls(item, earned):
        keys = [key_of_worths([one / full for one in each]) for each in earned]
        if all(key is not None for key in keys):
            answers = tuple(
                Answer(item.words(row), Fraction(1, len(rows)), own_feedback(row, item.pictures), rating=key)
                for row, key in zip(rows, keys, strict=True)
            )
            settings = {"mode": "rate", "scale": [item.words(label) for label in scale]}
            text = item.text(body, interaction)
            return Exchanged(Asking.RATINGS, text, answers, max_mark=full * len(rows), settings=settings)
    if is_named:
        raise NotRead("Its ratings are not scored by their distance from a key.")
    return None


def _fulls(item: Asked, earned: list[list[Fraction]]) -> list[Fraction]:
    """Return what one response may be worth in full: as declared for the whole, or the most that any rating earns."""
    declared = [item.most / len(earned)] if item.most else []
    found = max((one for each in earned for one in each), default=Fraction(0))
    return [full for full in (*declared, found) if full > 0]
