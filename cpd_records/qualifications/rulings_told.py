"""What was decided about one officer, to be read back: every exception, exemption and restriction, who decided, why, and how it ended.

Who granted something stands in the first row of its chain; each row after it says who ended it earlier, and why. An exemption by two people
has both names in its entry of the ledger.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from cpd_records.models import CurrencyException, Exemption, ReadablePart, Restriction
from people.models import User

KINDS: tuple[tuple[type[Any], str], ...] = (
    (CurrencyException, "excepted"),
    (Exemption, "exempt"),
    (Restriction, "restricted"),
)
# By the verdict a decision leads to: what it is called.
WORDS = {"excepted": "Exception", "exempt": "Exemption", "restricted": "Restriction"}


@dataclass(frozen=True, slots=True)
class Names:
    """Who decided: ``by``, with the rank held then where it counted, and who approved it; '' where nobody is named."""

    by: str
    approved_by: str = ""
    rank: str = ""

    def __str__(self) -> str:
        is_said = self.by.casefold().startswith(self.rank.casefold())
        by = self.by if not self.by or is_said else f"{self.by}, {self.rank.lower()}"
        return f"{by}, approved by {self.approved_by}" if self.approved_by else by


@dataclass(frozen=True, slots=True)
class Ended:
    """That a decision ends earlier than it said: on ``last`` (None: before it began, so it never held), by whom, why, recorded when."""

    last: date | None
    names: Names
    reason: str
    recorded_at: datetime
    entry: UUID | None = None


@dataclass(frozen=True, slots=True)
class RulingTold:
    """A decision about a qualification: ``kind`` is the verdict it leads to. ``conditions`` only an exception has.

    ``granted_to`` is the last day it was given, ``last`` the one that stands after ``ends``; ``is_void`` says that it never held.
    ``entry`` is the ledger's, which an exemption by two people has.
    """

    kind: str
    title: str
    first: date
    granted_to: date | None
    last: date | None
    recorded_at: datetime
    names: Names
    reason: str
    conditions: str
    ends: tuple[Ended, ...] = ()
    is_void: bool = False
    entry: UUID | None = None

    @property
    def word(self) -> str:
        return WORDS[self.kind]


def rulings_about(officer: User, *, known_at: datetime | None = None, everything: bool = False) -> list[RulingTold]:
    """Return the decisions about the officer, whatever has become of them since. Four queries.

    ``everything`` holds those too that ended before they began. ``known_at`` (aware) leaves out what was recorded later; None is now.
    """
    found = []
    for model, kind in KINDS:
        rows = model.objects.filter(officer=officer).select_related("qualification", "recorded_by")
        if hasattr(model, "approver_rank"):
            rows = rows.select_related("approver_rank")
        if known_at is not None:
            rows = rows.filter(recorded_at__lte=known_at)
        found += [(kind, chain) for chain in _chains(list(rows.order_by("recorded_at", "pk")))]
    said = _said({row.entry_id for _kind, chain in found for row in chain if getattr(row, "entry_id", None)})
    told = [_told(kind, chain, said) for kind, chain in found]
    return [one for one in told if everything or not one.is_void]


def _chains(rows: list[Any]) -> list[list[Any]]:
    """Return the rows as chains, each from the row that decided to the last that corrects it."""
    successors = {row.supersedes_id: row for row in rows if row.supersedes_id is not None}
    chains = []
    for row in rows:
        if row.supersedes_id is None:
            chain = [row]
            while chain[-1].pk in successors:
                chain.append(successors[chain[-1].pk])
            chains.append(chain)
    return chains


def _said(entries: set[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return what the entries say, by entry; those that were erased are left out. No query for none."""
    found: dict[UUID, dict[str, Any]] = defaultdict(dict)
    if entries:
        payloads = ReadablePart.objects.filter(pk__in=entries).values_list("pk", "payload")
        found.update({pk: json.loads(payload) for pk, payload in payloads})
    return found


def _told(kind: str, chain: list[Any], said: dict[UUID, dict[str, Any]]) -> RulingTold:
    first, last = chain[0], chain[-1]
    return RulingTold(
        kind=kind,
        title=first.qualification.title,
        first=first.valid_from,
        granted_to=first.valid_until,
        last=last.valid_until,
        recorded_at=first.recorded_at,
        names=_names(first, said),
        reason=first.reason,
        conditions=getattr(first, "conditions", ""),
        ends=tuple(
            Ended(
                None if row.is_void else row.valid_until,
                _names(row, said, ended=True),
                row.reason,
                row.recorded_at,
                getattr(row, "entry_id", None),
            )
            for row in chain[1:]
        ),
        is_void=last.is_void,
        entry=getattr(first, "entry_id", None),
    )


def _names(row: Any, said: dict[UUID, dict[str, Any]], *, ended: bool = False) -> Names:
    """Return who decided a row: both names from its entry where it has one, else who recorded it."""
    entry = getattr(row, "entry_id", None)
    if entry is not None and said[entry].get("by_name"):
        return Names(str(said[entry]["by_name"]), str(said[entry].get("approved_by_name", "")))
    by = row.recorded_by.get_short_name() if row.recorded_by else ""
    rank = None if ended else getattr(row, "approver_rank", None)
    return Names(by, rank=rank.title if rank else "")
