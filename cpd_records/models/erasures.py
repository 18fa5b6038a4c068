"""Lawful erasure of an officer's records: who asked for it and why, who decided, what went piece by piece, and files still to be removed.

Nothing here says what a record said. Triggers on both databases keep rows as they were written; a piece is opened and closed in the one
transaction that erases, and while it is open the tables that refuse to delete let rows of its officer go.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cpd_records.models.ledger import LegalHold
from people import access

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

REASON_LENGTH = 300


class ErasureGround(models.TextChoices):
    """Why records go: their time is over, or somebody who may has decided so before it is."""

    RETENTION = "retention", "The retention period has ended"
    REQUEST = "request", "A request for erasure was upheld"
    ORDER = "order", "A court or the Information Commissioner ordered it"


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    """Requests as those whose duty evidence is see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Every request but one about themselves, the newest first, for disclosure officers and auditors; nobody else sees any."""
        if not access.is_person(user) or not access.has_any_role(user, access.DISCLOSURE_OFFICER, access.AUDITOR):
            return self.none()
        return self.exclude(officer=user).order_by("-asked_at", "-pk")

    def waiting(self) -> Self:
        """Those not decided yet."""
        return self.filter(decision__isnull=True)

    def waiting_for(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those ``user`` can approve as a second disclosure officer, the longest first: asked by another, about another, without a hold."""
        if not access.is_person(user) or not access.has_role(user, access.DISCLOSURE_OFFICER):
            return self.none()
        held = LegalHold.objects.standing().filter(officer=OuterRef("officer__public_id"))
        open_ones = self.waiting().filter(~Exists(held), closed_at__isnull=True)
        return open_ones.exclude(officer=user).exclude(asked_by=user).order_by("asked_at", "pk")


class ErasureRequest(models.Model):
    """A disclosure officer asks that records of an officer go: classes of retention, as they stood on the day ``on``, on a ground, why.

    ``left_on`` is the officer's last day of service as it was known then, None of who serves: their postings go as well.
    ``closed_at`` is set once: when it was refused, or ended in another way (``ErasureEnd``). At most one of an officer is open.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasures_about_me")
    ground = models.CharField(max_length=12, choices=ErasureGround.choices)
    reason = models.CharField(max_length=REASON_LENGTH)
    classes = models.JSONField()
    on = models.DateField()
    left_on = models.DateField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(officer=F("asked_by")), name="nobody_asks_to_erase_their_own"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_erasure_has_a_reason"),
            models.CheckConstraint(condition=Q(ground__in=ErasureGround.values), name="an_erasure_has_a_ground"),
            models.UniqueConstraint(
                fields=["officer"], condition=Q(closed_at__isnull=True), name="one_open_erasure_of_an_officer"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.id}"

    @property
    def is_ended_only(self) -> bool:
        """Whether only records go whose period has ended."""
        return self.ground == ErasureGround.RETENTION


class ErasureDecision(models.Model):
    """Another disclosure officer approved or refused a request, and why. Never changed. ``officer`` and ``asked_by`` are the request's.

    ``foreseen`` is how many records of each class would have gone then: what the second person saw.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    request = models.OneToOneField(ErasureRequest, on_delete=models.PROTECT, primary_key=True, related_name="decision")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=REASON_LENGTH)
    foreseen = models.JSONField(default=dict)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("asked_by")), name="an_erasure_takes_two"),
            models.CheckConstraint(condition=~Q(by=F("officer")), name="nobody_decides_on_their_own_erasure"),
            models.CheckConstraint(condition=Q(outcome__in=["approved", "refused"]), name="an_erasure_is_decided"),
            models.CheckConstraint(condition=~Q(reason=""), name="an_erasure_is_decided_with_a_reason"),
        ]

    @property
    def is_approved(self) -> bool:
        return self.outcome == self.Outcome.APPROVED


class ErasureEnd(models.Model):
    """How a request ended that was not refused: when, and by whom and why where somebody ended it. Never changed.

    ``stayed`` says of what could not go how many there are of which class and sort, and why. What a ``hold`` stopped goes on as the request
    ``followed_by``, which nobody has approved yet. ``officer`` is the request's.
    """

    class How(models.TextChoices):
        CARRIED_OUT = "carried_out", "Carried out"
        TAKEN_BACK = "taken_back", "Taken back"
        CANCELLED = "cancelled", "Cancelled"
        STOPPED = "stopped", "Stopped by a legal hold"

    request = models.OneToOneField(ErasureRequest, on_delete=models.PROTECT, primary_key=True, related_name="end")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=12, choices=How.choices)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    hold = models.ForeignKey(LegalHold, on_delete=models.PROTECT, null=True, related_name="+")
    followed_by = models.OneToOneField(ErasureRequest, on_delete=models.PROTECT, null=True, related_name="follows")
    stayed = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(how="carried_out", reason="", by=None, hold=None, followed_by=None)
                | (
                    Q(how__in=["taken_back", "cancelled"], by__isnull=False, hold=None, followed_by=None)
                    & ~Q(reason="")
                )
                | Q(how="stopped", reason="", by=None, hold__isnull=False, followed_by__isnull=False),
                name="an_erasure_ends_in_one_way",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=True) | ~Q(by=F("officer")), name="nobody_ends_their_own_erasure"
            ),
        ]


class ErasurePiece(models.Model):
    """What went in one transaction: records of one table and class, with the rows that hung on them, openings and files.

    While it is open, which no other transaction ever sees, rows of its officer may be deleted that nothing else may delete.
    """

    request = models.ForeignKey(ErasureRequest, on_delete=models.PROTECT, related_name="pieces")
    number = models.PositiveIntegerField()
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    retention_class = models.CharField(max_length=40)
    what = models.CharField(max_length=80)
    records = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    openings = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="erasure_pieces_are_numbered")]
        indexes = [
            models.Index(fields=["officer"], condition=Q(closed_at__isnull=True), name="erasure_pieces_open"),
        ]


class FileToRemove(models.Model):
    """A file whose row was erased, still to be removed from private storage; ``path`` is blanked when that is done.

    ``table`` and ``column`` say where a row may still name the same file: then it stays.
    """

    piece = models.ForeignKey(ErasurePiece, on_delete=models.PROTECT, related_name="files_to_remove")
    path = models.CharField(max_length=255, blank=True)
    table = models.CharField(max_length=80)
    column = models.CharField(max_length=40)
    named = models.CharField(max_length=255, blank=True)
    asked_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
