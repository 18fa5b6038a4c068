"""Answering with a file of private storage, once it is decided that its reader may have it."""

from __future__ import annotations

from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase

WEEK = 7 * 24 * 3600


def private_file(
    request: HttpRequest, path: str, *, digest: str, content_type: str, name: str = "", is_shown: bool = True
) -> HttpResponseBase:
    """Return a file whose content never changes: shown by the browser, or handed over; kept by that browser alone for a week."""
    tag = f'"{digest}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = FileResponse(
        storages["private"].open(path),
        as_attachment=not is_shown,
        filename=name,
        content_type=content_type if is_shown else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["ETag"] = tag
    response["Cache-Control"] = f"private, max-age={WEEK}, immutable"
    return response
