"""How the ledger is watched: when it refused to sign, and what each verification found. Neither is evidence."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models


class SealRefusal(models.Model):
    """The ledger refused to sign, and why; entries wait meanwhile. ``ended_at`` is set once, when it signed again or the reason changed."""

    reason = models.TextField()
    refused_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["refused_at"], name="refusals_that_stand", condition=models.Q(ended_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.reason


class NightlyVerificationQuerySet(models.QuerySet["NightlyVerification"]):
    """Questions about nights."""

    def latest_ended(self) -> datetime | None:
        """When the last verification ended, None where none ever did."""
        return self.aggregate(latest=models.Max("ended_at"))["latest"]


class Verification(models.Model):
    """What a verification of the whole ledger found; set once, when it has ended.

    ``size`` is that of the last checkpoint; ``problem_count`` counts all problems, ``problems`` holds the first of them as
    ``[{"entry", "kind", "detail"}]``; ``held_against`` counts the kept checkpoints it was held against.
    """

    ended_at = models.DateTimeField(null=True)
    entries = models.BigIntegerField(default=0)
    sealed = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    held_against = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)

    class Meta:
        abstract = True

    @property
    def is_sound(self) -> bool:
        return self.ended_at is not None and not self.problem_count


class NightlyVerification(Verification):
    """One night's verification. ``kept_as`` names the file in which its checkpoint was kept, empty where none was."""

    night = models.DateField(unique=True)
    began_at = models.DateTimeField()
    kept_as = models.CharField(max_length=200, blank=True)

    objects = NightlyVerificationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"verification of {self.night}"


class AskedVerification(Verification):
    """A verification somebody asked for. At most one waits or runs: ``is_running`` until it ended; ``began_at`` while somebody is at it."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    is_running = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_running"], condition=models.Q(is_running=True), name="one_verification_asked_for_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(is_running=True, ended_at__isnull=True)
                | models.Q(is_running=False, ended_at__isnull=False),
                name="a_verification_asked_for_runs_until_it_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"verification asked for at {self.asked_at}"
