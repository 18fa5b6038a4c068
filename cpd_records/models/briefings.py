"""A briefing recorded once for a shift: who was named, and who confirmed that they were there."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q

from cpd_records.models.activities import TITLE_LENGTH, Activity, ActivityKind
from people import access
from people.models import Unit, User


class BriefingQuerySet(models.QuerySet["Briefing"]):
    """Who may read a briefing with its answers."""

    def run_by(self, user: User) -> Self:
        """Those that ``user`` recorded, while they hold a supervisor's role."""
        if not access.has_role(user, access.SUPERVISOR):
            return self.none()
        return self.filter(recorded_by=user)

    def with_counts(self) -> Self:
        """Add ``named``, ``confirmed`` and ``waiting``: how many people."""
        return self.annotate(
            named=Count("attendances"),
            confirmed=Count("attendances", filter=Q(attendances__state=Attendance.State.CONFIRMED)),
            waiting=Count("attendances", filter=Q(attendances__state=Attendance.State.ASKED)),
        )


class Briefing(models.Model):
    """Something a whole shift attended: one activity for all, which each confirms for themselves. ``closed_at`` is set once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="briefings_recorded"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH)
    kind = models.CharField(max_length=20, choices=ActivityKind.choices)
    day = models.DateField()
    minutes = models.PositiveIntegerField()
    about = models.TextField(help_text="What it was about: what was learned, for whoever adds no words of their own.")
    is_structured = models.BooleanField(null=True, blank=True)
    is_core = models.BooleanField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    client_token = models.UUIDField(null=True, blank=True)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["recorded_by", "-day"])]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=1440), name="briefing_fits_in_a_day"),
            models.UniqueConstraint(fields=["recorded_by", "client_token"], name="briefing_once_for_a_form"),
        ]

    def __str__(self) -> str:
        return self.title


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Whose word is asked for."""

    def of(self, officer: User) -> Self:
        return self.filter(officer=officer)

    def asked(self) -> Self:
        """Those that wait for the officer's word."""
        return self.filter(state=Attendance.State.ASKED, briefing__closed_at__isnull=True)


class Attendance(models.Model):
    """An officer named for a briefing, and what they say. ``activity`` is the verified one that a confirmation made."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        CONFIRMED = "confirmed", "Confirmed"
        ABSENT = "absent", "Was not there"

    briefing = models.ForeignKey(Briefing, on_delete=models.PROTECT, related_name="attendances")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="briefings_named")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    answered_at = models.DateTimeField(null=True)
    activity = models.OneToOneField(Activity, on_delete=models.PROTECT, null=True, related_name="attendance")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["officer", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["briefing", "officer"], name="named_once_for_a_briefing"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True, activity__isnull=True)
                | Q(state="absent", answered_at__isnull=False, activity__isnull=True)
                | Q(state="confirmed", answered_at__isnull=False, activity__isnull=False),
                name="a_confirmation_makes_an_activity",
            ),
        ]
