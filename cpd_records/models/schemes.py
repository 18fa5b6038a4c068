"""CPD schemes: what a force or a profession asks for, as rows. With no scheme in force nothing is asked: there is no national rule.

What a scheme asks for is data (``SchemeRules.rules``, read by ``cpd_records.schemes.rules``); who is under it, and what its rules
were on a day, are rows with two times. Declarations and their confirmations are only ever added.
"""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people import access
from people.models import DatedRow, Rank, Role, Unit, User
from people.postings import unit_name

WORDS_LENGTH = 1000


class Scheme(models.Model):
    """A CPD scheme for its whole life. ``source`` says where its rules come from; everything without one is a local default."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=300, blank=True)
    is_local_default = models.BooleanField(default=True, help_text="Not a national standard, and called so on screen.")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class SchemeRules(DatedRow):
    """What a scheme asks for; one in force on a day. A change is a new row from a day on, so past periods keep their rules."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="rules")
    rules = models.JSONField()

    one_at_a_time = ("scheme",)

    class Meta(DatedRow.Meta):
        verbose_name_plural = "scheme rules"
        indexes = [models.Index(fields=["scheme", "valid_from"])]


class SchemeInForce(DatedRow):
    """From when a scheme holds for the whole force, or for one unit (and those below it), one role or one rank."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="in_force")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    rank = models.ForeignKey(Rank, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    one_at_a_time = ("scheme", "unit", "role", "rank")

    class Meta(DatedRow.Meta):
        verbose_name_plural = "schemes in force"
        indexes = [models.Index(fields=["scheme", "valid_from"])]
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(unit__isnull=True, role__isnull=True)
                | Q(unit__isnull=True, rank__isnull=True)
                | Q(role__isnull=True, rank__isnull=True),
                name="a_scheme_holds_for_one_sort_of_people",
            ),
        ]

    @property
    def whom(self) -> str:
        """For whom it puts the scheme in force: 'the whole force', 'Response team C and the units below it', 'role Tutor constable'."""
        if self.unit is not None:
            return f"{unit_name(self.unit)} and the units below it"
        if self.role is not None:
            return f"role {self.role.title}"
        return f"rank {self.rank.title}" if self.rank is not None else "the whole force"


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    """Whose declarations somebody may read."""

    def of(self, officer: User) -> Self:
        return self.filter(officer=officer)

    def readable_by(self, user: User) -> Self:
        """One's own, and those one may confirm."""
        return self.of(user) | self.confirmable_by(user)

    def confirmable_by(self, user: User) -> Self:
        """Those of the people ``user`` supervises today; never one's own."""
        return self.filter(officer__in=access.officers_supervised_by(user).values("pk")).exclude(officer=user)

    def unconfirmed(self) -> Self:
        """Those whose scheme asks for a confirmation and that have none."""
        return self.filter(needs_confirmation=True, confirmation__isnull=True)


class Declaration(models.Model):
    """An officer declared for a period of a scheme: once for each, in ``words`` as they stood then. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cpd_declarations")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="declarations")
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_by = models.DateField()
    words = models.CharField(max_length=WORDS_LENGTH)
    note = models.TextField(blank=True, help_text="What the officer added, such as an explanation of a gap.")
    needs_confirmation = models.BooleanField(default=False)
    at = models.DateTimeField()

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-at"]
        constraints = [
            models.UniqueConstraint(fields=["officer", "scheme", "starts_on"], name="cpd_declared_once_for_a_period"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cpd_declared_for_a_period"),
        ]


class DeclarationConfirmation(models.Model):
    """Another person, who supervises the officer, confirmed that they talked the period over."""

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="confirmation")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
