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
from people.dated_rows import AlreadyCorrected, PeriodsOverlap, end_row
from people.importing.answers import CHANGED, NEW, REFUSED, UNCHANGED, Answer, LineRefused, answered
from people.importing.kinds import ImportKind, LineImport, Option, register
from people.importing.people_decisions import Decision, Known, decide
from people.importing.people_lines import COLUMNS, Vocabulary, what_is_wanted
from people.importing.supervision import Supervision
from people.models import User
from people.postings import post_officer
from people.roles import end_role, give_rank, grant_role
from people.tables.columns import Column, Line

REASON = "Imported"


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
        known = Known.of(lines)
        return [self._answer(line, known, write=False) for line in lines]

    def write(self, lines: Sequence[Line]) -> list[Answer]:
        known = Known.of(lines)
        return [self._answer(line, known, write=True) for line in lines]

    def _answer(self, line: Line, known: Known, *, write: bool) -> Answer:
        who = line["service_number"]
        try:
            self._refuse_what_came_before(line)
            decision = decide(
                what_is_wanted(line, self._words),
                known,
                on=self._on,
                by=self._by,
                may_administer=self._may_administer,
                supervision=self._supervision,
            )
            if write and (decision.is_new or decision.words):
                with transaction.atomic():
                    _do(decision, by=self._by)
        except (LineRefused, PeriodsOverlap, AlreadyCorrected) as refusal:
            return answered(line, who, REFUSED, [str(refusal)])
        except IntegrityError:
            return answered(line, who, REFUSED, ["somebody else received this service number or address just now"])
        finally:
            self._remember(line)
        verdict = NEW if decision.is_new else CHANGED if decision.words else UNCHANGED
        return answered(line, who, verdict, decision.words)

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


def _do(decision: Decision, *, by: User | None) -> None:
    """Write what was decided, by the verbs that write it everywhere else."""
    person = decision.person
    for name, value in decision.particulars.items():
        setattr(person, name, value)
    if decision.is_new:
        person.set_unusable_password()
        person.save()
    elif decision.particulars:
        person.save(update_fields=list(decision.particulars))
    if decision.posting is not None:
        unit, shoulder_number = decision.posting
        post_officer(person, unit, by=by, valid_from=decision.since, shoulder_number=shoulder_number, reason=REASON)
    if decision.rank is not None:
        give_rank(person, decision.rank.code, by=by, valid_from=decision.since, reason=REASON)
    for role in decision.roles:
        grant_role(
            person, role.role.code, by=by, valid_from=decision.since, family=role.family, unit=role.unit, reason=REASON
        )
    for posting in decision.ended_postings:
        end_row(posting, by=by, last_day=decision.last_day, reason="Left")
    for held in decision.ended_roles:
        end_role(held, by=by, last_day=decision.last_day, reason="Left")
