"""People of units reckoned one by one on any day, as known at any time, and what such an answer rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cpd_records.currency import CurrencyAnswer, currency_of_many
from cpd_records.currency.facts import footing_at
from cpd_records.currency.following import chunks_waiting, where_followed
from cpd_records.readiness.scope import officers_posted_to
from people.models import User


@dataclass(frozen=True, slots=True)
class RestsOn:
    """What an answer about several people rests on: the ``size`` of the tree, how many entries are not in it yet, and whether later
    ones may add. ``is_catching_up``: a change that concerns everybody is being reckoned into the projection it was read from."""

    size: int = 0
    unsealed: int = 0
    is_provisional: bool = False
    is_catching_up: bool = False


def footing_of_projection() -> RestsOn:
    """Return what an answer of today that is read from the projection rests on: the tree as far as it has taken it in."""
    followed = where_followed()
    return RestsOn(followed.size, is_catching_up=followed.row_at is None or bool(chunks_waiting()))


def moment_of(known_at: datetime | None) -> datetime | None:
    """Return the time by which rows count as known at a time: that of the last checkpoint by then; None is now."""
    return None if known_at is None else footing_at(known_at).cut.moment


def answers_about(
    units: set[int], *, on: date, known_at: datetime | None, without: User | None
) -> dict[int, CurrencyAnswer]:
    """Return the answers about whoever was posted to the units on the day, as known at a time (aware; None is now), without one of them."""
    officers = officers_posted_to(units, on=on, without=without, known_at=moment_of(known_at))
    return currency_of_many(officers, on=on, known_at=known_at)


def footing_of(answers: Mapping[int, CurrencyAnswer], known_at: datetime | None) -> RestsOn:
    """Return what the answers rest on; of nobody, what the question does."""
    if not answers:
        footing = footing_at(known_at)
        return RestsOn(footing.size, 0, footing.is_provisional)
    return RestsOn(
        max(answer.size for answer in answers.values()),
        sum(answer.unsealed for answer in answers.values()),
        any(answer.provisional for answer in answers.values()),
    )
