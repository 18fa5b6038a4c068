"""Invigilated sittings: a room with its start code, who invigilates, what happened in it, and who is in contact."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.authors import families_of_rooms
from assessments.models.attempts import Attempt
from assessments.models.bank import Assessment, AssessmentVersion
from people import access


class RoomEventKind(models.TextChoices):
    """What happened in a room, beside the steps of its attempts."""

    OPENED = "opened", "Room opened"
    CODE_CHANGED = "code", "Start code changed"
    INVIGILATOR_ADDED = "joined", "Invigilator added"
    INVIGILATOR_LEFT = "left", "Invigilator taken off"
    EXPECTED = "expected", "List of candidates changed"
    INCIDENT = "incident", "Incident"
    PAUSED = "paused", "Clock stopped"
    RESUMED = "resumed", "Clock running again"
    EXTENDED = "extended", "Time added"
    CLOSED = "closed", "Room closed"


class RoomQuerySet(models.QuerySet[Any]):
    """Which rooms."""

    def invigilated_by(self, user: Any) -> Self:
        """Rooms that somebody invigilates now; a candidate of a room never invigilates it."""
        if not access.is_person(user):
            return self.none()
        here = RoomInvigilator.objects.filter(room=models.OuterRef("pk"), invigilator=user, left_at__isnull=True)
        return self.filter(models.Exists(here), ~_sat_in_by(user))

    def visible_to(self, user: Any) -> Self:
        """Rooms of the families whose sittings somebody runs or oversees, and those they invigilate or invigilated.

        Never one they sit or sat in themselves.
        """
        if not access.is_person(user):
            return self.none()
        here = models.Exists(RoomInvigilator.objects.filter(room=models.OuterRef("pk"), invigilator=user))
        families = families_of_rooms(user)
        seen = self if families is None else self.filter(Q(assessment__family__in=families) | here)
        return seen.filter(~_sat_in_by(user))

    def with_title(self) -> Self:
        """With ``title``, what the newest version of the assessment is called."""
        versions = AssessmentVersion.objects.filter(assessment=models.OuterRef("assessment")).order_by("-number")
        return self.annotate(title=models.Subquery(versions.values("title")[:1]))


def _sat_in_by(user: Any) -> models.Exists:
    return models.Exists(Attempt.objects.filter(room=models.OuterRef("pk"), officer=user))


class Room(models.Model):
    """One sitting of an assessment in a place, from ``opens_at`` to ``closes_at``. Its code starts an attempt while it is open."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="rooms")
    place = models.CharField(max_length=120)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    start_code = models.CharField(max_length=12)
    closed_at = models.DateTimeField(null=True, help_text="Set once, a cache of the closing event.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = RoomQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="a_room_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return self.place


class RoomInvigilator(models.Model):
    """Somebody who invigilates a room until they leave it."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="invigilators")
    invigilator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["since_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "invigilator"],
                condition=Q(left_at__isnull=True),
                name="somebody_invigilates_a_room_once",
            ),
        ]


class RoomCandidate(models.Model):
    """Somebody who is expected in a room. A plan, which opens nothing: whoever has the start code begins, on the list or not."""

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="expected")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["officer__name"]
        constraints = [
            models.UniqueConstraint(fields=["room", "officer"], name="somebody_is_expected_in_a_room_once"),
        ]


class RoomEvent(models.Model):
    """A line of the room's log, never changed. ``attempt`` null is the whole room; ``minutes`` is the time added.

    ``by`` is null where nobody did it: a room that nobody closes closes itself, and its clocks run on.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="events")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="room_events")
    kind = models.CharField(max_length=10, choices=RoomEventKind.choices)
    words = models.CharField(max_length=1000, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(kind__in=["resumed", "closed"]),
                name="nobody_only_lets_run_on_and_closes",
            ),
        ]


class Contact(models.Model):
    """When the page of an invigilated attempt was last heard of, answers or none."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, primary_key=True, related_name="contact")
    seen_at = models.DateTimeField()
