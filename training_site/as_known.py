"""What was known of somebody on a day: the answer as recorded by a time, the entries it rests on, and what differs from it today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from cpd_records.currency import CurrencyAnswer, QualificationVerdict, RoleVerdict, currency_of
from cpd_records.models import EntryKind, ReadablePart, SealedPlace
from people import access, clock
from people.finding import people_named
from people.looks import record_looks
from people.models import User
from training_site.states import look_of
from training_site.team_person import badge_of, state_of
from training_site.words import day_as

ASKERS = (access.AUDITOR, access.DISCLOSURE_OFFICER)


@dataclass(frozen=True, slots=True)
class Ground:
    """An entry the answer rests on: when it happened, when it was recorded, its place in the ledger (None: not sealed yet)."""

    happened: date
    recorded_at: datetime
    number: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What the officer might do or not on the day: ``heading`` is the answer as a sentence, ``word`` the same beside the title."""

    title: str
    heading: str
    state: str
    word: str
    reasons: tuple[str, ...]


def find_officer(asker: User, typed: str) -> User | None:
    """Return whom the asker means by an e-mail address or service number; only those whose duty it is find anybody."""
    return people_named(typed).first() if access.has_any_role(asker, *ASKERS) else None


def answer_page(officer: User, *, by: User, on: date, known_at: datetime | None) -> dict[str, Any]:
    """Return what the page shows, and record that ``by`` saw it."""
    day = day_as(on, "j F Y")
    record_looks([officer.pk], by=by, at=clock.now(), where="Evidence", saw=f"Verdicts and entries of {day}")
    answer = currency_of(officer, on=on, known_at=known_at)
    changes = tuple(differences(answer, currency_of(officer, on=on))) if known_at else ()
    return {
        "officer": officer,
        "badge": badge_of(officer, on=on),
        "answer": answer,
        "roles": [_duty(role, day) for role in answer.roles],
        "required": [one for one in answer.qualifications if one.is_required],
        "known_words": _known_words(on, known_at),
        "grounds": grounds_of(answer),
        "changes": changes,
    }


def _known_words(on: date, known_at: datetime | None) -> str:
    if known_at is None:
        return "As recorded today."
    known_on = timezone.localdate(known_at)
    if known_at != clock.end_of_day(known_on):
        return f"As recorded by {day_as(known_at, 'H:i')} on {day_as(known_on, 'j F Y')}."
    return f"As recorded by the end of {'that day' if known_on == on else day_as(known_on, 'j F Y')}."


def _duty(role: RoleVerdict, day: str) -> Duty:
    state = state_of(role)
    word = {"no": "No", "excepted": "Yes, by exception"}.get(state, "Yes")
    by_exception = ", by an exception" if state == "excepted" else ""
    heading = f"On {day}: {'not ' if state == 'no' else ''}authorised to {role.may or role.title.lower()}{by_exception}"
    return Duty(role.title, heading, state, word, role.reasons)


def differences(then: CurrencyAnswer, now: CurrencyAnswer) -> Iterator[str]:
    """Say of each qualification what is recorded otherwise today."""
    known = {one.code: one for one in then.qualifications}
    today = {one.code: one for one in now.qualifications}
    for code in dict.fromkeys([*today, *known]):
        before, after = known.get(code), today.get(code)
        title = (after or before).title  # type: ignore[union-attr]  # one of them is there
        if before is None or after is None:
            word = (
                "is part of the answer today and was not then" if before is None else "is no longer part of the answer"
            )
            yield f"{title} {word}."
        elif _in_words(before) != _in_words(after):
            yield f"{title}: {_in_words(before)} then; {_in_words(after)} as recorded today."
        elif set(before.entries) != set(after.entries):
            yield f"{title}: {_in_words(before)} then and as recorded today, by other entries."


def _in_words(one: QualificationVerdict) -> str:
    word = look_of(one.verdict.value).word.lower()
    return f"{word}, last day {day_as(one.valid_until, 'j F Y')}" if one.valid_until else word


def grounds_of(answer: CurrencyAnswer) -> list[Ground]:
    """Return the entries the verdicts rest on, in the order in which they were recorded."""
    titles: dict[UUID, list[str]] = defaultdict(list)
    for one in answer.qualifications:
        for entry in one.entries:
            titles[entry].append(one.title)
    places = dict(SealedPlace.objects.filter(entry__in=titles).values_list("entry_id", "index"))
    parts = ReadablePart.objects.filter(entry__in=titles).order_by("recorded_at", "entry")
    return [
        Ground(
            part.day,
            part.recorded_at,
            places.get(part.entry_id),
            f"{', '.join(titles[part.entry_id])}: {EntryKind(part.kind).label.lower()}",
        )
        for part in parts
    ]
