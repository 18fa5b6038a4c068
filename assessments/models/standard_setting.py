"""Standard setting: a panel's ratings of questions, in rounds, and what was made of them. Every row is written once.

What the figures are is reckoned from the ratings (``standard_setting.angoff``), never stored.
"""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from assessments.authors import families_seen_by
from assessments.models.bank import AssessmentVersion, QuestionVersion
from people import access

CANDIDATE_LENGTH = 2000


class StandardStepKind(models.TextChoices):
    """What became of an exercise after it began with its first round."""

    DISCUSSED = "discussed", "First round closed, discussion begun"
    SECOND = "second", "Second round begun"
    CLOSED = "closed", "Second round closed"
    APPLIED = "applied", "Applied"
    WITHDRAWN = "withdrawn", "Withdrawn"


class StandardSettingQuerySet(models.QuerySet[Any]):
    """Which exercises."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Exercises on assessments of the families this person writes, reviews or approves for."""
        families = families_seen_by(user)
        return self if families is None else self.filter(assessment_version__assessment__family__in=families)

    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Exercises this person is a judge of."""
        return self.filter(judges__person=user) if access.is_person(user) else self.none()


class StandardSetting(models.Model):
    """One exercise for a version of an assessment. ``candidate`` describes who just passes, which is what every judge rates for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment_version = models.ForeignKey(AssessmentVersion, on_delete=models.PROTECT, related_name="standards")
    candidate = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = StandardSettingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]

    def __str__(self) -> str:
        return f"standard setting for {self.assessment_version}"


class StandardItem(models.Model):
    """A question the panel rates."""

    exercise = models.ForeignKey(StandardSetting, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    question_version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["exercise", "position"], name="one_rated_question_at_a_position"),
            models.UniqueConstraint(
                fields=["exercise", "question_version"], name="a_question_is_rated_once_an_exercise"
            ),
        ]


class StandardJudge(models.Model):
    """Somebody who was asked to judge; they need no role."""

    exercise = models.ForeignKey(StandardSetting, on_delete=models.PROTECT, related_name="judges")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["exercise", "person"], name="a_judge_is_asked_once")]


class StandardRating(models.Model):
    """A judge's rating of a question in a round: the chance in per cent that the candidate answers right. The last one counts."""

    judge = models.ForeignKey(StandardJudge, on_delete=models.PROTECT, related_name="ratings")
    item = models.ForeignKey(StandardItem, on_delete=models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["judge", "round"], name="ratings_of_a_round")]
        constraints = [
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="there_are_two_rounds"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="a_rating_is_a_percentage"),
        ]


class StandardCompromise(models.Model):
    """What a judge would accept at all (Hofstee): the lowest and highest pass mark and share of fails, in per cent. The last counts."""

    judge = models.ForeignKey(StandardJudge, on_delete=models.PROTECT, related_name="compromises")
    least_mark = models.PositiveSmallIntegerField()
    most_mark = models.PositiveSmallIntegerField()
    least_fails = models.PositiveSmallIntegerField()
    most_fails = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(least_mark__lt=F("most_mark"), most_mark__lte=100), name="acceptable_marks_are_a_range"
            ),
            models.CheckConstraint(
                condition=Q(least_fails__lt=F("most_fails"), most_fails__lte=100), name="acceptable_fails_are_a_range"
            ),
        ]


class StandardStep(models.Model):
    """What became of an exercise: who, when, why. ``version`` is the version of the assessment an applied one brought."""

    exercise = models.ForeignKey(StandardSetting, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StandardStepKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    version = models.ForeignKey(AssessmentVersion, on_delete=models.PROTECT, null=True, related_name="standard_steps")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["exercise", "kind"], name="an_exercise_takes_each_step_once"),
            models.CheckConstraint(
                condition=Q(kind="applied", version__isnull=False) | (~Q(kind="applied") & Q(version__isnull=True)),
                name="what_is_applied_names_its_version",
            ),
        ]
