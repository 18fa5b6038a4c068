"""An item with several interactions as a case: its body divided into parts, each read as a question of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from assessments.interchange.assembling import as_part, in_whole_numbers
from assessments.interchange.qti.asked import Asked
from assessments.interchange.qti.body import feedback_besides, is_interaction, told_always, words_of
from assessments.interchange.qti.markup import PART, SINCE
from assessments.interchange.reading import NotRead
from assessments.interchange.xml_tree import Node
from assessments.question_types.exchange import Asking, Exchanged

FIELDS = ("textEntryInteraction", "inlineChoiceInteraction")
NO_CASE = "Answer each of these questions."
_BY_A_PERSON = (Asking.OPEN, Asking.FILES)
_OWN_RESPONSE = re.compile(r"(?:RESPONSE|GAP)(_[0-9]{1,3})(?:_.*)?")
_MOST_PARTS = 50
Read = Callable[[Asked, Node, list[Node]], Exchanged]


@dataclass
class _Section:
    """A part of the body: the words and interactions in it, and what has happened since the one before."""

    node: Node
    since: str = ""
    interactions: list[Node] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """The responses that are given in it."""
        return {node.get("responseIdentifier") for node in self.interactions}


def has_parts(body: Node) -> bool:
    """Return whether a body is divided as our own cases are."""
    return len(_marked(body)) > 1


def read_case(item: Asked, body: Node, read: Read) -> Exchanged:
    """Return a case; raises ``NotRead`` where its questions do not score each by itself."""
    marked = _marked(body)
    stem, sections = _by_marks(item, body, marked) if len(marked) > 1 else _by_order(item, body)
    if len(sections) > _MOST_PARTS:
        raise NotRead(f"It has {len(sections)} places to answer, which is too many for one case.")
    for section in sections:
        section.interactions = [node for node in section.node.all() if is_interaction(node)]
    _refuse_together(item, sections)
    declared = _declared_weights(item, sections) if marked else []
    mosts = [weight * item.most / sum(declared, Fraction(0)) for weight in declared] if item.most else []
    parts = [
        _part(item, section, number, mosts[number - 1] if mosts else None, read)
        for number, section in enumerate(sections, start=1)
    ]
    weights, whole = _weights(item, parts, declared, mosts)
    weighted = tuple(replace(part, max_mark=weight) for part, weight in zip(parts, weights, strict=True))
    about = _about_the_whole(item, sections)
    return Exchanged(Asking.CASE, stem or NO_CASE, parts=weighted, max_mark=whole, about=about)


def _about_the_whole(item: Asked, sections: Sequence[_Section]) -> dict[str, str]:
    """Return a note with the feedback that hangs on several parts, for which a case has no place."""
    told_by = frozenset[str]().union(*(item.processing.told_by(section.names) for section in sections))
    words = feedback_besides(item.node, told_by, item.pictures)
    if words:
        item.pictures.warn("Feedback on the whole is kept in the note, where candidates do not see it.")
    return {"note": f"Feedback on the whole: {words}"} if words else {}


def _marked(body: Node) -> list[Node]:
    return [
        node
        for node in body.all("div")
        if PART in node.get("class").split() and any(is_interaction(one) for one in node.all())
    ]


def _by_marks(item: Asked, body: Node, marked: Sequence[Node]) -> tuple[str, list[_Section]]:
    """Return the case and its parts as our own files divide them."""
    stem = words_of(body, item.pictures, lambda node: "" if any(node is one for one in marked) else None)
    sections = []
    for node in marked:
        happened = [one for one in node.children("div") if SINCE in one.get("class").split()]
        rest = replace(node, inside=[one for one in node.inside if not any(one is since for since in happened)])
        since = "\n\n".join(words for one in happened if (words := words_of(one, item.pictures)))
        sections.append(_Section(rest, since))
    return stem, sections


def _by_order(item: Asked, body: Node) -> tuple[str, list[_Section]]:
    """Return the case and its parts as they follow each other: the words before an interaction, or in its prompt, ask."""
    groups: list[list[Node | str]] = []
    waiting: list[Node | str] = []
    for leaf in _leaves(body):
        if isinstance(leaf, str) or not _answers(leaf):
            waiting.append(leaf)
        elif groups and not waiting and not is_interaction(leaf) and not is_interaction(_last(groups[-1])):
            # Lines with gaps that follow each other are one text.
            groups[-1].append(leaf)
        else:
            groups.append([*waiting, leaf])
            waiting = []
    groups[-1] += waiting
    before, first = groups[0][:-1], groups[0][-1]
    asking = 0 if isinstance(first, Node) and _has_words(item, first) else 1
    case, groups[0] = before[: len(before) - asking], [*before[len(before) - asking :], first]
    stem = words_of(Node("div", inside=case), item.pictures)
    return stem, [_Section(Node("div", inside=group)) for group in groups]


def _leaves(node: Node) -> list[Node | str]:
    """Return what a body is made of in its order, without the elements that only hold interactions apart from words."""
    leaves: list[Node | str] = []
    for one in node.inside:
        if isinstance(one, str):
            leaves += [one] if one.strip() else []
        elif not is_interaction(one) and any(is_interaction(deep) and deep.name not in FIELDS for deep in one.all()):
            leaves += _leaves(one)
        else:
            leaves.append(one)
    return leaves


def _answers(leaf: Node) -> bool:
    return is_interaction(leaf) or any(is_interaction(one) for one in leaf.all())


def _has_words(item: Asked, leaf: Node) -> bool:
    """Return whether what holds an answer also asks for it."""
    if is_interaction(leaf):
        return leaf.child("prompt") is not None
    return bool(words_of(leaf, item.pictures, lambda node: "" if is_interaction(node) else None))


def _last(group: Sequence[Node | str]) -> Node:
    return next(one for one in reversed(group) if isinstance(one, Node))


def _part(item: Asked, section: _Section, number: int, most: Fraction | None, read: Read) -> Exchanged:
    asked = replace(item, place=section.node, most=most, told_by=item.processing.told_by(section.names))
    try:
        shape = read(asked, section.node, section.interactions)
    except NotRead as reason:
        raise NotRead(f"Part {number}: {reason}") from None
    explained = replace(shape, feedback=told_always(section.node, item.pictures))
    return as_part(explained, number=number, since=section.since)


def _refuse_together(item: Asked, sections: Sequence[_Section]) -> None:
    """Raise where parts share a response, or right answers score otherwise together than the sum of what each scores alone."""
    if sum(len(section.names) for section in sections) != len({name for one in sections for name in one.names}):
        raise NotRead("Two of its places to answer share one response, so they are no questions of their own.")
    nothing = item.processing.score({}).score
    right = [
        {
            one.identifier: list(one.correct)
            for node in section.interactions
            if (one := item.declared.responses.get(node.get("responseIdentifier"))) is not None and one.correct
        }
        for section in sections
    ]
    alone = [item.processing.score(each).score - nothing for each in right]
    together = item.processing.score({name: values for each in right for name, values in each.items()}).score
    if together - nothing != sum(alone, Fraction(0)) or any(
        score <= 0 for score, each in zip(alone, right, strict=True) if each
    ):
        raise NotRead("Its places to answer score together only; each question of a case scores by itself.")


def _declared_weights(item: Asked, sections: Sequence[_Section]) -> list[Fraction]:
    """Return the weight of each part from the outcomes our own files declare; empty where any is missing."""
    weights = []
    for section in sections:
        own = _OWN_RESPONSE.fullmatch(section.interactions[0].get("responseIdentifier"))
        outcome = None if own is None else item.declared.outcomes.get(f"SCORE{own[1]}")
        if outcome is None or not outcome.most or outcome.most <= 0:
            return []
        weights.append(outcome.most)
    return weights


def _weights(
    item: Asked, parts: Sequence[Exchanged], declared: list[Fraction], mosts: Sequence[Fraction]
) -> tuple[list[Fraction], Fraction]:
    """Return the weight of each part and the mark of the whole: as declared where the scores agree, else as scored."""
    scored = [None if part.asking in _BY_A_PERSON else part.max_mark for part in parts]
    if mosts and all(score is None or score == most for score, most in zip(scored, mosts, strict=True)):
        return declared, sum(mosts, Fraction(0))
    known = sum((score for score in scored if score is not None), Fraction(0))
    number = sum(score is None for score in scored)
    left = (item.most - known) / number if item.most and number and item.most > known else Fraction(1)
    if number and left == 1:
        item.pictures.warn("The file does not say what an answer that a person marks is worth; here it is 1 mark.")
    marks = [left if score is None else score for score in scored]
    return in_whole_numbers(marks), sum(marks, Fraction(0))
