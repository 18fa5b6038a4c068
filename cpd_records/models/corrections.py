"""A correction of a verified activity: asked for by the officer, decided by somebody else, recorded as an entry of its own."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cpd_records.models.activities import TITLE_LENGTH, Activity, ActivityKind, ActivityStep
from cpd_records.models.ledger import LedgerEntry
from cpd_records.models.verifying import may_be_named
from people.models import User


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    """Whose, and before whom."""

    def of(self, officer: User) -> Self:
        return self.filter(asked_by=officer)

    def waiting_for(self, user: User) -> Self:
        """Those that wait and ``user`` may decide on, the longest first; never own."""
        readable = Q(activity__in=Activity.objects.readable_by_supervisor(user).values("pk"))
        waiting = self.filter(readable | self._names(user), state__in=CorrectionRequest.WAITING)
        return waiting.exclude(asked_by=user).exclude(agreed_by=user).order_by("asked_at", "pk")

    def visible_to(self, user: User) -> Self:
        """Own ones, those of activities that ``user`` may read as a verifier, and those ``user`` was named to grant, or decided."""
        readable = Q(activity__in=Activity.objects.readable_by_supervisor(user).values("pk"))
        return self.filter(Q(asked_by=user) | Q(decided_by=user) | readable | self._names(user))

    @staticmethod
    def _names(user: User) -> Q:
        """Those that one person agreed to and named ``user`` to grant, while ``user`` may be named."""
        if not may_be_named(user):
            return Q(pk__in=[])
        named = ActivityStep.objects.filter(
            activity=OuterRef("activity"), kind=ActivityStep.Kind.AGREED, at=OuterRef("agreed_at"), to=user
        )
        return Q(Exists(named), state=CorrectionRequest.State.AGREED)


class CorrectionRequest(models.Model):
    """What the record should say instead, and why. ``minutes`` 0 means that it should not count at all.

    The officer asks; ``agreed_by`` agrees and is the author of what is then recorded; ``decided_by``, somebody else again, grants it.
    """

    class State(models.TextChoices):
        ASKED = "asked", "Waiting"
        AGREED = "agreed", "Agreed to by one, waiting for a second person"
        GRANTED = "granted", "Corrected"
        DECLINED = "declined", "Not corrected"
        TAKEN_BACK = "taken_back", "Taken back"

    # Not decided yet.
    WAITING = (State.ASKED, State.AGREED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="corrections")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrections_asked")
    asked_at = models.DateTimeField()
    reason = models.TextField()
    title = models.CharField(max_length=TITLE_LENGTH)
    kind = models.CharField(max_length=20, choices=ActivityKind.choices)
    day = models.DateField()
    minutes = models.PositiveIntegerField()
    learned = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True, help_text="Why it was not corrected, or a word with the correction.")
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="correction_request")

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity"], condition=Q(state__in=["asked", "agreed"]), name="one_correction_at_a_time"
            ),
            models.CheckConstraint(condition=Q(minutes__lte=1440), name="correction_fits_in_a_day"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True, decided_at__isnull=True, entry__isnull=True)
                | Q(
                    state="agreed",
                    agreed_by__isnull=False,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    entry__isnull=True,
                )
                | Q(state="taken_back", decided_by__isnull=True, decided_at__isnull=False, entry__isnull=True)
                | Q(state="declined", decided_by__isnull=False, decided_at__isnull=False, entry__isnull=True)
                | Q(state="granted", decided_by__isnull=False, decided_at__isnull=False, entry__isnull=False),
                name="a_granted_correction_is_recorded",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="nobody_corrects_their_own"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("asked_by")), name="nobody_agrees_to_their_own"
            ),
            # Those granted before corrections took two people name none who agreed.
            models.CheckConstraint(
                condition=~Q(state="granted")
                | Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False) & ~Q(agreed_by=F("decided_by")),
                name="a_second_person_grants_it",
            ),
        ]
