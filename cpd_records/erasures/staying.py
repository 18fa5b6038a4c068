"""Why a record could not go, in the words in which the pages speak of records: never in names of tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from people.erasure_plans import Plan

OTHERS = "another record"


def why_it_stays(tables: Iterable[str], plans: Sequence[Plan]) -> str:
    """Say in a sentence what still names a record that was to go. ``tables`` ('app.Model') hold the rows that name it."""
    names = sorted({name_of(table, plans) for table in tables})
    return f"Still needed by what is kept longer: {', '.join(names)}."


def name_of(table: str, plans: Sequence[Plan]) -> str:
    """Return what rows of a table are called in the middle of a sentence: the sort of record that they are, or are part of."""
    itself = [plan for plan in plans if plan.model == table and not plan.is_opening]
    hanging = [plan for plan in plans if any(part.model == table for part in plan.parts)]
    # Of a table that goes in two steps, such as answers and then the result, the last is the record itself.
    found = (itself or hanging)[-1:]
    return found[0].named if found else OTHERS
