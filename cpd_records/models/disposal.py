"""Whose records are due for disposal, as it was found last: a list for those who ask for erasures, made anew each night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef

from cpd_records.models.erasures import ErasureEnd, ErasureRequest
from people import access

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


class DueForDisposalQuerySet(models.QuerySet["DueForDisposal"]):
    """The list as those whose duty it is see it."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Everybody but themselves, the longest due list first, for disclosure officers and auditors; nobody else sees any."""
        if not access.is_person(user) or not access.has_any_role(user, access.DISCLOSURE_OFFICER, access.AUDITOR):
            return self.none()
        return self.exclude(officer=user).order_by("-records", "officer__service_number")

    def still_due(self) -> Self:
        """Those of whom no erasure was carried out since they were found."""
        ended = ErasureRequest.objects.filter(officer=OuterRef("officer"), closed_at__gt=OuterRef("found_at"))
        return self.filter(~Exists(ended.filter(end__how=ErasureEnd.How.CARRIED_OUT)))


class DueForDisposal(models.Model):
    """Of an officer, how many records of each retention class were due when it was found; ``records`` is their sum."""

    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="due_for_disposal"
    )
    counts = models.JSONField()
    records = models.PositiveIntegerField()
    found_at = models.DateTimeField()

    objects = DueForDisposalQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("records").desc(), "officer", name="most_due_for_disposal")]

    def __str__(self) -> str:
        return f"{self.records} due of {self.officer_id}"
