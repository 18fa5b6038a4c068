"""A QTI 2.x item to a shape, one function an interaction. Marks are what the item's own processing gives each answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from assessments.interchange.about import read_about
from assessments.interchange.assembling import finished
from assessments.interchange.percents import exact_share
from assessments.interchange.qti.asked import Asked
from assessments.interchange.qti.body import (
    explanation_of,
    guidance_in,
    is_interaction,
    own_feedback,
    pictures_beside,
    words_of,
)
from assessments.interchange.qti.cases import FIELDS, has_parts, read_case
from assessments.interchange.qti.chosen import read_choice, read_regions
from assessments.interchange.qti.declarations import ResponseDeclaration, declarations_of
from assessments.interchange.qti.orders import read_order
from assessments.interchange.qti.pairs import read_dragged, read_pairs
from assessments.interchange.qti.processing import Processing
from assessments.interchange.qti.typed import read_typed, typed_answers
from assessments.interchange.reading import Found, NotRead, Skipped
from assessments.interchange.texts import named, one_line
from assessments.interchange.xml_tree import Node
from assessments.question_types.exchange import Answer, Asking, Exchanged, Gap

# What stands for every answer to a gap that is not named.
OTHERS = "*"


def read_item(item: Node, *, find: Callable[[str], bytes | None], folder: str = "", name: str = "") -> Found:
    """Return a question, or why it does not arrive. ``find`` gives a file of the package by its path."""
    pictures = pictures_beside(find, folder)
    title = one_line(item.get("title")) or one_line(item.get("label")) or item.get("identifier") or name
    about: dict[str, Any] = {"id": item.get("identifier")}
    for comment in item.comments:
        about |= read_about(comment)
    try:
        declared = declarations_of(item)
        score = declared.outcomes.get("SCORE")
        most = None if score is None else score.most or None
        shape = _shape(Asked(item, item, declared, Processing(item, declared), pictures, most))
        shape = replace(shape, name=title, feedback=explanation_of(item, pictures))
        return finished(shape, about=about, line=item.line, pictures=pictures)
    except NotRead as reason:
        return Skipped(item.line, named(title, ""), str(reason))


def _shape(item: Asked) -> Exchanged:
    body = item.node.child("itemBody")
    if body is None:
        raise NotRead("It has no body, so it asks nothing.")
    interactions = [node for node in body.all() if is_interaction(node)]
    if not interactions:
        raise NotRead("It has nothing to answer.")
    if has_parts(body) or (len(interactions) > 1 and not all(node.name in FIELDS for node in interactions)):
        return read_case(item, body, _question)
    return _question(item, body, interactions)


def _question(item: Asked, body: Node, interactions: list[Node]) -> Exchanged:
    """Return a question of one interaction, or of the fields in one text."""
    if all(node.name in FIELDS for node in interactions) and (
        len(interactions) > 1 or interactions[0].name == "inlineChoiceInteraction"
    ):
        return _gaps(item, body, interactions)
    if len(interactions) > 1:
        raise NotRead("It has more than one place to answer, which ours have in a text with gaps only.")
    read = _INTERACTIONS.get(interactions[0].name)
    if read is None:
        raise NotRead(f"Answers by ‘{interactions[0].name}’ are not read.")
    return read(item, body, interactions[0])


def _gaps(item: Asked, body: Node, fields: list[Node]) -> Exchanged:
    ids = {id(field): f"g{number}" for number, field in enumerate(fields, start=1)}
    gaps, answers = [], []
    told_by = {id(field): item.processing.told_by({field.get("responseIdentifier")}) for field in fields}
    for field in fields:
        response, identity = item.response(field), ids[id(field)]
        # Where no gap has feedback of its own, each tells what is said of the whole.
        asked = replace(item, told_by=told_by[id(field)]) if any(told_by.values()) else item
        asking, found, most = _field(asked, field, response)
        gaps.append(Gap(identity, asking, most))
        answers += [replace(answer, gap=identity) for answer in found]
        _score, wrong = asked.scored(response, [])
        if wrong and asked is not item and asking is not Asking.CHOICE:
            answers.append(Answer(OTHERS, Fraction(0), wrong, gap=identity))
    text = words_of(body, item.pictures, lambda node: f"[[gap:{ids[id(node)]}]]" if id(node) in ids else None)
    whole = sum((gap.weight for gap in gaps), Fraction(0))
    return Exchanged(Asking.GAPS, text, tuple(answers), gaps=tuple(gaps), is_shuffled=False, max_mark=whole)


def _field(item: Asked, field: Node, response: ResponseDeclaration) -> tuple[Asking, list[Answer], Fraction]:
    if field.name == "textEntryInteraction":
        return typed_answers(item, response)
    choices = field.children("inlineChoice")
    scores = {node.get("identifier"): item.scored(response, [node.get("identifier")]) for node in choices}
    most = max((score for score, _told in scores.values()), default=Fraction(0))
    if most <= 0:
        raise NotRead("No answer of a gap earns a mark.")
    found = [
        Answer(
            item.words(node),
            exact_share(scores[node.get("identifier")][0] / most),
            own_feedback(node, item.pictures) or scores[node.get("identifier")][1],
        )
        for node in choices
    ]
    return Asking.CHOICE, found, most


def _open(item: Asked, body: Node, interaction: Node) -> Exchanged:
    settings: dict[str, Any] = {}
    if guidance := guidance_in(item.place, item.pictures):
        settings["guidance"] = guidance
    lines = interaction.get("expectedLines")
    if lines.isascii() and lines.isdigit() and int(lines[:4]) > 0:
        settings["lines"] = int(lines[:4])
    asking = Asking.FILES if interaction.name == "uploadInteraction" else Asking.OPEN
    text = item.text(body, interaction)
    return Exchanged(asking, text, is_shuffled=False, max_mark=item.most or Fraction(1), settings=settings)


_INTERACTIONS: dict[str, Callable[[Asked, Node, Node], Exchanged]] = {
    "choiceInteraction": read_choice,
    "hottextInteraction": read_choice,
    "textEntryInteraction": read_typed,
    "hotspotInteraction": read_regions,
    "orderInteraction": read_order,
    "matchInteraction": read_pairs,
    "associateInteraction": read_pairs,
    "gapMatchInteraction": read_dragged,
    "extendedTextInteraction": _open,
    "uploadInteraction": _open,
}
