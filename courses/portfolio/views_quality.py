"""Samples of judgements: drawn and read by internal quality assurers, read by auditors."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import PortfolioSample
from courses.portfolio.forms import DrawForm, ReadingForm
from courses.portfolio.quality import NOT_AN_ASSURER, draw_judgements, read_judgement
from courses.portfolio.reading import member_of, members_of, whole_item
from courses.portfolio.refusals import NotYours, RecruitRefused
from courses.portfolio.views import SEEN
from people import access, clock
from people.looks import record_looks
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])
NOT_FOR_YOU = (
    "Internal quality assurers draw and read samples of judgements, and auditors read them. You hold neither role."
)
SAMPLED = {"where": "Portfolios, quality sample", "saw": "That a judgement of your evidence is in the sample"}


@require_safe
@login_required
def samples(request: SignedInRequest) -> HttpResponse:
    """Every draw, newest first."""
    _refuse_others(request)
    page = {
        "samples": PortfolioSample.objects.visible_to(request.user).select_related("drawn_by"),
        "may_draw": access.has_role(request.user, access.IQA),
    }
    return render(request, "courses/portfolio/samples.html", page)


@form_page
@login_required
def draw(request: SignedInRequest) -> HttpResponse:
    if not access.has_role(request.user, access.IQA):
        raise PermissionDenied(NOT_AN_ASSURER)
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sample = draw_judgements(**form.cleaned_data, by=request.user, at=clock.now())
            messages.success(request, "The sample is drawn and kept.")
            return redirect("courses:portfolio-sample", sample.pk)
        except RecruitRefused as refusal:
            answer_refusal(form, refusal)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "courses/portfolio/sample_draw.html", {"form": form}, status=status)


@require_safe
@login_required
def sample(request: SignedInRequest, sample_id: UUID) -> HttpResponse:
    """One draw: its plan, and each selected judgement with where it stands."""
    _refuse_others(request)
    found = _sample(request, sample_id)
    members = members_of(found)
    looked_at = {member.judgement.officer_id for member in members}
    record_looks(looked_at, by=request.user, at=clock.now(), **SAMPLED)
    read = sum(hasattr(member, "reading") for member in members)
    page = {"sample": found, "members": members, "read": read, "own": request.user.pk}
    return render(request, "courses/portfolio/sample.html", page)


@form_page
@login_required
def member(request: SignedInRequest, sample_id: UUID, member_id: int) -> HttpResponse:
    """A selected judgement with the evidence it is about, and whether one agrees with it."""
    _refuse_others(request)
    found = member_of(_sample(request, sample_id), member_id)
    if found is None:
        raise Http404
    judgement = found.judgement
    recruit = judgement.version.item.recruit
    if access.is_own(request.user, recruit.officer):
        raise PermissionDenied("This is about your own portfolio. Another quality assurer reads it.")
    form = ReadingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            read_judgement(found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, "Recorded. The judge and the recruit see it.")
            return redirect("courses:portfolio-sample", sample_id)
        except NotYours as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except RecruitRefused as refusal:
            answer_refusal(form, refusal)
    record_looks([recruit.officer_id], by=request.user, at=clock.now(), **SEEN)
    is_read = hasattr(found, "reading")
    page = {
        "sample": found.sample,
        "member": found,
        "judgement": judgement,
        "recruit": recruit,
        "whole": whole_item(judgement.version.item, number=judgement.version.number),
        "form": form,
        "is_read": is_read,
        "is_own": access.is_own(request.user, judgement.by),
        "may_read": access.has_role(request.user, access.IQA)
        and not is_read
        and not access.is_own(request.user, judgement.by),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "courses/portfolio/sample_member.html", page, status=status)


def _sample(request: SignedInRequest, sample_id: UUID) -> PortfolioSample:
    readable = PortfolioSample.objects.visible_to(request.user).select_related("drawn_by")
    return get_object_or_404(readable, pk=sample_id)


def _refuse_others(request: SignedInRequest) -> None:
    if not access.has_any_role(request.user, access.IQA, access.AUDITOR):
        raise PermissionDenied(NOT_FOR_YOU)
