"""One officer in a line: which group of the board they stand in, how early something falls, and whether they can be posted.

Nothing here knows a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Protocol

from cpd_records.currency.values import Verdict

POST = "post"
NEEDS_A_LOOK = frozenset({Verdict.DUE, Verdict.IN_GRACE, Verdict.EXCEPTED})


class Group(IntEnum):
    """The three groups of the board, the worst first."""

    CANNOT = 0
    DUE = 1
    IN_DATE = 2


class Posted(StrEnum):
    """Whether somebody may act in every post they hold, by exception in one of them, or not; '' holds none."""

    NONE = ""
    ABLE = "able"
    EXCEPTED = "excepted"
    BARRED = "barred"


class Stands(Protocol):
    """A verdict with its days, as a finding or an answer has them."""

    @property
    def verdict(self) -> Verdict: ...

    @property
    def valid_until(self) -> date | None: ...

    @property
    def grace_until(self) -> date | None: ...

    @property
    def lapses_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Summary:
    """``failing`` counts requirements that do not carry; ``first`` is the earliest day on which something lapses or lapsed."""

    group: Group
    failing: int = 0
    first: date | None = None
    posted: Posted = Posted.NONE


def summary_of(asked: Iterable[Stands], roles: Iterable[tuple[str, Verdict]]) -> Summary:
    """Return the summary of what is required and of the duty roles held, each with its duty: 'post' or 'authority'."""
    asked, roles = list(asked), list(roles)
    failing = [one for one in asked if not one.verdict.carries]
    barred = any(not verdict.carries for _duty, verdict in roles)
    looking = [one for one in asked if one.verdict in NEEDS_A_LOOK]
    dates = [day for one in failing or looking or asked if (day := falls_on(one)) is not None]
    group = Group.CANNOT if failing or barred else Group.DUE if looking else Group.IN_DATE
    posts = [verdict for duty, verdict in roles if duty == POST]
    return Summary(group, len(failing), min(dates, default=None), _posted(posts))


def falls_on(one: Stands) -> date | None:
    """Return the first day on which it no longer carries, or the last on which it did."""
    return one.lapses_on if one.verdict.carries else one.grace_until or one.valid_until


def _posted(posts: list[Verdict]) -> Posted:
    if not posts:
        return Posted.NONE
    if not all(verdict.carries for verdict in posts):
        return Posted.BARRED
    return Posted.EXCEPTED if Verdict.EXCEPTED in posts else Posted.ABLE
