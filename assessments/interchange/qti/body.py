"""The words of an item: its body without the interactions, prompts, options; and feedback by outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from posixpath import join, normpath

from assessments.interchange.html_words import Pictures, WordsWriter
from assessments.interchange.qti.markup import TOLD
from assessments.interchange.xml_tree import Node
from assessments.question_types.exchange import Picture

EXPLANATION = "EXPLANATION"
Outcomes = Mapping[str, list[str] | None]
_APART = frozenset({"rubricBlock", "feedbackBlock", "feedbackInline", "stylesheet", "templateBlock", "templateInline"})


def is_interaction(node: Node) -> bool:
    return node.name.endswith("Interaction")


def words_of(node: Node, pictures: Pictures, replaced: Callable[[Node], str | None] = lambda node: None) -> str:
    """Return the words inside an element. ``replaced`` says what stands for an element and all it holds; None for the element itself."""
    writer = WordsWriter(pictures)
    _write(writer, node.inside, pictures, replaced)
    return writer.words()


def _write(
    writer: WordsWriter, inside: list[Node | str], pictures: Pictures, replaced: Callable[[Node], str | None]
) -> None:
    for one in inside:
        if isinstance(one, str):
            writer.data(one)
            continue
        instead = replaced(one)
        if instead is not None:
            writer.put(instead)
        elif one.name in _APART:
            continue
        elif one.name == "object" and one.get("type").startswith("image/"):
            writer.put(pictures.take(one.get("data"), " ".join(one.text().split())))
        elif one.namespace.endswith("MathML"):
            writer.data(one.text())
        else:
            writer.start(one.name, dict(one.attributes))
            _write(writer, one.inside, pictures, replaced)
            writer.end(one.name)


def guidance_in(item: Node, pictures: Pictures) -> str:
    """Return what is said to those who mark."""
    blocks = [node for node in item.all("rubricBlock") if "scorer" in node.get("view")]
    return "\n\n".join(words for block in blocks if (words := words_of(block, pictures)))


def feedback_for(
    item: Node, place: Node, outcomes: Outcomes, pictures: Pictures, told_by: frozenset[str] | None = None
) -> str:
    """Return the feedback that shows with these outcomes, beside the body and inside a place of it; of the outcomes ``told_by``."""
    told = []
    within = [node for node in place.all("feedbackBlock") if not any(is_interaction(one) for one in node.all())]
    for node in [*item.children("modalFeedback"), *within]:
        outcome = node.get("outcomeIdentifier")
        if outcome in (EXPLANATION, TOLD) or (told_by is not None and outcome not in told_by):
            continue
        values = outcomes.get(node.get("outcomeIdentifier")) or []
        if (node.get("identifier") in values) == (node.get("showHide", "show") == "show"):
            told.append(words_of(node, pictures))
    return "\n\n".join(words for words in told if words)


def feedback_besides(item: Node, told_by: frozenset[str], pictures: Pictures) -> str:
    """Return all feedback of an item that other outcomes tell than these."""
    nodes = [node for node in item.children("modalFeedback") if node.get("outcomeIdentifier") not in told_by]
    words = [words_of(node, pictures) for node in nodes if node.get("outcomeIdentifier") != EXPLANATION]
    return "\n\n".join(dict.fromkeys(one for one in words if one))


def told_always(place: Node, pictures: Pictures) -> str:
    """Return what a place of the body tells after every answer, as the parts of our own cases have it."""
    nodes = [node for node in place.all("feedbackBlock") if node.get("outcomeIdentifier") == TOLD]
    return "\n\n".join(words for node in nodes if (words := words_of(node, pictures)))


def explanation_of(item: Node, pictures: Pictures) -> str:
    """Return what is told after every answer, as our own files have it."""
    nodes = [node for node in item.children("modalFeedback") if node.get("outcomeIdentifier") == EXPLANATION]
    return "\n\n".join(words_of(node, pictures) for node in nodes)


def own_feedback(choice: Node, pictures: Pictures) -> str:
    """Return the feedback that stands inside an option."""
    return " ".join(words for node in choice.all("feedbackInline") if (words := words_of(node, pictures)))


def pictures_beside(find: Callable[[str], bytes | None], folder: str) -> Pictures:
    """Return pictures that are looked for in a package beside their item."""

    def beside(source: str) -> bytes | None:
        if "://" in source or source.startswith(("/", "//")):
            return None
        return find(normpath(join(folder, source.partition("?")[0])))

    return Pictures(beside)


def picture_named(pictures: Pictures, place: str) -> Picture | None:
    """Return the picture for the place ``[[picture:name]]`` in a text, None where it did not come along."""
    return pictures.kept.get(place.removeprefix("[[picture:").removesuffix("]]"))
