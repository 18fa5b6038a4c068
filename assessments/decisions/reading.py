"""What those who decide read: the decisions there are, where each stands, what it names, and which versions were drawn how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, QuerySet

from assessments import question_types
from assessments.models import (
    AssessmentVersion,
    AttemptItem,
    DecisionEffect,
    DecisionStep,
    DecisionStepKind,
    Question,
    QuestionDecision,
    QuestionVersion,
)
from assessments.models.decisions import ENDS


@dataclass(frozen=True)
class VersionLine:
    """A version of a question as whoever decides needs it: its key in words, and how many attempts drew it."""

    version: QuestionVersion
    key: str
    attempts: int

    @property
    def words(self) -> str:
        drawn = (
            f"drawn by {self.attempts} attempt{'' if self.attempts == 1 else 's'}" if self.attempts else "never drawn"
        )
        return f"Version {self.version.number} ({self.version.get_state_display().lower()}, {drawn}). Key: {self.key}"


@dataclass(frozen=True)
class Standing:
    """Where a decision stands: who checked the law, how it ended, and how far its marking has come."""

    checked: DecisionStep | None
    ended: DecisionStep | None
    reached: int
    changed: int
    left: int

    @property
    def is_confirmed(self) -> bool:
        return self.ended is not None and self.ended.kind == DecisionStepKind.CONFIRMED

    @property
    def words(self) -> str:
        if self.ended is not None:
            return self.ended.get_kind_display()
        return "Waits to be confirmed" if self.checked else "Waits for a check of the law"


def version_lines(question: Question) -> list[VersionLine]:
    """Return every version of a question, the newest first."""
    versions = list(question.versions.order_by("-number"))  # type: ignore[attr-defined]
    counts = AttemptItem.objects.filter(question_version__in=versions).values("question_version")
    drawn = dict(counts.annotate(attempts=Count("pk")).values_list("question_version", "attempts"))
    return [
        VersionLine(one, question_types.get(one.type).summarise_key(one.definition), drawn.get(one.pk, 0))
        for one in versions
    ]


def assessments_that_drew(question: Question) -> list[AssessmentVersion]:
    """Return the assessment versions whose attempts drew a question."""
    drawn = AttemptItem.objects.filter(question_version__question=question).values("attempt__assessment_version")
    rows = AssessmentVersion.objects.filter(pk__in=drawn).select_related("assessment")
    return list(rows.order_by("assessment__code", "-number"))


def decisions_seen_by(user: AbstractBaseUser | AnonymousUser) -> QuerySet[Any]:
    """Return the decisions of somebody's families, those that wait in front, then the latest."""
    ended = DecisionStep.objects.filter(decision=OuterRef("pk"), kind__in=ENDS)
    rows = (
        QuestionDecision.objects.visible_to(user).select_related("question", "by").prefetch_related("steps", "versions")
    )
    return rows.annotate(is_ended=Exists(ended)).order_by("is_ended", "-at")


def standing_of(decision: QuestionDecision, *, left: int = 0) -> Standing:
    """Return where a decision stands; ``left`` are the attempts its marking has not reached."""
    steps = {step.kind: step for step in decision.steps.all()}  # type: ignore[attr-defined]
    effects = DecisionEffect.objects.filter(decision=decision)
    return Standing(
        checked=steps.get(DecisionStepKind.CHECKED) or steps.get(DecisionStepKind.OBJECTED),
        ended=next((steps[kind] for kind in ENDS if kind in steps), None),
        reached=effects.count(),
        changed=effects.filter(is_changed=True).count(),
        left=left,
    )
