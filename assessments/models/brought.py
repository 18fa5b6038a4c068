"""Files of questions that somebody handed in to be imported, kept between the look at them and the import."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models

from people import access


class BroughtQuerySet(models.QuerySet[Any]):
    """Which files."""

    def visible_to(self, user: Any) -> Self:
        """The files somebody handed in: nobody else sees them."""
        return self.filter(by=user) if access.is_person(user) else self.none()


class BroughtFile(models.Model):
    """A file of questions in private storage, and where its questions shall go. ``topic`` is a path below the bank.

    ``imported`` is how many questions became drafts, set once with ``imported_at``. The file goes when it has been imported, when it is
    given up, or after some days (``let_go_at``); the row stays and says what was done.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=12)
    bank = models.CharField(max_length=60)
    family = models.CharField(max_length=60, blank=True)
    topic = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    imported = models.PositiveIntegerField(null=True)
    imported_at = models.DateTimeField(null=True)
    let_go_at = models.DateTimeField(null=True)

    objects = BroughtQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(imported__isnull=True, imported_at__isnull=True)
                | models.Q(imported__isnull=False, imported_at__isnull=False),
                name="a_file_was_imported_or_not",
            ),
        ]

    def __str__(self) -> str:
        return self.name
