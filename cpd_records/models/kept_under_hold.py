"""What an officer deleted or changed of their own while a legal hold stood on them: kept out of sight until the hold is lifted.

Triggers on both databases keep it as it was written while a hold stands on its officer, and who read it for ever.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from cpd_records.models.ledger import LegalHold
from people.models import User

PURPOSE_LENGTH = 300


class KeptUnderHoldQuerySet(models.QuerySet["KeptUnderHold"]):
    """What is kept of whom."""

    def of(self, hold: LegalHold) -> Self:
        """Everything still kept of the officer of a hold: what an earlier hold kept stays while one stands."""
        return self.filter(hold__officer=hold.officer, let_go_at__isnull=True)


class KeptUnderHold(models.Model):
    """One thing as it was: ``about`` is its id, ``said`` its rows as plain values, ``files`` what of it is in private storage.

    ``files`` are {"path", "name"}. ``let_go_at`` is set once no hold stands, and what it said blanked; the row goes after its files.
    """

    class What(models.TextChoices):
        DRAFT = "draft", "A draft of CPD that was deleted"
        CHANGED = "changed", "CPD as it was before it was changed"
        FILE = "file", "A file that was taken from CPD"
        FORM = "form", "Something half written that was thrown away"

    hold = models.ForeignKey(LegalHold, on_delete=models.PROTECT, related_name="kept")
    what = models.CharField(max_length=8, choices=What.choices)
    about = models.UUIDField()
    said = models.JSONField(default=dict)
    files = models.JSONField(default=list)
    kept_at = models.DateTimeField()
    let_go_at = models.DateTimeField(null=True)

    objects = KeptUnderHoldQuerySet.as_manager()

    class Meta:
        ordering = ["kept_at", "pk"]
        constraints = [
            # As it was when the hold was placed: what it said in between is not kept.
            models.UniqueConstraint(
                fields=["hold", "about"], condition=Q(what="changed"), name="kept_once_before_changes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.about}"


class KeptReading(models.Model):
    """A disclosure officer took along what is kept under a hold, and what for. Never changed."""

    hold = models.ForeignKey(LegalHold, on_delete=models.PROTECT, related_name="readings")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=PURPOSE_LENGTH)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(purpose=""), name="kept_is_read_with_a_purpose")]

    def __str__(self) -> str:
        return f"reading {self.pk}"
