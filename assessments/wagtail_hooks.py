"""What the question bank adds to the Wagtail admin: its screens and their place in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from assessments.authors import WORKING_ROLES
from people import access


@hooks.register("register_admin_urls")
def bank_screens() -> list[URLPattern | URLResolver]:
    return [path("assessments/", include("assessments.admin.urls"))]


class AssessmentsItem(MenuItem):
    """Questions and assessments, for those who write, review or approve."""

    def is_shown(self, request: HttpRequest) -> bool:
        return access.has_any_role(request.user, *WORKING_ROLES, access.SYSTEM_ADMIN)


@hooks.register("register_admin_menu_item")
def assessments_item() -> MenuItem:
    return AssessmentsItem(
        "Assessments", reverse("assessments_admin:index"), name="assessments", icon_name="list-ul", order=160
    )
