"""Asking for everything that is held about oneself: the asking, and the file that answers until it expires."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models

from people.models.user import User


class SubjectExportQuerySet(models.QuerySet["SubjectExport"]):
    """Whose exports somebody may take: one's own, whatever roles one holds."""

    def of(self, officer: User) -> Self:
        return self.filter(officer=officer)


class SubjectExport(models.Model):
    """Somebody asked for everything held about them. ``path`` is its file in private storage, '' until made and once it is deleted.

    ``deleted_at`` is when the file went: some days after it was made, because it holds everything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="subject_exports")
    asked_at = models.DateTimeField()
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    objects = SubjectExportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"export {self.id}"

    @property
    def is_ready(self) -> bool:
        return bool(self.path)
