"""Tutors: pairing a recruit with one, the note after a shift, and the week as a sergeant and a training administrator read it."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from courses.models import Intake, Recruit, ShiftNote
from courses.programmes.recruits import standing_on
from courses.programmes.refusals import RecruitRefused
from courses.tutoring.fitness import asked_of_tutors, tutor_rules
from courses.tutoring.forms import CorrectNoteForm, EndPairingForm, PairingForm, ShiftNoteForm, WithdrawNoteForm
from courses.tutoring.headings import headings_of
from courses.tutoring.notes import correct_shift_note, may_write, notes_of, withdraw_shift_note, write_shift_note
from courses.tutoring.pairing import end_pairing, last_seen_pairing, may_pair, pair_tutor, pairings_of
from courses.tutoring.weeks import recruits_of, supervised_recruits, week_of
from people import access, clock
from people.dates import long_date
from people.looks import record_looks
from people.models import display_name
from people.refused_forms import answer_refusal
from people.signed_in import SignedInRequest
from people.stamps import NotRecorded

SAW_NOTES, SAW_WEEK = "What the tutor wrote after shifts", "Tutor, shifts with a note, and headings"
GONE = "That note was corrected or withdrawn meanwhile, perhaps on another device. Look at what stands now."
NO_TEAM = "You supervise no unit today, so there are no recruits of yours to show."
CHANGED_MEANWHILE = "Somebody changed this pairing meanwhile. See who their tutor is now; nothing was recorded."
form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@login_required
def pair(request: SignedInRequest, recruit_id: UUID) -> HttpResponse:
    """Pair a recruit with a tutor; the same page shows the pairings there are."""
    found = _recruit(request, recruit_id)
    if not may_pair(found, request.user, at=clock.now()):
        raise Http404
    form = PairingForm(request.POST or None, initial={"seen": last_seen_pairing(found), "on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            made = pair_tutor(found, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, f"Paired with {display_name(made.tutor)} until {long_date(made.period.last)}.")
            return redirect("courses:recruit", found.pk)
        except (RecruitRefused, NotRecorded) as refusal:
            answer_refusal(form, refusal)
    rules = tutor_rules()
    page = {
        "recruit": found,
        "form": form,
        "pairings": pairings_of(found),
        "rules": rules,
        "asked": asked_of_tutors(rules),
        "today": clock.today(),
    }
    return _form_page(request, "courses/tutoring/pair.html", page)


@form_page
@login_required
def end(request: SignedInRequest, recruit_id: UUID, number: int) -> HttpResponse:
    """Let a pairing end sooner."""
    found = _recruit(request, recruit_id)
    pairing = next((one for one in pairings_of(found) if one.pk == number), None)
    if not may_pair(found, request.user, at=clock.now()):
        raise Http404
    if pairing is None:
        if request.method == "POST":
            raise NotRecorded(CHANGED_MEANWHILE, back=reverse("courses:recruit", args=[found.pk]))
        raise Http404
    form = EndPairingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_pairing(pairing, by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, f"Recorded: the pairing with {display_name(pairing.tutor)} ends sooner.")
            return redirect("courses:recruit", found.pk)
        except (RecruitRefused, NotRecorded) as refusal:
            answer_refusal(form, refusal)
    return _form_page(request, "courses/tutoring/end.html", {"recruit": found, "pairing": pairing, "form": form})


@require_safe
@login_required
def notes(request: SignedInRequest, recruit_id: UUID) -> HttpResponse:
    """What the tutor wrote after each shift, by week."""
    found = _recruit(request, recruit_id)
    is_own = access.is_own(request.user, found.officer)
    if not is_own:
        record_looks([found.officer_id], by=request.user, at=clock.now(), where="Tutor’s notes", saw=SAW_NOTES)
    weeks = notes_of(found)
    asked = request.GET.get("kept", "")
    page = {
        "recruit": found,
        "weeks": weeks,
        "kept": next((note for week in weeks for note in week.notes if asked and str(note.pk) == asked), None),
        "pairings": pairings_of(found),
        "is_own": is_own,
        "may_write": may_write(found, request.user),
    }
    return render(request, "courses/tutoring/notes.html", page)


@form_page
@login_required
def write_note(request: SignedInRequest, recruit_id: UUID) -> HttpResponse:
    """The note at the end of a shift."""
    found = _tutored(request, recruit_id)
    form = ShiftNoteForm(request.POST or None, **_for_note(found, on=clock.today()))
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["client_token"]
        try:
            note = write_shift_note(found, form.said, by=request.user, at=clock.now(), token=token)
            return _kept(found, note)
        except (RecruitRefused, NotRecorded) as refusal:
            answer_refusal(form, refusal)
    return _form_page(request, "courses/tutoring/note.html", {"recruit": found, "form": form})


@form_page
@login_required
def correct_note(request: SignedInRequest, recruit_id: UUID, note_id: UUID) -> HttpResponse:
    """Write what a note of one's own should have said."""
    found = _tutored(request, recruit_id)
    note = _own_note(request, found, note_id)
    if note is None:
        return _gone(request, found, note_id)
    initial = {
        "day": note.day,
        "went_well": note.went_well,
        "what_next": note.what_next,
        "headings": [one["code"] for one in note.headings],
    }
    form = CorrectNoteForm(request.POST or None, initial=initial, **_for_note(found, on=note.day))
    if request.method == "POST" and form.is_valid():
        token, reason = form.cleaned_data["client_token"], form.cleaned_data["reason"]
        try:
            return _kept(
                found, correct_shift_note(note, form.said, by=request.user, at=clock.now(), reason=reason, token=token)
            )
        except (RecruitRefused, NotRecorded) as refusal:
            answer_refusal(form, refusal)
    return _form_page(request, "courses/tutoring/note.html", {"recruit": found, "form": form, "note": note})


