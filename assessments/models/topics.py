"""Topics: the tree that the questions of a bank are sorted into. A topic keeps its identity wherever it is moved.

The top of a tree stands for the bank itself and has the empty path; every path is read from there.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from assessments.authors import families_seen_by


class TopicQuerySet(models.QuerySet["Topic"]):
    """Topics as those who work on their questions see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> TopicQuerySet:
        """Topics of the families this person writes, reviews or approves for; the system administrator sees all."""
        families = families_seen_by(user)
        return self if families is None else self.filter(family__in=families)

    def standing(self) -> TopicQuerySet:
        """Topics that were not merged into others."""
        return self.filter(merged_into__isnull=True)


class Topic(models.Model):
    """A topic of a bank. ``path`` is the key of its place now, parts joined by '/', and '' for the bank itself.

    A topic merged into another stays as a row that leads there. One standing topic has a path: the database holds it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bank = models.CharField(max_length=60, db_index=True)
    family = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    title = models.CharField(max_length=120)
    path = models.CharField(max_length=500, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["bank", "path"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "path"], condition=Q(merged_into__isnull=True), name="one_topic_at_a_path"
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="a_topic_is_not_below_itself"),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="a_topic_is_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, path="") | (Q(parent__isnull=False) & ~Q(path="")),
                name="only_a_bank_has_the_empty_path",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_bank(self) -> bool:
        return self.parent_id is None


class FormerPath(models.Model):
    """A path that led to a topic before it was renamed, moved or merged, and leads there still: what was written of it stays true."""

    bank = models.CharField(max_length=60)
    path = models.CharField(max_length=500)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="former_paths")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bank", "path"], name="a_former_path_leads_to_one_topic")]


class TopicChange(models.Model):
    """What was done to a topic: who, when, from where to where. Never changed: a trigger refuses it."""

    class Kind(models.TextChoices):
        MADE = "made", "Made"
        RENAMED = "renamed", "Renamed"
        MOVED = "moved", "Moved"
        MERGED = "merged", "Merged"

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    before = models.CharField(max_length=1000, blank=True, help_text="Where it stood, in titles.")
    after = models.CharField(max_length=1000, blank=True, help_text="Where it stands since, in titles.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
