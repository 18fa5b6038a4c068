"""Parades: whose certificates are handed out together, in which order, what became of each, and the file that holds them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from cpd_records.models import Certificate
from people import access

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

PARADE_KEEPERS = (access.TRAINING_ADMIN, access.SYSTEM_ADMIN)


class Shape(models.TextChoices):
    """What the file is for."""

    ZIP = "zip", "A zip with each signed certificate"
    PRINT = "print", "One file for the printer, in the order of the list"


class ParadeQuerySet(models.QuerySet["Parade"]):
    """Parades as those who hand certificates out see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> ParadeQuerySet:
        """Every parade for training and system administrators; nobody else sees any."""
        return self if access.is_person(user) and access.has_any_role(user, *PARADE_KEEPERS) else self.none()


class Parade(models.Model):
    """What was asked for: ``subject`` is a course's code, or that of training records; ``day`` the day of the parade."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=120)
    day = models.DateField()
    subject = models.CharField(max_length=120)
    subject_title = models.CharField(max_length=255)
    shape = models.CharField(max_length=8, choices=Shape.choices)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    objects = ParadeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return self.title


class MemberState(models.TextChoices):
    """What became of somebody on the list."""

    WAITING = "waiting", "Being made"
    INCLUDED = "included", "In the file"
    LEFT_OUT = "left_out", "Left out"


class ParadeMember(models.Model):
    """Somebody on the list, at a ``position`` from 1. ``reason`` says why they were left out."""

    parade = models.ForeignKey(Parade, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveIntegerField()
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="parades")
    state = models.CharField(max_length=8, choices=MemberState.choices, default=MemberState.WAITING)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["parade", "position"]
        indexes = [models.Index(fields=["parade", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["parade", "position"], name="one_at_a_position_of_a_parade"),
            models.UniqueConstraint(fields=["parade", "officer"], name="once_on_the_list_of_a_parade"),
            models.CheckConstraint(
                condition=~Q(state=MemberState.INCLUDED) | Q(certificate__isnull=False),
                name="included_in_a_parade_with_a_certificate",
            ),
            models.CheckConstraint(
                condition=~Q(state=MemberState.LEFT_OUT) | ~Q(reason=""), name="left_out_of_a_parade_with_a_reason"
            ),
        ]


class ParadeFile(models.Model):
    """The file of a parade: its name in private storage ('' where nobody had a certificate, or after it was let go), SHA-256 and size."""

    parade = models.OneToOneField(Parade, on_delete=models.CASCADE, primary_key=True, related_name="file")
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    made_at = models.DateTimeField()
