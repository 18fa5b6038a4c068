"""What a phase of initial training asks by when, as things due: its courses, by the last day of its target weeks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from courses.my_learning import DUE_DAYS, Due, DueKind, due_words
from courses.programmes.needs import NeedKind
from courses.programmes.recruits import Path
from people.dates import long_date


def due_in_phase(path: Path, *, on: date, told: Collection[str] = ()) -> list[Due]:
    """Return the courses the present phase still needs, where its last day is near or past; nothing while training is paused.

    The day follows the phase, so moving to a later intake moves it. ``told`` are codes of courses that something else asks for already.
    """
    present = path.present
    if present is None or path.standing.is_paused or present.ends_on > on + timedelta(days=DUE_DAYS):
        return []
    is_late = present.ends_on < on
    by = f"{present.phase.title} {'was to be done' if is_late else 'is to be done'} by {long_date(present.ends_on)}."
    return [
        Due(
            course=need.code,
            title=need.title,
            address=need.address,
            detail=" ".join((by, *(["Ask your trainer how to catch up."] if is_late else []))),
            words="Behind" if is_late else due_words(present.ends_on, on),
            is_expired=False,
            by=present.ends_on,
            kind=DueKind.PHASE,
        )
        for need in path.needs
        if need.kind is NeedKind.COURSE and not need.met and need.address and need.code not in told
    ]
