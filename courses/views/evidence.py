"""Evidence packs: asked for with a purpose, built as waiting work, and handed over to those whose duty evidence is."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.evidence.building import NOT_FOR_YOU, PackRefused, ask_for_pack, open_pack
from courses.evidence.forms import PackForm
from courses.models import EvidencePack
from people import access, clock
from people.finding import people_named
from people.looks import record_looks
from people.signed_in import SignedInRequest

ROWS = 25
LISTED = {"where": "Evidence packs", "saw": "That a pack about you was asked for, by whom and why"}
NOBODY = "Nobody is known by that. Check the e-mail address or service number."
ASTRAY = "That question cannot be read. Ask it again on the page Evidence, and build the pack from its answer."


@require_safe
@never_cache
@login_required
def packs(request: SignedInRequest) -> HttpResponse:
    """Every pack that was asked for, the newest first, with who asked and why."""
    _refuse_others(request)
    found = EvidencePack.objects.visible_to(request.user).select_related("officer", "asked_by", "file")
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    record_looks({pack.officer_id for pack in page}, by=request.user, at=clock.now(), **LISTED)
    waits = any(not pack.is_built for pack in page)
    pages = page.paginator.get_elided_page_range(page.number)
    return render(request, "courses/evidence/packs.html", {"page": page, "pages": pages, "waits": waits})


@require_POST
@login_required
def build(request: SignedInRequest) -> HttpResponse:
    """Ask for a pack that answers the question the page before it answered."""
    _refuse_others(request)
    form = PackForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        officer = people_named(asked["who"]).first()
        if officer is None:
            form.add_error(None, NOBODY)
        else:
            known_at = clock.by_the_time(asked["known_on"], asked["known_time"]) if asked["known_on"] else None
            try:
                ask_for_pack(
                    officer,
                    on=asked["on"],
                    known_at=known_at,
                    purpose=asked["purpose"],
                    by=request.user,
                    at=clock.now(),
                )
            except PackRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(
                    request, "The pack is being built. It appears here, with its digest, when it is ready."
                )
                return redirect("courses:evidence-packs")
    elif form.is_astray:
        form.add_error(None, ASTRAY)
    page = {"form": form, "is_astray": form.is_astray, "asked": form.cleaned_data}
    return render(request, "courses/evidence/build.html", page, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_safe
@never_cache
@login_required
def pack_file(request: SignedInRequest, pack_id: UUID) -> HttpResponseBase:
    """Hand over a pack as it was made; that it was taken is recorded."""
    _refuse_others(request)
    found = EvidencePack.objects.visible_to(request.user).select_related("officer", "file")
    pack = get_object_or_404(found, pk=pack_id)
    try:
        made = open_pack(pack, by=request.user, at=clock.now())
    except PackRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:evidence-packs")
    name = f"evidence-{pack.officer.service_number}-{pack.on:%Y-%m-%d}.zip"
    return FileResponse(made, as_attachment=True, filename=name, content_type="application/zip")


def _refuse_others(request: SignedInRequest) -> None:
    if not access.has_any_role(request.user, access.AUDITOR, access.DISCLOSURE_OFFICER):
        raise PermissionDenied(NOT_FOR_YOU)
