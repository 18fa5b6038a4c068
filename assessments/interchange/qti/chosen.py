"""Answers chosen from several: options, words of a text, and places on a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from assessments.interchange.percents import exact_share
from assessments.interchange.qti.asked import Asked
from assessments.interchange.qti.body import own_feedback, picture_named
from assessments.interchange.qti.declarations import ResponseDeclaration, number
from assessments.interchange.reading import NotRead
from assessments.interchange.texts import one_line
from assessments.interchange.xml_tree import Node
from assessments.question_types.exchange import Answer, Asking, Exchanged

MOST_TRIED = 12


def read_choice(item: Asked, body: Node, interaction: Node) -> Exchanged:
    names = {"choiceInteraction": "simpleChoice", "hottextInteraction": "hottext"}
    nodes = list(interaction.all(names[interaction.name]))
    text = item.text(body, interaction)
    return _chosen(item, interaction, nodes, text, lambda node: item.words(node))


def _chosen(
    item: Asked,
    interaction: Node,
    nodes: list[Node],
    text: str,
    words: Callable[[Node], str],
    asking: Asking | None = None,
) -> Exchanged:
    response = item.response(interaction)
    ids = [node.get("identifier") for node in nodes]
    if len(ids) < 2 or len(set(ids)) != len(ids):
        raise NotRead("It has fewer than two answers to choose from.")
    is_single = response.cardinality == "single"
    scores = [item.scored(response, [identity]) for identity in ids]
    told = [
        own_feedback(node, item.pictures) or feedback for node, (_score, feedback) in zip(nodes, scores, strict=True)
    ]
    settings: dict[str, Any] = {}
    if is_single:
        most = max(score for score, _told in scores)
        if most <= 0:
            raise NotRead("No answer earns a mark.")
        shares = [exact_share(score / most) for score, _told in scores]
    else:
        most, shares, is_partial = _shares(item, response, ids, [score for score, _told in scores])
        settings["partial"] = is_partial
    answers = tuple(
        Answer(words(node), share, feedback) for node, share, feedback in zip(nodes, shares, told, strict=True)
    )
    kind = asking or (Asking.CHOICE if is_single else Asking.CHOICES)
    is_shuffled = interaction.get("shuffle") == "true"
    return Exchanged(kind, text, answers, is_shuffled=is_shuffled, max_mark=most, settings=settings)


def _shares(
    item: Asked, response: ResponseDeclaration, ids: list[str], alone: list[Fraction]
) -> tuple[Fraction, list[Fraction], bool]:
    """Return the most that can be scored, the share of each answer, and whether part of the right set scores.

    Where marks add up, each answer has what it adds. Where they do not, every set is tried, and the best is the right one.
    """
    nothing, _told = item.scored(response, [])
    gains = [score - nothing for score in alone]
    right = [identity for identity, gain in zip(ids, gains, strict=True) if gain > 0]
    together, _told = item.scored(response, right)
    if right and together - nothing == sum((gain for gain in gains if gain > 0), Fraction(0)) and together > 0:
        # What a wrong answer takes away is seen beside the right ones only: a score has a floor.
        lost = [item.scored(response, [*right, identity])[0] - together for identity in ids]
        each = [gain if gain > 0 else min(gain, loss) for gain, loss in zip(gains, lost, strict=True)]
        return together, [exact_share(max(gain / together, Fraction(-1))) for gain in each], True
    tried = [list(response.correct)] if response.correct else _sets(ids)
    best = max(tried, key=lambda chosen: (item.scored(response, chosen)[0], -len(chosen)))
    most, _told = item.scored(response, best)
    if most <= 0 or not best:
        raise NotRead("No set of answers earns a mark.")
    return most, [Fraction(1, len(best)) if identity in best else Fraction(0) for identity in ids], False


def _sets(ids: list[str]) -> list[list[str]]:
    if len(ids) > MOST_TRIED:
        raise NotRead("It does not name its right answers, and has too many to try.")
    return [list(chosen) for size in range(len(ids) + 1) for chosen in combinations(ids, size)]


def read_regions(item: Asked, body: Node, interaction: Node) -> Exchanged:
    picture = next(interaction.all("object"), None)
    place = "" if picture is None else item.pictures.take(picture.get("data"), " ".join(picture.text().split()))
    if picture is None or picture_named(item.pictures, place) is None:
        raise NotRead("The picture that its places lie on did not come along.")
    nodes = list(interaction.all("hotspotChoice", "associableHotspot"))
    text = item.text(body, interaction)

    def label(node: Node) -> str:
        return one_line(node.get("hotspotLabel")) or f"Place {node.get('identifier')}"

    shape = _chosen(item, interaction, nodes, text, label, Asking.REGIONS)
    answers = tuple(replace(answer, area=_area(node)) for answer, node in zip(shape.answers, nodes, strict=True))
    name = place.removeprefix("[[picture:").removesuffix("]]")
    is_single = item.response(interaction).cardinality == "single"
    choose = 1 if is_single else max(sum(answer.fraction > 0 for answer in answers), 1)
    return replace(shape, answers=answers, settings={**shape.settings, "picture": name, "choose": choose})


def _area(node: Node) -> dict[str, Any]:
    shape = {"rect": "rect", "circle": "circle", "poly": "poly"}.get(node.get("shape"))
    if shape is None:
        raise NotRead(f"A place of the shape ‘{node.get('shape')[:20]}’ is not read.")
    return {"shape": shape, "coords": [int(number(part)) for part in node.get("coords").split(",")]}
