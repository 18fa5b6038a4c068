"""A draw of an assessment as its candidates would meet it, to read or to sit; another with every seed, and nothing kept."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments import question_types
from assessments.admin.rehearsal import RESULT, REVIEW, Draw, Kept, Rehearsal, drawn, read_kept
from assessments.drawing import CannotDraw
from assessments.models import Assessment, AssessmentVersion, Outcome, QuestionVersion
from assessments.picture_addresses import address_in_bank
from assessments.question_types import Face

SEED = re.compile(r"[0-9a-f]{1,64}")
NO_FILES = "Files are not taken in a preview. A candidate’s are kept with the answer."
OUTCOMES = {Outcome.PASSED: "passed", Outcome.FAILED: "not passed", Outcome.COMPLETED: "completed, without a pass mark"}


@require_safe
def draw_preview(request: HttpRequest, assessment_id: Any, number: int) -> HttpResponse:
    """Show every question of one draw in the candidates’ order and look. The seed is in the address: the same draw can be shown again."""
    version = _version(request, assessment_id, number)
    seed = _seed(request)
    if not seed:
        return _with_a_seed(request)
    shown: dict[str, Any] = {"version": version, "seed": seed, "again": secrets.token_hex(8)}
    try:
        draw = drawn(version, seed=seed)
    except CannotDraw as refusal:
        return render(request, "assessments/admin/draw.html", {**shown, "shortfalls": refusal.shortfalls})
    faces = [
        (section, question, _face(question, place, seed, counts=version.counts_confidence))
        for place, (section, question) in enumerate(draw.questions, 1)
    ]
    return render(request, "assessments/admin/draw.html", {**shown, "faces": faces})


@require_http_methods(["GET", "HEAD", "POST"])
def rehearse(request: HttpRequest, assessment_id: Any, number: int) -> HttpResponse:
    """Let somebody who works on an assessment sit it: pages, order, review and mark are those of an attempt, and nothing is kept."""
    version = _version(request, assessment_id, number)
    seed = _seed(request)
    if not seed:
        return _with_a_seed(request)
    shown: dict[str, Any] = {"version": version, "seed": seed, "again": secrets.token_hex(8)}
    try:
        draw = drawn(version, seed=seed)
    except CannotDraw as refusal:
        return render(request, "assessments/admin/draw.html", {**shown, "shortfalls": refusal.shortfalls})
    if request.method == "POST":
        return _go_on(request, draw, shown)
    return _page(request, Rehearsal(draw, Kept()), shown)


def _go_on(request: HttpRequest, draw: Draw, shown: dict[str, Any]) -> HttpResponse:
    """Take what the page carried and go where its button leads."""
    posted, go = request.POST, request.POST.get("go", "")
    here = Rehearsal(draw, read_kept(posted.get("kept", "")), position=_whole(posted.get("position")))
    kept = here.take(posted) if posted.get("position") else here.kept
    if request.FILES:
        shown["refusal"] = NO_FILES
    if go == "check" and here.checks_at_once and not here.errors:
        kept = replace(kept, checked=kept.checked | {str(item.question_version.pk) for item in here.on_page})
    target = here.position if here.errors else _target(here, go)
    sitting = Rehearsal(draw, kept, position=target)
    sitting.errors = here.errors
    if not here.errors and go == REVIEW:
        return render(
            request, "assessments/admin/rehearsal_review.html", {**shown, "sitting": sitting, "page": sitting.review()}
        )
    if not here.errors and go == RESULT:
        mark = sitting.mark()
        told = OUTCOMES[Outcome(mark.outcome)] if mark else ""
        score = f"{mark.score * 100 / question_types.contract.FULL_MARKS:.4g}" if mark else ""
        more = {"mark": mark, "outcome": told, "score": score}
        return render(request, "assessments/admin/rehearsal_result.html", {**shown, "sitting": sitting, **more})
    return _page(request, sitting, shown)


def _target(here: Rehearsal, go: str) -> int:
    """Return the question a button leads to; where one only goes forward, no other than the next."""
    if go == "next":
        return here.position + 1
    if here.is_forward_only:
        return here.position
    return here.position - 1 if go == "previous" else _whole(go) or here.position


def _page(request: HttpRequest, sitting: Rehearsal, shown: dict[str, Any]) -> HttpResponse:
    questions = sitting.shown()
    may_check = sitting.checks_at_once and not all(one.verdict for one in questions)
    more = {"sitting": sitting, "questions": questions, "may_check": may_check}
    return render(request, "assessments/admin/rehearsal.html", {**shown, **more})


def _version(request: HttpRequest, assessment_id: Any, number: int) -> AssessmentVersion:
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user), pk=assessment_id)
    return get_object_or_404(assessment.versions.select_related("assessment"), number=number)


def _seed(request: HttpRequest) -> str:
    seed = request.GET.get("seed", "")
    return seed if SEED.fullmatch(seed) else ""


def _with_a_seed(request: HttpRequest) -> HttpResponse:
    return redirect(f"{request.path}?{urlencode({'seed': secrets.token_hex(8)})}")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 0


def _face(version: QuestionVersion, place: int, seed: str, *, counts: bool) -> Face:
    """Return the question as the attempt with this seed would show it, its options in the attempt's own order."""
    asked = question_types.asked(version.type, version.definition)
    order = asked.kind.option_order(version.definition, f"{seed}:{version.question.code}")
    return asked.face(
        None,
        name=f"question-{place}",
        order=order,
        level=2,
        address=address_in_bank(version),
        counts_confidence=counts,
    )
