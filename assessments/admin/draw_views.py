"""A draw of an assessment as its candidates would meet it: another with every seed, and nothing kept."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from assessments import assessment_rules, question_types
from assessments.drawing import CannotDraw
from assessments.models import Assessment, QuestionVersion
from assessments.picture_addresses import address_in_bank
from assessments.question_types import Face

SEED = re.compile(r"[0-9a-f]{1,64}")


@require_safe
def draw_preview(request: HttpRequest, assessment_id: Any, number: int) -> HttpResponse:
    """Show every question of one draw in the candidates’ order and look. The seed is in the address: the same draw can be shown again."""
    assessment = get_object_or_404(Assessment.objects.visible_to(request.user), pk=assessment_id)
    version = get_object_or_404(assessment.versions.select_related("assessment"), number=number)
    seed = request.GET.get("seed", "")
    if not SEED.fullmatch(seed):
        return redirect(f"{request.path}?{urlencode({'seed': secrets.token_hex(8)})}")
    shown: dict[str, Any] = {"version": version, "seed": seed, "again": secrets.token_hex(8)}
    try:
        drawn = assessment_rules.draw_by_section(version, seed=seed)
    except CannotDraw as refusal:
        return render(request, "assessments/admin/draw.html", {**shown, "shortfalls": refusal.shortfalls})
    faces = [
        (section, question, _face(question, place, seed, counts=version.counts_confidence))
        for place, (section, question) in enumerate(drawn, 1)
    ]
    return render(request, "assessments/admin/draw.html", {**shown, "faces": faces})


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
