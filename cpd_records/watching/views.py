"""The page about the ledger, for those who hold us to it and those who run it."""

from __future__ import annotations

import base64

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cpd_records.certificates.words import day_in_words, grouped
from cpd_records.models import Checkpoint
from cpd_records.watching.asking import ASKERS, NOT_YOURS, VerificationRefused, ask_verification
from cpd_records.watching.reading import watch
from people import access, clock
from people.signed_in import SignedInRequest

READERS = (access.AUDITOR, access.DISCLOSURE_OFFICER, access.SYSTEM_ADMIN)
NOT_FOR_YOU = (
    "Auditors, disclosure officers and system administrators read about the ledger here. "
    "Its checkpoint, its keys and its tiles are open to anybody."
)


@require_safe
@login_required
def ledger(request: SignedInRequest) -> HttpResponse:
    """Whether the ledger signs, what the last verification found, and where its checkpoints are."""
    if not access.has_any_role(request.user, *READERS):
        raise PermissionDenied(NOT_FOR_YOU)
    it = watch(at=clock.now())
    may_ask = access.has_any_role(request.user, *ASKERS)
    return render(request, "cpd_records/ledger.html", {"it": it, "signed": _signed(it.checkpoint), "may_ask": may_ask})


@require_POST
@login_required
def verify_now(request: SignedInRequest) -> HttpResponse:
    """Have the whole ledger verified now, in the background."""
    if not access.has_any_role(request.user, *ASKERS):
        raise PermissionDenied(NOT_YOURS)
    try:
        ask_verification(by=request.user, at=clock.now())
    except VerificationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The verification has begun. This page shows what it finds.")
    return redirect("cpd_records:ledger")


def _signed(checkpoint: Checkpoint | None) -> list[tuple[str, str]]:
    """What the last checkpoint says, as pairs of label and text."""
    if checkpoint is None:
        return []
    made = timezone.localtime(checkpoint.time)
    return [
        ("Ledger", checkpoint.note.split("\n", 1)[0]),
        ("Entries", grouped(checkpoint.size)),
        ("Signed", f"{day_in_words(made.date())}, {made:%H:%M:%S}"),
        ("Root", base64.b64encode(bytes(checkpoint.root)).decode()),
    ]
