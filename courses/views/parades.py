"""Parades: a list looked at first, what became of everybody on it, and the file that is handed out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.models import PARADE_KEEPERS, Intake, MemberState, Parade, Shape
from courses.parades.filing import changed_since, open_file
from courses.parades.forms import ParadeForm
from courses.parades.issuing import NOT_FOR_YOU, ParadeRefused, ask_for_parade, go_on_without, make_anew
from courses.parades.looking import Line, Outlook, look, slow_members
from courses.programmes.boards import members_of
from people import access, clock
from people.finding import named_in
from people.looks import record_looks
from people.models import User
from people.signed_in import SignedInRequest

ROWS = 25
SAW_LIST = "Whether you have a certificate"


@require_safe
@never_cache
@login_required
def parades(request: SignedInRequest) -> HttpResponse:
    """Every parade, the newest first."""
    _refuse_others(request)
    page = Paginator(Parade.objects.visible_to(request.user).select_related("asked_by", "file"), ROWS)
    found = page.get_page(request.GET.get("page"))
    pages = found.paginator.get_elided_page_range(found.number)
    return render(request, "courses/parades/list.html", {"page": found, "pages": pages})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def new_parade(request: SignedInRequest) -> HttpResponse:
    """Ask for a parade: the list is answered first, then asked for with the same words."""
    _refuse_others(request)
    form = ParadeForm(request.POST or None, intakes=Intake.objects.visible_to(request.user))
    page: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        officers, unknown = _people(asked)
        try:
            if not officers and not unknown:
                raise ParadeRefused("Choose an intake, or write one service number on each line.", "numbers")
            if unknown:
                line, words = unknown[0]
                raise ParadeRefused(
                    f"Line {line}, '{words}', names nobody who is active. Correct it or take it out.", "numbers"
                )
            if request.POST.get("do") == "ask":
                chosen = {name: asked[name] for name in ("subject", "shape", "day")}
                made = ask_for_parade(asked["title"], officers, by=request.user, at=clock.now(), **chosen)
                messages.success(request, "The certificates are being put together. You may leave this page.")
                return redirect("courses:parade", made.pk)
            page |= _answers(look(asked["subject"], officers, on=clock.today()))
            looked: dict[str, Any] = {"by": request.user, "at": clock.now(), "where": "Parade", "saw": SAW_LIST}
            record_looks([one.pk for one in officers], **looked)
        except ParadeRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "courses/parades/new.html", page, status=status)


@require_safe
@never_cache
@login_required
def parade(request: SignedInRequest, parade_id: UUID) -> HttpResponse:
    """How far a parade is, who is left out and why, and its file."""
    found = _parade(request, parade_id)
    counted = dict(found.members.values_list("state").annotate(Count("pk")).order_by())  # type: ignore[attr-defined]
    left = found.members.filter(state=MemberState.LEFT_OUT).select_related("officer")  # type: ignore[attr-defined]
    page = Paginator(left.order_by("position"), ROWS).get_page(request.GET.get("page"))
    file = getattr(found, "file", None)
    changed = changed_since(found, on=clock.today()) if file and file.path else []
    seen = [*(one.officer_id for one in page), *(officer.pk for officer, _reason in changed)]
    record_looks(seen, by=request.user, at=clock.now(), where="Parade", saw=SAW_LIST)
    total = sum(counted.values())
    waiting = counted.get(MemberState.WAITING, 0)
    context = {
        "parade": found,
        "total": total,
        "waiting": waiting,
        "settled": total - waiting,
        "included": counted.get(MemberState.INCLUDED, 0),
        "left": counted.get(MemberState.LEFT_OUT, 0),
        "file": file,
        "changed": changed,
        "slow": slow_members(found) if waiting else (),
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "courses/parades/parade.html", context)


@require_POST
@login_required
def without(request: SignedInRequest, parade_id: UUID) -> HttpResponse:
    """Leave out whoever's file is not made yet."""
    found = _parade(request, parade_id)
    left = go_on_without(found, by=request.user)
    messages.success(
        request, f"Left out: {left}. The file is made of the others." if left else "Everybody was settled already."
    )
    return redirect("courses:parade", found.pk)


@require_POST
@login_required
def anew(request: SignedInRequest, parade_id: UUID) -> HttpResponse:
    """Have the file made again of those whose certificates still stand."""
    found = _parade(request, parade_id)
    make_anew(found, by=request.user)
    messages.success(request, "The file is being made anew.")
    return redirect("courses:parade", found.pk)


@require_safe
@never_cache
@login_required
def parade_file(request: SignedInRequest, parade_id: UUID) -> HttpResponseBase:
    """Hand over the file."""
    found = _parade(request, parade_id)
    try:
        made = open_file(found, by=request.user)
    except ParadeRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:parade", found.pk)
    is_zip = found.shape == Shape.ZIP
    name = f"certificates-{found.day:%Y-%m-%d}.{'zip' if is_zip else 'pdf'}"
    kind = "application/zip" if is_zip else "application/pdf"
    return FileResponse(made, as_attachment=True, filename=name, content_type=kind)


def _people(asked: dict[str, Any]) -> tuple[list[User], list[tuple[int, str]]]:
    """Return who is on the list: the lines in their order, else everybody of the intake."""
    if asked["numbers"].strip():
        return named_in(asked["numbers"])
    if asked["intake"]:
        return [recruit.officer for recruit in members_of(asked["intake"], clock.today())], []
    return [], []


def _answers(lines: list[Line]) -> dict[str, Any]:
    """Return what the look says: counts, and everybody who is left out or whose certificate says something else than they are called."""
    out = [line for line in lines if line.outlook is Outlook.LEFT_OUT]
    return {
        "lines": lines,
        "out": out,
        "in_file": len(lines) - len(out),
        "to_make": sum(line.outlook is Outlook.TO_MAKE for line in lines),
    }


def _parade(request: SignedInRequest, parade_id: UUID) -> Parade:
    _refuse_others(request)
    return get_object_or_404(Parade.objects.visible_to(request.user).select_related("asked_by", "file"), pk=parade_id)


def _refuse_others(request: SignedInRequest) -> None:
    if not access.has_any_role(request.user, *PARADE_KEEPERS):
        raise PermissionDenied(NOT_FOR_YOU)
