"""What learners do: enrolments, progress by step, answers to checks, private reflections, completion.

Everything is keyed by enrolment and step slug. Rows are added, not overwritten;
``closed_at`` is set once, ``place`` is where the reader was last.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from courses.models.releases import Course, Release
from people import access

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


class EnrolmentOutcome(models.TextChoices):
    """Why an enrolment was closed."""

    COMPLETED = "completed", "Completed"
    LEFT = "left", "Left the course"
    REPLACED = "replaced", "Continued on a newer release"


class EnrolmentQuerySet(models.QuerySet[Any]):
    """Enrolments somebody may see, and those still open."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """One's own; those of a trainer's families; all for a training administrator. Never a supervisor's people."""
        if not access.is_person(user):
            return self.none()
        if access.has_role(user, access.TRAINING_ADMIN) or access.has_role(user, access.SYSTEM_ADMIN):
            return self.all()
        families = {held.family for held in access.roles(user) if held.code == access.TRAINER}
        if "" in families:
            return self.all()
        return self.filter(Q(officer=user) | Q(course__family__in=families))

    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """One's own, whatever roles one holds: what learners' pages read."""
        return self.filter(officer=user) if access.is_person(user) else self.none()

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class Enrolment(models.Model):
    """An officer on a course, on one occasion, on one release. At most one open; finished ones stay.

    ``attempts_since`` is the occasion from which assessment attempts count: leaving a course and coming back brings no new attempts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="enrolments")
    occasion = models.PositiveSmallIntegerField(default=1)
    attempts_since = models.PositiveSmallIntegerField(default=1)
    enrolled_at = models.DateTimeField()
    enrolled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.SlugField(max_length=120, blank=True, help_text="The step to resume at.")
    place_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=EnrolmentOutcome.choices, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-enrolled_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "course"], condition=Q(closed_at__isnull=True), name="one_open_enrolment_on_a_course"
            ),
            models.UniqueConstraint(fields=["officer", "course", "occasion"], name="occasions_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} on {self.course_id}"


class StepDone(models.Model):
    """A step somebody finished, once for an enrolment."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="steps_done")
    step = models.SlugField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "step"], name="a_step_is_done_once")]


class CheckAnswer(models.Model):
    """An answer to a check inside a lesson; never an attempt, never counted. Fraction in millionths."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="check_answers")
    step = models.SlugField(max_length=120)
    slot = models.CharField(max_length=120)
    question_version = models.BigIntegerField()
    response = models.JSONField()
    fraction = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["enrolment", "step"])]


class ReflectionNote(models.Model):
    """What a learner wrote for themselves. Private to them; never in the ledger."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="reflections")
    step = models.SlugField(max_length=120)
    slot = models.CharField(max_length=120)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["enrolment", "step"])]


class ReleaseAcknowledgement(models.Model):
    """A learner says they have read what a newer release changed."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="acknowledgements")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "release"], name="a_release_is_acknowledged_once")]


class Completion(models.Model):
    """A course finished: the enrolment, when, the ledger entry and the certificate it brought."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="completion")
    at = models.DateTimeField()
    entry = models.OneToOneField("cpd_records.LedgerEntry", on_delete=models.PROTECT, related_name="+")
    certificate = models.OneToOneField("cpd_records.Certificate", on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    attempt = models.ForeignKey("assessments.Attempt", on_delete=models.PROTECT, null=True, related_name="+")
