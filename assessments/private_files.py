"""Answering with a file of private storage, once it is decided that its reader may have it."""

from __future__ import annotations

from django.core.files.storage import storages
from django.http import FileResponse
from django.http.response import HttpResponseBase


def private_file(path: str, *, content_type: str, name: str = "", is_shown: bool = True) -> HttpResponseBase:
    """Return a file that is about somebody or of an exam: shown by the browser, or handed over, and kept by nobody on the way."""
    response = FileResponse(
        storages["private"].open(path),
        as_attachment=not is_shown,
        filename=name,
        content_type=content_type if is_shown else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
