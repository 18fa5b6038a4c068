"""What somebody typed is kept when their session ended while they were filling in a form.

A form that meets the sign-in page is put by in the visitor's own session under a random word; after signing in they see what they
typed, in the words of its page, and send it again by hand. Only forms sent by our own pages are kept: a form sent by another site must
never come back with a valid token. Passwords and files are not kept; of a file its name is, so that it can be asked for again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render, resolve_url
from django.urls import reverse

from people import clock
from people.stamps import ClocksDiffer, NotRecorded
from training_site import form_words
from training_site.form_words import Typed

SESSION_KEY = "kept_forms"
MOST_FORMS = 3
MOST_CHARACTERS = 1_000_000
SECONDS = 60 * 60
NEVER_KEPT = ("password", "csrfmiddlewaretoken", "credential")
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
OWN_PATHS = ("/accounts/", "/admin/")


@dataclass(frozen=True)
class KeptForm:
    """Where a form was going, its fields in the order they were sent, the page it stood on, and the files that came with it.

    ``fields`` are names and values, ``files`` names of fields and of files; ``page`` is empty where it is not known.
    """

    address: str
    fields: tuple[tuple[str, str], ...]
    page: str = ""
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Shown:
    """A kept form as people read it: what they typed, and the files they have to choose again."""

    typed: list[Typed]
    files: list[Typed]


def shown(request: HttpRequest, form: KeptForm) -> Shown:
    """Return a kept form in the words of the page it stood on."""
    names = [name for name, _value in (*form.fields, *form.files)]
    on_page = form_words.form_on_page(request, form.page, action=form.address, names=names)
    files = [Typed(form_words.label_of(on_page, name) or "File", file) for name, file in form.files]
    return Shown(form_words.in_words(on_page, form.fields), files)


def typed_in(request: HttpRequest) -> KeptForm | None:
    """Return what one of our own pages sent with this request; None where it may not or cannot be kept."""
    if request.method != "POST" or request.content_type not in FORM_TYPES or request.path.startswith(OWN_PATHS):
        return None
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate" or not sent_by_us(request):
        return None
    try:
        fields = tuple(
            (name, value)
            for name, values in request.POST.lists()
            if not any(word in name.lower() for word in NEVER_KEPT)
            for value in values
        )
        files = tuple((name, file.name or "") for name, sent in request.FILES.lists() for file in sent)
    except (RequestDataTooBig, TooManyFieldsSent, UnreadablePostError):
        return None
    if not (fields or files) or sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        return None
    return KeptForm(request.get_full_path(), fields, _page_of(request), files)


def _page_of(request: HttpRequest) -> str:
    """Return the address of the page that sent the request: what the browser says, else where it was sent to."""
    said = urlsplit(request.headers.get("Referer") or "")
    if said.netloc != request.get_host():
        return request.get_full_path()
    page = f"{said.path}?{said.query}" if said.query else said.path
    return "" if page.startswith(OWN_PATHS) else page


def sent_by_us(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of this very site sent the request."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    said = urlsplit(origin)
    return bool(said.netloc) and said.netloc == request.get_host() and said.scheme == request.scheme


def keep(request: HttpRequest, form: KeptForm) -> str:
    """Put the form by in the session and return its word; the oldest give way."""
    kept = _still_kept(request)
    while len(kept) >= MOST_FORMS:
        kept.pop(next(iter(kept)))
    word = secrets.token_urlsafe(16)
    kept[word] = {
        "address": form.address,
        "fields": [list(pair) for pair in form.fields],
        "page": form.page,
        "files": [list(pair) for pair in form.files],
        "at": clock.now().timestamp(),
    }
    request.session[SESSION_KEY] = kept
    return word


def find(request: HttpRequest, word: str) -> KeptForm | None:
    """Return the form kept under the word, for an hour."""
    known = _still_kept(request).get(word)
    if known is None:
        return None
    return KeptForm(str(known["address"]), _pairs(known["fields"]), str(known["page"]), _pairs(known["files"]))


def forget(request: HttpRequest, word: str) -> None:
    """Throw the form away."""
    kept = _still_kept(request)
    kept.pop(word, None)
    request.session[SESSION_KEY] = kept


def _pairs(kept: Iterable[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in kept)


def _still_kept(request: HttpRequest) -> dict[str, dict[str, Any]]:
    oldest = clock.now().timestamp() - SECONDS
    kept: dict[str, dict[str, Any]] = request.session.get(SESSION_KEY, {})
    return {word: form for word, form in kept.items() if isinstance(at := form.get("at"), float) and at > oldest}


class NotRecordedMiddleware:
    """What no form of its own page could say of a refused stamp is said here, with everything that was typed, to be sent again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotRecorded) or request.method != "POST":
            return None
        form = typed_in(request)
        context = {
            "sentence": str(exception),
            "kept": form,
            "shown": shown(request, form) if form else None,
            "address": exception.back or _page_of(request) or "/",
            # Where somebody else changed what it was about, the same again would be refused again.
            "is_for_now": isinstance(exception, ClocksDiffer),
        }
        status = HTTPStatus.SERVICE_UNAVAILABLE if context["is_for_now"] else HTTPStatus.CONFLICT
        return render(request, "pages/not_recorded.html", context, status=status)


class KeptFormMiddleware:
    """When a form of ours is answered by the sign-in page, keep it and lead back to it, or to its page, after signing in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != 302 or request.user.is_authenticated:
            return response
        sign_in = resolve_url(settings.LOGIN_URL)
        if urlsplit(response.headers["Location"]).path != sign_in:
            return response
        form = typed_in(request)
        if form is not None:
            back = reverse("kept-form", args=[keep(request, form)])
            response.headers["Location"] = f"{sign_in}?{urlencode({'next': back})}"
        elif sent_by_us(request) and (page := _page_of(request)) not in {"", request.get_full_path()}:
            # A button alone, with nothing typed: back to the page it stood on, for where it was going may answer no reader.
            response.headers["Location"] = f"{sign_in}?{urlencode({'next': page})}"
        return response
