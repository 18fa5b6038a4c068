"""A panel of the lesson editor: what the course offers its blocks, as suggestions while one types and as a list to read."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from assessments.models import Question, QuestionUse, VersionState
from courses.blocks import CHECKS_LIST, REFERENCES_LIST


class NamesForBlocksPanel(Panel):
    """Lists the references and lesson checks of the course; the blocks' inputs suggest from it (``<datalist>``)."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses/admin/names_for_blocks.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            course = self.form.course_page()
            context["references_list"], context["checks_list"] = REFERENCES_LIST, CHECKS_LIST
            context["references"] = list(course.references.all()) if course else []
            context["checks"] = checks_of(course.code) if course else []
            return context


def checks_of(bank: str) -> list[dict[str, Any]]:
    """Return the lesson checks of a bank: code, stem and state of the last version, in order of code."""
    questions = Question.objects.filter(bank=bank, use=QuestionUse.LESSON).prefetch_related("versions").order_by("code")
    shown = []
    for question in questions:
        versions = list(question.versions.all())
        if versions:
            current = next((one for one in versions if one.state == VersionState.APPROVED), versions[-1])
            stem = str(current.definition.get("stem", ""))
            shown.append({"code": question.code, "stem": stem, "state": current.get_state_display()})
    return shown
