"""What candidates ask about questions of an attempt, and what they are answered. Both are kept as they were written."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from assessments.authors import families_written_by
from assessments.models.attempts import AttemptItem
from assessments.models.decisions import QuestionDecision
from people import access

WORDS_LENGTH = 2000


class QuestionQueryQuerySet(models.QuerySet[Any]):
    """Whose queries somebody may read."""

    def asked_by(self, officer: Any) -> Self:
        return self.filter(officer=officer) if access.is_person(officer) else self.none()

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those on assessments of the families this person is a trainer of. A candidate reads their own by ``asked_by``."""
        if not access.is_person(user):
            return self.none()
        families = families_written_by(user)
        if families is None:
            return self
        return self.filter(item__attempt__assessment_version__assessment__family__in=families)

    def unanswered(self) -> Self:
        return self.filter(answer__isnull=True)


class QuestionQuery(models.Model):
    """A candidate's query about one question of an attempt of theirs, once for a question; a trigger refuses to change it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.OneToOneField(AttemptItem, on_delete=models.PROTECT, related_name="query")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    at = models.DateTimeField()

    objects = QuestionQueryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="a_query_says_something")]

    def __str__(self) -> str:
        return f"query about question {self.item.position}"


class QueryAnswer(models.Model):
    """What a trainer answers, and the decision on the question that followed, if one did. Never one's own query."""

    query = models.OneToOneField(QuestionQuery, on_delete=models.PROTECT, related_name="answer")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField()
    decision = models.ForeignKey(QuestionDecision, on_delete=models.PROTECT, null=True, related_name="answers")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="an_answer_says_something"),
            models.CheckConstraint(condition=~Q(by=F("officer")), name="nobody_answers_their_own_query"),
        ]
