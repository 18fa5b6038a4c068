"""What people add to the Wagtail admin."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from people.importing.kinds import kinds_for
from people.importing.people_kind import PEOPLE


@hooks.register("register_admin_urls")
def people_urls() -> list[URLPattern | URLResolver]:
    return [path("people-roles/", include("people.admin.urls"))]


class ImportItem(MenuItem):
    """The way to the imports of people, for whoever may import them."""

    def is_shown(self, request: HttpRequest) -> bool:
        return PEOPLE in kinds_for(request.user)  # type: ignore[arg-type]


@hooks.register("register_settings_menu_item")
def imports_item() -> MenuItem:
    return ImportItem("Import people", reverse("imports:imports"), icon_name="upload", order=605)
