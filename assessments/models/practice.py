"""Practice: rounds of questions, append-only answers, and a card for each question somebody missed, which is a cache of the answers."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models

from assessments.models.bank import Question, QuestionVersion
from people import access


class PracticeRoundQuerySet(models.QuerySet[Any]):
    """Which rounds."""

    def of(self, officer: Any) -> Self:
        """One's own: nobody else ever sees how somebody practises."""
        return self.filter(officer=officer) if access.is_person(officer) else self.none()


class PracticeRound(models.Model):
    """A stack of questions somebody goes through. Never changed.

    ``versions`` are the ids of the question versions in their order, ``size`` how many. ``title`` and ``address`` are given from above:
    what it is practice for, and the page it was begun from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practice_rounds")
    versions = models.JSONField()
    size = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=255)
    address = models.CharField(max_length=255)
    started_at = models.DateTimeField()

    objects = PracticeRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["officer", "-started_at"], name="practice_rounds_of_somebody")]


class PracticeAnswer(models.Model):
    """An answer to a question that counts for nothing, in a round or (without one) to a check of a lesson. Never changed.

    ``fraction`` in millionths; a question stands in a round once.
    """

    round = models.ForeignKey(PracticeRound, on_delete=models.PROTECT, null=True, related_name="answers")
    position = models.PositiveSmallIntegerField(null=True, help_text="1, 2, … in the round.")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practice_answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    question_version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    response = models.JSONField()
    fraction = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["officer", "question"], name="practice_answers_to_a_question")]
        constraints = [models.UniqueConstraint(fields=["round", "position"], name="practised_once_in_a_round")]


class PracticeCard(models.Model):
    """A question somebody missed and has not yet learned: its box, and the day it is due. ``boxes`` says what follows from answers."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practice_cards")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    box = models.PositiveSmallIntegerField()
    due_on = models.DateField()

    class Meta:
        ordering = ["due_on", "box", "id"]
        constraints = [models.UniqueConstraint(fields=["officer", "question"], name="one_card_for_a_question")]
        indexes = [models.Index(fields=["officer", "due_on"], name="practice_due_to_somebody")]
