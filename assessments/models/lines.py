"""What a list of tens of thousands of questions is found by: one narrow row a question, and the words it is tagged with.

A line is a projection of a question and its newest version: ``assessments.lines`` writes it anew, and nobody else.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models

from assessments.authors import families_seen_by
from assessments.models.bank import Question, QuestionVersion
from assessments.models.topics import Topic


class QuestionLineQuerySet(models.QuerySet["QuestionLine"]):
    """Lines as those who work on the questions see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> QuestionLineQuerySet:
        """Lines of the families this person writes, reviews or approves for; the system administrator sees all."""
        families = families_seen_by(user)
        return self if families is None else self.filter(family__in=families)


class QuestionLine(models.Model):
    """A question as the list shows and finds it. ``words`` are the words of code, stem and answers, each once, a space between them.

    ``reviewer`` is who approved the version in use, else the last one that was. ``review_on`` is the first day on which a reference of
    the newest version is to be checked again.
    """

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="line")
    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=80)
    bank = models.CharField(max_length=60)
    family = models.CharField(max_length=60, blank=True)
    use = models.CharField(max_length=10)
    type = models.CharField(max_length=40)
    outcome = models.CharField(max_length=20, blank=True)
    difficulty = models.CharField(max_length=10)
    state = models.CharField(max_length=12)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    review_on = models.DateField(null=True)
    words = models.TextField(blank=True)

    objects = QuestionLineQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index(fields=["code"], name="lines_by_code"),
            models.Index(fields=["family", "code"], name="lines_by_family"),
            models.Index(fields=["bank", "code"], name="lines_by_bank"),
        ]

    def __str__(self) -> str:
        return self.code


class QuestionTag(models.Model):
    """A word somebody tagged a question with, in small letters."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="tags")
    word = models.CharField(max_length=60, db_index=True)

    class Meta:
        ordering = ["word"]
        constraints = [models.UniqueConstraint(fields=["question", "word"], name="a_question_has_a_tag_once")]

    def __str__(self) -> str:
        return self.word
