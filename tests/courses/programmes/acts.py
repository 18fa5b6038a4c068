"""What the tests of programmes do again and again, through the product's own verbs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from courses.models import Intake, ProgrammeRelease, Recruit
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from courses.programmes.releasing import release_programme
from people.models import Unit, User
from tests import factories
from tests.cpd_records.currency.acts import award

START = date(2026, 1, 5)

PLAN: dict[str, Any] = {
    "title": "Two-phase programme",
    "source": "Invented for tests",
    "phases": [
        {"slug": "foundation", "title": "Foundation", "weeks": 4, "qualifications": ["FALP"]},
        {
            "slug": "tutor",
            "title": "Tutor phase",
            "weeks": 2,
            "decided_by": "supervisor",
            "records": [{"slug": "report", "title": "Tutor’s report"}],
            "grants": "independent-patrol",
        },
        {"slug": "confirmation", "title": "Confirmation", "weeks": 1},
    ],
}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def weeks(number: int) -> date:
    """Return the day so many weeks after the start."""
    return START + timedelta(weeks=number)


def release(code: str = "TEST", **more: Any) -> ProgrammeRelease:
    return release_programme(code, {**PLAN, **more}, by=None, at=noon(START))


def administrator(name: str = "Ada Demo") -> User:
    return factories.person(name, "training-admin")


def intake(name: str = "Intake A", *, by: User, starts_on: date = START, of: ProgrammeRelease | None = None) -> Intake:
    return open_intake(name, of or release(), by=by, at=noon(starts_on), starts_on=starts_on, place="Hendon")


def recruit(where: Intake, *, by: User, name: str = "Rae Demo", unit: Unit | None = None) -> Recruit:
    return join(factories.person(name, unit=unit), where, by=by, at=noon(where.starts_on))


def qualify(who: Recruit, *, on: date = START) -> None:
    """Give the qualification the first phase asks for."""
    award(who.officer, "FALP", on)
