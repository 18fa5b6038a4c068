"""What belongs together in an item: pairs of two sets, and words dragged into gaps."""

from __future__ import annotations

from fractions import Fraction

from assessments.interchange.assembling import pair_answers
from assessments.interchange.qti.asked import Asked
from assessments.interchange.qti.body import words_of
from assessments.interchange.qti.declarations import ResponseDeclaration
from assessments.interchange.qti.judgements import read_ratings
from assessments.interchange.reading import NotRead
from assessments.interchange.xml_tree import Node
from assessments.question_types.exchange import Answer, Asking, Exchanged, Gap


def read_pairs(item: Asked, body: Node, interaction: Node) -> Exchanged:
    response = item.response(interaction)
    if interaction.name == "associateInteraction":
        left = {node.get("identifier"): item.words(node) for node in interaction.all("simpleAssociableChoice")}
        right = left
    else:
        nodes = [part.children("simpleAssociableChoice") for part in interaction.children("simpleMatchSet")]
        if len(nodes) != 2:
            raise NotRead("It does not have two sets to match.")
        if (ratings := read_ratings(item, body, interaction, *nodes)) is not None:
            return ratings
        left, right = ({node.get("identifier"): item.words(node) for node in each} for each in nodes)
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


def _directed(item: Asked, response: ResponseDeclaration) -> list[tuple[str, str]]:
    """Return the right pairs: those declared, else those that are worth something."""
    values = response.correct or tuple(
        key for key, worth in (response.mapping.values if response.mapping else {}).items() if worth > 0
    )
    pairs = [tuple(value.split()) for value in values]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise NotRead("It does not say which pairs are right.")
    return [(pair[0], pair[1]) for pair in pairs]


def read_dragged(item: Asked, body: Node, interaction: Node) -> Exchanged:
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
