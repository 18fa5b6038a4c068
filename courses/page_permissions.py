"""What Wagtail lets somebody do with a page of a course: a course is brought out as a whole, so most doors close here.

Wagtail asks these testers everywhere: in menus, listings, bulk actions and its publishing action.
"""

from typing import Any

from wagtail.models import PagePermissionTester

from people import access


class FamilyPermissionTester(PagePermissionTester):
    """A family page: authors add courses below it; the page itself is the system administrator's."""

    def can_edit(self) -> bool:
        return bool(self.user.is_active and self.user.is_superuser)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(self.user.is_active and self.user.is_superuser and self.page.is_leaf())

    def can_publish_subpage(self) -> bool:
        """A course that is being made has nothing in it to bring out."""
        return False

    def can_copy(self) -> bool:
        return False


class PartPermissionTester(PagePermissionTester):
    """A module or step: written, moved and deleted by authors, never published by itself."""

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_reorder_children(self) -> bool:
        """Order is part of the draft like any other change; it reaches learners with the next release."""
        return _may_change(self)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Deleting changes the draft only: releases keep what they hold."""
        return _may_change(self) and (ignore_bulk or self.page.is_leaf() or self.user.is_superuser)


class CoursePermissionTester(PagePermissionTester):
    """A course page: published by workflow; taken out by withdrawing it, not by unpublishing."""

    def can_publish_subpage(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_copy(self) -> bool:
        """A course's code is its own, so a copy would need another: write or import a new course instead."""
        return False

    def can_reorder_children(self) -> bool:
        return _may_change(self)

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return self.can_publish() or access.has_role(self.user, access.APPROVER, family=self._family())

    def _family(self) -> str:
        return str(getattr(self.page.get_parent().specific, "code", ""))


def _may_change(tester: Any) -> bool:
    if not tester.user.is_active:
        return False
    return bool(tester.user.is_superuser or "change" in tester.permissions)
