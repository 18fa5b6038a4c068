"""A recruit's own portfolio: what is met, adding evidence, handing it in anew."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import PortfolioItem, Recruit
from courses.portfolio.files import keep_files, open_file
from courses.portfolio.forms import EvidenceForm
from courses.portfolio.handing_in import hand_in, hand_in_anew
from courses.portfolio.reading import files_of_form, portfolios_of, whole_item
from courses.portfolio.refusals import LooksLikeACase, RecruitRefused, phase_in
from courses.programmes.releasing import plan_of
from cpd_records.activity_rules import ActivityRefused
from people import access, clock
from people.looks import record_looks
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])
SEEN = {"where": "Portfolio", "saw": "Evidence with what was judged of it"}
SAW_FILE = {"where": "Portfolio", "saw": "A file of your evidence"}


@require_safe
@login_required
def my_portfolio(request: SignedInRequest) -> HttpResponse:
    """One's own portfolio."""
    return shown(request, _own(request))


def shown(request: SignedInRequest, recruit: Recruit) -> HttpResponse:
    """Answer with a recruit's portfolio; 404 where their programme asks for none."""
    portfolios = portfolios_of(recruit, by=request.user, on=clock.today())
    if not portfolios:
        raise Http404
    is_own = access.is_own(request.user, recruit.officer)
    if not is_own:
        record_looks([recruit.officer_id], by=request.user, at=clock.now(), **SEEN)
    page = {
        "recruit": recruit,
        "portfolios": portfolios,
        "is_own": is_own,
        "may_add": is_own and recruit.closed_at is None,
        "sees_path": Recruit.objects.visible_to(request.user).filter(pk=recruit.pk).exists(),
    }
    return render(request, "courses/portfolio/portfolio.html", page)


@form_page
@login_required
def add(request: SignedInRequest, phase: str) -> HttpResponse:
    """Add evidence to the portfolio of a phase. Files that arrive are kept, whatever else is still wrong."""
    recruit = _own(request)
    asked = phase_in(plan_of(recruit.release), phase)
    if asked is None:
        raise Http404
    if request.method != "POST":
        heading = request.GET.get("heading", "")
        chosen = [heading] if heading in asked.heading_titles else []
        return _form_page(request, asked, EvidenceForm(phase=asked, initial={"headings": chosen}))
    token = EvidenceForm(request.POST, phase=asked).client_token
    form = EvidenceForm(request.POST, request.FILES, phase=asked, files=files_of_form(recruit, token))

    def send() -> str:
        item = hand_in(
            recruit,
            phase,
            form.written,
            token=token,
            by=request.user,
            at=clock.now(),
            confirmed=form.confirmation,
        )
        return str(item.pk)

    return _sent(request, recruit, asked, form, token, send) or _form_page(request, asked, form)


@form_page
@login_required
def again(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """Hand a returned item in anew: what was handed in before stays beside it."""
    recruit = _own(request)
    item = _item(request, recruit, item_id)
    asked = phase_in(plan_of(recruit.release), item.phase)
    if asked is None or item.current is None:
        raise Http404
    whole = whole_item(item)
    files = item.files.all()
    if request.method != "POST":
        form = EvidenceForm(phase=asked, files=files, version=whole.version)
        return _form_page(request, asked, form, whole=whole)
    form = EvidenceForm(request.POST, request.FILES, phase=asked, files=files)

    def send() -> str:
        anew = hand_in_anew(
            item, form.written, seen=form.version_seen, by=request.user, at=clock.now(), confirmed=form.confirmation
        )
        return str(anew.pk)

    sent = _sent(request, recruit, asked, form, item.client_token, send)
    return sent or _form_page(request, asked, form, whole=whole)


@require_safe
@login_required
def my_item(request: SignedInRequest, item_id: UUID) -> HttpResponse:
    """A piece of one's own evidence, with everything said of it."""
    recruit = _own(request)
    whole = whole_item(_item(request, recruit, item_id))
    page = {"recruit": recruit, "whole": whole, "is_own": True, "may_add": recruit.closed_at is None}
    return render(request, "courses/portfolio/item.html", page)


@require_safe
@login_required
def file(request: SignedInRequest, item_id: UUID, file_id: UUID) -> FileResponse:
    """A file of an item, to whoever may read the item."""
    item = get_object_or_404(PortfolioItem.objects.visible_to(request.user).select_related("recruit"), pk=item_id)
    found = get_object_or_404(item.files, pk=file_id)
    record_looks([item.recruit.officer_id], by=request.user, at=clock.now(), **SAW_FILE)
    answer = FileResponse(open_file(found), as_attachment=True, filename=found.name, content_type=found.media_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _sent(
    request: SignedInRequest, recruit: Recruit, phase: Any, form: EvidenceForm, token: UUID, send: Any
) -> HttpResponse | None:
    """Keep the files, hand in, and lead to the item; None where the form has to be shown again, with what is wrong."""
    is_valid = form.is_valid()
    try:
        if form.files_chosen:
            kept = keep_files(recruit, phase.slug, token, form.files_chosen, by=request.user, at=clock.now())
            form.keep(kept, token)
        if not is_valid:
            return None
        item = send()
    except LooksLikeACase as found:
        form.ask_about(found.found)
        return None
    except (RecruitRefused, ActivityRefused) as refusal:
        answer_refusal(form, refusal)
        return None
    messages.success(request, "Handed in. You see here when it is judged.")
    return redirect("courses:my-portfolio-item", item)


def _form_page(request: SignedInRequest, phase: Any, form: EvidenceForm, **more: Any) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    page = {"phase": phase, "form": form, **more}
    return render(request, "courses/portfolio/evidence.html", page, status=status)


def _own(request: SignedInRequest) -> Recruit:
    own = Recruit.objects.of(request.user).select_related("officer", "release__programme").order_by("-began_on").first()
    if own is None:
        raise Http404
    return own


def _item(request: SignedInRequest, recruit: Recruit, item_id: UUID) -> PortfolioItem:
    readable = PortfolioItem.objects.visible_to(request.user).filter(recruit=recruit)
    found = get_object_or_404(readable.select_related("current"), pk=item_id)
    found.recruit = recruit
    return found
