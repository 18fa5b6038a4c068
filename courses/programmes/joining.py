"""Enrolling a list into an intake: looked at first, each line answered, all or nothing by choice, the same list twice without effect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO

from django.db import IntegrityError, transaction

from courses.models import Intake, Recruit, RecruitState
from courses.programmes.moving import begin
from courses.programmes.refusals import RecruitRefused, refuse_unless_administrator
from courses.programmes.releasing import refuse_withdrawn
from courses.programmes.states import Kind
from people.models import User, display_name
from people.tables.reading import open_table
from people.tables.rows import TableRefused

MOST_LINES = 2_000
MOST_CHARACTERS = 100_000
TOO_LONG = f"This list is longer than {MOST_LINES:,} lines. An intake is enrolled in one list of at most that many."
TITLES = frozenset({"service number", "service_number", "warrant number", "number", "employee number"})


class Answer(StrEnum):
    """What becomes of a line."""

    JOINS = "joins"
    IS_IN = "is in"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class JoinLine:
    """One line of a list and its answer, in words for whoever handed it in."""

    number: int
    text: str
    answer: Answer
    words: str
    officer: User | None = None


def numbers_in(text: str) -> list[tuple[int, str]]:
    """Return ``(line, service number)`` of each line that says something: what stands before the first comma, semicolon or tab.

    A first line of titles is passed over. Raises ``RecruitRefused`` for more than a list of people.
    """
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES:
        raise RecruitRefused(TOO_LONG, "numbers")
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        first = re.split(r"[,;\t]", line, maxsplit=1)[0].strip().strip("\"'\ufeff").strip()
        if first and not (not found and first.lower() in TITLES):
            found.append((number, first[:60]))
    if not found:
        raise RecruitRefused("The list is empty. Give one service number on each line.", "numbers")
    return found


def numbers_of_file(file: IO[bytes]) -> str:
    """Return the service numbers of a CSV or XLSX file as a pasted list, each on the line it has in the file.

    They stand in the column that is called so, else in the first. Raises ``RecruitRefused`` for a file that is no list or too long.
    """
    try:
        table, column, told = open_table(file), 0, list[str]()
        for row in table.rows():
            if not told:
                column = next((place for place, cell in enumerate(row.cells) if cell.strip().lower() in TITLES), 0)
            if row.number > MOST_LINES:
                raise RecruitRefused(TOO_LONG, "file")
            told += [""] * (row.number - 1 - len(told))
            told.append(row.cells[column].strip() if column < len(row.cells) else "")
    except TableRefused as refused:
        raise RecruitRefused(str(refused), "file") from refused
    return "\n".join(told)


def check_list(intake: Intake, numbers: Sequence[tuple[int, str]], *, by: User) -> list[JoinLine]:
    """Answer every line without writing anything. Three queries, however long the list."""
    refuse_unless_administrator(by, to_do="enrol recruits")
    people = {
        person.service_number.lower(): person for person in User.objects.filter(service_number__in=_spellings(numbers))
    }
    pks = [person.pk for person in people.values()]
    open_ones = {
        recruit.officer_id: recruit
        for recruit in Recruit.objects.open().filter(officer__in=pks).select_related("release__programme")
    }
    intakes = dict(
        RecruitState.objects.known()
        .filter(kind=Kind.INTAKE, is_void=False, valid_until__isnull=True, recruit__in=list(open_ones.values()))
        .values_list("recruit__officer", "intake__name")
    )
    seen: dict[int, int] = {}
    return [_line(intake, number, text, people, open_ones, intakes, seen, by) for number, text in numbers]


def enrol_list(
    intake: Intake, numbers: Sequence[tuple[int, str]], *, by: User, at: datetime, all_or_nothing: bool
) -> list[JoinLine]:
    """Enrol everybody on the list who can be and return each line's answer; with ``all_or_nothing`` nobody where one is refused."""
    refuse_unless_administrator(by, to_do="enrol recruits")
    refuse_withdrawn(intake.release)
    with transaction.atomic():
        Intake.objects.select_for_update().get(pk=intake.pk)
        lines = check_list(intake, numbers, by=by)
        refused = [line for line in lines if line.answer is Answer.REFUSED]
        if refused and all_or_nothing:
            raise RecruitRefused(
                f"Nobody was enrolled, because line {refused[0].number} is refused: {refused[0].words}", "numbers"
            )
        for line in lines:
            if line.answer is Answer.JOINS and line.officer is not None:
                join(line.officer, intake, by=by, at=at)
    return lines


def join(officer: User, intake: Intake, *, by: User, at: datetime) -> Recruit:
    """Make somebody a recruit of an intake, from its first day; on one programme at a time."""
    refuse_unless_administrator(by, to_do="enrol recruits")
    try:
        with transaction.atomic():
            recruit = Recruit.objects.create(
                officer=officer, release=intake.release, began_on=intake.starts_on, added_at=at, added_by=by
            )
            begin(recruit, intake, by=by, at=at, on=intake.starts_on)
    except IntegrityError as taken:
        raise RecruitRefused(f"{display_name(officer)} is on a programme already.") from taken
    return recruit


def _spellings(numbers: Sequence[tuple[int, str]]) -> set[str]:
    return {spelling for _line, text in numbers for spelling in (text, text.upper(), text.lower())}


def _line(
    intake: Intake,
    number: int,
    text: str,
    people: dict[str, User],
    open_ones: dict[int, Recruit],
    intakes: dict[int, str],
    seen: dict[int, int],
    by: User,
) -> JoinLine:
    person = people.get(text.lower())
    if person is None or not person.is_active:
        return JoinLine(number, text, Answer.REFUSED, "Nobody who may sign in has this service number.")
    if person.pk in seen:
        return JoinLine(number, text, Answer.IS_IN, f"The same person as line {seen[person.pk]}.", person)
    seen[person.pk] = number
    name = display_name(person)
    if person.pk == by.pk:
        return JoinLine(
            number, text, Answer.REFUSED, "That is you. Another training administrator can enrol you.", person
        )
    where = intakes.get(person.pk)
    if where == intake.name:
        return JoinLine(number, text, Answer.IS_IN, f"{name} is in this intake already.", person)
    if where is not None:
        return JoinLine(
            number, text, Answer.REFUSED, f"{name} is in the intake {where}. Back-course them instead.", person
        )
    if person.pk in open_ones:
        return JoinLine(number, text, Answer.REFUSED, f"{name} is on a programme already.", person)
    return JoinLine(number, text, Answer.JOINS, f"{name} joins.", person)
