"""The ledger's five tables of evidence, the work table beside them, and two projections.

Entry, readable part, sealed place, checkpoint and erasure are written once: triggers refuse UPDATE, DELETE, TRUNCATE and replacing
INSERT on both databases. A readable part may go only where an erasure row names it and no legal hold stands. The formats are
final; ``docs/ledger.md`` describes them for an outsider.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from people import access

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

HASH_BYTES = 32


def is_long(column: str, length: int = HASH_BYTES) -> Exact:
    """Return the condition that a binary column holds exactly ``length`` bytes."""
    return Exact(Length(column), length)


class LedgerEntry(models.Model):
    """One entry: its identity and the commitment SHA-256(salt || canonical payload). This is all the tree ever sees."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.BinaryField(max_length=32, unique=True)

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [models.CheckConstraint(condition=is_long("commitment"), name="commitment_is_a_sha256")]

    def __str__(self) -> str:
        return str(self.id)


class EntryKind(models.TextChoices):
    """What an entry records."""

    COMPLETION = "completion", "Course completed"
    CERTIFICATE = "certificate", "Certificate"
    CERTIFICATE_ISSUED = "certificate_issued", "Certificate file issued"
    CERTIFICATE_REVOKED = "certificate_revoked", "Certificate revoked"
    CERTIFICATE_SUSPENDED = "certificate_suspended", "Certificate suspended"
    SUSPENSION_LIFTED = "suspension_lifted", "Suspension of a certificate lifted"
    CPD_ACTIVITY = "cpd_activity", "CPD activity verified"
    CPD_REFLECTION = "cpd_reflection", "Reflected on after verification"
    QUALIFICATION = "qualification", "Qualification awarded"
    IMPORTED = "imported", "Imported record"
    DECISION = "decision", "Decision on initial training"
    EXEMPTION = "exemption", "Exempted from a qualification"
    CORRECTION = "correction", "Correction"
    ERASURE = "erasure", "Records lawfully erased"


class ReadablePart(models.Model):
    """What an entry says, as queries use it. Every column also stands in ``payload``, which the commitment covers.

    ``officer`` is the person's public UUID, no foreign key. ``day`` is when it happened, ``recorded_at`` when we knew it.
    ``subject`` says what it is about (a course code, a certificate code, an activity's id); ``valid_until`` is the last valid day.
    """

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, primary_key=True, related_name="readable")
    officer = models.UUIDField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=120, blank=True)
    day = models.DateField()
    minutes = models.PositiveIntegerField(null=True)
    valid_until = models.DateField(null=True)
    corrects = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()
    payload = models.TextField()
    salt = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["officer", "day"]),
            # What a verdict is reckoned from stands in the index itself, so that a whole force is read without its pages.
            models.Index(
                fields=["officer", "kind", "subject"],
                include=["day", "valid_until", "entry"],
                name="entries_of_an_officer",
            ),
            models.Index(fields=["corrects"], name="corrections", condition=Q(corrects__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=is_long("salt"), name="salt_is_32_bytes"),
            models.CheckConstraint(
                condition=~Q(kind="correction") | Q(corrects__isnull=False), name="a_correction_names_an_entry"
            ),
        ]


class SealedPlace(models.Model):
    """Where in the tree an entry stands: a contiguous index from 0, and the leaf hash H(0x00 || commitment)."""

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, primary_key=True, related_name="place")
    index = models.BigIntegerField(unique=True)
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(index__gte=0), name="index_counts_from_zero"),
            models.CheckConstraint(condition=is_long("leaf_hash"), name="leaf_hash_is_a_sha256"),
        ]


class Checkpoint(models.Model):
    """A signed statement of the tree's size and root at a time. ``note`` is the signed note, byte for byte as served."""

    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    time = models.DateTimeField(unique=True)
    note = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["size"])]
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="tree_size_counts_from_zero"),
            models.CheckConstraint(condition=is_long("root"), name="root_is_a_sha256"),
        ]

    def __str__(self) -> str:
        return f"checkpoint of {self.size}"


class Erasure(models.Model):
    """Why a readable part went: retention class, on whose authority, when. The entry and its place stay.

    ``officer`` lets answers say that records were erased instead of 'never held'. ``recorded_in`` is the entry that says all of this in
    the tree, so that a change of it is seen; a trigger refuses a row without one.
    """

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, primary_key=True, related_name="erasure")
    officer = models.UUIDField(null=True, db_index=True)
    retention_class = models.CharField(max_length=60)
    authority = models.CharField(max_length=300)
    at = models.DateTimeField()
    recorded_in = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="erasures_recorded")


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    """Holds as those whose duty evidence is see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Every hold but one on themselves, those that stand first, for disclosure officers and auditors; nobody else sees any."""
        if not access.is_person(user) or not access.has_any_role(user, access.DISCLOSURE_OFFICER, access.AUDITOR):
            return self.none()
        return self.exclude(officer=user.public_id).order_by(F("ended_at").desc(nulls_first=True), "-placed_at", "-pk")

    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)


class LegalHold(models.Model):
    """While a hold on an officer stands, nothing of theirs may be erased. Ended by setting ``ended_at`` once; the rest never changes."""

    officer = models.UUIDField(db_index=True)
    reason = models.CharField(max_length=300)
    placed_by = models.UUIDField()
    placed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = LegalHoldQuerySet.as_manager()


class LegalHoldEnd(models.Model):
    """Who lifted a hold, when and why. Never changed."""

    hold = models.OneToOneField(LegalHold, on_delete=models.PROTECT, primary_key=True, related_name="end")
    reason = models.CharField(max_length=300)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class UnsealedEntry(models.Model):
    """Work table: entries not yet sealed, so that finding them costs the same however long the ledger is."""

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, primary_key=True, related_name="unsealed")
    ticket = models.BigIntegerField(default=0, help_text="Microseconds since 1970 when it was written; only for order.")

    class Meta:
        indexes = [models.Index(fields=["ticket"])]


class HashTile(models.Model):
    """Projection: up to 256 hashes of one level of the tree, grown by the sealer, rebuildable from the sealed places."""

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="one_tile_in_a_place")]
