"""Rows with two times: when something was true, and when we knew it.

A row is never updated. A correction is a new row that names the one it supersedes; a row has at most one successor.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class DatedQuerySet(models.QuerySet[Any]):
    """Questions about rows with two times."""

    def known(self, known_at: datetime | None = None) -> Self:
        """Rows that stood at ``known_at`` (aware UTC; None is now): recorded by then, and not superseded by then."""
        rows = self if known_at is None else self.filter(recorded_at__lte=known_at)
        successors = self.model._base_manager.filter(supersedes=models.OuterRef("pk"))
        if known_at is not None:
            successors = successors.filter(recorded_at__lte=known_at)
        return rows.filter(~models.Exists(successors))

    def in_force(self, on: date, known_at: datetime | None = None) -> Self:
        """Rows that were true on the day ``on``, as known at ``known_at``. Both end days count; void rows never do."""
        return (
            self.known(known_at)
            .filter(is_void=False, valid_from__lte=on)
            .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
        )


class DatedRow(models.Model):
    """Abstract. Valid from and until (both days included), recorded at and by; ``supersedes`` names what it corrects.

    Constraints hold one successor for each row and an end not before the beginning. Non-overlap is kept by the verb
    that writes, under a lock on the subject, and checked by ``check_records``.
    """

    # The fields within which periods may not overlap, and which a correction keeps; ``apart`` are the rows of which that holds.
    one_at_a_time: ClassVar[tuple[str, ...]] = ()
    apart: ClassVar[Q] = Q()

    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_index=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    is_void = models.BooleanField(default=False, help_text="A correction that says the row it names was never true.")

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="%(class)s_ends_after_it_begins",
            ),
        ]


class LastStamp(models.Model):
    """One row: the last ``recorded_at`` given to a row with two times, or to a checkpoint. Locking it is the one lock.

    ``row_at`` is the last stamp a row with two times received; a checkpoint is due when it is later than the last one.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()
    row_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_last_stamp")]
