"""A training record as a certificate: what an officer's record says on a day, in tables, issued when the officer asks for it.

In it are initial training with its phases, the qualifications held and the courses completed. What was declared for oneself, what other
systems assert and what was decided about duties is not: that stands on 'Everything on my record'.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from courses.models import Recruit
from courses.programmes.releasing import plan_of
from courses.programmes.states import ENDS, WORDS, Kind
from cpd_records.certificates import CertificateRefused, Table, award_training_record
from cpd_records.currency import Verdict, currency_of
from cpd_records.importing.provenance import provenance
from cpd_records.models import Certificate
from cpd_records.qualifications.standing_awards import all_awards
from cpd_records.schemes.learning import Source
from cpd_records.schemes.record import learning_of
from people import access
from people.dates import long_date
from people.durations import hours
from people.models import User

# What nobody was awarded does not stand among what is held.
NOT_HELD = (Verdict.NEVER_HELD, Verdict.EXEMPT)


def issue_training_record(officer: User, *, by: User, at: datetime) -> Certificate:
    """Award the training record as recorded today; the same day and the same record give the same one. Only the officer asks for it."""
    if not access.is_own(by, officer):
        raise CertificateRefused(
            "Only the officer asks for their own training record. Ask them for it, or for its code."
        )
    on = timezone.localdate(at)
    return award_training_record(officer, tables_of_record(officer, on=on), on=on, at=at, is_asked=True)


def tables_of_record(officer: User, *, on: date) -> list[Table]:
    """Return what is recorded by now about the time up to and with ``on``; a table without rows says nothing."""
    return [*_programmes(officer, on=on), _qualifications(officer, on=on), _courses(officer, on=on)]


def _programmes(officer: User, *, on: date) -> Iterator[Table]:
    """Yield a table for each programme of initial training: the phases entered, and what was granted or ended it."""
    recruits = Recruit.objects.of(officer).filter(began_on__lte=on).select_related("release__programme")
    for recruit in recruits.order_by("began_on"):
        titles = {phase.slug: phase.title for phase in plan_of(recruit.release).phases}
        kinds = (Kind.PHASE, Kind.PATROL, *ENDS)
        rows = recruit.states.known().filter(kind__in=kinds, is_void=False, valid_from__lte=on)
        yield Table(
            f"Initial training: {recruit.release.programme.title}, release {recruit.release.number}",
            ("What", "From", "To"),
            tuple(
                (
                    titles.get(row.phase, row.phase) if row.kind == Kind.PHASE else WORDS[Kind(row.kind)],
                    long_date(row.valid_from),
                    long_date(row.valid_until) if row.valid_until else "",
                )
                for row in rows.order_by("valid_from", "pk")
            ),
        )


def _qualifications(officer: User, *, on: date) -> Table:
    """Return the qualifications the officer was awarded, each as it stands on the day; an imported one says who asserts it."""
    said = {award.entry: award.said for award in all_awards(officer)}
    held = [
        one
        for one in currency_of(officer, on=on).qualifications
        if one.award is not None and one.verdict not in NOT_HELD
    ]
    return Table(
        f"Qualifications, as they stand on {long_date(on)}",
        ("Qualification", "Held from", "In date to", "Stands"),
        tuple(
            (
                _with_source(one.title, said.get(one.award, {}) if one.award else {}),
                long_date(one.valid_from) if one.valid_from else "",
                long_date(one.valid_until) if one.valid_until else "No end date",
                _stands(one.verdict),
            )
            for one in sorted(held, key=lambda one: (one.title, one.code))
        ),
    )


def _with_source(title: str, said: Mapping[str, Any]) -> str:
    """Return the title with where it was imported from and who asserts it, as it is said wherever such a record is shown."""
    return f"{title}. {provenance(said)}" if said.get("source") else title


def _stands(verdict: Verdict) -> str:
    """Return how a qualification stands in words: one that is due for renewal is in date until then."""
    return (Verdict.IN_DATE if verdict is Verdict.DUE else verdict).value.replace("_", " ").capitalize()


def _courses(officer: User, *, on: date) -> Table:
    """Return the courses completed, each as its last correction has it, without what was taken back."""
    done = [it for it in learning_of(officer) if it.source is Source.COURSE and not it.withdrawn and it.day <= on]
    return Table(
        "Courses completed",
        ("Course", "Completed on", "Length"),
        tuple((it.title, long_date(it.day), hours(it.minutes) if it.minutes else "") for it in done),
    )
