"""Whose records are due for disposal, and how many of which class. A list for people to act on: it erases nothing.

It is reckoned for everybody at once, some statements a plan, and kept as rows (``DueForDisposal``) that each night replaces.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cpd_records.models import DueForDisposal, ErasureRequest
from people.erasure_plans import Plan, counts_due, last_days, retention_classes
from people.models import WaitingWork

# The waiting work that makes the list anew, by the day; what it does is put together where all apps are known.
LIST_WORK = "erasure.list_due"
ROWS_AT_ONCE = 1000


def count_due(plans: Sequence[Plan], *, on: date) -> dict[int, dict[str, int]]:
    """Return how many records of each class are due by a day, of everybody of whom any is: by their keys, in the order they joined.

    What an entry says that a record names goes with that record, and is counted with it.
    """
    said = ErasureRequest.objects.filter(officer__is_active=False).values_list("officer", "left_on")
    left = {officer: last_day for officer, last_day in said if last_day is not None}
    left |= last_days()
    named = list(_named_by_records(plans))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for plan in plans:
        for officer, count in counts_due(plan, on=on, left=left, but=named if plan.is_opening else ()).items():
            found[officer][plan.retention] = found[officer].get(plan.retention, 0) + count
    order = list(retention_classes())
    return {
        officer: {code: found[officer][code] for code in order if code in found[officer]} for officer in sorted(found)
    }


@transaction.atomic
def list_due(plans: Sequence[Plan], *, at: datetime) -> int:
    """Make the list anew as it is on the day of ``at``; return how many people stand on it."""
    found = count_due(plans, on=timezone.localdate(at))
    DueForDisposal.objects.all().delete()
    DueForDisposal.objects.bulk_create(_rows(found, at), batch_size=ROWS_AT_ONCE)
    return len(found)


def last_listed() -> datetime | None:
    """Return when the list was made last; None where it never was."""
    done = WaitingWork.objects.filter(kind=LIST_WORK, done_at__isnull=False)
    return done.order_by("-done_at").values_list("done_at", flat=True).first()


def _rows(found: Mapping[int, Mapping[str, int]], at: datetime) -> Iterator[DueForDisposal]:
    for officer, counts in found.items():
        yield DueForDisposal(officer_id=officer, counts=dict(counts), records=sum(counts.values()), found_at=at)


def _named_by_records(plans: Sequence[Plan]) -> Iterator[Exists]:
    """Yield the conditions under which an entry is named by a record that has a plan of its own."""
    for plan in plans:
        if plan.is_opening:
            continue
        rows = plan.table._base_manager.filter(plan.only)
        if plan.is_chain:
            rows = rows.filter(superseded_by__isnull=True)
        for name in plan.entries:
            yield Exists(rows.filter(**{name: OuterRef("entry")}))
        for part in plan.parts:
            for name in part.entries:
                yield Exists(part.table._base_manager.filter(part.only, **{name: OuterRef("entry")}))
