"""The board: one unit on one day, three groups of people, the worst first, fifty at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Lower

from cpd_records.currency import CurrencyAnswer
from cpd_records.currency.groups import Group, Summary
from cpd_records.models import Qualification
from cpd_records.readiness.projected import ProjectedBoard, place_of
from cpd_records.readiness.question import Question
from cpd_records.readiness.reckoned import RestsOn, answers_about, footing_of
from cpd_records.readiness.scope import are_many, units_in
from cpd_records.readiness.summaries import Totals, asked_of, summed, totals_of
from cpd_records.readiness.words import QUIET, Cell, cell_of, meaning_of
from people.models import Posting, RankHeld, User
from people.prepared import prepared

ON_A_PAGE = 50
# What a page is wide enough for; the rest are named below the board, and stand in the files.
MOST_COLUMNS = 9
# Requirements as code, title and short title.
Columns = tuple[tuple[str, str, str], ...]
# An officer and their summary.
Shown = tuple[int, Summary]


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the board. ``meaning`` is what it means on the day; ``in_date`` counts quiet requirements, for a phone."""

    officer: int
    public_id: UUID
    name: str
    badge: str
    group: Group
    meaning: str
    must_act: bool
    cells: tuple[Cell, ...]
    in_date: int


@dataclass(frozen=True, slots=True)
class Board:
    """``columns`` are the requirements as ``(code, title, short title)``, ``left_out`` those there is no room for; ``counts`` people by
    group in the whole unit."""

    question: Question
    people: int
    counts: Mapping[Group, int]
    totals: Totals
    columns: Columns
    lines: tuple[Line, ...]
    pages: int
    left_out: tuple[str, ...]
    rests_on: RestsOn

    @property
    def groups(self) -> list[tuple[Group, list[Line]]]:
        """The page's people by group, in the board's order; one group of all where they are not ordered by it."""
        found: list[tuple[Group, list[Line]]] = []
        for line in self.lines:
            if not found or found[-1][0] != line.group:
                found.append((line.group, []))
            found[-1][1].append(line)
        return found


def board_of(user: User, question: Question) -> Board:
    """Return the board of the people ``user`` supervises. Raises ``NotYourUnit``.

    Few people, or another day than today, are reckoned one by one; thousands today are counted and ordered in the projection.
    """
    units = units_in(user, question.unit)
    if question.is_today and are_many(units):
        return _board_of_many(ProjectedBoard(user, frozenset(units), question.on, question.code), question)
    answers = answers_about(units, on=question.on, known_at=question.known_at, without=user)
    ordered = _ordered(answers, question)
    page, pages = _page(len(ordered), question)
    shown = ordered[page]
    columns, left_out = _columns(shown, answers, question)
    return Board(
        question=question,
        people=len(ordered),
        counts=Counter(summary.group for _officer, summary in ordered),
        totals=totals_of(answers, question.code),
        columns=columns,
        lines=tuple(_lines(shown, answers, columns, on=question.on)),
        pages=pages,
        left_out=left_out,
        rests_on=footing_of(answers, question.known_at),
    )


def lines_of(user: User, question: Question) -> tuple[Columns, list[Line]]:
    """Return the columns and every line of the board, for a file to take away. Raises ``NotYourUnit``."""
    units = units_in(user, question.unit)
    answers: Mapping[int, CurrencyAnswer]
    if question.is_today and are_many(units):
        board = ProjectedBoard(user, frozenset(units), question.on, question.code)
        ordered = board.window(question.order, 0, sum(board.counts.values()))
        answers = board.answers([officer for officer, _summary in ordered])
    else:
        answers = answers_about(units, on=question.on, known_at=question.known_at, without=user)
        ordered = _ordered(answers, question)
    columns = _titled(_codes(answers.values(), question))
    return columns, _lines(ordered, answers, columns, on=question.on)


def _board_of_many(board: ProjectedBoard, question: Question) -> Board:
    people = sum(board.counts.values())
    page, pages = _page(people, question)
    shown = board.window(question.order, page.start, ON_A_PAGE)
    answers = board.answers([officer for officer, _summary in shown])
    columns, left_out = _columns(shown, answers, question)
    return Board(
        question=question,
        people=people,
        counts=board.counts,
        totals=board.totals,
        columns=columns,
        lines=tuple(_lines(shown, answers, columns, on=question.on)),
        pages=pages,
        left_out=left_out,
        rests_on=RestsOn(board.size, is_catching_up=board.is_catching_up),
    )


