"""What an officer means to learn: their own plan, whose items become CPD activities."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models

from people.models import User

PLAN_TITLE_LENGTH = 200


class PlanState(models.TextChoices):
    """Where an item of a plan stands."""

    OPEN = "open", "To do"
    DONE = "done", "Done"
    DROPPED = "dropped", "Left out"


class PlanItemQuerySet(models.QuerySet["PlanItem"]):
    """Whose plan: it is the officer's own."""

    def of(self, officer: User) -> Self:
        return self.filter(officer=officer)


class PlanItem(models.Model):
    """One thing an officer plans to learn, why, and by when. Only the officer sees it.

    ``qualification`` is the code of what it is needed for (such as PPST), ``competency`` that of a competency; '' for neither.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plan_items")
    title = models.CharField(max_length=PLAN_TITLE_LENGTH)
    why = models.TextField(blank=True)
    due_on = models.DateField(null=True, blank=True)
    qualification = models.CharField(max_length=20, blank=True)
    competency = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=PlanState.choices, default=PlanState.OPEN)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # The form's own token: sent twice, it makes one item.
    client_token = models.UUIDField(null=True, blank=True)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["officer", "state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "done", "dropped"]), name="plan_item_has_a_state"
            ),
            models.UniqueConstraint(fields=["officer", "client_token"], name="plan_one_item_for_a_form"),
        ]

    def __str__(self) -> str:
        return self.title
