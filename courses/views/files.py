"""Files of lessons: for those who are or were enrolled on a release that shows them, and never run in the page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.views.decorators.http import require_safe

from courses.lesson_media import FOLDER
from courses.release_files import file_for_reader

# Shown in the page by the browser itself; everything else is handed over as a download. HTML can run, so it is not here. An SVG comes
# from a course folder alone, where it is held to shapes and words (``courses.folder.drawings``); the answer's policy lets nothing run
# all the same.
SHOWN_INLINE = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/svg+xml",
        "video/mp4",
        "video/webm",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "application/pdf",
        "text/vtt",
    }
)


@require_safe
@login_required
def lesson_file(request: HttpRequest, digest: str, name: str) -> HttpResponseBase:
    """Answer with a file of a release the reader is or was enrolled on; everything else is not found."""
    stored = file_for_reader(request.user, digest, name)
    if stored is None:
        raise Http404
    tag = f'"{digest}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    is_shown = stored.content_type in SHOWN_INLINE
    response = FileResponse(
        storages["private"].open(f"{FOLDER}/{digest}"),
        as_attachment=not is_shown,
        filename=name,
        content_type=stored.content_type if is_shown else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=3600"
    return response
