"""Which schemes hold for an officer on a day, what they ask for at submission, and how far the officer is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from cpd_records.currency.awards import EVERYTHING
from cpd_records.currency.facts import footing_at
from cpd_records.models import Scheme, SchemeInForce, SchemeRules
from cpd_records.schemes.careers import Career, career_of, is_on, standing_rows
from cpd_records.schemes.learning import Learning
from cpd_records.schemes.periods import Span
from cpd_records.schemes.pro_rata import Presence
from cpd_records.schemes.progress import NO_TARGET, Named, Progress, progress_in
from cpd_records.schemes.reading_rules import read_rules
from cpd_records.schemes.record import learning_of
from cpd_records.schemes.rules import Rules
from people import clock
from people.models import Absence, DatedRow, Posting, RankHeld, RoleHeld, User, WorkingPattern
from people.unit_tree import units_below

FOR_EVER = date.max


def asked_at_submission(officer: User, *, on: date) -> frozenset[str]:
    """Return the names of ``Activity`` fields that the officer's schemes ask for on the day; none where no scheme holds."""
    return asked_on_days(officer, days=[on])[on]


def asked_on_days(officer: User, *, days: Iterable[date]) -> dict[date, frozenset[str]]:
    """Return what ``asked_at_submission`` says of each day; not more queries for more days."""
    schemes = schemes_for(officer)
    return {day: frozenset().union(*_asked(schemes, day)) for day in days}


def _asked(schemes: OfficerSchemes, day: date) -> list[frozenset[str]]:
    return [rules.asked_at_submission for scheme in schemes.standing if (rules := schemes.rules_on(scheme, day))]


def progress_of(officer: User, *, on: date, known_at: datetime | None = None) -> tuple[Progress, ...]:
    """Return the officer's progress in each scheme that holds on the day, in the period of the day; () where none holds.

    A day of the past is answered with what was learned up to it, as the record has it now, or as known at ``known_at`` (aware): then
    entries are cut by the last checkpoint by then, and rows by its time.
    """
    cut = EVERYTHING if known_at is None else footing_at(known_at).cut
    schemes = schemes_for(officer, known_at=cut.time)
    held = [scheme for scheme in schemes.standing if schemes.rules_on(scheme, on)]
    if not held:
        return ()
    learning, presence = learning_of(officer, size=cut.size), presence_of(officer, known_at=cut.time)
    found = (progress_in_scheme(schemes, scheme, learning, presence, on=on) for scheme in held)
    return tuple(progress for progress in found if progress is not None)


def target_in_words(officer: User, *, on: date) -> str:
    """Return where the officer stands with the schemes that set a target, in a sentence each; that none does, where none does."""
    found = [progress.finding for progress in progress_of(officer, on=on) if progress.targets]
    return " ".join(found) or NO_TARGET


def progress_in_scheme(
    schemes: OfficerSchemes, scheme: Scheme, learning: Iterable[Learning], presence: Presence, *, on: date
) -> Progress | None:
    """Return the progress in one scheme's period of the day; None where the scheme did not hold for the officer then."""
    return progress_in(
        named(scheme), lambda day: schemes.rules_on(scheme, day), learning, presence, on=on, today=clock.today()
    )


def named(scheme: Scheme) -> Named:
    return Named(scheme.code, scheme.title, scheme.source, scheme.is_local_default)


@dataclass
class OfficerSchemes:
    """What is needed to say, without a further query, which schemes held for one officer on any day and with what rules."""

    in_force: list[SchemeInForce]
    rules: dict[int, list[SchemeRules]]
    career: Career = field(default_factory=Career)
    _read: dict[int, Rules] = field(default_factory=dict)

    @property
    def standing(self) -> list[Scheme]:
        """Schemes that hold for somebody at some time, each once, by title."""
        found = {row.scheme_id: row.scheme for row in self.in_force}
        return sorted(found.values(), key=lambda scheme: (scheme.title, scheme.pk))

    def rules_on(self, scheme: Scheme, day: date) -> Rules | None:
        """Return the rules that held for the officer on the day; None where the scheme was in force for others only, or nobody."""
        rows = (row for row in self.in_force if row.scheme_id == scheme.pk and is_on(row, day))
        held = any(self.career.holds(row, day) for row in rows)
        row = next((row for row in self.rules.get(scheme.pk, ()) if is_on(row, day)), None) if held else None
        if row is None:
            return None
        if row.pk not in self._read:
            self._read[row.pk] = read_rules(row.rules)
        return self._read[row.pk]


def schemes_for(officer: User, *, known_at: datetime | None = None) -> OfficerSchemes:
    """Read what decides the officer's schemes, as known at a time (None: now): one query where none is in force, at most six."""
    in_force = list(standing_rows(SchemeInForce, known_at).select_related("scheme"))
    if not in_force:
        return OfficerSchemes([], {})
    rules: dict[int, list[SchemeRules]] = defaultdict(list)
    for row in standing_rows(SchemeRules, known_at).filter(scheme__in={row.scheme_id for row in in_force}):
        rules[row.scheme_id].append(row)
    return OfficerSchemes(in_force, dict(rules), career_of(officer, in_force, known_at=known_at))


def officers_under(scheme: Scheme, *, on: date) -> QuerySet[User]:
    """Return the active people a scheme held for on the day, as the record has it now."""
    rows = list(SchemeInForce.objects.in_force(on).filter(scheme=scheme))
    if not rows or not SchemeRules.objects.in_force(on).filter(scheme=scheme).exists():
        return User.objects.none()
    people = User.objects.filter(is_active=True)
    if any(row.unit_id is row.role_id is row.rank_id is None for row in rows):
        return people
    units = {row.unit_id for row in rows if row.unit_id is not None}
    roles = {row.role_id for row in rows if row.role_id is not None}
    ranks = {row.rank_id for row in rows if row.rank_id is not None}
    below = units_below(units, on=on) if units else set()
    return people.filter(
        Q(pk__in=Posting.objects.in_force(on).filter(unit__in=below).values("officer"))
        | Q(pk__in=RoleHeld.objects.in_force(on).filter(role__in=roles).values("officer"))
        | Q(pk__in=RankHeld.objects.in_force(on).filter(rank__in=ranks).values("officer"))
    )


def presence_of(officer: User, *, known_at: datetime | None = None) -> Presence:
    """Return when the officer was there, at how much of full time, as known at a time (None: now). Three queries."""
    first = (
        standing_rows(Posting, known_at)
        .filter(officer=officer)
        .order_by("valid_from")
        .values_list("valid_from", flat=True)
    )
    first_posting = first.first()
    return Presence(
        joined_on=first_posting or timezone.localdate(officer.joined_at),
        away=tuple(_span(row) for row in standing_rows(Absence, known_at).filter(officer=officer)),
        part_time=tuple(
            (_span(row), row.percent) for row in standing_rows(WorkingPattern, known_at).filter(officer=officer)
        ),
    )


def _span(row: DatedRow) -> Span:
    return Span(row.valid_from, row.valid_until or FOR_EVER)
