"""When the session of a request ends, and beginning it anew.

A session lives its whole length again whenever it is saved. The end is noted in the session itself, so that a page can say it without
a query; nobody's session is saved for that alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

ENDS = "ends"


@dataclass(frozen=True)
class SessionEnd:
    """When a session ends, and how many seconds that is from now."""

    at: datetime
    seconds: int


def end_of(request: HttpRequest) -> SessionEnd | None:
    """Return the end of a signed-in person's session; None for strangers, and where it was begun before ends were noted."""
    session = getattr(request, "session", None)
    if session is None or SESSION_KEY not in session or not isinstance(session.get(ENDS), int | float):
        return None
    at = datetime.fromtimestamp(session[ENDS], tz=UTC)
    return SessionEnd(at, max(0, int((at - timezone.now()).total_seconds())))


def renew(request: HttpRequest) -> SessionEnd:
    """Begin the session of a signed-in person anew: it is saved with this answer and lives its whole length from now."""
    seconds = request.session.get_expiry_age()
    at = timezone.now() + timedelta(seconds=seconds)
    request.session[ENDS] = at.timestamp()
    return SessionEnd(at, seconds)


def renew_when_half_over(request: HttpRequest) -> None:
    """Begin the session anew in its second half. For work that nobody may be signed out of: an attempt."""
    end = end_of(request)
    if end is not None and end.seconds * 2 < request.session.get_expiry_age():
        renew(request)


class SessionEndMiddleware:
    """Note the new end in every session that is about to be saved for somebody who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.modified and SESSION_KEY in request.session:
            renew(request)
        return response
