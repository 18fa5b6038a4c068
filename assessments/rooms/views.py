"""Pages of rooms. A room that somebody may not see and one that is not there are answered alike: there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Room
from assessments.refusals import day_and_time
from assessments.rooms.files import log_file
from assessments.rooms.forms import ExpectedForm, IncidentForm, InvigilatorForm, RoomForm
from assessments.rooms.incidents import report_incident
from assessments.rooms.listing import assessments_for, may_open_any, may_see_any, rooms_of
from assessments.rooms.locking import invigilates, leads
from assessments.rooms.opening import (
    add_invigilator,
    change_code,
    close_room,
    expect_candidates,
    open_room,
    take_invigilator_off,
)
from assessments.rooms.reading import log_lines, room_page, sittings_of
from assessments.rooms.refusals import RoomRefused
from people import clock
from people.looks import record_looks
from people.signed_in import SignedInRequest

NOT_FOR_YOU = "Rooms are for those who open or invigilate them, quality assurers and auditors. Nobody has named you to invigilate one."
NOT_A_LEADER = "Trainers and training administrators open rooms. Ask one of them."
NOTHING_TO_SIT = "No test of a family of yours is invigilated, so there is nothing to open a room for."
SAW = "Whether and when they started, how much was answered, when it was handed in, and the log of the room"
View = Callable[..., HttpResponse]
form_page = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@require_safe
@login_required
def rooms(request: SignedInRequest) -> HttpResponse:
    """The rooms somebody opens, invigilates or reads, the latest first."""
    found = rooms_of(request.user)
    if not found and not may_see_any(request.user):
        raise PermissionDenied(NOT_FOR_YOU)
    page = {"rooms": found, "may_open": may_open_any(request.user), "now": clock.now()}
    return render(request, "assessments/rooms/list.html", page)


@never_cache
@form_page
@login_required
def new_room(request: SignedInRequest) -> HttpResponse:
    """Open a room."""
    if not may_open_any(request.user):
        raise PermissionDenied(NOT_A_LEADER)
    offered = assessments_for(request.user)
    if request.method == "POST" and not offered:
        raise PermissionDenied(NOTHING_TO_SIT)
    form = RoomForm(request.POST or None, assessments=offered, initial={"assessment": request.GET.get("assessment")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        opens_at, closes_at = form.times
        try:
            room = open_room(
                given["assessment"],
                place=given["place"],
                opens_at=opens_at,
                closes_at=closes_at,
                invigilators=given["invigilators"],
                expected=given["expected"],
                by=request.user,
                at=clock.now(),
            )
        except RoomRefused as refusal:
            form.add_error(_field(refusal, {"closes_at": "closes"}), str(refusal))
        else:
            messages.success(request, f"The room is open for starts from {day_and_time(room.opens_at)}.")
            return redirect("assessments:room", room.pk)
    return _form_page(request, "assessments/rooms/new.html", {"form": form})


@never_cache
@require_safe
@login_required
def room(request: SignedInRequest, room_id: UUID) -> HttpResponse:
    """The room now: who is where."""
    found = _room(request, room_id)
    page = room_page(found, at=clock.now())
    does = invigilates(found, request.user)
    if not does:
        _looked(request, found, [line.officer.pk for line in page.lines])
    context = {
        "page": page,
        "room": found,
        "invigilators": [row.invigilator for row in found.invigilators.filter(left_at__isnull=True)],
        "invigilates": does,
        "leads": leads(found, request.user),
    }
    return render(request, "assessments/rooms/room.html", context)


@require_safe
@login_required
def room_now(request: SignedInRequest, room_id: UUID) -> HttpResponse:
    """The part of the room's page that changes, for its script; 304 where nothing did."""
    found = _room(request, room_id)
    context = {
        "page": room_page(found, at=clock.now()),
        "room": found,
        "invigilates": invigilates(found, request.user),
    }
    piece = render_to_string("assessments/rooms/now.html", context, request)
    etag = quote_etag(sha256(piece.encode()).hexdigest())
    response = get_conditional_response(request, etag, None, HttpResponse(piece))
    assert response is not None
    response["ETag"] = etag
    return response


@never_cache
@form_page
@login_required
def names(request: SignedInRequest, room_id: UUID) -> HttpResponse:
    """Who invigilates and who is expected."""
    found = _room(request, room_id)
    if not leads(found, request.user):
        raise PermissionDenied(NOT_A_LEADER)
    watching = [row.invigilator for row in found.invigilators.filter(left_at__isnull=True)]
    expected = "\n".join(row.officer.service_number for row in found.expected.select_related("officer"))
    do = request.POST.get("do", "")
    added = InvigilatorForm(request.POST if do == "add" else None)
    listed = ExpectedForm(request.POST if do == "expect" else None, initial={"expected": expected})
    form: Any = listed if do == "expect" else added
    if request.method == "POST":
        try:
            if said := _change_names(request, found, do, form):
                messages.success(request, said)
                return redirect("assessments:room_names", found.pk)
        except RoomRefused as refusal:
            if do == "off":
                messages.error(request, str(refusal))
                return redirect("assessments:room_names", found.pk)
            form.add_error(_field(refusal, {}, form=form), str(refusal))
    context = {"room": found, "invigilators": watching, "added": added, "listed": listed, "form": form}
    return _form_page(request, "assessments/rooms/names.html", context)


