"""Orders in an item, told apart by their scoring: as a whole, by neighbours, by places, or by distance from the key of a judgement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from assessments.interchange.qti.asked import Asked
from assessments.interchange.qti.body import own_feedback
from assessments.interchange.qti.declarations import ResponseDeclaration
from assessments.interchange.qti.markup import JUDGEMENT
from assessments.interchange.reading import NotRead
from assessments.interchange.xml_tree import Node
from assessments.question_types.distances import worth_of_order
from assessments.question_types.exchange import Answer, Asking, Exchanged

FEWEST_TRIED, MOST_TRIED = 3, 12


def read_order(item: Asked, body: Node, interaction: Node) -> Exchanged:
    """Return an order, or the ranking of a judgement; raises ``NotRead`` where the right one is not said."""
    response = item.response(interaction)
    nodes = {node.get("identifier"): node for node in interaction.all("simpleChoice")}
    order = list(response.correct)
    if len(order) < 2 or sorted(order) != sorted(nodes):
        raise NotRead("It does not say the right order of all its answers.")
    most, _told = item.scored(response, order)
    scoring = _scoring_of(item, response, order, most)
    text = item.text(body, interaction)
    each = Fraction(1, len(order))
    if scoring == "distance":
        answers = tuple(
            Answer(
                item.words(node), each, own_feedback(node, item.pictures), rating=Fraction(order.index(identity) + 1)
            )
            for identity, node in nodes.items()
        )
        return Exchanged(Asking.RATINGS, text, answers, max_mark=most, settings={"mode": "rank"})
    if JUDGEMENT in interaction.get("class").split():
        raise NotRead("Its order is not scored by how far each answer lies from its place.")
    right, wrong = item.verdicts(response, order)
    return Exchanged(
        Asking.ORDER,
        text,
        tuple(Answer(item.words(nodes[identity]), each) for identity in order),
        max_mark=most or Fraction(1),
        is_shuffled=interaction.get("shuffle") == "true",
        feedback_right=right,
        feedback_wrong=wrong,
        settings={"scoring": scoring} if scoring else {},
    )


def _scoring_of(item: Asked, response: ResponseDeclaration, order: list[str], most: Fraction) -> str:
    """Return how an order is scored, tried by every exchange of two and by the order from behind; '' for all or nothing."""
    if most <= 0 or not FEWEST_TRIED <= len(order) <= MOST_TRIED:
        return ""
    tried = [list(reversed(order))]
    for one, other in combinations(range(len(order)), 2):
        swapped = list(order)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        tried.append(swapped)
    earned = [item.scored(response, given)[0] / most for given in tried]
    if not any(earned):
        return ""
    for name, worth in _SCORINGS.items():
        if all(share == worth(order, given) for share, given in zip(earned, tried, strict=True)):
            return name
    return ""


def _by_distance(order: Sequence[str], given: Sequence[str]) -> Fraction:
    return worth_of_order([Fraction(order.index(identity) + 1) for identity in given])


def _by_places(order: Sequence[str], given: Sequence[str]) -> Fraction:
    return Fraction(sum(one == other for one, other in zip(order, given, strict=True)), len(order))


def _by_neighbours(order: Sequence[str], given: Sequence[str]) -> Fraction:
    follows = set(pairwise(order))
    return Fraction(sum(pair in follows for pair in pairwise(given)), len(order) - 1)


_SCORINGS: dict[str, Callable[[Sequence[str], Sequence[str]], Fraction]] = {
    "distance": _by_distance,
    "places": _by_places,
    "neighbours": _by_neighbours,
}
