"""Reasonable adjustments for assessments: granted, corrected and ended by training administrators, and what holds for somebody on a day.

What is done for a person is kept, never why: no reason is asked, and none is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from people import access
from people.dated_rows import AlreadyCorrected, add_row, correct_row, end_row, overlapping
from people.models import Adjustment, User

MAY_GRANT = (access.TRAINING_ADMIN,)
MOST_PERCENT = 100
MOST_REST = 60
OWN = "You cannot decide on adjustments of your own. Another training administrator can."
OVERLAP = "Adjustments are recorded for part of that time already. Correct or end those first, or choose other days."


class AdjustmentRefused(Exception):
    """Adjustments cannot be recorded so. The message is a sentence for the person; ``field`` is what it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Granted:
    """What is done for a person: extra time in per cent of every time limit, minutes of rest for each hour of it, and how pages look."""

    extra_percent: int = 0
    rest_minutes: int = 0
    has_larger_print: bool = False
    keeps_order: bool = False

    @property
    def fields(self) -> dict[str, Any]:
        """The columns of a row."""
        return {
            "extra_percent": self.extra_percent,
            "rest_minutes": self.rest_minutes,
            "has_larger_print": self.has_larger_print,
            "keeps_order": self.keeps_order,
        }


def grant_adjustment(
    officer: User, granted: Granted, *, by: User, valid_from: date, valid_until: date | None = None
) -> Adjustment:
    """Record adjustments from a day on, until a last day or until they are ended; by a training administrator, never for oneself.

    They hold for every assessment begun in that time. Raises ``AdjustmentRefused``.
    """
    _refuse_others(by, officer)
    _refuse_impossible(granted, valid_from, valid_until)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=officer.pk)
        _refuse_overlap(officer, valid_from, valid_until)
        return add_row(
            Adjustment,
            subject={"officer": officer},
            by=by,
            valid_from=valid_from,
            valid_until=valid_until,
            **granted.fields,
        )


def correct_adjustment(
    row: Adjustment, granted: Granted, *, by: User, valid_from: date, valid_until: date | None = None
) -> Adjustment:
    """Record what should have stood in a row. Assessments begun meanwhile keep what they began with. Raises ``AdjustmentRefused``."""
    _refuse_others(by, row.officer)
    _refuse_impossible(granted, valid_from, valid_until)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=row.officer_id)
        _refuse_overlap(row.officer, valid_from, valid_until, beside=row)
        try:
            return correct_row(
                row,
                by=by,
                reason="Corrected",
                valid_from=valid_from,
                valid_until=valid_until,
                **granted.fields,
            )
        except AlreadyCorrected as changed:
            raise _changed_meanwhile() from changed


def end_adjustment(row: Adjustment, *, by: User, last_day: date) -> Adjustment:
    """Record the last day on which adjustments hold; before their first day they never held. Raises ``AdjustmentRefused``."""
    _refuse_others(by, row.officer)
    if row.valid_until is not None and last_day >= row.valid_until:
        raise AdjustmentRefused("They end by then already. Choose an earlier day.", "last_day")
    try:
        return end_row(row, by=by, last_day=last_day, reason="Ended")
    except AlreadyCorrected as changed:
        raise _changed_meanwhile() from changed


def adjustments_of(officer: User, *, on: date) -> dict[str, Any]:
    """Return what holds for an officer on a day, only what differs from none; empty for most people.

    Keys: ``extra_percent`` of every time limit, ``rest_minutes`` for each hour of it, ``larger_print`` and ``keeps_order`` (true).
    """
    row = Adjustment.objects.in_force(on).filter(officer=officer).first()
    return {} if row is None else as_told(row)


def as_told(row: Adjustment) -> dict[str, Any]:
    """Return what a row grants, in the shape of ``adjustments_of``."""
    told = {
        "extra_percent": row.extra_percent,
        "rest_minutes": row.rest_minutes,
        "larger_print": row.has_larger_print,
        "keeps_order": row.keeps_order,
    }
    return {name: value for name, value in told.items() if value}


def extra_minutes(adjustments: Mapping[str, Any], minutes: int) -> int:
    """Return the extra time on a limit of so many minutes, rounded up to whole minutes."""
    return -(-minutes * int(adjustments.get("extra_percent", 0)) // 100)


def in_words(adjustments: Mapping[str, Any]) -> list[str]:
    """Return what is granted as short sentences."""
    words = []
    if percent := adjustments.get("extra_percent"):
        words.append(f"{percent}% extra time on every time limit.")
    if rest := adjustments.get("rest_minutes"):
        words.append(f"{rest} minute{'' if rest == 1 else 's'} of rest for each hour, for which the clock stops.")
    if adjustments.get("larger_print"):
        words.append("Larger print.")
    if adjustments.get("keeps_order"):
        words.append("Options in the order their author wrote them.")
    return words


def _refuse_others(by: User, officer: User) -> None:
    if access.is_own(by, officer):
        raise AdjustmentRefused(OWN)
    if not access.has_any_role(by, *MAY_GRANT):
        raise AdjustmentRefused("Only a training administrator decides on adjustments.")


def _refuse_impossible(granted: Granted, valid_from: date, valid_until: date | None) -> None:
    if not 0 <= granted.extra_percent <= MOST_PERCENT:
        raise AdjustmentRefused(f"Extra time is 0 to {MOST_PERCENT} per cent.", "extra_percent")
    if not 0 <= granted.rest_minutes <= MOST_REST:
        raise AdjustmentRefused(f"Rest is 0 to {MOST_REST} minutes for each hour.", "rest_minutes")
    if granted == Granted():
        raise AdjustmentRefused("Choose at least one adjustment. To take all of them away, end them.")
    if valid_until is not None and valid_until < valid_from:
        raise AdjustmentRefused("The last day is before the first. Check both days.", "valid_until")


def _refuse_overlap(
    officer: User, valid_from: date, valid_until: date | None, *, beside: Adjustment | None = None
) -> None:
    rows = overlapping(Adjustment, {"officer": officer}, valid_from, valid_until)
    if rows.exclude(pk=None if beside is None else beside.pk).exists():
        raise AdjustmentRefused(OVERLAP)


def _changed_meanwhile() -> AdjustmentRefused:
    return AdjustmentRefused("Somebody changed these a moment ago. Look at them again, then decide.")