@never_cache
@form_page
@login_required
def code(request: SignedInRequest, room_id: UUID) -> HttpResponse:
    """Change the start code."""
    return _press(
        request,
        room_id,
        "assessments/rooms/code.html",
        lambda found: change_code(found, by=request.user, at=clock.now()),
        "The start code is changed. The one before starts nothing any more.",
    )


@never_cache
@form_page
@login_required
def close(request: SignedInRequest, room_id: UUID) -> HttpResponse:
    """Close the room."""
    return _press(
        request,
        room_id,
        "assessments/rooms/close.html",
        lambda found: close_room(found, by=request.user, at=clock.now()),
        "The room is closed. Its log stays.",
    )


@never_cache
@form_page
@login_required
def incident(request: SignedInRequest, room_id: UUID) -> HttpResponse:
    """Write into the log what happened, in the whole room or with one candidate."""
    found = _room(request, room_id)
    if not (invigilates(found, request.user) or leads(found, request.user)):
        raise PermissionDenied(NOT_YOUR_ROOM)
    attempts = sittings_of(found)
    form = IncidentForm(request.POST or None, attempts=attempts, initial={"about": request.GET.get("about")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            report_incident(found, given["about"], given["words"], by=request.user, at=clock.now())
        except RoomRefused as refusal:
            form.add_error(_field(refusal, {}), str(refusal))
        else:
            messages.success(request, "This stands in the log.")
            return redirect("assessments:room", found.pk)
    return _form_page(request, "assessments/rooms/incident.html", {"room": found, "form": form})


@never_cache
@require_safe
@login_required
def log(request: SignedInRequest, room_id: UUID) -> HttpResponse:
    """The log of the room, to read and to print."""
    found = _room(request, room_id)
    lines = log_lines(found)
    _looked(request, found, [line.event.attempt.officer_id for line in lines if line.event.attempt])
    context = {
        "room": found,
        "lines": lines,
        "may_write": leads(found, request.user) or invigilates(found, request.user),
    }
    return render(request, "assessments/rooms/log.html", context)


@never_cache
@require_safe
@login_required
def log_csv(request: SignedInRequest, room_id: UUID) -> HttpResponse:
    """The log of the room as a CSV file."""
    found = _room(request, room_id)
    lines = log_lines(found)
    _looked(request, found, [line.event.attempt.officer_id for line in lines if line.event.attempt])
    return log_file(found, lines)


NOT_YOUR_ROOM = "Only somebody who invigilates this room, or leads it, writes into its log."


def _change_names(request: SignedInRequest, found: Room, do: str, form: Any) -> str:
    """Do what was asked of the names, and return a sentence of it, or nothing where something is wrong with what was typed."""
    by, now = request.user, clock.now()
    if do == "off":
        asked = request.POST.get("person", "")
        row = next(
            (
                one
                for one in found.invigilators.select_related("invigilator")
                if str(one.invigilator.public_id) == asked
            ),
            None,
        )
        if row is None:
            raise RoomRefused("This person does not invigilate this room. Nothing was changed.")
        take_invigilator_off(found, row.invigilator, by=by, at=now)
        return f"{row.invigilator.name} does not invigilate this room any more."
    if not form.is_valid():
        return ""
    if do == "expect":
        expect_candidates(found, form.cleaned_data["expected"], by=by, at=now)
        return "The list of candidates is changed."
    for person in form.cleaned_data["invigilators"]:
        add_invigilator(found, person, by=by, at=now)
    return "Added. They get a mail."


def _press(
    request: SignedInRequest, room_id: UUID, template: str, act: Callable[[Room], Any], said: str
) -> HttpResponse:
    """A page that asks once more, and does it: for those who lead the room or invigilate it."""
    found = _room(request, room_id)
    if not (invigilates(found, request.user) or leads(found, request.user)):
        raise PermissionDenied(NOT_YOURS)
    if request.method == "POST":
        try:
            act(found)
            messages.success(request, said)
        except RoomRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("assessments:room", found.pk)
    return render(request, template, {"room": found, "page": room_page(found, at=clock.now())})


NOT_YOURS = "Only those who lead or invigilate this room change it."


def _room(request: SignedInRequest, room_id: UUID) -> Room:
    seen = Room.objects.visible_to(request.user).select_related("assessment")
    return get_object_or_404(seen.with_title(), pk=room_id)


def _looked(request: SignedInRequest, found: Room, officers: list[int]) -> None:
    record_looks(officers, by=request.user, at=clock.now(), where=f"Exam room {found.place}"[:100], saw=SAW)


def _field(refusal: RoomRefused, names: dict[str, str], *, form: Any = None) -> str | None:
    field = names.get(refusal.field, refusal.field) or None
    return field if form is None or field in form.fields else None


def _form_page(request: SignedInRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if context["form"].errors else HTTPStatus.OK
    return render(request, template, context, status=status)
