"""The random audit sample of CPD: drawn from a published seed, kept as rows that are only ever added."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format

from cpd_records.models.schemes import WORDS_LENGTH, Scheme
from people import access
from people.models import User

READS = (access.TRAINING_ADMIN, access.AUDITOR)


class SampleQuerySet(models.QuerySet["Sample"]):
    """Who may read draws: those who assess them, and auditors."""

    def visible_to(self, user: User) -> Self:
        return self if access.has_any_role(user, *READS) else self.none()


class Sample(models.Model):
    """One draw. ``share`` is in tenths of a per cent; ``population`` is how many the draw was made from, after exclusions.

    ``scheme`` is None where the draw is of everybody posted. Whoever has the seed and the list of public ids gets the same people.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, null=True, blank=True, related_name="samples")
    starts_on = models.DateField()
    ends_on = models.DateField()
    seed = models.CharField(max_length=200)
    share = models.PositiveSmallIntegerField(default=25, validators=[MinValueValidator(1), MaxValueValidator(1000)])
    least_months = models.PositiveSmallIntegerField(
        default=0, help_text="Those with fewer months of service are left out."
    )
    asked = models.CharField(max_length=WORDS_LENGTH)
    answer_by = models.DateField()
    population = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["-drawn_at"]
        constraints = [
            models.UniqueConstraint(fields=["seed", "starts_on", "ends_on"], name="cpd_sample_drawn_once_from_a_seed"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=1000), name="cpd_sample_share_is_a_share"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cpd_sample_of_a_period"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return f"Sample of {date_format(self.starts_on, 'j F Y')} to {date_format(self.ends_on, 'j F Y')}"

    @property
    def of_whom(self) -> str:
        return self.scheme.title if self.scheme else "Everybody posted"

    @property
    def share_words(self) -> str:
        """The share in per cent: '2.5 %'."""
        whole, tenth = divmod(self.share, 10)
        return f"{whole}.{tenth} %" if tenth else f"{whole} %"


class SampleMemberQuerySet(models.QuerySet["SampleMember"]):
    """Who may read what was found of somebody: as for the draw."""

    def visible_to(self, user: User) -> Self:
        return self if access.has_any_role(user, *READS) else self.none()

    def selected(self) -> Self:
        return self.filter(why__in=SELECTED)


class SampleMember(models.Model):
    """One person a draw was made from: selected by lot, selected again after the last time, left out, or not selected.

    ``place`` is the rank of their digest among those the lot was drawn from, from 1; None for those outside the lot.
    """

    class Why(models.TextChoices):
        BY_LOT = "by_lot", "Drawn by lot"
        AGAIN = "again", "Selected again"
        NOT_SELECTED = "not_selected", "Not selected"
        NEW = "new", "Left out: too short a service"
        ABSENT = "absent", "Left out: away"

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="members")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cpd_sampled")
    why = models.CharField(max_length=12, choices=Why.choices)
    place = models.PositiveIntegerField(null=True)

    objects = SampleMemberQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        indexes = [models.Index(fields=["sample", "why"]), models.Index(fields=["officer", "why"])]
        constraints = [models.UniqueConstraint(fields=["sample", "officer"], name="cpd_sampled_once_in_a_draw")]

    @property
    def is_selected(self) -> bool:
        return self.why in SELECTED


SELECTED = (SampleMember.Why.BY_LOT, SampleMember.Why.AGAIN)


class SampleReading(models.Model):
    """An assessor read what a selected officer recorded and said what came of it. A rejection needs a second assessor's reading."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        ADVICE = "advice", "Accepted with advice"
        RETURNED = "returned", "Returned to be completed"
        REJECTED = "rejected", "Rejected"

    member = models.ForeignKey(SampleMember, on_delete=models.PROTECT, related_name="readings")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    words = models.TextField(help_text="What the officer is told.")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
