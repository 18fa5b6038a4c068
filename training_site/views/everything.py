"""Everything held on me: asked for by a button, made in the background, taken by nobody but me; for a leaver by a disclosure officer."""

from __future__ import annotations

from http import HTTPStatus
from typing import IO
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cpd_records.erasures.reading import people_erasable_by
from people import access, clock
from people.looks import record_looks
from people.models import SubjectExport
from people.signed_in import SignedInRequest
from training_site.everything import KEPT_FOR, ExportRefused, ask_for_everything, ask_on_behalf, open_everything
from training_site.forms_everything import PurposeForm

ROWS = 6
ASKED = "It is being put together. It appears here when it is ready."
NOT_FOR_YOU = "Disclosure officers have everything held on a leaver put together, and auditors read that they did. You hold neither role."
ONLY_READ = "Disclosure officers have it put together; as an auditor you read who did, and what for."
LISTED = {"where": "Everything held on a leaver", "saw": "Who had everything held on you put together, and what for"}
TAKEN = {"where": "Everything held on a leaver", "saw": "All that is held on you"}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def everything(request: SignedInRequest) -> HttpResponse:
    """Say what one is handed, and hand it over; a POST asks for it."""
    if request.method == "POST":
        ask_for_everything(request.user, by=request.user, at=clock.now())
        messages.success(request, ASKED)
        return redirect("everything-on-me")
    exports = list(SubjectExport.objects.of(request.user).select_related("asked_by")[:ROWS])
    page = {"exports": exports, "days": KEPT_FOR.days, "waits": any(one.made_at is None for one in exports)}
    return render(request, "training_site/everything.html", page)


@require_safe
@never_cache
@login_required
def everything_file(request: SignedInRequest, export_id: UUID) -> HttpResponseBase:
    """Hand over one's own export; anybody else's is not found."""
    export = get_object_or_404(SubjectExport.objects.of(request.user).select_related("officer"), pk=export_id)
    try:
        file = open_everything(export)
    except ExportRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("everything-on-me")
    return _handed(file, export)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def everything_of_leaver(request: SignedInRequest, officer: UUID) -> HttpResponse:
    """Who had everything held on a leaver put together, and what for; a disclosure officer asks for it with a POST."""
    if not access.has_any_role(request.user, access.DISCLOSURE_OFFICER, access.AUDITOR):
        raise PermissionDenied(NOT_FOR_YOU)
    may_ask = access.has_role(request.user, access.DISCLOSURE_OFFICER)
    if request.method == "POST" and not may_ask:
        raise PermissionDenied(ONLY_READ)
    person = get_object_or_404(people_erasable_by(request.user).filter(is_active=False), public_id=officer)
    form = PurposeForm(request.POST or None) if may_ask else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            ask_on_behalf(person, purpose=form.cleaned_data["purpose"], by=request.user, at=clock.now())
        except ExportRefused as refusal:
            form.add_error("purpose", str(refusal))
        else:
            messages.success(request, ASKED)
            return redirect("everything-of-leaver", officer=person.public_id)
    record_looks([person.pk], by=request.user, at=clock.now(), **LISTED)
    exports = list(SubjectExport.objects.of(person).on_behalf().select_related("asked_by")[:ROWS])
    waits = any(one.made_at is None and one.asked_by_id == request.user.pk for one in exports)
    page = {"officer": person, "form": form, "exports": exports, "days": KEPT_FOR.days, "waits": waits}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return render(request, "training_site/everything_of_leaver.html", page, status=status)


@require_safe
@never_cache
@login_required
def leaver_file(request: SignedInRequest, officer: UUID, export_id: UUID) -> HttpResponseBase:
    """Hand over what one asked for oneself on a leaver's behalf, while one holds the role; that it was taken is recorded."""
    if not access.has_role(request.user, access.DISCLOSURE_OFFICER):
        raise PermissionDenied(NOT_FOR_YOU)
    found = SubjectExport.objects.asked_by(request.user).filter(officer__public_id=officer).select_related("officer")
    export = get_object_or_404(found, pk=export_id)
    try:
        file = open_everything(export)
    except ExportRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("everything-of-leaver", officer=officer)
    record_looks([export.officer_id], by=request.user, at=clock.now(), **TAKEN)
    return _handed(file, export)


def _handed(file: IO[bytes], export: SubjectExport) -> FileResponse:
    name = f"everything-{export.officer.service_number}-{export.asked_at:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
