"""Rows that wait to be done in the background, and a hold that makes the sweeper wait."""

from django.db import models
from django.db.models import Q


class WaitingWork(models.Model):
    """One piece of background work, written in the transaction of the fact that asks for it.

    ``(kind, key)`` is unique, so asking twice is asking once. A process claims it by a lease; a lease that ran out may be
    claimed by another, so a crash means the work is done once, later. ``done_at`` is set when it is done.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="work_is_asked_for_once")]
        indexes = [models.Index(fields=["due_at"], name="work_still_waiting", condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Hold(models.Model):
    """While a hold stands the sweeper and the sealer wait: sample history is being written. It ends by itself."""

    name = models.CharField(max_length=40, primary_key=True)
    until = models.DateTimeField()
