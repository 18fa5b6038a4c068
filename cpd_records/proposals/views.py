"""Pages of proposals: what waits for a second person, and one of them with the decision."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd_records.models import RecordProposal
from cpd_records.proposals.deciding import approve_proposal, refuse_proposal, take_proposal_back
from cpd_records.proposals.forms import DecideForm
from cpd_records.proposals.reading import proposals_shown, told
from cpd_records.proposals.refusals import NotYourDecision, ProposalRefused
from cpd_records.qualifications.views import for_readers
from people import clock
from people.looks import record_looks
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest
from people.stamps import NotRecorded

ON_A_PAGE = 25
SIGHT = {"where": "A change of your record", "saw": "What it says, what was proposed, and why"}


@require_safe
@never_cache
@for_readers
def proposals(request: SignedInRequest) -> HttpResponse:
    """What waits for the reader, what waits for others, and what was decided."""
    shown = proposals_shown(request.user)
    mine = RecordProposal.objects.waiting_for(request.user).select_related("officer", "proposed_by")
    others = shown.waiting().exclude(pk__in=mine.values("pk"))  # type: ignore[attr-defined]
    decided = shown.exclude(state=RecordProposal.State.PROPOSED).order_by("-decided_at", "pk")
    page = Paginator(decided, ON_A_PAGE).get_page(request.GET.get("page"))
    numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    context = {"mine": list(mine), "others": list(others), "page": page, "pages": numbers}
    return render(request, "cpd_records/proposals/proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_readers
def proposal(request: SignedInRequest, proposal: UUID) -> HttpResponse:
    """One proposal: what the record says now, what it would say, and the decision."""
    found = get_object_or_404(proposals_shown(request.user), pk=proposal)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            if request.POST.get("do") == "approve":
                approve_proposal(found, by=request.user, at=clock.now(), words=words)
                messages.success(request, "Approved. It is an entry of the ledger that names you both.")
            else:
                refuse_proposal(found, by=request.user, at=clock.now(), words=words)
                messages.success(request, "Refused. The record stays as it is.")
            return redirect("cpd_records:proposal", proposal)
        except NotYourDecision as refused:
            raise PermissionDenied(str(refused)) from refused
        except (ProposalRefused, NotRecorded) as refused:
            answer_refusal(form, refused)
    record_looks([found.officer_id], by=request.user, at=clock.now(), **SIGHT)
    context = {"it": told(found, reader=request.user), "officer": found.officer, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "cpd_records/proposals/proposal.html", context, status=status)


@require_POST
@for_readers
def take_back(request: SignedInRequest, proposal: UUID) -> HttpResponse:
    """Take back what one proposed."""
    found = get_object_or_404(proposals_shown(request.user), pk=proposal)
    try:
        take_proposal_back(found, by=request.user, at=clock.now())
        messages.success(request, "Taken back. The record stays as it is.")
    except NotYourDecision as refused:
        raise PermissionDenied(str(refused)) from refused
    except (ProposalRefused, NotRecorded) as refused:
        messages.error(request, str(refused))
    return redirect("cpd_records:proposal", proposal)
