"""The counts the public asks for: how many moved to a later intake and why, and what became of those who began; small numbers hidden.

Only years that are over are counted, as at the last day of the latest, and everybody is counted: a cut or a filter of somebody's choosing
could be taken from another, and the difference would be a small number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from courses.models import Recruit, RecruitState
from courses.programme_reports.suppression import Published, publish
from courses.programmes.moving import CAUSES
from courses.programmes.states import ENDS, WORDS, Kind

MOST_YEARS = 6
HIDDEN = "*"
IN_TRAINING = "In training"


@dataclass(frozen=True, slots=True)
class PublicTable:
    """A table for the public: what it counts, what its first column is, and the counts that may be shown."""

    title: str
    what: str
    published: Published


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """The tables, as at the last day of the last year that is over; none where nobody had begun by then."""

    as_at: date
    tables: tuple[PublicTable, ...]


def public_counts(today: date) -> PublicCounts:
    """Return the counts of the years that are over. Three queries."""
    as_at = date(today.year - 1, 12, 31)
    began = dict(Recruit.objects.filter(began_on__lte=as_at).values_list("pk", "began_on"))
    if not began:
        return PublicCounts(as_at, ())
    first = max(min(day.year for day in began.values()), as_at.year - MOST_YEARS + 1)
    years = range(first, as_at.year + 1)
    columns = [str(year) for year in years]
    moves: Counter[tuple[str, int]] = Counter()
    known = RecruitState.objects.known().filter(is_void=False, valid_from__lte=as_at)
    for cause, day in known.filter(kind=Kind.INTAKE).exclude(cause="").values_list("cause", "valid_from"):
        moves[cause, day.year] += 1
    moved = [[moves[cause.value, year] for year in years] for cause in CAUSES]
    outcomes = Counter((where, began[recruit].year) for recruit, where in _where(began, as_at).items())
    ways = (IN_TRAINING, WORDS[Kind.PATROL], *(WORDS[kind] for kind in ENDS))
    became = [[outcomes[way, year] for year in years] for way in ways]
    return PublicCounts(
        as_at,
        (
            PublicTable(
                "Moves to a later intake, by cause and year", "Cause", publish(list(CAUSES.values()), columns, moved)
            ),
            PublicTable(
                "Recruits by the year they began, and where they stood at the end of the last year",
                "Where they stood",
                publish(ways, columns, became),
            ),
        ),
    )


def _where(began: Mapping[UUID, date], as_at: date) -> dict[UUID, str]:
    """Return in which words each recruit stood at the end of the year: how it ended, else patrol granted, else in training."""
    found = dict.fromkeys(began, IN_TRAINING)
    wanted = (Kind.PATROL, *ENDS)
    rows = RecruitState.objects.in_force(as_at).filter(kind__in=wanted).values_list("recruit", "kind")
    for recruit, kind in sorted(rows, key=lambda row: wanted.index(Kind(row[1]))):
        found[recruit] = WORDS[Kind(kind)]
    return found
