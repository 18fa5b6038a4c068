"""Reports as rows for a spreadsheet, and the answer that carries them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse

from courses.programme_reports.cohorts import Cohort
from courses.programme_reports.lost import weeks
from courses.programme_reports.public_counts import HIDDEN, PublicCounts
from courses.programmes.boards import Board
from courses.programmes.states import WORDS, Kind
from people.tables.writing import CSV_TYPE, XLSX_TYPE, Cell, as_csv, as_xlsx

BOARD_TITLES = ("Person", "Service number", "How it goes", "Reason", "Phase", "Week", "Still needed")
OVERVIEW_TITLES = (
    "Intake",
    "Programme",
    "First day",
    "Began",
    "In training",
    "Behind",
    "In difficulty",
    "Moved to a later intake",
    "Independent patrol granted",
    "Median weeks to patrol",
    "Planned weeks to patrol",
    "Confirmed",
    "Discharged",
    "Left",
    "Weeks lost",
)
Rows = Iterable[Sequence[Cell]]


def board_rows(board: Board) -> Iterator[Sequence[Cell]]:
    """Yield a row for each recruit, in the groups and the order of the board."""
    for heading, members in board.groups:
        for member in members:
            officer = member.recruit.officer
            place: tuple[Cell, ...] = (member.phase, member.week or None, member.missing)
            yield officer.name, officer.service_number, heading, member.reason, *place


def cohort_titles(cohort: Cohort) -> list[str]:
    """Return the titles of a cohort's file: the phases of its programme among them."""
    phases = [f"{phase.title}, entered" for phase in cohort.plan.phases]
    patrol = ["Independent patrol granted", "Weeks to patrol"]
    return ["Person", "Service number", "Began", "Stands", *phases, *patrol, "Moves", "Weeks lost", "Causes"]


def cohort_rows(cohort: Cohort) -> Iterator[Sequence[Cell]]:
    """Yield a row for each recruit by name: when each phase was entered, when patrol was granted, what was lost and why."""
    for way in cohort.ways:
        officer, phase = way.recruit.officer, way.phase
        stands = WORDS[way.standing.ended] if way.standing.ended else phase.title if phase else ""
        yield (
            officer.name,
            officer.service_number,
            way.recruit.began_on,
            stands,
            *(way.entered.get(one.slug) for one in cohort.plan.phases),
            way.patrol_on,
            way.weeks_to_patrol,
            way.moved,
            weeks(way.days_lost),
            "; ".join(way.causes),
        )


def overview_rows(cohorts: Iterable[Cohort]) -> Iterator[Sequence[Cell]]:
    """Yield a row for each intake, by the day it began."""
    for one in cohorts:
        ended = (one.ended[kind.value] for kind in (Kind.CONFIRMED, Kind.DISCHARGED, Kind.LEFT))
        yield (
            one.intake.name,
            one.plan.title,
            one.intake.starts_on,
            one.began,
            one.in_training,
            one.behind,
            one.difficult,
            one.moved,
            len(one.patrol),
            one.patrol_median,
            one.planned_weeks,
            *ended,
            one.weeks_lost,
        )


def counts_titles(counts: PublicCounts) -> list[str]:
    columns = counts.tables[0].published.columns if counts.tables else ()
    return ["Table", "What", *columns, "Total"]


def counts_rows(counts: PublicCounts) -> Iterator[Sequence[Cell]]:
    """Yield the public tables one under the other, what is hidden as an asterisk."""
    for table in counts.tables:
        shown = table.published
        for name, cells, total in shown.lines:
            yield table.title, name, *map(_shown, cells), _shown(total)
        yield table.title, "Total", *map(_shown, shown.column_totals), _shown(shown.total)


def file_of(kind: str, name: str, titles: Sequence[str], rows: Rows, *, sheet: str) -> HttpResponse:
    """Return the file as an answer: ``kind`` is csv or xlsx, ``name`` is without its ending."""
    content, content_type = (
        (as_csv(titles, rows), CSV_TYPE) if kind == "csv" else (as_xlsx(titles, rows, sheet=sheet), XLSX_TYPE)
    )
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _shown(count: int | None) -> Cell:
    return HIDDEN if count is None else count
