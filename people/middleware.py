"""The gate before the admin: roles and second factor are checked again at every request to it."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from people import access
from people.roles import refresh_groups

ADMIN = "/admin/"


class AdminGateMiddleware:
    """Nobody enters /admin/ on the strength of a group that no role in force supports, nor without a second factor where required."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ADMIN) and access.is_person(request.user):
            refresh_groups(request.user)
            if not access.may_open_admin(request.user):
                raise PermissionDenied(
                    "You hold no role that opens the authoring pages. A system administrator can grant one."
                )
            if settings.ADMIN_NEEDS_SECOND_FACTOR and not is_mfa_enabled(request.user):
                messages.warning(request, "Set up a second factor first: the authoring pages need one.")
                return redirect("mfa_index")
            # Wagtail would lead somebody without the permission to the sign-in page, which leads back here, without end.
            if not request.user.has_perm("wagtailadmin.access_admin"):
                raise PermissionDenied(
                    "You hold a role for a family of courses that is not set up yet. Ask a system administrator to set it up."
                )
        return self.get_response(request)
