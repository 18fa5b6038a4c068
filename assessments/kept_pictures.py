"""Whether the pictures a question names are kept here, as it names them."""

from __future__ import annotations

from assessments.models import QuestionPicture
from assessments.question_types import Definition, Problem


def problems_of_pictures(definition: Definition) -> list[Problem]:
    """Return a problem for each picture that is not kept, or is another than the definition says."""
    pictures = definition.get("pictures") or {}
    rows = QuestionPicture.objects.in_bulk([one["digest"] for one in pictures.values()]) if pictures else {}
    problems = []
    for name, one in pictures.items():
        row = rows.get(one["digest"])
        if row is None:
            problems.append(Problem(f"pictures.{name}", "This picture is not kept here. Add its file to the question."))
        elif (row.content_type, row.width, row.height) != (one["type"], one["width"], one["height"]):
            problems.append(
                Problem(f"pictures.{name}", "This picture's type or size is not that of its file. Add it anew.")
            )
    return problems
