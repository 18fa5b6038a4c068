"""Attempts at every type of question, and how questions performed, for the photographs of ``tests.screens``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from assessments.attempts import save_posted
from assessments.models import Assessment, Attempt, QuestionVersion
from people.models import User
from tests.assessments.building import TRUE_FALSE, question, rules_only, started
from tests.assessments.question_types.samples import FILES, SAMPLES, WRITTEN, posted

BANK, FAMILY = "KINDS-1", "leadership"
KINDS: dict[str, tuple[str, Any]] = {
    **{name: (sample.type, dict(sample.definition)) for name, sample in SAMPLES.items()},
    "sure": ("true_false", {**TRUE_FALSE, "confidence": True}),
    "written": ("written", WRITTEN),
    "files": ("file_upload", FILES),
}
# Areas of the plan that the demonstration's draft shows.
AREAS = ("front", "yard")


def question_states(now: datetime, person: Callable[..., User]) -> dict[str, str]:
    """Make the states and return their addresses: ``kind-…`` answered in part, ``once-…`` to be checked, one page of all, editors…"""
    plan = QuestionVersion.objects.get(question__code="init101-d01").definition
    made = {}
    for name, (type_name, definition) in KINDS.items():
        known = dict(plan) if name == "hotspot" else definition
        version = question(f"kind-{name}", type=type_name, definition=known, bank=BANK, family=FAMILY)
        made[f"edit-{name}"] = f"/admin/assessments/questions/{version.question_id}/edit/"
    made |= _sitting("kinds", "kind", person("kinds", "Kit Demo", "PC K. Demo"), now, feedback="after_submit")
    made |= _sitting("kinds-once", "once", person("once", "Ona Demo", "PC O. Demo"), now, feedback="at_once")
    on_one_page = _sitting("kinds-whole", "whole", person("whole", "Wim Demo", "PC W. Demo"), now, layout="whole")
    made["one-page"] = on_one_page["whole-rate"].partition("?")[0]
    sat = Assessment.objects.annotate(count=Count("versions__sittings")).order_by("-count", "code")[0]
    analysis = f"/admin/assessments/tests/{sat.pk}/analysis/"
    drawn = Attempt.objects.filter(assessment_version__assessment=sat).order_by("-started_at")[0].items.all()[0]
    version = drawn.question_version
    return made | {
        "analysis": analysis,
        "analysis-question": f"{analysis}{version.question_id}/{version.number}/",
        "propose": f"/admin/assessments/questions/{version.question_id}/decide/",
    }


def _sitting(code: str, prefix: str, officer: User, now: datetime, **rules: Any) -> dict[str, str]:
    draw = [{"outcome": "LO1", "count": len(KINDS)}]
    version = rules_only(code=code, bank=BANK, family=FAMILY, draw=draw, title="All kinds of question", **rules)
    attempt = started(version, officer, at=now - timedelta(minutes=5), context=f"screens:{code}")
    addresses = {}
    for item in attempt.items.select_related("question_version__question").order_by("position"):
        name = item.question_version.question.code.removeprefix("kind-")
        addresses[f"{prefix}-{name}"] = f"/assess/{attempt.pk}/?q={item.position}"
        fields = {"answer": AREAS} if name == "hotspot" else SAMPLES[name].part if name in SAMPLES else None
        if fields is not None:
            save_posted(
                attempt.pk, item.position, posted(fields), by=officer, at=now, device="d", sequence=None, turn=None
            )
    return addresses
