"""Evidence packs: what was asked for, by whom and why, and the file that answered. Rows only, never changed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from people import access
from people.dates import long_date

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


class EvidencePackQuerySet(models.QuerySet["EvidencePack"]):
    """Packs as those whose duty evidence is see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> EvidencePackQuerySet:
        """Every pack, whoever asked for it, for auditors and disclosure officers but one about themselves; nobody else sees any."""
        if not access.is_person(user) or not access.has_any_role(user, access.AUDITOR, access.DISCLOSURE_OFFICER):
            return self.none()
        return self.exclude(officer=user)


class EvidencePack(models.Model):
    """A question to be answered by a pack: about whom, which day (``on``), as recorded by when (None: as recorded when it is built).

    ``asked_by`` is None where it was asked on the server's command line. The purpose is recorded, and printed in the pack.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence_packs")
    on = models.DateField()
    known_at = models.DateTimeField(null=True)
    purpose = models.CharField(max_length=500)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()

    objects = EvidencePackQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(purpose=""), name="a_pack_has_a_purpose")]

    def __str__(self) -> str:
        return f"evidence pack {self.id}"

    @property
    def title(self) -> str:
        return f"{self.officer.name} on {long_date(self.on)}"

    @property
    def is_built(self) -> bool:
        """Whether there is an answer; the row of it is fetched where it was not."""
        return hasattr(self, "file")


class EvidencePackFile(models.Model):
    """The file that answers a pack's question: digest (SHA-256) and size of the zip, and the size of the tree it rests on.

    ``path`` is its name in private storage; '' where it was handed over on the command line and is not kept.
    """

    pack = models.OneToOneField(EvidencePack, on_delete=models.PROTECT, primary_key=True, related_name="file")
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    tree_size = models.BigIntegerField()
    made_at = models.DateTimeField()
