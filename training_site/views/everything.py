"""Everything held on me: asked for by a button, made in the background, taken by nobody but me."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from people import clock
from people.models import SubjectExport
from people.signed_in import SignedInRequest
from training_site.everything import KEPT_FOR, ExportRefused, ask_for_everything, open_everything

ROWS = 6


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def everything(request: SignedInRequest) -> HttpResponse:
    """Say what one is handed, and hand it over; a POST asks for it."""
    if request.method == "POST":
        ask_for_everything(request.user, by=request.user, at=clock.now())
        messages.success(request, "It is being put together. It appears here when it is ready.")
        return redirect("everything-on-me")
    exports = list(SubjectExport.objects.of(request.user)[:ROWS])
    page = {"exports": exports, "days": KEPT_FOR.days, "waits": any(one.made_at is None for one in exports)}
    return render(request, "training_site/everything.html", page)


@require_safe
@never_cache
@login_required
def everything_file(request: SignedInRequest, export_id: UUID) -> HttpResponseBase:
    """Hand over one's own export; anybody else's is not found."""
    export = get_object_or_404(SubjectExport.objects.of(request.user), pk=export_id)
    try:
        file = open_everything(export)
    except ExportRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("everything-on-me")
    name = f"everything-{request.user.service_number}-{export.asked_at:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
