"""Headers every answer carries, and a page where an address answers nobody who only opens it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SITE_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
# Wagtail's date widgets start from inline scripts whose text varies, and its editor styles elements inline. The admin is for authors
# only and shows no learner's text unescaped; it gets a policy of its own rather than the site's being loosened.
ADMIN_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


class ContentSecurityPolicyMiddleware:
    """One policy for the site, one for the admin, a closed permissions policy, and nothing personal left on a shared computer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = ADMIN_POLICY if request.path.startswith("/admin/") else SITE_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "Cookie" in response.headers.get("Vary", ""):
            # Made for the person of this session: who sits down next must not find it by going back.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class GoesByItselfMiddleware:
    """A script that sends a form is told where the answer is, and goes there itself.

    Taken there, it would read the page before the person does, and with it what is said only once: 'Logged'.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "X-Goes-By-Itself" not in request.headers or response.status_code not in (302, 303):
            return response
        told = HttpResponse(status=204, headers={"X-Goes-To": response.headers["Location"]})
        told.cookies = response.cookies
        return told


class WrongMethodMiddleware:
    """Somebody who opens an address that only takes a form sees a page that says so, not an empty one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or not request.accepts("text/html"):
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers.get("Allow", "POST")
        return page
