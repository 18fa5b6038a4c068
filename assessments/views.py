"""Pages of an attempt. Someone else's attempt and an unknown one are answered alike: there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments import attempts
from assessments.answer_files import FOLDER as ANSWERS
from assessments.answer_files import hand_in
from assessments.attempt_pages import (
    address_in,
    address_of,
    attempt_page,
    device_of,
    is_over,
    is_whole,
    kept_turns,
    own_attempt,
    question_pieces,
)
from assessments.contact import clock_now, is_resting
from assessments.models import AnswerFile, Attempt, AttemptState
from assessments.pictures import FOLDER as PICTURES
from assessments.pictures import picture_of_attempt
from assessments.posted import FIELD, NOT_READ, PostedSave, is_script, read_save, with_handed_in
from assessments.private_files import private_file
from assessments.question_types import BadResponse
from assessments.receipts import receipt_of
from assessments.refusals import AnswerFinal, AttemptClosed, AttemptPaused, AttemptRefused, UnknownAttempt, clock_time
from assessments.rests import RestRefused, begin_rest
from assessments.review_pages import review_page
from assessments.sheets import PostedPage, read_page, save_page
from assessments.whole_pages import whole_page
from people import access, clock, sessions
from people.models import User

SIGNED_OUT = (
    "You are signed out. Your answer is kept in this browser. Sign in again in another tab, then come back to this one: "
    "it is sent by itself."
)
View = Callable[..., HttpResponse]


def for_open_attempt(view: View) -> View:
    """Give the view the person's own attempt while it is open; one that is closed leads to its receipt."""

    @wraps(view)
    @never_cache
    @require_safe
    @login_required
    def found(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
        attempt = _own(request, attempt_id)
        if attempt.state != AttemptState.OPEN:
            return redirect("assessments:receipt", attempt_id)
        if is_over(attempt, at=clock.now()):
            turns = kept_turns(attempt)
            return render(request, "assessments/time_up.html", {"attempt": attempt, "kept_turns": turns})
        if is_resting(attempt, at=clock.now()):
            now = clock_now(attempt, at=clock.now())
            return render(request, "assessments/resting.html", {"attempt": attempt, "clock": now})
        return view(request, attempt)

    return found


@for_open_attempt
def attempt(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Show one question, ``?q=`` its number, or all of them in a layout of one page."""
    if is_whole(attempt):
        return _show_whole(request, attempt)
    asked = request.GET.get("q", "")
    position = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else attempt.reached
    if attempts.is_passed(attempt, position):
        return _show_reached(request, attempt, attempts.PassedOn(position, attempt.reached))
    return _show(request, attempt, attempt.reached if attempts.is_forward(attempt) else position)


@for_open_attempt
def questions(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Give a page's script every question, so that it can go on without connection."""
    return JsonResponse({"questions": question_pieces(attempt)})


@for_open_attempt
def review(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Show what needs a look before submitting."""
    now = clock_now(attempt, at=clock.now())
    return render(request, "assessments/review.html", {"page": review_page(attempt), "clock": now})


@never_cache
@require_POST
def save(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Keep an answer: from a form, which goes on to another page, or from a script, which is told what became of it."""
    if not request.user.is_authenticated:
        if is_script(request):
            return JsonResponse({"refused": "signed-out", "message": SIGNED_OUT}, status=401)
        return redirect_to_login(reverse("assessments:attempt", args=[attempt_id]))
    sessions.renew_when_half_over(request)
    if is_script(request):
        return _save_script(request, attempt_id)
    attempt = _own(request, attempt_id)
    return _save_whole(request, attempt) if is_whole(attempt) else _save_form(request, attempt)


@never_cache
@login_required
def submit(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Hand in. A second press, or a press after time ran out, leads to the same receipt."""
    if request.method != "POST":
        return redirect("assessments:review", attempt_id)
    attempts.submit_attempt(_own(request, attempt_id), by=_candidate(request), at=clock.now())
    return redirect("assessments:receipt", attempt_id)


@never_cache
@require_safe
@login_required
def receipt(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    """Show what was received, before any score."""
    attempt = _own(request, attempt_id)
    if attempt.state == AttemptState.OPEN:
        return redirect("assessments:attempt", attempt_id)
    page = receipt_of(attempt, at=clock.now())
    is_short = request.GET.get("show") != "all" and len(page.rows) > len(page.first_rows)
    rows = page.first_rows if is_short else page.rows
    return render(request, "assessments/receipt.html", {"page": page, "rows": rows, "is_short": is_short})


@require_safe
@login_required
def picture(request: HttpRequest, attempt_id: UUID, position: int, digest: str) -> HttpResponseBase:
    """Answer with a picture that a question of one's own attempt shows; in a rest it is hidden with its question."""
    attempt, now = _own(request, attempt_id), clock.now()
    is_hidden = attempts.is_passed(attempt, position) or is_resting(attempt, at=now)
    shown = None if is_hidden else picture_of_attempt(attempt, position, digest, at=now)
    if shown is None:
        raise Http404
    return private_file(f"{PICTURES}/{digest}", content_type=shown.content_type)


@require_safe
@login_required
def answer_file(request: HttpRequest, attempt_id: UUID, digest: str) -> HttpResponseBase:
    """Hand a file back to the candidate who handed it in."""
    attempt = _own(request, attempt_id)
    kept = AnswerFile.objects.of(request.user).filter(attempt=attempt, digest=digest).first()
    if kept is None:
        raise Http404
    return private_file(
        f"{ANSWERS}/{digest}",
        content_type=kept.content_type,
        name=kept.name,
        is_shown=kept.content_type.startswith("image/"),
    )


def _save_script(request: HttpRequest, attempt_id: UUID) -> HttpResponse:
    now = clock.now()
    try:
        posted = read_save(request)
        if posted.only_goes_on:
            opened = _go_on(request, attempt_id, posted, posted.position)
            saved = attempts.Saved(None, opened.turn, is_news=False, ends_at=opened.deadline_at)
        elif posted.position:
            saved = _keep(request, attempt_id, posted)
        else:
            opened = attempts.open_on_device(
                attempt_id, by=_candidate(request), at=now, device=posted.device, turn=posted.turn
            )
            saved = attempts.Saved(None, opened.turn, is_news=False, ends_at=opened.deadline_at)
    except UnknownAttempt as refusal:
        return JsonResponse({"refused": refusal.kind, "message": str(refusal)}, status=404)
    except BadResponse as refusal:
        return JsonResponse({"refused": "answer", "message": str(refusal)}, status=400)
    except AttemptRefused as refusal:
        return JsonResponse({"refused": refusal.kind, "message": str(refusal)}, status=409)
    said = f"Saved at {clock_time(saved.saved_at)}" if saved.saved_at else ""
    told = {"saved": said, "turn": saved.turn, "now": int(now.timestamp() * 1000)}
    if saved.ends_at is not None:
        told |= {"end": int(saved.ends_at.timestamp() * 1000), "endsAt": clock_time(saved.ends_at)}
    return JsonResponse(told)


def _save_whole(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Keep a page with all questions, and go where its button says unless an answer could not be kept."""
    now, by = clock.now(), _candidate(request)
    page: PostedPage | None = None
    try:
        page = read_page(request)
        errors = save_page(attempt, page, by=by, at=now)
        if errors:
            more: dict[str, Any] = {"errors": errors, "posted": page, "typed": request.POST}
            return _show_whole(request, _own(request, attempt.pk), **more)
        if page.go == "rest":
            begin_rest(attempt.pk, by=by, at=now)
    except RestRefused as refusal:
        messages.error(request, str(refusal))  # The answers are kept.
    except UnknownAttempt as refusal:
        raise Http404 from refusal
    except AttemptClosed as refusal:
        return render(request, "assessments/closed.html", {"attempt": attempt, "refusal": refusal}, status=409)
    except BadResponse as refusal:
        return _show_whole(request, attempt, refusal=str(refusal), typed=request.POST, status=400)
    except AttemptRefused as refusal:
        # A stopped clock leaves the form as it is, to be sent again when it runs; one that is open elsewhere takes nothing.
        more = {"posted": page, "typed": request.POST, "is_read_only": not isinstance(refusal, AttemptPaused)}
        return _show_whole(request, _own(request, attempt.pk), refusal=str(refusal), status=409, **more)
    go = request.POST.get("go", "")
    if go == "review":
        return redirect("assessments:review", attempt.pk)
    if go.isascii() and go.isdigit() and len(go) < 4:
        return redirect(address_in(attempt, int(go)))
    uploaded = [sheet.position for sheet in page.sheets if sheet.uploads] if page else []
    return redirect(address_in(attempt, uploaded[0])) if uploaded else redirect("assessments:attempt", attempt.pk)


def _save_form(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    attempt_id = attempt.pk
    position = 1
    try:
        posted = read_save(request)
        position = posted.position
        attempts.refuse_passed(attempt, position)
        if posted.uploads:
            handed_in = hand_in(attempt, position, posted.uploads, by=_candidate(request), at=clock.now())
            posted = with_handed_in(posted, [row.digest for row in handed_in])
        _keep(request, attempt_id, posted)
        if posted.go == "check":
            attempts.check_answer(attempt_id, position, by=_candidate(request), at=clock.now())
        if posted.go == "rest":
            begin_rest(attempt_id, by=_candidate(request), at=clock.now())
        if posted.go == "next" and attempts.is_forward(attempt):
            _go_on(request, attempt_id, posted, position + 1)
    except attempts.PassedOn as refusal:
        return _show_reached(request, _own(request, attempt_id), refusal, status=409)
    except RestRefused as refusal:
        messages.error(request, str(refusal))  # The answer is kept.
    except AttemptPaused as refusal:
        # The form stays as it is, to be sent again when the clock runs.
        now = _own(request, attempt_id)
        return _show(request, now, position, refusal=str(refusal), posted=request.POST, status=409)
    except AnswerFinal:
        pass  # Its page is read only, so nothing was typed that could be lost.
    except UnknownAttempt as refusal:
        raise Http404 from refusal
    except AttemptClosed as refusal:
        return render(request, "assessments/closed.html", {"attempt": attempt, "refusal": refusal}, status=409)
    except BadResponse as refusal:
        if str(refusal) == NOT_READ:
            return _show(request, attempt, position, refusal=NOT_READ, posted=request.POST, status=400)
        return _show(request, attempt, position, error=str(refusal), posted=request.POST)
    except AttemptRefused as refusal:
        more = {"refusal": str(refusal), "posted": request.POST, "is_read_only": True}
        return _show(request, attempt, position, status=409, **more)
    return redirect(_after(attempt_id, position, request.POST.get("go", "")))


def _keep(request: HttpRequest, attempt_id: UUID, posted: PostedSave) -> attempts.Saved:
    return attempts.save_posted(
        attempt_id,
        posted.position,
        posted.fields,
        by=_candidate(request),
        at=clock.now(),
        device=posted.device,
        sequence=posted.sequence,
        turn=posted.turn,
        flagged=attempts.KEEP if posted.flagged is None else posted.flagged,
        name=FIELD,
    )


def _go_on(request: HttpRequest, attempt_id: UUID, posted: PostedSave, position: int) -> Attempt:
    return attempts.go_on(
        attempt_id, position, by=_candidate(request), at=clock.now(), device=posted.device, turn=posted.turn
    )


def _after(attempt_id: UUID, position: int, go: str) -> str:
    """Where a form goes on to: the next or previous question, a numbered one, the review, or the same one."""
    if go == "review":
        return reverse("assessments:review", args=[attempt_id])
    steps = {"next": position + 1, "previous": position - 1}
    target = int(go) if go.isascii() and go.isdigit() and len(go) < 6 else steps.get(go, position)
    return address_of(attempt_id, max(target, 1))


def _show_reached(
    request: HttpRequest, attempt: Attempt, refusal: attempts.PassedOn, *, status: int = 200
) -> HttpResponse:
    """Show the question a forward-only test is at, and why not the one that was asked for."""
    return _show(request, attempt, attempt.reached, passed=str(refusal), status=status)


def _show_whole(request: HttpRequest, attempt: Attempt, *, status: int = 200, **more: Any) -> HttpResponse:
    page = whole_page(attempt, at=clock.now(), **more)
    device = device_of(_candidate(request), request.session.session_key)
    return render(request, "assessments/attempt_whole.html", {"page": page, "device": device}, status=status)


def _show(request: HttpRequest, attempt: Attempt, position: int, *, status: int = 200, **more: Any) -> HttpResponse:
    page = attempt_page(attempt, position, at=clock.now(), **more)
    device = device_of(_candidate(request), request.session.session_key)
    return render(request, "assessments/attempt.html", {"page": page, "device": device}, status=status)


def _candidate(request: HttpRequest) -> User:
    if not access.is_person(request.user):
        raise Http404
    return request.user


def _own(request: HttpRequest, attempt_id: UUID) -> Attempt:
    try:
        return own_attempt(request.user, attempt_id)
    except UnknownAttempt as refusal:
        raise Http404 from refusal
