"""Decisions on questions, from the proposal to their effect on each attempt. Every row is written once: triggers refuse updates."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from assessments.authors import families_seen_by
from assessments.models.attempts import Attempt, Outcome
from assessments.models.bank import AssessmentVersion, Question, QuestionVersion

REASON_LENGTH, REFERENCE_LENGTH = 1000, 200


class DecisionKind(models.TextChoices):
    """What a decision does to a question."""

    NEUTRAL = "neutral", "Take it out of the marking"
    AWARD = "award", "Give everybody its mark"
    KEY = "key", "Mark it by another version’s key"
    SEVERAL = "several", "Accept the keys of several versions"


class DecisionStepKind(models.TextChoices):
    """What became of a proposal. Confirmed, objected and withdrawn end it."""

    CHECKED = "checked", "Law checked"
    OBJECTED = "objected", "Objected to after checking the law"
    CONFIRMED = "confirmed", "Confirmed"
    WITHDRAWN = "withdrawn", "Withdrawn"


ENDS = (DecisionStepKind.OBJECTED, DecisionStepKind.CONFIRMED, DecisionStepKind.WITHDRAWN)


class QuestionDecisionQuerySet(models.QuerySet[Any]):
    """Which decisions."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Decisions on questions of the families this person writes, reviews or approves for."""
        families = families_seen_by(user)
        return self if families is None else self.filter(question__family__in=families)

    def confirmed(self) -> Self:
        return self.filter(steps__kind=DecisionStepKind.CONFIRMED)


class QuestionDecision(models.Model):
    """A decision on named versions of one question, proposed with a reason; what became of it is told by its steps.

    ``versions`` are the question versions it names and no others; ``assessments`` the assessment versions it is limited to, none
    meaning all; ``keys`` the versions whose keys mark the answers, for the kinds that need one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=10, choices=DecisionKind.choices)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    versions = models.ManyToManyField(QuestionVersion, through="DecisionVersion", related_name="decisions")
    keys = models.ManyToManyField(QuestionVersion, through="DecisionKey", related_name="+")
    assessments = models.ManyToManyField(AssessmentVersion, through="DecisionAssessment", related_name="+")

    objects = QuestionDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.question.code}: {self.get_kind_display()}"


class DecisionVersion(models.Model):
    """A question version that a decision names."""

    decision = models.ForeignKey(QuestionDecision, on_delete=models.PROTECT, related_name="named")
    question_version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "question_version"], name="a_decision_names_a_version_once")
        ]


class DecisionKey(models.Model):
    """A version whose key marks the answers to those that a decision names."""

    decision = models.ForeignKey(QuestionDecision, on_delete=models.PROTECT, related_name="key_rows")
    question_version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "question_version"], name="a_decision_takes_a_key_once")
        ]


class DecisionAssessment(models.Model):
    """An assessment version to which a decision is limited."""

    decision = models.ForeignKey(QuestionDecision, on_delete=models.PROTECT, related_name="limited_to")
    assessment_version = models.ForeignKey(AssessmentVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "assessment_version"], name="a_decision_is_limited_once")
        ]


class DecisionStep(models.Model):
    """What became of a proposal: who, when, why. A check of the law says what was looked at and when, and is never the author's.

    ``data`` of a confirmation is what was shown before it: the counts of ``foreseeing.Foreseen``.
    """

    decision = models.ForeignKey(QuestionDecision, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=DecisionStepKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reference = models.CharField(max_length=REFERENCE_LENGTH, blank=True)
    looked_on = models.DateField(null=True)
    words = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "kind"], name="a_decision_takes_each_step_once"),
            models.UniqueConstraint(fields=["decision"], condition=Q(kind__in=ENDS), name="a_decision_ends_in_one_way"),
            models.CheckConstraint(
                condition=~Q(kind__in=["checked", "objected"])
                | (~Q(by=F("author")) & ~Q(reference="") & Q(looked_on__isnull=False)),
                name="the_law_is_checked_by_another_with_a_reference",
            ),
        ]


class DecisionEffect(models.Model):
    """What a confirmed decision did to one attempt, once: the mark before and after. Scores in millionths, null where unmarked."""

    decision = models.ForeignKey(QuestionDecision, on_delete=models.PROTECT, related_name="effects")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="effects")
    at = models.DateTimeField()
    score_before = models.PositiveIntegerField(null=True)
    score_after = models.PositiveIntegerField(null=True)
    outcome_before = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_after = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    is_changed = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "attempt"], name="a_decision_takes_effect_once_on_an_attempt"),
        ]
