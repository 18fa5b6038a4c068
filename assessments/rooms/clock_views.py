"""The clock of one candidate, or of everybody in a room: stopping it, letting it run on, adding time. Each page says for whom first."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.models import Room
from assessments.rooms.forms import MinutesForm, ReasonForm
from assessments.rooms.locking import NOT_AN_INVIGILATOR, invigilates
from assessments.rooms.pausing import extend, last_line, run_on, stop
from assessments.rooms.reading import CandidateLine, Place, RoomPage, room_page
from assessments.rooms.refusals import RoomRefused
from people import clock
from people.signed_in import SignedInRequest


@dataclass(frozen=True)
class ClockAct:
    """One thing that can be done to a clock, in words: a heading, what it means, and the button."""

    name: str
    heading: str
    means: str
    button: str

    @property
    def form(self) -> type[ReasonForm]:
        return MinutesForm if self.name == "add" else ReasonForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def clock_of_all(request: SignedInRequest, room_id: UUID) -> HttpResponse:
    """Everybody's clock."""
    return _clock(request, room_id, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def clock_of_one(request: SignedInRequest, room_id: UUID, attempt_id: UUID) -> HttpResponse:
    """The clock of one candidate."""
    return _clock(request, room_id, attempt_id)


def _clock(request: SignedInRequest, room_id: UUID, attempt_id: UUID | None) -> HttpResponse:
    found = Room.objects.visible_to(request.user).with_title().select_related("assessment").filter(pk=room_id).first()
    if found is None:
        raise Http404
    if not invigilates(found, request.user):
        raise PermissionDenied(NOT_AN_INVIGILATOR)
    page = room_page(found, at=clock.now())
    line = next((one for one in page.lines if one.attempt and one.attempt.pk == attempt_id), None)
    if attempt_id is not None and line is None:
        raise Http404
    acts = acts_for(page, line)
    asked = request.POST.get("do", "")
    # One reason is typed, into whichever form: it stands in all of them when one is sent back.
    kept = {
        "seen": last_line(found),
        "reason": request.POST.get("reason", ""),
        "minutes": request.POST.get("minutes", ""),
    }
    forms = [
        (act, act.form(request.POST if act.name == asked else None, initial=kept, auto_id=f"{act.name}-%s"))
        for act in acts
    ]
    form = next((its for act, its in forms if act.name == asked), None)
    if request.method == "POST" and form is None:
        messages.error(request, "The clock was changed meanwhile, or the test has ended. Nothing was done.")
        return redirect("assessments:room", found.pk)
    if form is not None and form.is_valid():
        try:
            done = _do(asked, found, line, form, request)
        except RoomRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, said_of(asked, line, done, form.cleaned_data.get("minutes")))
            return redirect("assessments:room", found.pk)
    names = ("assessments:room_one", [room_id, attempt_id]) if line else ("assessments:room_all", [room_id])
    context = {
        "room": found,
        "line": line,
        "forms": forms,
        "form": form,
        "whom": whom(page),
        "here": reverse(names[0], args=names[1]),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None and form.errors else HTTPStatus.OK
    return render(request, "assessments/rooms/clock.html", context, status=status)


def acts_for(page: RoomPage, line: CandidateLine | None) -> list[ClockAct]:
    """Return what can be done now, the likeliest first."""
    for_whom = "for this candidate" if line else "for everybody"
    stop_it = ClockAct(
        "stop",
        f"Stop the clock {for_whom}",
        "Answers are kept and nothing more is taken until the clock runs again. "
        + ("" if line else "Whoever has not started waits as well. ")
        + "Nobody loses time.",
        f"Stop the clock {for_whom}",
    )
    run_it = ClockAct(
        "run",
        f"Let the clock run on {for_whom}",
        "With as much time left as when it was stopped.",
        f"Let the clock run on {for_whom}",
    )
    add = ClockAct(
        "add",
        f"Add time {for_whom}",
        "The end of the test moves by as much." if line else "The end of every test that runs moves by as much.",
        f"Add time {for_whom}",
    )
    if line is not None:
        if not line.is_open:
            return []
        first = [run_it] if line.place is Place.STOPPED else [stop_it]
        return [*first, add] if line.minutes_left is not None else first
    any_stopped = any(one.place is Place.STOPPED for one in page.lines)
    acts = [run_it] if page.is_stopped else [stop_it]
    if any_stopped and not page.is_stopped:
        acts.append(run_it)
    return [*acts, add] if any(one.minutes_left is not None for one in page.open_lines) else acts


def whom(page: RoomPage) -> str:
    """Return in words how many are working."""
    count = len(page.open_lines)
    return "nobody is working" if not count else f"{count} candidate{'' if count == 1 else 's'} working"


def said_of(act: str, line: CandidateLine | None, done: int, minutes: int | None) -> str:
    """Return what was done, and for whom."""
    name = line.officer.name if line else f"{done} candidate{'' if done == 1 else 's'}"
    if act == "stop":
        return f"The clock is stopped for {name}."
    if act == "run":
        return f"The clock runs on for {name}."
    return f"{minutes} minute{'' if minutes == 1 else 's'} added for {name}."


def _do(act: str, room: Room, line: CandidateLine | None, form: Any, request: SignedInRequest) -> int:
    attempt, reason = (line.attempt if line else None), form.cleaned_data["reason"]
    by, now = request.user, clock.now()
    if act == "stop":
        return stop(room, attempt, reason=reason, by=by, at=now)
    if act == "run":
        return run_on(room, attempt, reason=reason, by=by, at=now)
    return extend(room, attempt, form.cleaned_data["minutes"], reason=reason, by=by, at=now, seen=form.seen_line)
