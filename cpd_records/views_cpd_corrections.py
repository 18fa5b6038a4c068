"""Corrections of what is verified: the officer asks, two others decide."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods as methods
from django.views.decorators.http import require_POST

from cpd_records import activities
from cpd_records.activities import ActivityRefused
from cpd_records.activities.correcting import second_named, seconds_for
from cpd_records.forms_cpd_plan import CorrectionForm, correction_form
from cpd_records.forms_cpd_team import AgreementForm, DecisionForm
from cpd_records.models import ActivityState, CorrectionRequest
from cpd_records.views_cpd import own_activity
from people import access, clock
from people.looks import record_looks
from people.models import display_name
from people.signed_in import SignedInRequest

SIGHT = {"where": "A correction you asked for", "saw": "What your record says, and what it should say"}


@methods(["GET", "HEAD", "POST"])
@login_required
def correct(request: SignedInRequest, activity_id: UUID) -> HttpResponse:
    """Ask for a correction of a verified activity of mine."""
    activity = own_activity(request, activity_id)
    at = clock.now()
    if request.method != "POST":
        if activity.state != ActivityState.VERIFIED:
            return redirect("cpd_records:cpd_activity", activity.pk)
        return render(
            request, "cpd_records/cpd_correct.html", {"activity": activity, "form": correction_form(activity, at=at)}
        )
    form = CorrectionForm(request.POST, at=at)
    if form.is_valid():
        try:
            activities.ask_for_correction(activity, by=request.user, at=at, **form.answers)
            messages.success(
                request, "Asked. Two of those who verify your CPD decide; your record stays as it is until then."
            )
            return redirect("cpd_records:cpd_activity", activity.pk)
        except ActivityRefused as refusal:
            form.refuse(refusal)
    return render(request, "cpd_records/cpd_correct.html", {"activity": activity, "form": form})


@require_POST
@login_required
def take_back(request: SignedInRequest, correction_id: UUID) -> HttpResponse:
    """Take back a correction I asked for."""
    correction = get_object_or_404(CorrectionRequest.objects.of(request.user), pk=correction_id)
    try:
        activities.take_correction_back(correction, by=request.user, at=clock.now())
        messages.success(request, "Taken back. Your record stays as it is.")
    except ActivityRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("cpd_records:cpd_activity", correction.activity_id)


@methods(["GET", "HEAD", "POST"])
@login_required
def decide(request: SignedInRequest, correction_id: UUID) -> HttpResponse:
    """One correction that was asked for: what the record says, what it should say, and the decision."""
    visible = CorrectionRequest.objects.visible_to(request.user).select_related(
        "activity__officer", "activity__verifier", "asked_by", "agreed_by", "decided_by"
    )
    correction = get_object_or_404(visible, pk=correction_id)
    if request.method != "POST":
        if correction.asked_by_id == request.user.pk:
            return redirect("cpd_records:cpd_activity", correction.activity_id)
        record_looks([correction.asked_by_id], by=request.user, at=clock.now(), **SIGHT)
        return _page(request, correction, _form(request, correction))
    form = _form(request, correction)
    if form.is_valid():
        words, officer = form.cleaned_data["decision"], display_name(correction.asked_by)
        try:
            if request.POST.get("do") == "agree":
                second = getattr(form, "chosen", None)
                agreed = activities.agree_to_correction(
                    correction, by=request.user, at=clock.now(), decision=words, second=second
                )
                reader = second_named(agreed)
                name = display_name(reader) if reader else "A second person"
                messages.success(request, f"Agreed. {name} is told; with their word the record is corrected.")
            elif request.POST.get("do") == "grant":
                activities.grant_correction(correction, by=request.user, at=clock.now(), decision=words)
                messages.success(request, f"Corrected. It is on the record of {officer}.")
            else:
                activities.decline_correction(correction, by=request.user, at=clock.now(), decision=words)
                messages.success(request, f"Not corrected. {officer} reads your reason.")
            return redirect("cpd_records:cpd_team")
        except ActivityRefused as refusal:
            if refusal.field == "verifier":
                form.add_error("verifier" if "verifier" in form.fields else None, str(refusal))
                return _page(request, correction, form)
            if refusal.field != "reason":
                messages.error(request, str(refusal))
                return redirect(_where(request, correction), correction.activity_id)
            form.add_error("decision", str(refusal))
    return _page(request, correction, form)


def _form(request: SignedInRequest, correction: CorrectionRequest) -> DecisionForm | AgreementForm:
    """Return the form of the decision: with who reads it second, while the reader may agree or has agreed."""
    typed = request.POST if request.method == "POST" else None
    agrees = correction.state == CorrectionRequest.State.ASKED or correction.agreed_by_id == request.user.pk
    if not agrees or access.is_own(request.user, correction.asked_by):
        return DecisionForm(typed)
    return AgreementForm(
        typed,
        officer=correction.activity.officer,
        supervisors=seconds_for(correction, first=request.user),
        first=request.user,
        is_agreeing=request.POST.get("do") == "agree",
    )


def _page(request: SignedInRequest, correction: CorrectionRequest, form: DecisionForm | AgreementForm) -> HttpResponse:
    page = {"correction": correction, "form": form, "second": second_named(correction)}
    return render(request, "cpd_records/cpd_correction.html", page)


def _where(request: SignedInRequest, correction: CorrectionRequest) -> str:
    own = correction.asked_by_id == request.user.pk
    return "cpd_records:cpd_activity" if own else "cpd_records:cpd_team_activity"
