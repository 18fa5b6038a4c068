"""The audit sample: drawn and assessed by training administrators, read by auditors; everybody else sees only their own selection."""

from __future__ import annotations

import csv
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods as methods
from django.views.decorators.http import require_safe

from cpd_records.activity_rules import ActivityRefused
from cpd_records.models import SELECTED, Sample, SampleMember
from cpd_records.models.sampling import READS
from cpd_records.sampling.drawing import NOT_A_DRAWER, draw_sample
from cpd_records.sampling.forms import DrawForm, ReadingForm
from cpd_records.sampling.lot import digest
from cpd_records.sampling.outcomes import (
    OWN,
    SECOND,
    WAITING,
    came_to,
    record_reading,
    standing_in_words,
)
from cpd_records.schemes.overview import overview_of, recorded_only
from cpd_records.schemes.periods import Span
from cpd_records.schemes.record import learning_of, what_was_learned
from people import access, clock
from people.looks import record_looks
from people.models import display_name
from people.signed_in import SignedInRequest

NOT_FOR_YOU = "Training administrators draw and assess the audit sample, and auditors read it. You hold neither role."
STANDS = "That you are selected, and where that stands"
SAW = "What is on your record for the period, with what you learned"


@require_safe
@login_required
def samples(request: SignedInRequest) -> HttpResponse:
    """Every draw, newest first."""
    _refuse_others(request)
    page = {
        "samples": Sample.objects.visible_to(request.user).select_related("scheme", "drawn_by"),
        "may_draw": _may_draw(request),
    }
    return render(request, "cpd_records/samples.html", page)


@methods(["GET", "HEAD", "POST"])
@login_required
def draw(request: SignedInRequest) -> HttpResponse:
    if not _may_draw(request):
        raise PermissionDenied(NOT_A_DRAWER)
    form = DrawForm(request.POST or None)
    if form.is_valid():
        try:
            sample = draw_sample(**form.cleaned_data, by=request.user, at=clock.now())
            messages.success(request, "The sample is drawn and kept. Those selected see it on their CPD pages.")
            return redirect("cpd_records:cpd_sample", sample.pk)
        except ActivityRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    return render(request, "cpd_records/sample_draw.html", {"form": form})


@require_safe
@login_required
def sample(request: SignedInRequest, sample_id: UUID) -> HttpResponse:
    """One draw: how it was made, who was selected, where each stands."""
    _refuse_others(request)
    found = _sample(request, sample_id)
    members = found.members.filter(why__in=SELECTED).select_related("officer").prefetch_related("readings")
    listed = list(members.order_by("why", "place", "pk"))
    shown = [member.officer_id for member in listed]
    record_looks(shown, by=request.user, at=clock.now(), where="CPD audit sample", saw=STANDS)
    why = SampleMember.Why
    left_out = {code: found.members.filter(why=code).count() for code in (why.NEW, why.ABSENT)}
    page = {
        "sample": found,
        "rows": [(member, standing_in_words(came_to(member))) for member in listed],
        "new": left_out[why.NEW],
        "absent": left_out[why.ABSENT],
        "own": request.user.pk,
    }
    return render(request, "cpd_records/sample.html", page)


@require_safe
@login_required
def public_ids(request: SignedInRequest, sample_id: UUID) -> HttpResponse:
    """Everybody the draw was made from, by public id, so that it can be made again from the seed."""
    _refuse_others(request)
    found = _sample(request, sample_id)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cpd-sample-{found.starts_on}-{found.ends_on}.csv"'
    table = csv.writer(answer)
    table.writerow(["public_id", "digest", "place", "why"])
    rows = found.members.order_by("place", "officer__public_id").values_list("officer__public_id", "place", "why")
    for public_id, place, why in rows:
        table.writerow([public_id, digest(found.seed, public_id), place or "", why])
    return answer


@methods(["GET", "HEAD", "POST"])
@login_required
def member(request: SignedInRequest, sample_id: UUID, member_id: int) -> HttpResponse:
    """What a selected officer has on record for the period, and what assessors found; never the reader's own."""
    _refuse_others(request)
    readable = SampleMember.objects.visible_to(request.user).selected().select_related("officer", "sample__scheme")
    found = get_object_or_404(readable, pk=member_id, sample=sample_id)
    if access.is_own(request.user, found.officer):
        raise PermissionDenied(OWN)
    form = ReadingForm(request.POST or None)
    if request.method == "POST":
        if not _may_draw(request):
            raise PermissionDenied(NOT_FOR_YOU)
        if form.is_valid():
            try:
                record_reading(found, **form.cleaned_data, by=request.user, at=clock.now())
                messages.success(request, f"Recorded for {display_name(found.officer)}.")
                return redirect("cpd_records:cpd_sample", sample_id)
            except ActivityRefused as refusal:
                form.add_error(refusal.field or None, str(refusal))
    return _member_page(request, found, form)


def _member_page(request: SignedInRequest, found: SampleMember, form: ReadingForm) -> HttpResponse:
    sample, today = found.sample, clock.today()
    code = sample.scheme.code if sample.scheme else ""
    overview = overview_of(found.officer, on=min(sample.ends_on, today), code=code)
    counted = {entry.learning.id: entry for entry in overview.entries}
    span = Span(sample.starts_on, sample.ends_on)
    entries = [counted.get(it.id) or recorded_only(it) for it in learning_of(found.officer) if it.day in span]
    learned = what_was_learned([entry.learning.id for entry in entries])
    record_looks([found.officer_id], by=request.user, at=clock.now(), where="CPD audit sample", saw=SAW)
    stands = came_to(found)
    readings = list(found.readings.select_related("read_by"))
    proposed_it = stands == SECOND and readings[-1].read_by_id == request.user.pk
    page = {
        "member": found,
        "sample": sample,
        "it": overview,
        "rows": [(entry, learned.get(entry.learning.id, "")) for entry in entries],
        "readings": readings,
        "standing": standing_in_words(stands),
        "form": form,
        "may_read": _may_draw(request) and stands in (WAITING, SECOND, "returned") and not proposed_it,
        "proposed_it": proposed_it,
    }
    return render(request, "cpd_records/sample_member.html", page)


def _sample(request: SignedInRequest, sample_id: UUID) -> Sample:
    readable = Sample.objects.visible_to(request.user).select_related("scheme", "drawn_by")
    return get_object_or_404(readable, pk=sample_id)


def _may_draw(request: SignedInRequest) -> bool:
    return access.has_role(request.user, access.TRAINING_ADMIN)


def _refuse_others(request: SignedInRequest) -> None:
    if not access.has_any_role(request.user, *READS):
        raise PermissionDenied(NOT_FOR_YOU)
