"""Which confirmed decisions rule a question of an attempt. A later decision on the same version takes the place of an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.models import (
    AttemptItem,
    DecisionAssessment,
    DecisionKind,
    DecisionStepKind,
    DecisionVersion,
    QuestionDecision,
)


def standing_rulings(items: Sequence[AttemptItem], assessment_version: int) -> dict[str, dict[str, Any]]:
    """Return what the confirmed decisions rule about these questions, by position as a step keeps it. One query where none does."""
    by_version = {item.question_version_id: item for item in items}
    rulings: dict[str, dict[str, Any]] = {}
    for row in _in_force(by_version, assessment_version):
        rulings[str(by_version[row.question_version_id].position)] = ruled_by(row.decision)
    return rulings


def ruled_by(decision: QuestionDecision) -> dict[str, Any]:
    """Return a decision as a step of an attempt keeps it; see ``rulings``."""
    named = {"decision": str(decision.pk)}
    if decision.kind == DecisionKind.NEUTRAL:
        return {"neutral": True, **named}
    if decision.kind == DecisionKind.AWARD:
        return {"award": True, **named}
    keys = [row.question_version_id for row in decision.key_rows.all()]  # type: ignore[attr-defined]
    return {"key_from": keys[0], **named} if decision.kind == DecisionKind.KEY else {"keys": keys, **named}


def _in_force(versions: Iterable[int], assessment_version: int) -> QuerySet[DecisionVersion]:
    """What confirmed decisions name of these versions, in the order they were confirmed."""
    limits = DecisionAssessment.objects.filter(decision=OuterRef("decision"))
    return (
        DecisionVersion.objects.filter(question_version__in=versions, decision__steps__kind=DecisionStepKind.CONFIRMED)
        .filter(Q(~Exists(limits)) | Q(Exists(limits.filter(assessment_version=assessment_version))))
        .order_by("decision__steps__at", "decision__steps__pk")
        .select_related("decision")
        .prefetch_related("decision__key_rows")
    )