def _ordered(answers: Mapping[int, CurrencyAnswer], question: Question) -> list[Shown]:
    summaries = [
        (officer, found) for officer, answer in answers.items() if (found := summed(answer, question.code)) is not None
    ]
    names: Mapping[int, str] = {}
    if question.order == "name":
        low = User.objects.filter(pk__any_of=[officer for officer, _one in summaries]).annotate(low=Lower("name"))
        names = dict(low.values_list("pk", "low"))
    return sorted(summaries, key=lambda one: place_of(question.order, one[0], one[1], names.get(one[0], "")))


def _page(people: int, question: Question) -> tuple[slice, int]:
    """Return which people are on the page asked for, and how many pages there are."""
    pages = max(1, -(-people // ON_A_PAGE))
    page = min(max(1, question.page), pages)
    return slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE), pages


def _codes(answers: Iterable[CurrencyAnswer], question: Question) -> set[str]:
    """Return what is required of any of the officers; with a code only that."""
    return {question.code} if question.code else {one.code for answer in answers for one in asked_of(answer)}


def _titled(codes: set[str]) -> Columns:
    """Return code, title and short title of qualifications, in their order."""
    rows = Qualification.objects.filter(code__in=codes).order_by("order", "code")
    return tuple(rows.values_list("code", "title", "short_title"))


def _columns(
    shown: Sequence[Shown], answers: Mapping[int, CurrencyAnswer], question: Question
) -> tuple[Columns, tuple[str, ...]]:
    """Return what is required of the page's people, the columns in which most of them need a look, and the titles of the others."""
    columns = _titled(_codes((answers[officer] for officer, _summary in shown), question))
    if len(columns) <= MOST_COLUMNS or question.every_column:
        return columns, ()
    looks: Counter[str] = Counter()
    for officer, _summary in shown:
        for found in asked_of(answers[officer]):
            looks[found.code] += found.verdict not in QUIET
    places = sorted(range(len(columns)), key=lambda place: (-looks[columns[place][0]], place))[:MOST_COLUMNS]
    kept = tuple(column for place, column in enumerate(columns) if place in places)
    return kept, tuple(column[2] for place, column in enumerate(columns) if place not in places)


def _lines(
    shown: Sequence[Shown],
    answers: Mapping[int, CurrencyAnswer],
    columns: Columns,
    *,
    on: date,
) -> list[Line]:
    keys = [officer for officer, _summary in shown]
    people = {
        key: (public_id, short_name or name) for key, public_id, short_name, name in _people_called(officers=keys)
    }
    badges = _badges(keys, on=on)
    lines = []
    for officer, summary in shown:
        answer = answers[officer]
        asked = {found.code: found for found in asked_of(answer)}
        meaning, must_act = meaning_of(answer)
        public_id, name = people[officer]
        cells = tuple(cell_of(short_title, asked.get(code), on=on) for code, _title, short_title in columns)
        quiet = sum(found.verdict in QUIET for found in asked.values())
        badge = badges.get(officer, "")
        lines.append(Line(officer, public_id, name, badge, summary.group, meaning, must_act, cells, quiet))
    return lines


def _badges(officers: list[int], *, on: date) -> dict[int, str]:
    """Return rank and shoulder number of each, as they were on the day."""
    numbers = dict(_shoulder_numbers(officers=officers, on=on))
    ranks = dict(_ranks(officers=officers, on=on))
    return {key: " ".join(filter(None, (ranks.get(key, ""), numbers.get(key, "")))) for key in officers}


@prepared
def _people_called(officers: Any) -> QuerySet[User, Any]:
    return User.objects.filter(pk__any_of=officers).values_list("pk", "public_id", "short_name", "name")


@prepared
def _shoulder_numbers(officers: Any, on: date) -> QuerySet[Posting, Any]:
    rows = Posting.objects.in_force(on).filter(officer__any_of=officers)
    return rows.values_list("officer_id", "shoulder_number")


@prepared
def _ranks(officers: Any, on: date) -> QuerySet[RankHeld, Any]:
    rows = RankHeld.objects.in_force(on).filter(officer__any_of=officers).order_by("is_acting")
    return rows.values_list("officer_id", "rank__title")
