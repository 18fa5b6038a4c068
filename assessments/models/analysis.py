"""Which questions perform badly, as a projection: written anew in the background from the attempts, and never the truth."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models

from assessments.authors import families_written_by
from assessments.models.bank import Assessment, QuestionVersion


class AnalysedAssessment(models.Model):
    """How far an assessment was analysed: the last mark that was in, and when. Its weak questions hang on it."""

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="analysed")
    marked_until = models.DateTimeField()
    candidates = models.PositiveIntegerField()
    reckoned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"analysis of {self.assessment_id}"


class WeakQuestionQuerySet(models.QuerySet["WeakQuestion"]):
    """Weak questions as those who wrote them see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> WeakQuestionQuerySet:
        """Of the families this person writes for, as the analysis itself is."""
        families = families_written_by(user)
        return self if families is None else self.filter(analysed__assessment__family__in=families)


class WeakQuestion(models.Model):
    """A question of an assessment that needs somebody: what is wrong, the sentence of advice, and its figures."""

    analysed = models.ForeignKey(AnalysedAssessment, on_delete=models.CASCADE, related_name="weak")
    question_version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="+")
    trouble = models.PositiveSmallIntegerField()
    sentence = models.CharField(max_length=300)
    facility = models.FloatField(null=True)
    discrimination = models.FloatField(null=True)

    objects = WeakQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["trouble", "discrimination", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["analysed", "question_version"], name="a_question_is_weak_once_in_a_test")
        ]
        indexes = [models.Index(fields=["trouble", "discrimination"], name="weakest_questions_first")]

    def __str__(self) -> str:
        return self.sentence
