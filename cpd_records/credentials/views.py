"""Credentials: what anybody may read (issuer, achievements, status lists), and the holder's own badge."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cpd_records.credentials import keys
from cpd_records.credentials.awards import NoSuchAchievement, achievement_of, credential_of
from cpd_records.credentials.badges import CONTEXTS, issuer_profile
from cpd_records.credentials.forms import NAMED, DisclosureForm
from cpd_records.credentials.status_lists import FRESH, NoSuchList, status_list
from cpd_records.ledger.proofs import NothingToOpen, NotSealed
from cpd_records.models import Certificate
from people import clock
from people.force import force
from people.signed_in import SignedInRequest

FRESH_SECONDS = int(FRESH.total_seconds())
# A list is made at most once in this time, however many ask.
MADE_ANEW_SECONDS = 60


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """Serve the issuer's profile with the keys that sign for it. A careful reader takes them from elsewhere as well."""
    return _public(issuer_profile(force().force_name, keys.trusted_keys()))


@require_safe
def achievements(request: HttpRequest) -> HttpResponse:
    """Serve what certificates of a subject are awarded for."""
    try:
        return _public({"@context": CONTEXTS, **achievement_of(request.GET.get("of", "")[:120])})
    except NoSuchAchievement:
        return _nothing("No certificate was awarded for that.")


@require_safe
def status(request: HttpRequest, purpose: str, number: int) -> HttpResponse:
    """Serve a status list, signed, at most a minute old."""
    key = f"status-list:{purpose}:{number}"
    document = cache.get(key)
    if document is None:
        try:
            document = status_list(purpose, number, at=clock.now())
        except NoSuchList:
            return _nothing("There is no such status list.")
        cache.set(key, document, MADE_ANEW_SECONDS)
    return _public(document, media_type="application/vc")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def badge(request: SignedInRequest, certificate_id: UUID) -> HttpResponse:
    """Let the holder, and nobody else, choose what the badge says and take it."""
    found = get_object_or_404(Certificate.objects.held_by(request.user), pk=certificate_id)
    form = DisclosureForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form(request, found, form)
    try:
        text = credential_of(found, shows_name=form.cleaned_data["shows"] == NAMED)
    except (NotSealed, NothingToOpen) as refusal:
        form.add_error(None, str(refusal))
        return _form(request, found, form)
    # Never the code, which leads to the name: the file's name travels with it.
    disposition = {"Content-Disposition": f'attachment; filename="badge-{slugify(found.subject)}.json"'}
    return HttpResponse(text, content_type="application/vc; charset=utf-8", headers=disposition)


def _form(request: SignedInRequest, found: Certificate, form: DisclosureForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "cpd_records/badge.html", {"certificate": found, "form": form}, status=status)


def _public(document: dict[str, Any], *, media_type: str = "application/ld+json") -> HttpResponse:
    answer = HttpResponse(json.dumps(document, ensure_ascii=False, indent=1) + "\n", content_type=media_type)
    patch_cache_control(answer, public=True, max_age=FRESH_SECONDS)
    # Wallets and verifiers are pages of others that read these documents in the browser.
    answer["Access-Control-Allow-Origin"] = "*"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _nothing(sentence: str) -> HttpResponse:
    answer = HttpResponse(f"{sentence}\n", status=HTTPStatus.NOT_FOUND, content_type="text/plain; charset=utf-8")
    patch_cache_control(answer, no_store=True)
    return answer
