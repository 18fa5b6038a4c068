"""Answers about very many officers for today, read from the projection instead of reckoned: what a board shows, and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

import people.any_of  # noqa: F401  # the lookup
from cpd_records.currency.answers import CurrencyAnswer, QualificationVerdict, RoleVerdict
from cpd_records.currency.awards import EVERYTHING
from cpd_records.currency.facts import subjects_of
from cpd_records.currency.sentences import why
from cpd_records.currency.values import Award, Holding, Subject, Verdict
from cpd_records.currency.verdicts import Finding, Stretch, failing_needs
from cpd_records.models import RoleStanding, Standing
from people.models import Absence, User
from people.prepared import prepared


def answers_in_short(officers: Sequence[int], *, on: date) -> dict[int, CurrencyAnswer]:
    """Return the officers' answers for today, by the users' keys, as the projection has them. Six queries.

    They say verdicts and days. Of reasons there is the first one alone, and only where something needed does not carry what is in date
    by its own; there are no entries, and nothing of what waits for the seal. ``on`` is the projection's day.
    """
    subjects = subjects_of(EVERYTHING)
    findings: dict[int, dict[str, Finding]] = defaultdict(dict)
    required: dict[int, set[str]] = defaultdict(set)
    keys = list(officers)
    for officer, code, verdict, is_required, *days in _standings(officers=keys):
        if code in subjects:
            findings[officer][code] = _finding(subjects[code], Verdict(verdict), on, *days)
            if is_required:
                required[officer].add(code)
    roles: dict[int, list[RoleVerdict]] = defaultdict(list)
    for officer, code, title, may, duty, verdict, until in _roles(officers=keys):
        verdict = Verdict(verdict)
        roles[officer].append(RoleVerdict(code, title, may, duty, verdict, verdict.carries, until, ()))
    away = {officer for (officer,) in _away(officers=keys, on=on)}
    return {
        key: CurrencyAnswer(
            officer=public_id,
            on=on,
            known_at=None,
            size=0,
            unsealed=0,
            provisional=False,
            erased=0,
            is_away=key in away,
            roles=tuple(sorted(roles[key], key=lambda role: (role.verdict.rank, role.title))),
            qualifications=_qualifications(findings[key], required[key], subjects),
        )
        for key, public_id in _named(officers=keys)
    }


@prepared
def _standings(officers: Any) -> QuerySet[Standing, Any]:
    return (
        Standing.objects.filter(officer__any_of=officers)
        .order_by()
        .values_list(
            "officer_id",
            "qualification__code",
            "verdict",
            "is_required",
            "valid_from",
            "valid_until",
            "grace_until",
            "lapses_on",
        )
    )


@prepared
def _roles(officers: Any) -> QuerySet[RoleStanding, Any]:
    rows = RoleStanding.objects.filter(officer__any_of=officers).order_by()
    return rows.values_list("officer_id", "role__code", "role__title", "role__may", "role__duty", "verdict", "until")


@prepared
def _away(officers: Any, on: date) -> QuerySet[Absence, Any]:
    return Absence.objects.in_force(on).filter(officer__any_of=officers).order_by().values_list("officer_id")


@prepared
def _named(officers: Any) -> QuerySet[User, Any]:
    return User.objects.filter(pk__any_of=officers).values_list("pk", "public_id")


def _finding(
    subject: Subject,
    verdict: Verdict,
    on: date,
    valid_from: date | None,
    valid_until: date | None,
    grace_until: date | None,
    lapses_on: date | None,
) -> Finding:
    holding = None
    if valid_from is not None:
        holding = Holding(Award(valid_from, None, None, ()), valid_until, ())
    return Finding(subject, on, (Stretch(on, verdict),), holding, grace_until, verdict, lapses_on, None)


def _qualifications(
    found: dict[str, Finding], required: set[str], subjects: Mapping[str, Subject]
) -> tuple[QualificationVerdict, ...]:
    for finding in found.values():
        _find_cause(finding, found)
    told = [
        QualificationVerdict(
            code=code,
            title=finding.subject.title,
            short_title=finding.subject.short_title,
            verdict=finding.verdict,
            carries=finding.carries,
            is_required=code in required,
            is_needed=False,
            valid_from=finding.valid_from,
            valid_until=finding.valid_until,
            grace_until=finding.grace_until,
            lapses_on=finding.lapses_on,
            reasons=tuple(why(finding, found)[:1]) if isinstance(finding.course[0].cause, str) else (),
            entries=(),
            award=None,
            lapse="",
        )
        for code, finding in found.items()
    ]
    return tuple(
        sorted(told, key=lambda one: (one.verdict.rank, not one.is_required, subjects[one.code].order, one.code))
    )


def _find_cause(finding: Finding, found: Mapping[str, Finding]) -> None:
    """Put down which needed qualification has it expire before its own day."""
    ends, on = finding.grace_until or finding.valid_until, finding.on
    if finding.verdict == Verdict.EXPIRED and (ends is None or ends >= on):
        failing = failing_needs(finding.subject, found, on)
        if failing:
            finding.course = (Stretch(on, Verdict.EXPIRED, failing[0]),)
            finding.own_verdict = Verdict.IN_DATE
