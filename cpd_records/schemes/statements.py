"""CPD statements: what is recorded about an officer's learning from one day to another, signed, for whoever they show it to.

A statement is a certificate of a list, as a training record is. It says of each entry whether it was verified, and adds up by the rules
of the schemes that held. Drafts, reflections and what a correction took back are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from cpd_records.certificates import CertificateRefused, Table, award_statement
from cpd_records.models import STATEMENT_SUBJECT, Activity, ActivityState, Certificate, Declaration, Scheme
from cpd_records.schemes.learning import Learning, Source
from cpd_records.schemes.officers import OfficerSchemes, presence_of, progress_in_scheme, schemes_for
from cpd_records.schemes.overview import kind_in_words, minutes_by_kind
from cpd_records.schemes.periods import A_DAY, Span, period_of
from cpd_records.schemes.progress import Progress
from cpd_records.schemes.record import learning_of
from people import access
from people.dates import long_date
from people.durations import hours
from people.models import User

# How far an entry of the record can be relied on, by where it comes from.
STANDS = {
    Source.COURSE: "Course completed",
    Source.SELF: "Verified",
    Source.SUPERVISOR: "Recorded by a supervisor",
    Source.IMPORTED: "Recorded by an administrator, or brought over",
}
UNVERIFIED = {
    ActivityState.SUBMITTED: "Waits for verification",
    ActivityState.PROPOSED: "Waits for a second reviewer",
    ActivityState.RETURNED: "Returned to the officer",
    ActivityState.REJECTED: "Rejected",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """What a statement lists: its tables, and how many entries of the record stand in them."""

    tables: tuple[Table, ...]
    entries: int


def issue_statement(officer: User, *, starts_on: date, ends_on: date, by: User, at: datetime) -> Certificate:
    """Award the statement of a period as recorded today; the same day, period and record give the same one.

    Only the officer asks for it. Raises ``CertificateRefused``.
    """
    if not access.is_own(by, officer):
        raise CertificateRefused(
            "Only the officer asks for a statement of their CPD. Ask them for it, or for its code."
        )
    on = timezone.localdate(at)
    if ends_on < starts_on:
        raise CertificateRefused("The last day is before the first. Check both days.")
    if starts_on > on:
        raise CertificateRefused(f"{long_date(starts_on)} is still to come. Choose a first day that is past.")
    listed = listed_in(officer, Span(starts_on, ends_on), on=on)
    return award_statement(officer, listed.tables, entries=listed.entries, period=(starts_on, ends_on), on=on, at=at)


def statements_of(officer: User) -> list[Certificate]:
    """Return the officer's statements that no later one of the same period replaced, the latest first."""
    rows = Certificate.objects.filter(
        officer=officer, subject__startswith=STATEMENT_SUBJECT, superseded_by__isnull=True, revocation__isnull=True
    )
    return list(rows.order_by("-created_at"))


def listed_in(officer: User, span: Span, *, on: date) -> Listed:
    """Return what is recorded by now of learning in a span up to ``on``."""
    everything = learning_of(officer)
    recorded = [it for it in everything if it.day in span and it.day <= on and not it.withdrawn]
    waiting = _unverified(officer, span)
    tables = (
        Table("Recorded", ("What", "Kind", "Day", "Length", "How it is recorded"), tuple(map(_recorded, recorded))),
        Table("Recorded in all, by kind", ("Kind", "Length"), _by_kind(recorded)),
        *_by_rule(officer, everything, span, on=on),
        Table("Not verified, so not counted", ("What", "Day", "Length", "Stands"), waiting),
    )
    return Listed(tables, len(recorded) + len(waiting))


def _recorded(it: Learning) -> tuple[str, ...]:
    return it.title, kind_in_words(it), long_date(it.day), hours(it.minutes) if it.minutes else "", STANDS[it.source]


def _by_kind(recorded: Sequence[Learning]) -> tuple[tuple[str, ...], ...]:
    rows = tuple((kind, hours(minutes)) for kind, minutes in minutes_by_kind(recorded))
    return (*rows, ("In all", hours(sum(it.minutes for it in recorded)))) if rows else ()


def _unverified(officer: User, span: Span) -> tuple[tuple[str, ...], ...]:
    """Return what was handed in and is not on the record; what was not handed in is nobody else's."""
    rows = Activity.objects.of(officer).filter(entry__isnull=True, day__gte=span.starts_on, day__lte=span.ends_on)
    found = rows.exclude(state=ActivityState.DRAFT).order_by("day", "pk")
    return tuple(
        (title, long_date(day), hours(minutes), UNVERIFIED.get(ActivityState(state), str(ActivityState(state).label)))
        for title, day, minutes, state in found.values_list("title", "day", "minutes", "state")
    )


def _by_rule(officer: User, learning: Iterable[Learning], span: Span, *, on: date) -> Iterator[Table]:
    """Yield for each scheme that held within the span how far each of its periods came, and what was declared for them."""
    schemes = schemes_for(officer)
    if not schemes.standing:
        return
    presence, everything = presence_of(officer), list(learning)
    declared = {(it.scheme_id, it.starts_on): it for it in _declarations(officer)}
    told: list[tuple[str, ...]] = []
    for scheme in schemes.standing:
        found = [
            progress
            for day in _days_of_periods(schemes, scheme, span, on=on)
            if (progress := progress_in_scheme(schemes, scheme, everything, presence, on=day)) is not None
        ]
        local = ". A local default, not a national standard" if scheme.is_local_default else ""
        rows = tuple(row for progress in found for row in _targets(progress))
        yield Table(f"{scheme.title}{local}", ("Target", "Period", "Asked", "Counted", "Stands"), rows)
        for progress in found:
            declaration = declared.get((scheme.pk, progress.span.starts_on))
            if declaration is not None:
                told.append((scheme.title, _period(progress.span), *_declared(declaration)))
    yield Table("Declared by the officer", ("Scheme", "Period", "On", "Confirmed"), tuple(told))


def _days_of_periods(schemes: OfficerSchemes, scheme: Scheme, span: Span, *, on: date) -> list[date]:
    """Return the last day up to ``on`` of each period of a scheme that touches the span, in order."""
    found: list[date] = []
    day = min(span.ends_on, on)
    while day >= span.starts_on:
        rules = schemes.rules_on(scheme, day)
        if rules is None:
            # A scheme begins and ends with a month at most once in a span; a month back is never more than one period.
            day -= 28 * A_DAY
            continue
        period = period_of(rules.period, day)
        last = min(period.ends_on, on)
        found.append(last if schemes.rules_on(scheme, last) else day)
        if rules.period.is_rolling:
            break
        day = period.starts_on - A_DAY
    return found[::-1]


def _targets(progress: Progress) -> Iterator[tuple[str, ...]]:
    for target in progress.targets:
        counted = (
            f"{target.counted_words}, {target.carried_words} carried over" if target.carried else target.counted_words
        )
        yield target.target.title, _period(progress.span), target.asked_words, counted, target.standing


def _period(span: Span) -> str:
    return f"{long_date(span.starts_on)} to {long_date(span.ends_on)}"


def _declared(declaration: Declaration) -> tuple[str, str]:
    confirmation = getattr(declaration, "confirmation", None)
    said = long_date(timezone.localdate(declaration.at))
    if confirmation is not None:
        return said, long_date(timezone.localdate(confirmation.at))
    return said, "Not yet" if declaration.needs_confirmation else "Not asked for"


def _declarations(officer: User) -> Iterable[Declaration]:
    return Declaration.objects.of(officer).select_related("confirmation")
