"""A question of an item while it is read: the item, the place in it where the question stands, and what an answer scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.interchange.html_words import Pictures
from assessments.interchange.qti.body import feedback_for, words_of
from assessments.interchange.qti.declarations import Declarations, ResponseDeclaration
from assessments.interchange.qti.processing import Processing
from assessments.interchange.reading import NotRead
from assessments.interchange.xml_tree import Node

BLANK = "_____"


@dataclass(frozen=True)
class Asked:
    """``place`` is the item, or its part where the item is a case. ``most`` is what the question can score, where that is declared.

    ``told_by`` are the outcomes whose feedback is about this question; None for all of the item's.
    """

    node: Node
    place: Node
    declared: Declarations
    processing: Processing
    pictures: Pictures
    most: Fraction | None = None
    told_by: frozenset[str] | None = None

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
        told = feedback_for(self.node, self.place, scored.outcomes, self.pictures, self.told_by)
        return scored.score, told

    def verdicts(self, response: ResponseDeclaration, right: Sequence[str]) -> tuple[str, str]:
        """Return what is told to the right answer and to none."""
        return self.scored(response, right)[1], self.scored(response, [])[1]
