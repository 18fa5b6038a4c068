"""What is decided about one person on a form, with what is said of it: for administrators' pages and for supervisors' alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.shortcuts import get_object_or_404

from cpd_records.proposals.awards import propose_exemption
from cpd_records.proposals.refusals import ProposalRefused
from cpd_records.qualifications import reading
from cpd_records.qualifications.forms import AbsenceForm, RulingForm
from cpd_records.qualifications.refusals import QualificationRefused
from cpd_records.qualifications.rulings import end_ruling, restrict
from people import clock
from people.absences import AbsenceRefused, end_absence, record_absence
from people.models import User
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest
from people.stamps import NotRecorded

VERBS = {"exemption": propose_exemption, "restriction": restrict}
DONE = {
    "exemption": "Proposed: {} need not hold {}. It counts once another administrator approves it.",
    "restriction": "{} may not act on {}.",
}


def ruling_form(request: SignedInRequest) -> RulingForm:
    choices = reading.choices_of(reading.every_qualification(clock.today()))
    return RulingForm(request.POST or None, qualifications=choices)


def decided(request: SignedInRequest, officer: User, kind: str, form: RulingForm) -> bool:
    """Record what the form says, or propose it where that takes two; False, with the refusal on the form, where it cannot be."""
    asked: dict[str, Any] = dict(form.cleaned_data)
    qualification = reading.qualification_of(asked.pop("qualification"))
    if qualification is None:
        form.add_error("qualification", "Choose the qualification from the list.")
        return False
    try:
        VERBS[kind](officer, qualification, by=request.user, at=clock.now(), **asked)
    except (QualificationRefused, ProposalRefused, NotRecorded) as refused:
        answer_refusal(form, refused)
        return False
    messages.success(request, DONE[kind].format(officer.get_short_name(), qualification.title))
    return True


def end_of_ruling(request: SignedInRequest, officer: User, kind: str, number: int) -> None:
    ruling = get_object_or_404(reading.rulings_shown(officer, kind, today=clock.today()), pk=number)
    try:
        end_ruling(ruling, by=request.user, at=clock.now(), last_day=clock.today() - timedelta(days=1))
    except (QualificationRefused, NotRecorded) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"The {kind} for {ruling.qualification.title} has ended.")


def absence_recorded(request: SignedInRequest, officer: User, form: AbsenceForm) -> bool:
    """Record the absence of the form, with a message; False, with the refusal on the form, where it cannot be."""
    try:
        record_absence(officer, by=request.user, **form.cleaned_data)
    except (AbsenceRefused, NotRecorded) as refused:
        answer_refusal(form, refused)
        return False
    messages.success(request, f"The absence of {officer.get_short_name()} is recorded.")
    return True


def end_of_absence(request: SignedInRequest, officer: User, number: int) -> None:
    absence = get_object_or_404(reading.absences_shown(officer, today=clock.today()), pk=number)
    try:
        end_absence(absence, by=request.user, last_day=clock.today() - timedelta(days=1))
    except (AbsenceRefused, NotRecorded) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{officer.get_short_name()} is back since today.")
