"""Trying a question out: the candidate's own template, an answer marked by the type, nothing kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from assessments import question_types
from assessments.models import QuestionVersion
from assessments.picture_addresses import address_in_bank
from assessments.question_types import BadResponse, Face
from assessments.question_types.contract import FULL_MARKS

FIELD = "answer"


@dataclass(frozen=True)
class Trial:
    """A question as its candidate sees it and, once an answer was given, its ``percent`` of the marks and feedback."""

    face: Face
    percent: str = ""
    verdict: str = ""
    feedback: tuple[str, ...] = ()
    key: str = ""


def trial_of(version: QuestionVersion, posted: QueryDict | None = None) -> Trial:
    """Return the question, marked where an answer was posted; an answer it cannot take is shown again with the reason."""
    asked = question_types.asked(version.type, version.definition)
    order = asked.kind.option_order(version.definition, version.digest)
    address = address_in_bank(version)
    if posted is None:
        return Trial(asked.face(None, name=FIELD, order=order, address=address))
    try:
        response = asked.parse(posted, FIELD)
    except BadResponse as refused:
        return Trial(asked.face(None, name=FIELD, order=order, error=str(refused), typed=posted, address=address))
    marked = asked.mark(response)
    fraction = marked.fraction
    return Trial(
        face=asked.face(response, name=FIELD, order=order, address=address),
        percent="" if fraction is None else f"{fraction * 100 / FULL_MARKS:.4g}",
        verdict=_verdict(fraction),
        feedback=marked.feedback,
        key=asked.kind.summarise_key(version.definition),
    )


def _verdict(fraction: int | None) -> str:
    if fraction is None:
        return "waits"
    return "right" if fraction == FULL_MARKS else "partly" if fraction else "wrong"
