"""Panels of the authoring home: short lists of what waits, hidden when nothing does."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from courses.authoring import drafts_of, waiting_for
from courses.models import FamilyPage
from people import access

ROWS = 5


class ListPanel(Component):
    """A list of at most five rows, with 'Show all' where there are more."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"rows": self.rows[:ROWS], "more": len(self.rows) > ROWS}


class AwaitingMyReview(ListPanel):
    name = "awaiting_my_review"
    template_name = "courses/admin/home_waiting.html"
    order = 50


class MyDrafts(ListPanel):
    name = "my_drafts"
    template_name = "courses/admin/home_drafts.html"
    order = 60


class NewCourse(Component):
    """Where a trainer begins: a new course in each of their families."""

    name = "new_course"
    template_name = "courses/admin/home_new.html"
    order = 70

    def __init__(self, families: list[FamilyPage]) -> None:
        self.families = families

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {
            "links": [
                (reverse("wagtailadmin_pages:add", args=["courses", "coursepage", family.pk]), family.title)
                for family in self.families
            ]
        }


class NothingWaiting(Component):
    name = "nothing_waiting"
    template_name = "courses/admin/home_nothing.html"
    order = 50


def authoring_panels(user: Any) -> list[Component]:
    """Return the panels that have something to show; one sentence where none has."""
    if not access.is_person(user):
        return []
    waiting, drafts = waiting_for(user, limit=ROWS + 1), drafts_of(user, limit=ROWS + 1)
    panels: list[Component] = []
    if waiting:
        panels.append(AwaitingMyReview(waiting))
    if drafts:
        panels.append(MyDrafts(drafts))
    if not panels:
        panels.append(NothingWaiting())
    families = [
        family
        for family in FamilyPage.objects.order_by("path")
        if access.has_role(user, access.TRAINER, family=family.code)
    ]
    if families:
        panels.append(NewCourse(families))
    return panels
