"""The class list of a course."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from courses.class_lists import class_lines, enrolments_of_class
from courses.models import Course, Enrolment
from people import access, clock
from people.admin.screens import AdminScreen
from people.looks import record_looks

if TYPE_CHECKING:
    from people.models import User

PAGE = 50
SAW = "How far you are, when you last did something, and attempts left"


class ClassListView(AdminScreen):
    """Who is on a course; trainers of its family see it."""

    template_name = "courses/admin/class_list.html"
    header_icon = "group"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = Course.objects.run_by(request.user).select_related("current_release", "page")
        self.course = get_object_or_404(visible, pk=kwargs["course_id"])
        teaches = access.has_role(request.user, access.TRAINER, family=self.course.family)
        if not teaches and not access.has_role(request.user, access.SYSTEM_ADMIN):
            raise PermissionDenied("Who is on a course is for the trainers of its family to see.")
        if self.course.page_id:
            self.crumbs = [(reverse("wagtailadmin_pages:edit", args=[self.course.page_id]), self.course.code)]

    def get_page_title(self) -> str:
        return f"Class list, {self.course.code}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = Enrolment.objects.visible_to(self.request.user).filter(course=self.course)
        finished = self.request.GET.get("show") == "finished"
        chosen = seen.filter(closed_at__isnull=not finished)
        page = Paginator(enrolments_of_class(chosen), PAGE).get_page(self.request.GET.get("p"))
        record_looks(
            [enrolment.officer_id for enrolment in page],
            by=cast("User", self.request.user),
            at=clock.now(),
            where=f"Class list of {self.course.code}",
            saw=SAW,
        )
        return super().get_context_data(
            course=self.course,
            page=page,
            lines=class_lines(list(page.object_list)),
            finished=finished,
            counts={
                "open": seen.filter(closed_at__isnull=True).count(),
                "finished": seen.filter(closed_at__isnull=False).count(),
            },
            **kwargs,
        )
