"""Writing a step of an attempt: the only place that does, and only under the attempt's lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import IntegerField, Subquery, Value
from django.db.models.functions import Coalesce

from assessments.models import Attempt, AttemptStep, StepKind
from people.models import User
from people.prepared import prepared_insert


def add_step(
    attempt: Attempt,
    kind: StepKind,
    *,
    by: User | None,
    at: datetime,
    position: int | None = None,
    data: dict[str, Any] | None = None,
    device: str = "",
    sequence: int | None = None,
) -> None:
    """Append a step under the next number. The number is found by the statement that inserts, so a save stays cheap."""
    insert_step(
        attempt=attempt.pk,
        kind=kind,
        at=at,
        by=None if by is None else by.pk,
        position=position,
        data=data or {},
        device=device,
        sequence=sequence,
    )


@prepared_insert
def insert_step(
    attempt: UUID,
    kind: StepKind,
    at: datetime,
    by: int | None,
    position: int | None,
    data: dict[str, Any],
    device: str,
    sequence: int | None,
) -> AttemptStep:
    """Its number is the last one's and one more; the lock on the attempt keeps two from being the same."""
    last = AttemptStep.objects.filter(attempt=attempt).order_by("-number").values("number")[:1]
    return AttemptStep(
        attempt_id=attempt,
        number=Coalesce(Subquery(last, output_field=IntegerField()), Value(0)) + Value(1),
        kind=kind,
        at=at,
        by_id=by,
        position=position,
        data=data,
        device=device,
        sequence=sequence,
    )
