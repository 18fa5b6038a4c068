"""What the blueprint of a version says, read from its rows. No query."""

from __future__ import annotations

from assessments.models import AssessmentVersion


def least_by_section(version: AssessmentVersion) -> dict[str, int | None]:
    """Return the sections of the paper in their order, each with the per cent it has to reach, None for no such rule."""
    return {row["section"]: row.get("least") for row in version.draw if row.get("section")}
