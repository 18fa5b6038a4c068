"""A question as it is asked, whatever its type: the type's own answers, and around them explanation, confidence and pictures.

Everything that asks, saves, marks or shows a question goes through here. Types never see the confidence: it is a key of the response
beside theirs (``low``, ``medium``, ``high``). It never changes a question's mark; see ``certainty`` for the score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assessments.question_types import registry
from assessments.question_types.contract import (
    AnsweredPart,
    BadResponse,
    Choice,
    Definition,
    Face,
    FacePicture,
    Marked,
    Posted,
    QuestionType,
    Response,
)
from assessments.question_types.words import with_explanation

CONFIDENCE = {"low": "I am guessing", "medium": "I think so", "high": "I am sure"}
CONFIDENCE_FIELD = "confidence"
Address = Callable[[str], str]


@dataclass(frozen=True)
class Asked:
    """A definition and its type."""

    kind: QuestionType
    definition: Definition

    @property
    def asks_confidence(self) -> bool:
        return self.definition.get("confidence") is True

    def parse(self, data: Posted, name: str) -> Response | None:
        """Return the response posted, with how sure the candidate said to be; None for neither. May raise ``BadResponse``."""
        response = self.kind.parse(self.definition, data, name)
        sure = str(data.get(f"{name}.{CONFIDENCE_FIELD}") or "") if self.asks_confidence else ""
        if not sure:
            return response
        if sure not in CONFIDENCE:
            raise BadResponse("That is not one of the answers to how sure you are. Choose one of those shown.")
        return {**(response or {}), CONFIDENCE_FIELD: sure}

    def mark(self, response: Response | None) -> Marked:
        marked = self.kind.mark(self.definition, without_confidence(response))
        return replace(marked, feedback=with_explanation(self.definition, marked.feedback))

    def explain_key(self) -> tuple[str, ...]:
        """Return what is told of the right answer to those who gave another, or none."""
        return with_explanation(self.definition, self.kind.explain_key(self.definition))

    def summarise(self, response: Response | None) -> str:
        return self.kind.summarise(self.definition, without_confidence(response))

    def parts(self, response: Response | None) -> list[AnsweredPart]:
        """Return the answer part by part beside what is right, for a question that has several; empty for any other."""
        return self.kind.parts(self.definition, without_confidence(response))

    def choices(self) -> list[Choice]:
        return self.kind.choices(self.definition)

    def chosen(self, response: Response | None) -> list[str]:
        """Return the ids of the ``choices`` that a response chose."""
        return self.kind.chosen(self.definition, without_confidence(response))

    def is_answered(self, response: Response | None) -> bool:
        own = without_confidence(response)
        return own is not None and self.kind.is_answered(self.definition, own)

    def what_is_missing(self, response: Response | None) -> str:
        """Return what an answer lacks that could be whole, as a sentence; empty for a whole answer and for none."""
        return (
            self.kind.what_is_missing(self.definition, without_confidence(response))
            if self.is_answered(response)
            else ""
        )

    def face(
        self,
        response: Response | None,
        *,
        name: str = "answer",
        order: Sequence[str] = (),
        level: int = 1,
        is_closed: bool = False,
        error: str = "",
        typed: Posted | None = None,
        address: Address | None = None,
        counts_confidence: bool = False,
    ) -> Face:
        """Return what the type's template shows. ``address`` gives the address of a picture by its digest; without it none is shown."""
        face = self.kind.face(
            self.definition,
            without_confidence(response),
            name=name,
            order=order,
            level=level,
            is_closed=is_closed,
            error=error,
            typed=typed,
        )
        sure = confidence_of(response)
        if typed is not None:
            sure = str(typed.get(f"{name}.{CONFIDENCE_FIELD}") or sure)
        face = replace(face, asks_confidence=self.asks_confidence, confidence=sure, counts_confidence=counts_confidence)
        return with_pictures(face, self.pictures(address)) if address is not None else face

    def pictures(self, address: Address) -> dict[str, FacePicture]:
        """Return the pictures of the definition by name, with their addresses."""
        return {
            name: FacePicture(address(picture["digest"]), picture["width"], picture["height"], picture["alt"])
            for name, picture in self.definition.get("pictures", {}).items()
        }

    @property
    def picture_digests(self) -> set[str]:
        return {picture["digest"] for picture in self.definition.get("pictures", {}).values()}


def asked(type_name: str, definition: Definition) -> Asked:
    """Return a question as it is asked; raises ``UnknownType``."""
    return Asked(registry.get(type_name), definition)


def confidence_of(response: Mapping[str, Any] | None) -> str:
    """Return how sure the candidate said to be; '' where they did not."""
    sure = "" if response is None else response.get(CONFIDENCE_FIELD, "")
    return sure if sure in CONFIDENCE else ""


def without_confidence(response: Response | None) -> Response | None:
    """Return what a type knows of a response, None where that is nothing."""
    if response is None or CONFIDENCE_FIELD not in response:
        return response
    return {key: value for key, value in response.items() if key != CONFIDENCE_FIELD} or None


def with_pictures(face: Face, pictures: Mapping[str, FacePicture]) -> Face:
    """Return a face, and those inside it, that can show the pictures."""
    parts = tuple(replace(part, face=with_pictures(part.face, pictures)) for part in face.parts)
    return replace(face, pictures=pictures, parts=parts)


def telling(face: Face, tells: bool) -> Face:
    """Return a face, and those inside it, that tell which choice was right, or do not."""
    parts = tuple(replace(part, face=telling(part.face, tells)) for part in face.parts)
    return replace(face, tells=tells, parts=parts)
