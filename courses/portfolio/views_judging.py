"""Portfolios for those who judge evidence and sign off the whole."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import PortfolioItem, Recruit
from courses.portfolio.forms import JudgementForm, SignOffForm
from courses.portfolio.judges import judges_anybody, may_judge, may_sign_off
from courses.portfolio.judging import judge_item
from courses.portfolio.reading import WholeItem, portfolios_of, waiting_items, whole_item
from courses.portfolio.refusals import NotConfirmed, NotYours, RecruitRefused, phase_in
from courses.portfolio.signing_off import digest_of_portfolio, judged_items, sign_off
from courses.portfolio.views import SEEN, shown
from courses.programmes.releasing import plan_of
from people import access, clock
from people.confirming import ask_to_sign_in_again, signed_in_again_at
from people.looks import record_looks
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])
NOT_FOR_YOU = "Tutors, trainers, assessors and quality assurers work with portfolios. You are none of them today."
WAITS = {"where": "Portfolios to judge", "saw": "That evidence of yours waits to be judged"}


@require_safe
@login_required
def portfolios(request: SignedInRequest) -> HttpResponse:
    """What waits to be judged, the longest first."""
    judges = judges_anybody(request.user, on=clock.today())
    if not judges and not access.has_any_role(request.user, access.IQA, access.AUDITOR):
        raise PermissionDenied(NOT_FOR_YOU)
    waiting = waiting_items(request.user) if judges else []
    looked_at = {item.recruit.officer_id for item in waiting}
    record_looks(looked_at, by=request.user, at=clock.now(), **WAITS)
    samples = access.has_any_role(request.user, access.IQA, access.AUDITOR)
    return render(request, "courses/portfolio/waiting.html", {"waiting": waiting, "judges": judges, "samples": samples})


@require_safe
@login_required
def portfolio(request: SignedInRequest, recruit_id: UUID) -> HttpResponse:
    """A recruit's portfolio, for whoever may read it."""
    return shown(request, _recruit(request, recruit_id))


@form_page
@login_required
def item(request: SignedInRequest, recruit_id: UUID, item_id: UUID) -> HttpResponse:
    """A piece of evidence in full, and the judgement for whoever may judge it."""
    recruit = _recruit(request, recruit_id)
    readable = PortfolioItem.objects.visible_to(request.user).filter(recruit=recruit).select_related("current")
    found = get_object_or_404(readable, pk=item_id)
    found.recruit = recruit
    form = JudgementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            judged = judge_item(found, by=request.user, at=clock.now(), **form.given)
            words = "Judged sufficient." if judged.is_sufficient else "Returned. The recruit sees why."
            messages.success(request, words)
            return redirect("courses:portfolio", recruit.pk)
        except NotYours as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except RecruitRefused as refusal:
            answer_refusal(form, refusal)
    return _item_page(request, recruit, whole_item(found), form)


def _item_page(request: SignedInRequest, recruit: Recruit, whole: WholeItem, form: JudgementForm) -> HttpResponse:
    is_own = access.is_own(request.user, recruit.officer)
    if not is_own:
        record_looks([recruit.officer_id], by=request.user, at=clock.now(), **SEEN)
    vouched = whole.version.witness_id == request.user.pk
    judges = may_judge(request.user, recruit, on=clock.today()) and recruit.closed_at is None
    # What was judged by somebody else in the meantime is on the page now, so the next try is about that.
    data = {"version": str(whole.version.number), "judged": str(whole.judged)}
    if form.is_bound:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data.update(data)  # type: ignore[attr-defined]
    else:
        form.initial = data
    page = {
        "recruit": recruit,
        "whole": whole,
        "form": form,
        "is_own": is_own,
        "may_add": False,
        "may_judge": judges and not vouched,
        "vouched": judges and vouched,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "courses/portfolio/item.html", page, status=status)


@form_page
@login_required
def sign(request: SignedInRequest, recruit_id: UUID, phase: str) -> HttpResponse:
    """Sign off the portfolio of a phase; confirmed by signing in again, after which what was sent is done."""
    recruit = _recruit(request, recruit_id)
    asked = phase_in(plan_of(recruit.release), phase)
    if asked is None or not may_sign_off(request.user, recruit, asked, on=clock.today()):
        raise Http404
    form = SignOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirmed_at = signed_in_again_at(request)
            sign_off(recruit, phase, by=request.user, at=clock.now(), confirmed_at=confirmed_at, **form.cleaned_data)
            messages.success(request, "Signed off. It is on the recruit’s record.")
            return redirect("courses:portfolio", recruit.pk)
        except NotConfirmed:
            ask_to_sign_in_again()
        except RecruitRefused as refusal:
            answer_refusal(form, refusal)
    return _sign_page(request, recruit, asked, form)


def _sign_page(request: SignedInRequest, recruit: Recruit, phase: Any, form: SignOffForm) -> HttpResponse:
    record_looks([recruit.officer_id], by=request.user, at=clock.now(), **SEEN)
    digest = digest_of_portfolio(judged_items(recruit, phase))
    if form.is_bound:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["seen"] = digest  # type: ignore[index]
    else:
        form.initial = {"seen": digest}
    shown_now = [
        one for one in portfolios_of(recruit, by=request.user, on=clock.today()) if one.phase.slug == phase.slug
    ]
    page = {"recruit": recruit, "phase": phase, "portfolio": shown_now[0], "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "courses/portfolio/sign_off.html", page, status=status)


def _recruit(request: SignedInRequest, recruit_id: UUID) -> Recruit:
    readable = Recruit.objects.readable_by(request.user).select_related("officer", "release__programme")
    return get_object_or_404(readable.distinct(), pk=recruit_id)
