"""Files of questions and of answers, kept by their content in private storage. Rows are added and never changed: a trigger refuses it."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models

from assessments.models.attempts import Attempt
from people import access


class PictureQuerySet(models.QuerySet[Any]):
    """Which pictures."""

    def of(self, user: Any) -> Self:
        """The pictures somebody added: shown to them while the question they are for is not yet saved."""
        return self.filter(added_by=user) if access.is_person(user) else self.none()


class QuestionPicture(models.Model):
    """A picture that questions show; ``digest`` is the SHA-256 of what is kept and its name in private storage under ``pictures/``."""

    digest = models.CharField(max_length=64, primary_key=True)
    content_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PictureQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest


class AnswerFileQuerySet(models.QuerySet[Any]):
    """Which files of answers."""

    def of(self, user: Any) -> Self:
        """The files of one's own attempts."""
        return self.filter(attempt__officer=user) if access.is_person(user) else self.none()


class AnswerFile(models.Model):
    """A file a candidate handed in for a question of an attempt; whether it belongs to the answer, the response says.

    Kept in private storage under ``answers/<digest>``.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="answer_files")
    position = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    objects = AnswerFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "position", "digest"], name="a_file_is_handed_in_once_for_a_question"
            )
        ]

    def __str__(self) -> str:
        return self.name
