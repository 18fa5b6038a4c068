"""The board: one unit on one day, three groups of people, the worst first, fifty at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from cpd_records.currency import CurrencyAnswer, currency_of_many
from cpd_records.models import Qualification, Standing
from cpd_records.readiness.scope import officers_in
from cpd_records.readiness.summaries import Group, Summary, Totals, asked_of, projected, summary_of, totals_of
from cpd_records.readiness.words import Cell, cell_of, meaning_of
from people import clock
from people.models import Posting, RankHeld, User

ON_A_PAGE = 50
# What a page is wide enough for; the rest are named below the board, and stand in the files.
MOST_COLUMNS = 9
# Up to so many people are reckoned one by one; above, today's board is read from the projection.
ONE_BY_ONE = 120


@dataclass(frozen=True, slots=True)
class Question:
    """What a board is asked: ``unit`` None is all one supervises; ``code`` names one requirement; ``order`` is worst, dates or name."""

    on: date
    unit: int | None = None
    code: str = ""
    order: str = "worst"
    page: int = 1
    every_column: bool = False

    @property
    def is_today(self) -> bool:
        return self.on == clock.today()


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
    columns: tuple[tuple[str, str, str], ...]
    lines: tuple[Line, ...]
    pages: int
    left_out: tuple[str, ...] = ()

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

    Few people, or another day than today, are reckoned one by one; thousands today are counted in the projection, and only the fifty
    shown are reckoned.
    """
    officers = officers_in(user, question.unit, on=question.on)
    answers: Mapping[int, CurrencyAnswer] = {}
    if len(officers) <= ONE_BY_ONE or not question.is_today:
        answers = currency_of_many(officers, on=question.on)
        summaries = [found for key, answer in answers.items() if (found := summary_of(key, answer, question.code))]
        totals = totals_of(answers, question.code)
    else:
        summaries, totals = projected(officers, on=question.on, code=question.code)
    shown, pages = _page(_ordered(summaries, question.order), question.page)
    if not answers:
        answers = currency_of_many([one.officer for one in shown], on=question.on)
    columns, left_out = _most_needed(_columns(officers, answers, question), shown, answers, question)
    return Board(
        question=question,
        people=len(summaries),
        counts=Counter(one.group for one in summaries),
        totals=totals,
        columns=columns,
        lines=tuple(_lines(shown, answers, columns, on=question.on)),
        pages=pages,
        left_out=left_out,
    )


def lines_of(user: User, question: Question) -> tuple[tuple[tuple[str, str, str], ...], list[Line]]:
    """Return the columns and every line of the board, for a file to take away. Raises ``NotYourUnit``."""
    officers = officers_in(user, question.unit, on=question.on)
    answers = currency_of_many(officers, on=question.on)
    summaries = [found for key, answer in answers.items() if (found := summary_of(key, answer, question.code))]
    columns = _columns(officers, answers, question)
    return columns, _lines(_ordered(summaries, question.order), answers, columns, on=question.on)


def _ordered(summaries: Sequence[Summary], order: str) -> list[Summary]:
    if order == "dates":
        return sorted(summaries, key=lambda one: one.next_date_first)
    if order == "name":
        keys = [one.officer for one in summaries]
        names = dict(User.objects.filter(pk__any_of=keys).values_list("pk", "name"))
        return sorted(summaries, key=lambda one: (names.get(one.officer, "").casefold(), one.officer))
    return sorted(summaries, key=lambda one: one.worst_first)


def _page(summaries: list[Summary], page: int) -> tuple[list[Summary], int]:
    pages = max(1, -(-len(summaries) // ON_A_PAGE))
    page = min(max(1, page), pages)
    return summaries[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], pages


def _columns(
    officers: Sequence[int], answers: Mapping[int, CurrencyAnswer], question: Question
) -> tuple[tuple[str, str, str], ...]:
    """Return the requirements of anybody in the unit, in the order of the qualifications; with a code only that one."""
    if question.code:
        codes = {question.code}
    elif len(answers) == len(officers):
        codes = {one.code for answer in answers.values() for one in asked_of(answer)}
    else:
        codes = set(
            Standing.objects.filter(officer__any_of=officers, is_required=True)
            .order_by()
            .values_list("qualification__code", flat=True)
            .distinct()
        )
    rows = Qualification.objects.filter(code__in=codes).order_by("order", "code")
    return tuple(rows.values_list("code", "title", "short_title"))


def _most_needed(
    columns: tuple[tuple[str, str, str], ...],
    shown: Sequence[Summary],
    answers: Mapping[int, CurrencyAnswer],
    question: Question,
) -> tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]:
    """Return the columns in which most people of the page need a look, in their own order, and the titles of the others."""
    if len(columns) <= MOST_COLUMNS or question.every_column:
        return columns, ()
    looks: Counter[str] = Counter()
    for one in shown:
        for found in asked_of(answers[one.officer]):
            looks[found.code] += not cell_of("", found, on=question.on).is_quiet
    places = sorted(range(len(columns)), key=lambda place: (-looks[columns[place][0]], place))[:MOST_COLUMNS]
    kept = tuple(column for place, column in enumerate(columns) if place in places)
    return kept, tuple(column[2] for place, column in enumerate(columns) if place not in places)


def _lines(
    shown: Sequence[Summary],
    answers: Mapping[int, CurrencyAnswer],
    columns: tuple[tuple[str, str, str], ...],
    *,
    on: date,
) -> list[Line]:
    keys = [one.officer for one in shown]
    people = {
        key: (public_id, short_name or name)
        for key, public_id, short_name, name in User.objects.filter(pk__any_of=keys).values_list(
            "pk", "public_id", "short_name", "name"
        )
    }
    badges = _badges(keys, on=on)
    lines = []
    for one in shown:
        answer = answers[one.officer]
        asked = {found.code: found for found in asked_of(answer)}
        meaning, must_act = meaning_of(answer)
        public_id, name = people[one.officer]
        cells = tuple(cell_of(short_title, asked.get(code), on=on) for code, _title, short_title in columns)
        quiet = sum(cell_of("", found, on=on).is_quiet for found in asked.values())
        badge = badges.get(one.officer, "")
        lines.append(Line(one.officer, public_id, name, badge, one.group, meaning, must_act, cells, quiet))
    return lines


def _badges(officers: Sequence[int], *, on: date) -> dict[int, str]:
    """Return rank and shoulder number of each, as they were on the day."""
    numbers = dict(
        Posting.objects.in_force(on).filter(officer__any_of=officers).values_list("officer_id", "shoulder_number")
    )
    ranks = dict(
        RankHeld.objects.in_force(on)
        .filter(officer__any_of=officers)
        .order_by("is_acting")
        .values_list("officer_id", "rank__title")
    )
    return {key: " ".join(filter(None, (ranks.get(key, ""), numbers.get(key, "")))) for key in officers}
