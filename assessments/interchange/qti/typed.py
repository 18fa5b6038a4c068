"""Typed answers of an item: those its own processing knows, each with what it scores."""

from __future__ import annotations

from fractions import Fraction

from assessments.interchange.numbers import number_text
from assessments.interchange.percents import exact_share
from assessments.interchange.qti.asked import BLANK, Asked
from assessments.interchange.qti.declarations import ResponseDeclaration, number
from assessments.interchange.reading import NotRead
from assessments.interchange.xml_tree import Node
from assessments.question_types.exchange import Answer, Asking, Exchanged


def read_typed(item: Asked, body: Node, interaction: Node) -> Exchanged:
    asking, answers, most = typed_answers(item, item.response(interaction))
    _score, wrong = item.scored(item.response(interaction), ["\ue030"] if asking is Asking.TEXT else [])
    text = item.text(body, interaction, BLANK).removesuffix(BLANK).rstrip()
    return Exchanged(asking, text, tuple(answers), feedback_wrong=wrong, is_shuffled=False, max_mark=most)


def typed_answers(item: Asked, response: ResponseDeclaration) -> tuple[Asking, list[Answer], Fraction]:
    """Return how a typed answer is asked for, the answers that score, and what the best of them scores."""
    if response.base_type in ("float", "integer"):
        ranges = _ranges(item, response)
        found = [(middle, slip, *item.scored(response, [number_text(middle)])) for middle, slip in ranges]
        most = max((score for _middle, _slip, score, _told in found), default=Fraction(0))
        answers = [
            Answer(number_text(middle), exact_share(score / most), told, tolerance=slip)
            for middle, slip, score, told in found
            if most > 0 and score > 0
        ]
        asking = Asking.NUMBER
    else:
        known = [value for value in _texts_known(item, response) if value]
        scores = [(value, *item.scored(response, [value])) for value in known]
        most = max((score for _value, score, _told in scores), default=Fraction(0))
        answers = [
            Answer(value, exact_share(score / most), told) for value, score, told in scores if most > 0 and score > 0
        ]
        asking = Asking.TEXT
    if not answers:
        raise NotRead("No typed answer that it names earns a mark by itself.")
    return asking, answers, most


def _texts_known(item: Asked, response: ResponseDeclaration) -> list[str]:
    """Return the texts an item compares an answer with."""
    known = [*response.correct, *(response.mapping.values if response.mapping else ())]
    for node in item.node.all("stringMatch", "match", "equal"):
        names = {variable.get("identifier") for variable in node.children("variable")}
        if response.identifier in names:
            known += [" ".join(value.text().split()) for value in node.children("baseValue")]
    return list(dict.fromkeys(known))


def _ranges(item: Asked, response: ResponseDeclaration) -> list[tuple[Fraction, Fraction]]:
    """Return the numbers an item compares an answer with, each with how far off an answer may be."""
    found = []
    for node in item.node.all("equal", "match"):
        names = {variable.get("identifier") for variable in node.children("variable")}
        values = [one for one in node.children() if one.name in ("baseValue", "correct")]
        if not values or response.identifier not in names:
            continue
        value = response.correct[0] if values[0].name == "correct" and response.correct else values[0].text()
        slips = (
            [number(part) for part in node.get("tolerance").split()]
            if node.get("toleranceMode", "exact") != "exact"
            else []
        )
        middle = number(value)
        slip = (
            slips[0] * (abs(middle) / 100 if node.get("toleranceMode") == "relative" else 1) if slips else Fraction(0)
        )
        found.append((middle, slip))
    bounds = [
        number(value.text())
        for node in item.node.all("gte", "lte", "gt", "lt")
        if response.identifier in {variable.get("identifier") for variable in node.children("variable")}
        for value in node.children("baseValue")
    ]
    if bounds:
        found.append(((min(bounds) + max(bounds)) / 2, (max(bounds) - min(bounds)) / 2))
    known = [*response.correct, *(response.mapping.values if response.mapping else ())]
    found += [
        (number(value), Fraction(0)) for value in known if not any(middle == number(value) for middle, _slip in found)
    ]
    return list(dict.fromkeys(found))
