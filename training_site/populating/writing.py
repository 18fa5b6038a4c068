"""Writing an invented force and its history: who and where first, then day by day what was learned, then today's standings.

It runs on an empty ledger while the sweeper waits, in simulated time. Dated rows are stamped at six in the morning (UTC) of their day,
entries stand between eight and twenty, and every day ends with a checkpoint at ten at night. The same officers, years, seed and last day
make the same rows; ids and salts follow from the seed, which is why nothing real may stand in such a ledger.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from courses.folder.loading import load_catalogue
from courses.models import Release
from courses.progress import said_of_completion, valid_until
from cpd_records.activities.history import PastActivity, insert_activities
from cpd_records.currency import following
from cpd_records.ledger.history import Fact, HistoryWriter, SealedDay, holds_anything
from cpd_records.models import EntryKind, Qualification
from cpd_records.qualifications.awarding import COURSE as BY_COURSE
from cpd_records.qualifications.awarding import IMPORTED as BY_IMPORT
from cpd_records.qualifications.awarding import said_of_award
from cpd_records.qualifications.requirements import require
from cpd_records.qualifications.rules import rule_on
from cpd_records.readiness.comparing import count_readiness
from people import clock
from people.models import Absence, Hold, LastStamp, Posting, RankHeld, RoleHeld, Unit, UnitName, UnitPlace, User
from training_site.demonstration.duties import FORMER_SYSTEM
from training_site.populating.careers import Career, plan_careers
from training_site.populating.learning import (
    ACTIVITIES,
    COMPLETION,
    CPD,
    IMPORTED,
    Calendar,
    asked_now,
    plan_learning,
    unpacked,
)
from training_site.populating.people_rows import Stamps, plan_people, service_number, write_people
from training_site.populating.rulings import write_rulings
from training_site.populating.units import plan_units

HOLD, HOLD_MINUTES = "populating", 60
FACTS_AT_ONCE = 20_000
ENTRIES_FROM, ENTRIES_HOURS = time(8, tzinfo=UTC), 12
SEALED_AT = time(22, tzinfo=UTC)
FEWEST, MOST = 12, 1_000_000
Tell = Callable[[str], object]


class PopulatingRefused(Exception):
    """An invented force is only written where nothing is recorded yet."""


@dataclass(frozen=True)
class Populated:
    """What was written."""

    officers: int
    units: int
    entries: int
    days: int


def is_unfinished() -> bool:
    """Return whether a force was begun here and not finished."""
    return Hold.objects.filter(name=HOLD).exists()


def refuse_unless_empty() -> None:
    if is_unfinished():
        raise PopulatingRefused("A force was begun here and never finished.")
    if holds_anything():
        raise PopulatingRefused("The ledger here is not empty, and an invented force is never mixed into records.")
    if User.objects.filter(service_number=service_number(0)).exists():
        raise PopulatingRefused(f"Somebody has the service number {service_number(0)} here already.")


def populate(
    *, officers: int, years: int, seed: int, until: date, catalogue: Path | None, tell: Tell = lambda words: None
) -> Populated:
    """Write a force of so many with so many years of history up to the day ``until`` (gone by). Raises ``PopulatingRefused``."""
    refuse_unless_empty()
    first = until.replace(year=until.year - years, day=min(until.day, 28)) + timedelta(days=1)
    with _sweeper_waits() as go_on:
        writer, stamps = HistoryWriter(), Stamps()
        with clock.sample_time(datetime.combine(first, time(1, tzinfo=UTC))):
            if catalogue is not None:
                load_catalogue(catalogue, by=None, at=clock.now())
        units = plan_units(officers)
        careers = list(plan_careers(officers, units, first=first, until=until, seed=seed))
        people = plan_people(careers, seed=seed, last_day=until)
        write_people(careers, people, units, first=first, stamps=stamps)
        with transaction.atomic():
            write_rulings(careers, people, first=first, until=until, seed=seed, stamps=stamps)
        _reset_keys()
        _require_by_unit(first, stamps)
        tell(f"{officers:,} officers in {len(units):,} units are here.")

        calendar, asked = Calendar(first, until), asked_now()
        telling = _Telling(careers, people, asked.codes, first=first, seed=seed)
        for career in careers:
            plan_learning(career, asked, calendar, releases=len(telling.releases), seed=seed)
        for day, sealed, activities in _pieces(calendar, telling, seed=seed):
            with clock.sample_time(sealed[-1].sealed_at):
                writer.write(sealed)
            with transaction.atomic():
                insert_activities(activities)
            go_on()
            tell(f"{day.isoformat()}: {writer.size:,} entries")
        with transaction.atomic():
            insert_activities([telling.open_activity(*still, until=until) for still in calendar.open])
        with clock.sample_time(datetime.combine(until, SEALED_AT)):
            LastStamp.objects.update_or_create(id=1, defaults={"at": clock.now(), "row_at": stamps.last})
        _analyse()
        tell("Reckoning today's standings.")
        following.rebuild()
        count_readiness(on=clock.today())
        _analyse()
    return Populated(officers, len(units), writer.size, len(calendar.days))


@contextmanager
def _sweeper_waits() -> Iterator[Callable[[], None]]:
    """Let the sweeper wait, and yield what prolongs it; the row stays where the writing breaks off and tells ``is_unfinished``."""

    def go_on() -> None:
        until = timezone.now() + timedelta(minutes=HOLD_MINUTES)
        Hold.objects.update_or_create(name=HOLD, defaults={"until": until})

    go_on()
    yield go_on
    Hold.objects.filter(name=HOLD).delete()


def _require_by_unit(first: date, stamps: Stamps) -> None:
    """Ask joint working of everybody in the first directorate, so that a requirement hangs on the tree too."""
    moment = stamps.on(first)
    with clock.sample_time(moment):
        require(
            Qualification.objects.get(code="JESIP"),
            unit=Unit.objects.get(code="d01"),
            by=None,
            valid_from=first,
            stops_duty=False,
            reason="Asked of the whole directorate",
        )


def _reset_keys() -> None:
    """Let the next keys follow those that were given."""
    models = [User, Unit, UnitName, UnitPlace, Posting, RankHeld, RoleHeld, Absence]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Telling:
    """Turns the calendar's numbers into facts of the ledger and activities."""

    def __init__(
        self, careers: Sequence[Career], people: Sequence[User], codes: Sequence[str], *, first: date, seed: int
    ) -> None:
        self._careers, self._people, self._seed = careers, people, seed
        subjects = {row.code: row for row in Qualification.objects.all()}
        rules = {code: rule_on(subjects[code], first) for code in codes}
        self._awards = [
            (
                code,
                said_of_award(subjects[code], by=None, basis=BY_COURSE),
                said_of_award(subjects[code], by=None, basis=BY_IMPORT, details=FORMER_SYSTEM),
                rule.refresher_minutes if (rule := rules[code]) else None,
            )
            for code in codes
        ]
        self.releases = list(Release.objects.select_related("course").order_by("course__code", "number"))
        self._count = 0

    def told(self, number: int, recorded_at: datetime) -> tuple[Fact, PastActivity | None]:
        """Return the entry of one thing learned, and the activity behind it where it was CPD."""
        officer, what, back = unpacked(number)
        day = recorded_at.date() - timedelta(days=back)
        own, salt, other = self._own()
        if what >= CPD:
            activity = self._activity(officer, what, day, own=other, recorded_at=recorded_at, entry=own, salt=salt)
            fact = activity.fact
            assert fact is not None
            return fact, activity
        who = self._people[officer].public_id
        if what >= COMPLETION:
            release = self.releases[what - COMPLETION]
            course = release.course.code
            said = said_of_completion(release, course, outcome=_outcome(release), occasion=1, enrolment=str(other))
            until = valid_until(day, release.validity_months)
            kind = EntryKind.COMPLETION.value
            return Fact(own, salt, recorded_at, kind, who, day, said, course, release.minutes, until), None
        code, by_course, by_import, minutes = self._awards[what % IMPORTED]
        said = by_import if what >= IMPORTED else by_course
        kind = EntryKind.QUALIFICATION.value
        return Fact(own, salt, recorded_at, kind, who, day, said, code, minutes), None

    def open_activity(self, officer: int, what: int, day: date, *, until: date) -> PastActivity:
        """Return an activity that was logged, and handed in where the day after is past, and not verified yet."""
        own, _salt, _other = self._own()
        return self._activity(officer, what, day, own=own, is_in=day + timedelta(days=1) <= until)

    def _activity(
        self,
        officer: int,
        what: int,
        day: date,
        *,
        own: uuid.UUID,
        recorded_at: datetime | None = None,
        entry: uuid.UUID | None = None,
        salt: bytes = b"",
        is_in: bool = True,
    ) -> PastActivity:
        title, kind, minutes, learned = ACTIVITIES[what - CPD]
        above = self._careers[officer].supervisor
        assert above is not None
        logged_at = datetime.combine(day, time(17, tzinfo=UTC))
        return PastActivity(
            id=own,
            officer=self._people[officer],
            verifier=self._people[above],
            title=title,
            kind=kind,
            day=day,
            minutes=minutes,
            learned=learned,
            logged_at=logged_at,
            submitted_at=logged_at + timedelta(hours=16) if is_in else None,
            verified_at=recorded_at,
            entry=entry,
            salt=salt,
        )

    def _own(self) -> tuple[uuid.UUID, bytes, uuid.UUID]:
        """Return an id, a salt and another id that follow from the seed and from how many there were before."""
        self._count += 1
        digest = hashlib.sha512(f"{self._seed}/entry/{self._count}".encode()).digest()
        return uuid.UUID(bytes=digest[:16], version=4), digest[16:48], uuid.UUID(bytes=digest[48:], version=4)


def _outcome(release: Release) -> str:
    return "passed" if release.completion == "pass" else "completed"


def _pieces(
    calendar: Calendar, telling: _Telling, *, seed: int
) -> Iterator[tuple[date, list[SealedDay], list[PastActivity]]]:
    """Yield the days in pieces of some thousand entries: the last day of each, its days, and the activities in them."""
    sealed: list[SealedDay] = []
    activities: list[PastActivity] = []
    waiting = 0
    for place, numbers in enumerate(calendar.days):
        day = calendar.first + timedelta(days=place)
        ordered = list(numbers)
        random.Random(f"{seed}/day/{place}").shuffle(ordered)
        start = datetime.combine(day, ENTRIES_FROM)
        step = timedelta(hours=ENTRIES_HOURS) / max(1, len(ordered))
        told = [telling.told(number, start + step * turn) for turn, number in enumerate(ordered)]
        sealed.append(SealedDay([fact for fact, _activity in told], datetime.combine(day, SEALED_AT)))
        activities += [activity for _fact, activity in told if activity is not None]
        waiting += len(ordered)
        if waiting >= FACTS_AT_ONCE or place + 1 == len(calendar.days):
            yield day, sealed, activities
            sealed, activities, waiting = [], [], 0
