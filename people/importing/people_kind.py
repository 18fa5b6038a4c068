"""Importing people: who they are, where posted, which rank and roles, from the line's day on.

An empty cell leaves what is known. Passwords are never imported: people set one through 'Forgotten password'. Somebody who comes back is
the same person. What a line would do is decided from what is recorded, without writing; writing decides again and does it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from django.db import IntegrityError, transaction

from people import access
from people.dated_rows import AlreadyCorrected, PeriodsOverlap
from people.importing.answers import CHANGED, NEW, REFUSED, UNCHANGED, Answer, LineRefused, answered
from people.importing.kinds import ImportKind, LineImport, Option, register
from people.importing.people_decisions import Decision, Known, decide
from people.importing.people_lines import COLUMNS, Vocabulary, what_is_wanted
from people.importing.people_writing import write_decisions
from people.importing.supervision import Supervision
from people.models import User
from people.tables.columns import Column, Line


class PeopleImport:
    """A list of people under way: which service numbers and addresses came already, and who would supervise whom."""

    def __init__(self, *, by: User | None, on: date) -> None:
        self._by, self._on = by, on
        self._may_administer = by is None or access.has_role(by, access.SYSTEM_ADMIN)
        self._words = Vocabulary(on)
        self._supervision = Supervision(on)
        self._lines_by_number: dict[str, int] = {}
        self._numbers_by_email: dict[str, str] = {}

    def pass_over(self, lines: Sequence[Line]) -> None:
        for line in lines:
            self._remember(line)
            try:
                wanted = what_is_wanted(line, self._words)
            except LineRefused:
                continue
            if wanted.unit is not None:
                self._supervision.post(wanted.service_number, wanted.unit.pk)
            for role in wanted.roles:
                if role.unit is not None:
                    self._supervision.give(wanted.service_number, role.unit.pk)

    def check(self, lines: Sequence[Line]) -> list[Answer]:
        return [_answer(line, decided) for line, decided in self._decide(lines)]

    def write(self, lines: Sequence[Line]) -> list[Answer]:
        decided = self._decide(lines)
        try:
            with transaction.atomic():
                write_decisions([one for _line, one in decided if isinstance(one, Decision)], by=self._by)
        except (PeriodsOverlap, AlreadyCorrected, IntegrityError):
            # somebody else changed one of these people meanwhile: find out whom
            decided = [(line, self._written_alone(one)) for line, one in decided]
        return [_answer(line, one) for line, one in decided]

    def _decide(self, lines: Sequence[Line]) -> list[tuple[Line, Decision | LineRefused]]:
        known = Known.of(lines)
        return [(line, self._decided(line, known)) for line in lines]

    def _decided(self, line: Line, known: Known) -> Decision | LineRefused:
        try:
            self._refuse_what_came_before(line)
            return decide(
                what_is_wanted(line, self._words),
                known,
                on=self._on,
                by=self._by,
                may_administer=self._may_administer,
                supervision=self._supervision,
            )
        except LineRefused as refusal:
            return refusal
        finally:
            self._remember(line)

    def _written_alone(self, decided: Decision | LineRefused) -> Decision | LineRefused:
        if isinstance(decided, LineRefused):
            return decided
        try:
            with transaction.atomic():
                # a number that a row received before everything was undone is no number of a row
                decided.person.pk = None if decided.is_new else decided.person.pk
                decided.person._state.adding = decided.is_new
                write_decisions([decided], by=self._by)
        except (PeriodsOverlap, AlreadyCorrected) as refusal:
            return LineRefused(str(refusal))
        except IntegrityError:
            return LineRefused("somebody else received this service number or address just now")
        return decided

    def _refuse_what_came_before(self, line: Line) -> None:
        before = self._lines_by_number.get(line["service_number"].lower())
        if line["service_number"] and before is not None:
            raise LineRefused(f"this person is on line {before} already")
        owner = self._numbers_by_email.get(line["email"].lower())
        if line["email"] and owner is not None and owner != line["service_number"].lower():
            raise LineRefused(f"{line['email']} belongs to somebody else")

    def _remember(self, line: Line) -> None:
        number, email = line["service_number"].lower(), line["email"].lower()
        if number:
            self._lines_by_number.setdefault(number, line.number)
            if email:
                self._numbers_by_email.setdefault(email, number)


class PeopleKind:
    """People, for training administrators and system administrators. Roles of this service are granted by the latter only."""

    code: ClassVar[str] = "people"
    title: ClassVar[str] = "People"
    thing: ClassVar[str] = "person"
    things: ClassVar[str] = "people"
    roles: ClassVar[frozenset[str]] = frozenset({access.TRAINING_ADMIN, access.SYSTEM_ADMIN})
    columns: ClassVar[tuple[Column, ...]] = COLUMNS
    options: ClassVar[tuple[Option, ...]] = ()
    # rows with two times are written under one lock, which a piece holds
    lines_at_once: ClassVar[int] = 200

    def missing(self, names: frozenset[str]) -> str:
        has_name = "name" in names or {"first_name", "last_name"} <= names
        lacking = [name for name in ("service_number", "email") if name not in names] + ([] if has_name else ["name"])
        if not lacking:
            return ""
        return f"There is no column '{lacking[0]}'. The first line names service_number, email and name at least."

    def begin(self, *, by: User | None, on: date, options: Mapping[str, str]) -> LineImport:
        return PeopleImport(by=by, on=on)


PEOPLE: ImportKind = PeopleKind()
register(PEOPLE)


def _answer(line: Line, decided: Decision | LineRefused) -> Answer:
    if isinstance(decided, LineRefused):
        return answered(line, line["service_number"], REFUSED, [str(decided)])
    verdict = NEW if decided.is_new else CHANGED if decided.words else UNCHANGED
    return answered(line, line["service_number"], verdict, decided.words)
