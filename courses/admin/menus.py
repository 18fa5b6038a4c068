"""The buttons below the page editor, as a course needs them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.action_menu import ActionMenuItem

from courses.models import CoursePage, PartOfCourse, ReviewList

TO_REVIEW = "action-to-review"
# Wagtail's own ways to review and publish; a course goes through our screen, a part of one through its course.
NOT_FOR_COURSES = {"action-submit", "action-restart-workflow", "action-unpublish", "approve", "reject"}
FOR_PARTS = {"action-save-draft", "action-page-locked"}


class ToReviewItem(ActionMenuItem):
    """Saves the draft and opens the screen that says what stops publication, and submits."""

    name = TO_REVIEW
    label = "Save and go to review"
    icon_name = "resubmit"

    def is_shown(self, context: Any) -> bool:
        page = context.get("page")
        return isinstance(page, CoursePage) and context["view"] == "edit" and not context["locked_for_user"]


class OpenReviewItem(ActionMenuItem):
    """Leads from a course under review to the list under review."""

    name = "open-review"
    label = "Open the review"
    icon_name = "clipboard-list"

    def is_shown(self, context: Any) -> bool:
        page = context.get("page")
        return isinstance(page, CoursePage) and context["view"] == "edit" and self._open_list(page) is not None

    def get_url(self, parent_context: Any) -> str:
        found = self._open_list(parent_context["page"])
        return reverse("courses_admin:review", args=[found.pk]) if found else ""

    def _open_list(self, page: CoursePage) -> ReviewList | None:
        return ReviewList.objects.still_open().filter(course__page=page.pk).last()


def keep_what_applies(menu_items: list[ActionMenuItem], context: Any) -> None:
    """Take away what does not apply to a course or to a part of one."""
    page = context.get("page")
    parent = context.get("parent_page")
    is_part = isinstance(page, PartOfCourse) or (
        context["view"] == "create" and parent is not None and isinstance(parent.specific, CoursePage | PartOfCourse)
    )
    if is_part:
        menu_items[:] = [item for item in menu_items if item.name in FOR_PARTS]
    elif isinstance(page, CoursePage) or context["view"] == "create":
        menu_items[:] = [item for item in menu_items if item.name not in NOT_FOR_COURSES]
