"""One person's awards: read by administrators and auditors, awarded by one administrator, put right by two, never for themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cpd_records.currency.foreseeing import what_an_award_gives
from cpd_records.models import AwardEvidence
from cpd_records.proposals.awards import propose_correction, propose_void, propose_withdrawal
from cpd_records.proposals.reading import waiting_about
from cpd_records.proposals.refusals import ProposalRefused
from cpd_records.qualifications import reading
from cpd_records.qualifications.awarding import OWN, authorise_award, refuse_impossible, refuse_longer_than_its_rule
from cpd_records.qualifications.forms import (
    AwardForm,
    BothTimesForm,
    ChooseForm,
    CorrectForm,
    KnownForm,
    VoidForm,
    WithdrawForm,
)
from cpd_records.qualifications.recorded import everything_recorded
from cpd_records.qualifications.refusals import QualificationRefused
from cpd_records.qualifications.rules import rule_on
from cpd_records.qualifications.rules_in_words import sentences_of, standing_of
from cpd_records.qualifications.views import for_readers
from people import access, clock
from people.looks import record_looks
from people.models import User
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest

NOT_AN_ADMINISTRATOR = "Only a training administrator or a system administrator does this. You may read here."
SIGHT = {
    "where": "Qualifications",
    "saw": "Awards with what is behind them, courses, verified CPD, exemptions, restrictions, absences",
}
SIGHT_OF_ALL = {"where": "Qualifications", "saw": "All that was ever recorded of awards and exemptions"}
CHANGES: dict[str, type[forms.Form]] = {"correct": CorrectForm, "withdraw": WithdrawForm, "void": VoidForm}


@require_safe
@for_readers
def person(request: SignedInRequest, officer: UUID) -> HttpResponse:
    """How somebody stands on a day, every award with what is behind it, and what is decided about them, as recorded by a day.

    Something can be changed only where it is read as it stands now.
    """
    found, today = officer_for(request, officer), clock.today()
    form = BothTimesForm(request.GET if {"on", "known_on"} & request.GET.keys() else None)
    on, known_on = today, None
    if form.is_bound and form.is_valid():
        on, known_on = form.cleaned_data["on"], form.cleaned_data["known_on"]
    is_now = on == today and known_on is None
    record_looks([found.pk], by=request.user, at=clock.now(), **SIGHT)
    is_own = access.is_own(request.user, found)
    page = {
        "officer": found,
        **reading.record_shown(found, on=on, known_at=clock.end_of_day(known_on) if known_on else None),
        "proposals": waiting_about(found, reader=request.user) if is_now else (),
        "is_own": is_own,
        "may_award": is_now and reading.administers(request.user) and not is_own,
        "form": form,
        "on": on,
        "known_on": known_on,
        "is_now": is_now,
    }
    return render(request, "cpd_records/qualified_person.html", page, status=400 if form.errors else 200)


@require_safe
@never_cache
@for_readers
def recorded(request: SignedInRequest, officer: UUID) -> HttpResponse:
    """All that was ever recorded about somebody's awards, exemptions and certificates: what was changed, when, why, and by which two."""
    found = officer_for(request, officer)
    record_looks([found.pk], by=request.user, at=clock.now(), **SIGHT_OF_ALL)
    form = KnownForm(request.GET or None)
    known_on = form.cleaned_data["known_on"] if form.is_bound and form.is_valid() else None
    answer = everything_recorded(found, known_at=clock.end_of_day(known_on) if known_on else None)
    page = {"officer": found, "answer": answer, "known_on": known_on, "form": form}
    return render(request, "cpd_records/proposals/recorded.html", page, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def award(request: SignedInRequest, officer: UUID) -> HttpResponse:
    """Record an award in two steps: what and when, in the address; then, beside what it gives, the evidence and why."""
    found = administered_by(request, officer)
    choices = reading.choices_of(reading.every_qualification(clock.today()))
    typed = request.GET if "qualification" in request.GET or request.method == "POST" else None
    choose = ChooseForm(typed, qualifications=choices)
    page: dict[str, Any] = {"officer": found, "choose": choose, "form": choose}
    gives = _what_it_gives(found, choose) if choose.is_bound and choose.is_valid() else None
    if gives is not None:
        form = AwardForm(request.POST, request.FILES) if request.method == "POST" else AwardForm()
        if request.method == "POST" and form.is_valid() and _awarded(request, found, choose, form):
            return redirect("cpd_records:qualified_person", officer)
        page |= {**gives, "form": form}
    return render(request, "cpd_records/award.html", page)


def _what_it_gives(officer: User, choose: ChooseForm) -> dict[str, Any] | None:
    """Return what the award would give by the rule of its day; None, with the refusal on the form, where it cannot be."""
    asked = choose.cleaned_data
    qualification = reading.qualification_of(asked["qualification"])
    if qualification is None:
        raise Http404
    try:
        refuse_impossible(day=asked["day"], minutes=None, valid_until=asked["until"])
        refuse_longer_than_its_rule(officer, qualification.code, day=asked["day"], valid_until=asked["until"])
    except QualificationRefused as refused:
        choose.add_error("until" if refused.field == "valid_until" else "day", str(refused))
        return None
    rule = rule_on(qualification, asked["day"])
    gives = what_an_award_gives(
        officer, qualification, day=asked["day"], valid_until=asked["until"], today=clock.today()
    )
    return {
        "qualification": qualification,
        "day": asked["day"],
        "until": asked["until"],
        "gives": gives,
        "sentences": sentences_of(rule) if rule else [],
        "standing": standing_of(rule) if rule else "",
    }


def _awarded(request: SignedInRequest, officer: User, choose: ChooseForm, form: AwardForm) -> bool:
    qualification = reading.qualification_of(choose.cleaned_data["qualification"])
    if qualification is None:
        raise Http404
    typed = dict(form.cleaned_data)
    try:
        authorise_award(
            officer,
            qualification,
            by=request.user,
            at=clock.now(),
            day=choose.cleaned_data["day"],
            valid_until=choose.cleaned_data["until"],
            files=typed.pop("evidence"),
            **typed,
        )
    except QualificationRefused as refused:
        answer_refusal(form, refused, fields={"files": "evidence"})
        return False
    messages.success(
        request, f"{qualification.title} is awarded to {officer.get_short_name()}. It is an entry of the ledger."
    )
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def change(request: SignedInRequest, officer: UUID, award: UUID, what: str) -> HttpResponse:
    """Propose to correct an award, to take it back from a day on, or to declare that it was never true."""
    found = administered_by(request, officer)
    shown = reading.award_shown(found, award)
    if shown is None:
        raise Http404
    standing = shown.award
    initial = {"day": standing.day, "minutes": standing.minutes, "until": standing.valid_until}
    form = CHANGES[what](request.POST or None, initial=initial if what == "correct" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _change(found, award, what, by=request.user, typed=form.cleaned_data)
        except ProposalRefused as refused:
            answer_refusal(form, refused, fields={"valid_until": "until"})
        else:
            messages.success(
                request, f"Proposed for {shown.title}. Nothing changes until another administrator approves it."
            )
            return redirect("cpd_records:qualified_person", officer)
    return render(
        request, "cpd_records/award_change.html", {"officer": found, "row": shown, "what": what, "form": form}
    )


def _change(officer: User, award: UUID, what: str, *, by: User, typed: dict[str, Any]) -> None:
    said: dict[str, Any] = {"by": by, "at": clock.now(), "reason": typed["reason"]}
    if what == "withdraw":
        propose_withdrawal(officer, award, last_day=typed["last_day"], **said)
    elif what == "void":
        propose_void(officer, award, **said)
    else:
        propose_correction(
            officer, award, day=typed["day"], minutes=typed["minutes"], valid_until=typed["until"], **said
        )


@require_safe
@login_required
def evidence(request: SignedInRequest, number: int) -> FileResponse:
    """A file behind an award: to its officer, and to administrators and auditors."""
    found = get_object_or_404(AwardEvidence.objects.readable_by(request.user), pk=number)
    answer = FileResponse(
        storages["private"].open(found.path), as_attachment=True, filename=found.name, content_type=found.media_type
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def officer_for(request: SignedInRequest, public_id: UUID) -> User:
    """Return somebody whose awards the reader may read."""
    return get_object_or_404(reading.people_readable_by(request.user), public_id=public_id)


def administered_by(request: SignedInRequest, public_id: UUID) -> User:
    """Return somebody about whom the reader may decide: an administrator, about anybody else."""
    if not reading.administers(request.user):
        raise PermissionDenied(NOT_AN_ADMINISTRATOR)
    found = officer_for(request, public_id)
    if access.is_own(request.user, found):
        raise PermissionDenied(OWN)
    return found
