"""What the record adds to the Wagtail admin: its screens and their place in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cpd_records.certificates.templates import READERS
from cpd_records.frameworks_admin import FrameworksGroup
from people import access


@hooks.register("register_admin_urls")
def screens_of_the_record() -> list[URLPattern | URLResolver]:
    return [
        path("cpd-schemes/", include("cpd_records.schemes.admin.urls")),
        path("qualifications/", include("cpd_records.qualifications.admin.urls")),
        path("certificate-templates/", include("cpd_records.certificates.admin.urls")),
    ]


class SystemAdminItem(MenuItem):
    """Something of the record that only a system administrator keeps."""

    def is_shown(self, request: HttpRequest) -> bool:
        return access.has_role(request.user, access.SYSTEM_ADMIN)


@hooks.register("register_admin_menu_item")
def schemes_item() -> MenuItem:
    return SystemAdminItem(
        "CPD schemes", reverse("schemes_admin:index"), name="cpd-schemes", icon_name="list-ul", order=172
    )


@hooks.register("register_admin_menu_item")
def qualifications_item() -> MenuItem:
    return SystemAdminItem(
        "Qualifications", reverse("qualifications_admin:index"), name="qualifications", icon_name="list-ul", order=171
    )


class TemplatesItem(MenuItem):
    """Templates of certificates, for those who choose or keep them."""

    def is_shown(self, request: HttpRequest) -> bool:
        return access.has_any_role(request.user, *READERS)


@hooks.register("register_admin_menu_item")
def certificate_templates_item() -> MenuItem:
    return TemplatesItem(
        "Certificate templates",
        reverse("certificate_templates_admin:index"),
        name="certificate-templates",
        icon_name="doc-full",
        order=168,
    )


@hooks.register("register_admin_viewset")
def frameworks() -> FrameworksGroup:
    return FrameworksGroup()
