"""Comparing the standings with a rebuild, row by row, without changing anything: what ``ledger_verify`` says of the projection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cpd_records.currency.facts import Cut
from cpd_records.currency.following import NAME, OFFICERS_AT_ONCE, chunks_waiting
from cpd_records.currency.standings import (
    OFFICER_STANDING,
    ROLE_STANDING,
    STANDING,
    Reckoning,
    Standings,
    reckoned,
    stored,
)
from cpd_records.models import Checkpoint, OfficerStanding, Projected, RoleStanding, Standing
from people import clock
from people.models import User

Row = tuple[Any, ...]
ALTOGETHER = "altogether"


@dataclass(frozen=True)
class Difference:
    """A standing that is not what a rebuild makes it. ``officer`` is the service number, ``about`` a qualification's or role's
    code, or 'altogether' for the line the board counts."""

    officer: str
    about: str
    detail: str

    def __str__(self) -> str:
        return f"the standing of {self.officer} in {self.about} {self.detail}"


def differences() -> Iterator[Difference]:
    """Yield every standing that a rebuild would change; officers whose standings wait to be reckoned are left out.

    Nothing is yielded before the projection has followed for the first time.
    """
    projected = Projected.objects.filter(name=NAME).first()
    if projected is None or projected.row_at is None or projected.day is None:
        return
    cut, waiting = Cut(projected.size, projected.row_at), chunks_waiting()
    # On the way over midnight some rows are of the new day already, so either day's are right.
    days = sorted({projected.day, max(projected.day, clock.today())})
    reckonings = [Reckoning.at(day, cut) for day in days]
    officers = [
        key
        for key in User.objects.order_by("pk").values_list("pk", flat=True)
        if not any(first <= key <= last for first, last in waiting)
    ]
    for first in range(0, len(officers), OFFICERS_AT_ONCE):
        yield from _differences(officers[first : first + OFFICERS_AT_ONCE], reckonings)


def misplaced() -> Iterator[str]:
    """Yield what is impossible about where the projection says it stands; behind is no harm, it follows."""
    projected = Projected.objects.filter(name=NAME).first()
    if projected is None:
        if Standing.objects.exists() or RoleStanding.objects.exists() or OfficerStanding.objects.exists():
            yield "there are standings, and no row says what they were reckoned from"
        return
    last = Checkpoint.objects.order_by("-time").first()
    if projected.size > (last.size if last else 0):
        yield f"standings say they follow {projected.size} entries, more than were ever signed"
    if projected.row_at is not None and (last is None or projected.row_at > last.time):
        yield "standings say they follow rows later than the last checkpoint"
    if projected.day is not None and projected.day > clock.today():
        yield f"standings say they are those of {projected.day}, which is still to come"


def _differences(officers: Sequence[int], reckonings: Sequence[Reckoning]) -> Iterator[Difference]:
    are = stored(officers)
    wrong = _wrong(are, reckoned(officers, reckonings[0]), reckonings[0])
    for other in reckonings[1:]:
        if wrong:
            still = _wrong(are, reckoned(officers, other), other)
            wrong = {key: detail for key, detail in wrong.items() if key in still}
    if wrong:
        numbers = dict(User.objects.filter(pk__any_of=officers).values_list("pk", "service_number"))
        for (officer, about), detail in sorted(wrong.items()):
            yield Difference(numbers[officer], about, detail)


def _wrong(are: Standings, should: Standings, reckoning: Reckoning) -> dict[tuple[int, str], str]:
    qualifications = {key: code for code, key in reckoning.qualifications.items()}
    roles = {key: code for code, key in reckoning.roles.items()}
    found = _compared(are.qualifications, should.qualifications, qualifications, STANDING)
    found |= _compared(are.roles, should.roles, roles, ROLE_STANDING)
    return found | _compared(are.officers, should.officers, {}, OFFICER_STANDING)


def _compared(
    are: Mapping[tuple[int, ...], Row],
    should: Mapping[tuple[int, ...], Row],
    codes: Mapping[int, str],
    columns: Sequence[str],
) -> dict[tuple[int, str], str]:
    found: dict[tuple[int, str], str] = {}
    for key in are.keys() | should.keys():
        officer, about = key[0], codes.get(key[-1], str(key[-1])) if len(key) > 1 else ALTOGETHER
        if key not in should:
            found[officer, about] = "should not be there"
        elif key not in are:
            found[officer, about] = f"is missing: it should be '{should[key][0]}'"
        elif are[key] != should[key]:
            wrong = [
                f"{column} is {was} and should be {is_to_be}"
                for column, was, is_to_be in zip(columns, are[key], should[key], strict=True)
                if was != is_to_be
            ]
            found[officer, about] = "differs: " + ", ".join(wrong)
    return found
