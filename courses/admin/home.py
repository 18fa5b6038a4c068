"""The authoring home: short lists of what waits, hidden when nothing does, and to their right where something new begins."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from assessments.analysis.weak_questions import weak_questions_of
from courses.authoring import drafts_of
from courses.awaiting import awaiting_review
from courses.law_changes import address_of, open_marks
from courses.models import FamilyPage
from people import access

ROWS = 5


class ListPanel(Component):
    """A list of at most five rows, with 'Show all' where there are more."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        # The panel's own forms are posted from the page it stands on.
        token = parent_context.get("csrf_token") if parent_context else None
        return {"rows": self.rows[:ROWS], "more": len(self.rows) > ROWS, "csrf_token": token}


class AwaitingMyReview(ListPanel):
    template_name = "courses/admin/home_waiting.html"


class MyDrafts(ListPanel):
    template_name = "courses/admin/home_drafts.html"


class LawChanged(ListPanel):
    template_name = "courses/admin/home_law.html"


class PerformingBadly(ListPanel):
    template_name = "courses/admin/home_weak.html"


class AuthoringHome(Component):
    """Our part of the home, above Wagtail's own panels: the lists that have rows, and a new course in each family one writes for."""

    name = "authoring_home"
    template_name = "courses/admin/home.html"
    order = 50

    class Media:
        css = {"all": ["css/authoring-home.css"]}

    def __init__(self, lists: list[ListPanel], families: list[FamilyPage]) -> None:
        self.lists = lists
        self.families = families

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        token = parent_context.get("csrf_token") if parent_context else None
        new = [
            (reverse("wagtailadmin_pages:add", args=["courses", "coursepage", family.pk]), family.title)
            for family in self.families
        ]
        return {"lists": self.lists, "new_courses": new, "csrf_token": token}


def authoring_panels(user: Any) -> list[Component]:
    """Return our part of the home for somebody who is signed in."""
    if not access.is_person(user):
        return []
    waiting, drafts = awaiting_review(user, limit=ROWS + 1), drafts_of(user, limit=ROWS + 1)
    lists: list[ListPanel] = []
    if waiting:
        lists.append(AwaitingMyReview(waiting))
    if drafts:
        lists.append(MyDrafts(drafts))
    if marks := list(open_marks(user, limit=ROWS + 1)):
        lists.append(LawChanged([(mark, address_of(mark)) for mark in marks]))
    if weak := list(weak_questions_of(user)[: ROWS + 1]):
        lists.append(PerformingBadly(weak))
    families = [
        family
        for family in FamilyPage.objects.order_by("path")
        if access.has_role(user, access.TRAINER, family=family.code)
    ]
    return [AuthoringHome(lists, families)]
