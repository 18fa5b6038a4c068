"""Asking for everything that is held about somebody, by or for them: the asking, and the file that answers until it expires."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.models.user import User

PURPOSE_LENGTH = 300


class SubjectExportQuerySet(models.QuerySet["SubjectExport"]):
    """Whose exports somebody may take: one's own, whatever roles one holds, and those one asked for on a leaver's behalf."""

    def of(self, officer: User) -> Self:
        return self.filter(officer=officer)

    def asked_by(self, user: User) -> Self:
        """Those somebody asked for on behalf of others who still may not sign in."""
        return self.on_behalf().filter(asked_by=user, officer__is_active=False)

    def on_behalf(self) -> Self:
        """Those that a disclosure officer asked for, with the purpose."""
        return self.filter(asked_by__isnull=False)


class SubjectExport(models.Model):
    """Everything held about somebody was asked for. ``path`` is its file in private storage, '' until made and once it is deleted.

    They asked themselves, or a disclosure officer did for who may no longer sign in: ``asked_by``, with the ``purpose``. ``deleted_at`` is
    when the file went: some days after it was made, because it holds everything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="subject_exports")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=PURPOSE_LENGTH, blank=True)
    asked_at = models.DateTimeField()
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    objects = SubjectExportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True, purpose="")
                | (Q(asked_by__isnull=False) & ~Q(purpose="") & ~Q(asked_by=F("officer"))),
                name="everything_of_another_has_a_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"export {self.id}"

    @property
    def is_ready(self) -> bool:
        return bool(self.path)
