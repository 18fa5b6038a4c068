"""Opening an intake, and its timetable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from courses.models import Intake, ProgrammeRelease
from courses.programmes.refusals import RecruitRefused, checked_words, refuse_unless_administrator
from courses.programmes.releasing import refuse_withdrawn
from people.models import User

NAME_LENGTH, PLACE_LENGTH = 80, 120


@dataclass(frozen=True, slots=True)
class TimetableWeek:
    """A week of the timetable, from 1; ``is_early`` says which shift."""

    number: int
    is_early: bool


def open_intake(
    name: str,
    release: ProgrammeRelease,
    *,
    by: User,
    at: datetime,
    starts_on: date,
    place: str,
    first_is_early: bool = True,
    alternates: bool = True,
) -> Intake:
    """Open an intake: recruits who begin a programme together. Names are given once. Raises ``RecruitRefused``."""
    refuse_unless_administrator(by, to_do="open an intake")
    refuse_withdrawn(release)
    name = checked_words(name, field="name", missing="Give the intake a name, such as 26/07 Hendon.", most=NAME_LENGTH)
    place = checked_words(place, field="place", missing="Say where the intake is taught.", most=PLACE_LENGTH)
    try:
        with transaction.atomic():
            return Intake.objects.create(
                name=name,
                release=release,
                starts_on=starts_on,
                place=place,
                first_is_early=first_is_early,
                alternates=alternates,
                opened_at=at,
                opened_by=by,
            )
    except IntegrityError as taken:
        raise RecruitRefused(f"There is an intake called ‘{name}’ already. Choose another name.", "name") from taken


def timetable(intake: Intake, weeks: int) -> list[TimetableWeek]:
    """Return the first ``weeks`` weeks of an intake: early and late ones in turn, or all alike."""
    return [
        TimetableWeek(number, intake.first_is_early ^ (intake.alternates and number % 2 == 0))
        for number in range(1, weeks + 1)
    ]
