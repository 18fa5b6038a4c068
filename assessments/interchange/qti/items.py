"""A QTI 2.x item to a shape, one function an interaction. Marks are what the item's own processing gives each answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from assessments.interchange.about import read_about
from assessments.interchange.assembling import finished, pair_answers
from assessments.interchange.numbers import number_text
from assessments.interchange.percents import exact_share
from assessments.interchange.qti.body import (
    explanation_of,
    feedback_for,
    guidance_in,
    is_interaction,
    own_feedback,
    picture_named,
    pictures_beside,
    words_of,
)
from assessments.interchange.qti.declarations import Declarations, ResponseDeclaration, declarations_of, number
from assessments.interchange.qti.processing import Processing
from assessments.interchange.reading import Found, NotRead, Skipped
from assessments.interchange.texts import named, one_line
from assessments.interchange.xml_tree import Node
from assessments.question_types.exchange import Answer, Asking, Exchanged, Gap

BLANK = "_____"
MOST_TRIED = 12
_FIELDS = ("textEntryInteraction", "inlineChoiceInteraction")


def read_item(item: Node, *, find: Callable[[str], bytes | None], folder: str = "", name: str = "") -> Found:
    """Return a question, or why it does not arrive. ``find`` gives a file of the package by its path."""
    pictures = pictures_beside(find, folder)
    title = one_line(item.get("title")) or one_line(item.get("label")) or item.get("identifier") or name
    about: dict[str, Any] = {"id": item.get("identifier")}
    for comment in item.comments:
        about |= read_about(comment)
    try:
        declared = declarations_of(item)
        shape = _Item(item, declared, Processing(item, declared), pictures).shape()
        shape = replace(shape, name=title, feedback=explanation_of(item, pictures))
        return finished(shape, about=about, line=item.line, pictures=pictures)
    except NotRead as reason:
        return Skipped(item.line, named(title, ""), str(reason))


@dataclass
class _Item:
    """An item with what is needed to read it."""

    node: Node
    declared: Declarations
    processing: Processing
    pictures: Any

    def shape(self) -> Exchanged:
        body = self.node.child("itemBody")
        if body is None:
            raise NotRead("It has no body, so it asks nothing.")
        interactions = [node for node in body.all() if is_interaction(node)]
        if not interactions:
            raise NotRead("It has nothing to answer.")
        if all(node.name in _FIELDS for node in interactions) and (
            len(interactions) > 1 or interactions[0].name == "inlineChoiceInteraction"
        ):
            return self._gaps(body, interactions)
        if len(interactions) > 1:
            raise NotRead("It has more than one place to answer, which ours have in a text with gaps only.")
        read = _INTERACTIONS.get(interactions[0].name)
        if read is None:
            raise NotRead(f"Answers by ‘{interactions[0].name}’ are not read.")
        return read(self, body, interactions[0])

    def response(self, interaction: Node) -> ResponseDeclaration:
        declaration = self.declared.responses.get(interaction.get("responseIdentifier"))
        if declaration is None:
            raise NotRead("It does not declare the response of its interaction.")
        return declaration

    def words(self, node: Node) -> str:
        return words_of(node, self.pictures)

    def text(self, body: Node, interaction: Node, instead: str = "") -> str:
        """Return the words of the body and the prompt, ``instead`` where the interaction stands."""
        prompt = interaction.child("prompt")
        words = words_of(body, self.pictures, lambda node: instead if node is interaction else None)
        asked = "" if prompt is None else self.words(prompt)
        text = "\n\n".join(part for part in (words, asked) if part)
        if not text.replace(BLANK, "").strip():
            raise NotRead("It has no words that ask anything.")
        return text

    def scored(self, response: ResponseDeclaration, values: Sequence[str]) -> tuple[Fraction, str]:
        """Return what an answer scores and what is told to it."""
        scored = self.processing.score({response.identifier: list(values)})
        return scored.score, feedback_for(self.node, scored.outcomes, self.pictures)

    def verdicts(self, response: ResponseDeclaration, right: Sequence[str]) -> tuple[str, str]:
        """Return what is told to the right answer and to none."""
        return self.scored(response, right)[1], self.scored(response, [])[1]

    def _gaps(self, body: Node, fields: list[Node]) -> Exchanged:
        ids = {id(field): f"g{number}" for number, field in enumerate(fields, start=1)}
        gaps, answers = [], []
        for field in fields:
            response, identity = self.response(field), ids[id(field)]
            asking, found, most = self._field(field, response)
            gaps.append(Gap(identity, asking, most))
            answers += [replace(answer, gap=identity) for answer in found]
        text = words_of(body, self.pictures, lambda node: f"[[gap:{ids[id(node)]}]]" if id(node) in ids else None)
        whole = sum((gap.weight for gap in gaps), Fraction(0))
        return Exchanged(Asking.GAPS, text, tuple(answers), gaps=tuple(gaps), is_shuffled=False, max_mark=whole)

    def _field(self, field: Node, response: ResponseDeclaration) -> tuple[Asking, list[Answer], Fraction]:
        if field.name == "textEntryInteraction":
            return typed_answers(self, response)
        choices = field.children("inlineChoice")
        scores = {node.get("identifier"): self.scored(response, [node.get("identifier")]) for node in choices}
        most = max((score for score, _told in scores.values()), default=Fraction(0))
        if most <= 0:
            raise NotRead("No answer of a gap earns a mark.")
        found = [
            Answer(
                self.words(node),
                exact_share(scores[node.get("identifier")][0] / most),
                own_feedback(node, self.pictures),
            )
            for node in choices
        ]
        return Asking.CHOICE, found, most


def typed_answers(item: _Item, response: ResponseDeclaration) -> tuple[Asking, list[Answer], Fraction]:
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


def _texts_known(item: _Item, response: ResponseDeclaration) -> list[str]:
    """Return the texts an item compares an answer with."""
    known = [*response.correct, *(response.mapping.values if response.mapping else ())]
    for node in item.node.all("stringMatch", "match", "equal"):
        names = {variable.get("identifier") for variable in node.children("variable")}
        if response.identifier in names:
            known += [" ".join(value.text().split()) for value in node.children("baseValue")]
    return list(dict.fromkeys(known))


def _ranges(item: _Item, response: ResponseDeclaration) -> list[tuple[Fraction, Fraction]]:
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


def _typed(item: _Item, body: Node, interaction: Node) -> Exchanged:
    asking, answers, most = typed_answers(item, item.response(interaction))
    _score, wrong = item.scored(item.response(interaction), ["\ue030"] if asking is Asking.TEXT else [])
    text = item.text(body, interaction, BLANK).removesuffix(BLANK).rstrip()
    return Exchanged(asking, text, tuple(answers), feedback_wrong=wrong, is_shuffled=False, max_mark=most)


def _choice(item: _Item, body: Node, interaction: Node) -> Exchanged:
    names = {"choiceInteraction": "simpleChoice", "hottextInteraction": "hottext"}
    nodes = list(interaction.all(names[interaction.name]))
    text = item.text(body, interaction)
    return _chosen(item, interaction, nodes, text, lambda node: item.words(node))


def _chosen(
    item: _Item,
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
    item: _Item, response: ResponseDeclaration, ids: list[str], alone: list[Fraction]
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


def _hotspot(item: _Item, body: Node, interaction: Node) -> Exchanged:
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


def _order(item: _Item, body: Node, interaction: Node) -> Exchanged:
    response = item.response(interaction)
    texts = {node.get("identifier"): item.words(node) for node in interaction.all("simpleChoice")}
    order = list(response.correct)
    if len(order) < 2 or sorted(order) != sorted(texts):
        raise NotRead("It does not say the right order of all its answers.")
    most, _told = item.scored(response, order)
    answers = tuple(Answer(texts[identity], Fraction(1, len(order))) for identity in order)
    right, wrong = item.verdicts(response, order)
    return Exchanged(
        Asking.ORDER,
        item.text(body, interaction),
        answers,
        max_mark=most or Fraction(1),
        is_shuffled=interaction.get("shuffle") == "true",
        feedback_right=right,
        feedback_wrong=wrong,
    )


def _match(item: _Item, body: Node, interaction: Node) -> Exchanged:
    response = item.response(interaction)
    if interaction.name == "associateInteraction":
        left = {node.get("identifier"): item.words(node) for node in interaction.all("simpleAssociableChoice")}
        right = left
    else:
        sets = [
            {node.get("identifier"): item.words(node) for node in part.children("simpleAssociableChoice")}
            for part in interaction.children("simpleMatchSet")
        ]
        if len(sets) != 2:
            raise NotRead("It does not have two sets to match.")
        left, right = sets
    pairs = _directed(item, response)
    firsts = [first for first, _second in pairs]
    if (
        len(set(firsts)) != len(firsts)
        or not set(firsts) <= set(left)
        or not {second for _f, second in pairs} <= set(right)
    ):
        raise NotRead("Something in it has more than one match, which ours do not have.")
    if left is right and len({*firsts, *(second for _first, second in pairs)}) != 2 * len(pairs):
        raise NotRead("Something in it belongs to more than one pair.")
    if set(firsts) != set(left) and left is not right:
        raise NotRead("Something in it has no match, which ours do not have.")
    told = [(left[first], right[second]) for first, second in pairs]
    used = {second for _first, second in pairs} | (set(firsts) if left is right else set())
    told += [("", text) for identity, text in right.items() if identity not in used]
    whole = [f"{first} {second}" for first, second in pairs]
    most, _told = item.scored(response, whole)
    right_told, wrong_told = item.verdicts(response, whole)
    return Exchanged(
        Asking.PAIRS,
        item.text(body, interaction),
        pair_answers(told),
        is_shuffled=interaction.get("shuffle") == "true",
        max_mark=most or Fraction(1),
        feedback_right=right_told,
        feedback_wrong=wrong_told,
    )


def _directed(item: _Item, response: ResponseDeclaration) -> list[tuple[str, str]]:
    """Return the right pairs: those declared, else those that are worth something."""
    values = response.correct or tuple(
        key for key, worth in (response.mapping.values if response.mapping else {}).items() if worth > 0
    )
    pairs = [tuple(value.split()) for value in values]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise NotRead("It does not say which pairs are right.")
    return [(pair[0], pair[1]) for pair in pairs]


def _gap_match(item: _Item, body: Node, interaction: Node) -> Exchanged:
    response = item.response(interaction)
    words = {node.get("identifier"): item.words(node) for node in interaction.all("gapText", "gapImg")}
    right = {gap: word for word, gap in _directed(item, response)}
    nodes = list(interaction.all("gap"))
    if not nodes or {node.get("identifier") for node in nodes} != set(right) or not set(right.values()) <= set(words):
        raise NotRead("It does not say which word belongs to each gap.")
    ids = {node.get("identifier"): f"g{place}" for place, node in enumerate(nodes, start=1)}
    answers = [
        Answer(text, Fraction(identity == right[gap]), gap=ids[gap]) for gap in ids for identity, text in words.items()
    ]
    prompt = interaction.child("prompt")

    def instead(node: Node) -> str | None:
        if node.name == "gap":
            return f"[[gap:{ids[node.get('identifier')]}]]"
        return "" if node.name in ("gapText", "gapImg", "prompt") else None

    text = words_of(body, item.pictures, instead)
    asked = "" if prompt is None else item.words(prompt)
    most, _told = item.scored(response, [f"{word} {gap}" for gap, word in right.items()])
    return Exchanged(
        Asking.GAPS,
        "\n\n".join(part for part in (asked, text) if part),
        tuple(answers),
        gaps=tuple(Gap(identity, Asking.CHOICE) for identity in ids.values()),
        is_shuffled=False,
        max_mark=most or Fraction(1),
    )


def _open(item: _Item, body: Node, interaction: Node) -> Exchanged:
    settings: dict[str, Any] = {}
    if guidance := guidance_in(item.node, item.pictures):
        settings["guidance"] = guidance
    lines = interaction.get("expectedLines")
    if lines.isascii() and lines.isdigit() and int(lines[:4]) > 0:
        settings["lines"] = int(lines[:4])
    asking = Asking.FILES if interaction.name == "uploadInteraction" else Asking.OPEN
    outcome = item.declared.outcomes.get("SCORE")
    most = outcome.most if outcome is not None and outcome.most else Fraction(1)
    text = item.text(body, interaction)
    return Exchanged(asking, text, is_shuffled=False, max_mark=most, settings=settings)


_INTERACTIONS: dict[str, Callable[[_Item, Node, Node], Exchanged]] = {
    "choiceInteraction": _choice,
    "hottextInteraction": _choice,
    "textEntryInteraction": _typed,
    "hotspotInteraction": _hotspot,
    "orderInteraction": _order,
    "matchInteraction": _match,
    "associateInteraction": _match,
    "gapMatchInteraction": _gap_match,
    "extendedTextInteraction": _open,
    "uploadInteraction": _open,
}