@form_page
@login_required
def withdraw_note(request: SignedInRequest, recruit_id: UUID, note_id: UUID) -> HttpResponse:
    """Withdraw a note of one's own."""
    found = _tutored(request, recruit_id)
    note = _own_note(request, found, note_id)
    if note is None:
        return _gone(request, found, note_id)
    form = WithdrawNoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_shift_note(note, by=request.user, at=clock.now(), reason=form.cleaned_data["reason"])
            messages.success(request, f"Withdrawn: the note about {note.title}. Its words are no longer shown.")
            return redirect("courses:shift-notes", found.pk)
        except (RecruitRefused, NotRecorded) as refusal:
            answer_refusal(form, refusal)
    return _form_page(request, "courses/tutoring/withdraw.html", {"recruit": found, "note": note, "form": form})


@require_safe
@login_required
def team_week(request: SignedInRequest) -> HttpResponse:
    """The week of the recruits one supervises."""
    if not access.has_role(request.user, access.SUPERVISOR):
        raise PermissionDenied(NO_TEAM)
    on = _asked_day(request)
    return _week(
        request, supervised_recruits(request.user, on=on), on, "Recruits of your team", "Week of your recruits"
    )


@require_safe
@login_required
def intake_week(request: SignedInRequest, intake_id: int) -> HttpResponse:
    """The week of an intake's recruits."""
    found = get_object_or_404(
        Intake.objects.visible_to(request.user).select_related("release__programme"), pk=intake_id
    )
    on = _asked_day(request)
    return _week(
        request, recruits_of(found, on=on), on, f"{found.name}: the week", f"Intake {found.name}", intake=found
    )


def _week(
    request: SignedInRequest, recruits: list[Recruit], on: date, title: str, where: str, **more: Any
) -> HttpResponse:
    week = week_of(recruits, on, today=clock.today())
    record_looks(week.seen, by=request.user, at=clock.now(), where=where, saw=SAW_WEEK)
    return render(request, "courses/tutoring/week.html", {"week": week, "title": title, "today": clock.today(), **more})


def _asked_day(request: SignedInRequest) -> date:
    """Return the day whose week is asked for; today's where none, or none that can be, is given."""
    try:
        day = date.fromisoformat(request.GET.get("week", "")[:10])
    except ValueError:
        return clock.today()
    return day if 2000 <= day.year <= clock.today().year + 1 else clock.today()


def _for_note(recruit: Recruit, *, on: date) -> dict[str, Any]:
    """Return what a note's form needs to know: the moment, and the headings of the phase of the day."""
    return {"at": clock.now(), "headings": headings_of(recruit).get(standing_on(recruit, on).phase, ())}


def _own_note(request: SignedInRequest, recruit: Recruit, note_id: UUID) -> ShiftNote | None:
    """Return a note that stands and that the reader wrote; None for any other."""
    note = next((one for week in notes_of(recruit) for one in week.notes if one.pk == note_id), None)
    return note if note is not None and access.is_own(request.user, note.tutor) else None


def _gone(request: SignedInRequest, recruit: Recruit, note_id: UUID) -> HttpResponse:
    """Lead from a note of one's own that was corrected or withdrawn to those that stand; anybody else's does not exist."""
    if not ShiftNote.objects.of(request.user).filter(pk=note_id, recruit=recruit).exists():
        raise Http404
    messages.error(request, GONE)
    return redirect("courses:shift-notes", recruit.pk)


def _kept(recruit: Recruit, note: ShiftNote) -> HttpResponse:
    """Lead to the notes and name the one that was kept: in the address, since a script that sent it late reads no message."""
    return redirect(f"{reverse('courses:shift-notes', args=[recruit.pk])}?kept={note.pk}")


def _form_page(request: SignedInRequest, template: str, page: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if page["form"].errors else HTTPStatus.OK
    return render(request, template, page, status=status)


def _recruit(request: SignedInRequest, recruit_id: UUID) -> Recruit:
    readable = Recruit.objects.visible_to(request.user).select_related("officer", "release__programme")
    return get_object_or_404(readable.distinct(), pk=recruit_id)


def _tutored(request: SignedInRequest, recruit_id: UUID) -> Recruit:
    """Return a recruit of whom the reader is or was the tutor."""
    found = _recruit(request, recruit_id)
    if not may_write(found, request.user):
        raise Http404
    return found
