"""A frozen step as a reviewer reads it: the learners' HTML, with each check laid open and each file at an address a reviewer may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assessments.models import AssessmentVersion
from courses.models import ReviewList
from courses.rendering import readable, split_at_slots


@dataclass(frozen=True)
class ShownPart:
    """A piece of a lesson: HTML, or a check with its key, or a reflective prompt."""

    html: str = ""
    check: dict[str, Any] | None = None
    prompt: str = ""


@dataclass(frozen=True)
class ShownStep:
    """A step of a list: its record, its parts in order, the references it cites, the rules of its test."""

    step: dict[str, Any]
    parts: list[ShownPart]
    references: list[dict[str, Any]]
    rules: AssessmentVersion | None


def shown_steps(review_list: ReviewList) -> list[ShownStep]:
    """Return the steps of a list for the review screen; one query for the rules of its tests."""
    steps = review_list.draft["steps"]
    versions = AssessmentVersion.objects.in_bulk(
        [step["assessment"]["version"] for step in steps if step["assessment"]]
    )
    return [
        ShownStep(
            step,
            [_part(kind, piece, step, review_list.pk) for kind, piece in split_at_slots(step["html"])],
            [readable(reference) for reference in step["references"]],
            versions.get(step["assessment"]["version"]) if step["assessment"] else None,
        )
        for step in steps
    ]


def _part(kind: str, piece: str, step: dict[str, Any], list_id: int) -> ShownPart:
    if kind == "html":
        return ShownPart(html=piece.replace("/learn/files/", f"/admin/course-reviews/{list_id}/files/"))
    if piece in step["checks"]:
        return ShownPart(check=step["checks"][piece])
    return ShownPart(prompt=step["reflections"].get(piece, ""))
