"""The law changed: what did, which lessons and questions rest on it, and who has checked them since. Rows only, never changed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.authors import families_seen_by
from courses.models.releases import Course

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


class LawChange(models.Model):
    """A provision that changed: act and section as they were looked for, what changed, who said so and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.CharField(max_length=255)
    provision = models.CharField(max_length=255, blank=True)
    what = models.CharField(max_length=500, help_text="What changed, in the words learners read too.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return ", ".join(part for part in (self.act, self.provision) if part)


class LawMarkQuerySet(models.QuerySet["LawMark"]):
    """Marks as those who work on what is marked see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> LawMarkQuerySet:
        """Marks of the families this person writes, reviews or approves for; the system administrator sees all."""
        families = families_seen_by(user)
        return self if families is None else self.filter(family__in=families)

    def still_open(self) -> LawMarkQuerySet:
        return self.filter(check_made__isnull=True)


class LawMark(models.Model):
    """A question or a lesson that rests on what changed, to be checked. Exactly one of ``question`` and ``course`` with ``step``."""

    change = models.ForeignKey(LawChange, on_delete=models.PROTECT, related_name="marks")
    question = models.ForeignKey("assessments.Question", on_delete=models.PROTECT, null=True, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, related_name="law_marks")
    step = models.SlugField(max_length=120, blank=True)
    family = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300, help_text="What it was called when it was marked.")
    cites = models.CharField(max_length=520, help_text="The act and provision it cites.")

    objects = LawMarkQuerySet.as_manager()

    class Meta:
        ordering = ["change__at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=False, course__isnull=True, step="")
                | (Q(question__isnull=True, course__isnull=False) & ~Q(step="")),
                name="a_mark_is_on_a_question_or_a_lesson",
            ),
            models.UniqueConstraint(fields=["change", "question"], name="a_question_is_marked_once_for_a_change"),
            models.UniqueConstraint(fields=["change", "course", "step"], name="a_lesson_is_marked_once_for_a_change"),
        ]

    def __str__(self) -> str:
        return self.title


class LawCheck(models.Model):
    """Somebody has checked what was marked: as it is, or as it was changed since."""

    mark = models.OneToOneField(LawMark, on_delete=models.PROTECT, related_name="check_made")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
