"""Files that are not lesson content: the force's logo for everybody, authors' media for authors."""

from __future__ import annotations

import posixpath

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.static import serve

from people import access
from people.force import force

# Where Wagtail keeps what the admin shows by address. Its documents have an address that asks whose family they belong to.
PICTURE_FOLDERS = ("/original_images/", "/images/", "/avatar_images/")
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


@require_safe
@cache_control(public=True, max_age=86400)
def logo(request: HttpRequest, name: str) -> FileResponse:
    """The force's logo, the one uploaded file that strangers may see. ``name`` changes with the file, so it may be kept."""
    known = force()
    if not known.logo_file or name != known.logo_name:
        raise Http404("There is no such logo.")
    suffix = name.rsplit(".", 1)[-1].lower()
    return FileResponse(
        default_storage.open(known.logo_file), content_type=PICTURES.get(suffix, "application/octet-stream")
    )


@require_safe
@login_required
def authors_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Pictures as authors see them in the admin; learners get lesson files through their release, authors documents by family."""
    if not access.may_open_admin(request.user):
        raise PermissionDenied("These files belong to the authoring pages.")
    if not posixpath.normpath(f"/{path}").startswith(PICTURE_FOLDERS):
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if path.lower().endswith(".svg"):
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
