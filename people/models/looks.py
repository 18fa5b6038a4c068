"""Who looked at whose record: the one thing that reading writes."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.models.user import User


class LookQuerySet(models.QuerySet["Look"]):
    """Whose looks somebody may read."""

    def of(self, officer: User) -> Self:
        """Looks at the officer's record, the latest first."""
        return self.filter(officer=officer).select_related("looker").order_by("-at", "-pk")


class Look(models.Model):
    """``looker`` saw something of ``officer``'s record. The same sight again within the hour is the same look.

    ``where`` says on which page, ``saw`` what stood there, both as words for the officer.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="looks_at_me")
    looker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="looks_of_mine")
    where = models.CharField(max_length=60)
    saw = models.CharField(max_length=160)
    hour = models.DateTimeField(help_text="The hour it began in, to the full hour.")
    at = models.DateTimeField()

    objects = LookQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["officer", "-at"])]
        constraints = [
            models.UniqueConstraint(fields=["officer", "looker", "where", "saw", "hour"], name="one_look_an_hour"),
            models.CheckConstraint(condition=~Q(officer=F("looker")), name="a_look_is_at_somebody_else"),
        ]

    def __str__(self) -> str:
        return f"{self.where}, {self.at:%Y-%m-%d %H:%M}"
