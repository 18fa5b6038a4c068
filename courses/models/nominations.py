"""Nominations: a supervisor asks an officer to take a course that leads to a qualification which ends, or was never held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.models.releases import Course
from people import access

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


class NominationOutcome(models.TextChoices):
    """How a nomination ended."""

    FINISHED = "finished", "Finished the course"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class NominationQuerySet(models.QuerySet[Any]):
    """Nominations of somebody, of those somebody supervises, and those still open."""

    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        return self.filter(officer=user) if access.is_person(user) else self.none()

    def of_people_of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those of the people this person supervises today; never one's own."""
        if not access.is_person(user):
            return self.none()
        return self.filter(officer__in=access.officers_supervised_by(user)).exclude(officer=user)

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class Nomination(models.Model):
    """An officer nominated for a course. ``qualification`` is the code it is for, ``reason`` why, in a sentence the officer reads.

    What closes it is set once: when, by whom, how it ended, and the reason given where there is one.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="nominations")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="nominations")
    qualification = models.CharField(max_length=20)
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=NominationOutcome.choices, blank=True)
    closing_reason = models.CharField(max_length=300, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["-nominated_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "course"],
                condition=Q(closed_at__isnull=True),
                name="one_open_nomination_for_a_course",
            ),
            models.CheckConstraint(condition=~Q(officer=F("nominated_by")), name="nobody_nominates_themselves"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, outcome="")
                | Q(closed_at__isnull=False, closed_by__isnull=False, outcome__in=NominationOutcome.values),
                name="a_closed_nomination_says_how_it_ended",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=NominationOutcome.DECLINED) | ~Q(closing_reason=""),
                name="a_nomination_is_declined_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} for {self.course_id}"
