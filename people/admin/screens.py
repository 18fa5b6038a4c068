"""What our admin screens have in common: Wagtail's frame, the way back, and who is asking."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from people import access
from people.models import User


class AdminScreen(WagtailAdminTemplateMixin, TemplateView):
    """A screen of ours in the look of the admin. ``crumbs`` are (address, words) after Home."""

    crumbs: list[tuple[str, str]] = []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        steps = [{"url": address, "label": words} for address, words in self.crumbs]
        return [*super().get_breadcrumbs_items(), *steps, {"url": "", "label": self.get_page_title()}]


class SystemAdminScreen(AdminScreen):
    """A screen for system administrators; ``not_for_you`` says to others why not, and where they read the same."""

    not_for_you = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access.has_role(signed_in(request), access.SYSTEM_ADMIN):
            raise PermissionDenied(self.not_for_you)
        return super().dispatch(request, *args, **kwargs)

    def again(self, **context: Any) -> HttpResponse:
        """Show the screen once more, with what was typed and why it was refused."""
        return self.render_to_response(self.get_context_data(**context), status=422)


def signed_in(request: HttpRequest) -> User:
    """Return who is asking. Wagtail lets nobody else this far; this says so to the reader and to the type checker."""
    if not access.is_person(request.user):
        raise PermissionDenied
    return request.user
