"""What is known of officers and rules on a day, as known at a time: one reading for one officer or for all, of as many queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from cpd_records.currency.answers import CurrencyAnswer, answer_for
from cpd_records.currency.awards import EVERYTHING, Cut, awards_in_short, awards_of
from cpd_records.currency.days import Days, joined
from cpd_records.currency.values import Held, Rule, Ruling, Subject, Verdict
from cpd_records.currency.weighing import Asked, DutyRole, OfficerFacts, Policy
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.models import (
    CurrencyException,
    Erasure,
    Exemption,
    QualificationNeed,
    QualificationRule,
    Requirement,
    Restriction,
)
from people.models import Absence, Posting, RankHeld, Role, RoleHeld, UnitPlace, User

BEFORE_EVERYTHING = datetime.min.replace(tzinfo=UTC)
RULINGS: tuple[tuple[type[Any], Verdict], ...] = (
    (CurrencyException, Verdict.EXCEPTED),
    (Exemption, Verdict.EXEMPT),
    (Restriction, Verdict.RESTRICTED),
)


@dataclass(frozen=True, slots=True)
class Footing:
    """What an answer rests on: the cut, the size of its checkpoint, and whether a later checkpoint may add to it."""

    cut: Cut
    size: int
    is_provisional: bool


def currency_of(officer: User, *, on: date, known_at: datetime | None = None) -> CurrencyAnswer:
    """Return an officer's currency on a day, as known at a time (aware; None is now, with what is not sealed yet)."""
    return _answers({officer.pk: officer.public_id}, on=on, known_at=known_at)[officer.pk]


def currency_of_many(
    officers: Sequence[int], *, on: date, known_at: datetime | None = None
) -> dict[int, CurrencyAnswer]:
    """Return the currency of many officers, by the users' keys, with as many queries as for one."""
    named = dict(User.objects.filter(pk__any_of=officers).values_list("pk", "public_id"))
    return _answers(named, on=on, known_at=known_at)


def _answers(named: Mapping[int, UUID], *, on: date, known_at: datetime | None) -> dict[int, CurrencyAnswer]:
    footing = footing_at(known_at)
    policy = policy_on(on, footing.cut)
    known = facts_of(named, on=on, cut=footing.cut)
    return {
        key: answer_for(facts, policy, known_at=known_at, size=footing.size, provisional=footing.is_provisional)
        for key, facts in known.items()
    }


def footing_at(known_at: datetime | None) -> Footing:
    """Return what an answer as known at a time rests on: the last checkpoint by then; before the first nothing is known."""
    last = last_checkpoint()
    if known_at is None:
        return Footing(EVERYTHING, last.size if last else 0, False)
    found = last if last is None or last.time <= known_at else last_checkpoint(by=known_at)
    is_provisional = last is None or known_at > last.time
    if found is None:
        return Footing(Cut(0, BEFORE_EVERYTHING), 0, is_provisional)
    return Footing(Cut(found.size, found.time), found.size, is_provisional)


def policy_on(on: date, cut: Cut = EVERYTHING) -> Policy:
    """Return qualifications with their rules and needs, requirements from the day on, duty roles, and the unit tree of the day."""
    asked = [
        Asked(code, Days(first, last), role or "", rank or "", unit, stops_duty)
        for code, first, last, role, rank, unit, stops_duty in _from_day(Requirement, on, cut).values_list(
            "qualification__code", "valid_from", "valid_until", "role__code", "rank__code", "unit_id", "stops_duty"
        )
    ]
    parents = {}
    if any(one.unit is not None for one in asked):
        parents = dict(UnitPlace.objects.in_force(on, cut.time).values_list("unit_id", "parent_id"))
    duties = {
        code: DutyRole(code, title, may, duty)
        for code, title, may, duty in Role.objects.exclude(duty="").values_list("code", "title", "may", "duty")
    }
    return Policy(on, subjects_of(cut), asked, duties, parents)


def subjects_of(cut: Cut) -> dict[str, Subject]:
    """Return every qualification that has a rule, with its rules and needs as known. Two queries."""
    needs: dict[str, list[tuple[str, Days]]] = defaultdict(list)
    rows = _standing(QualificationNeed, cut).order_by("valid_from")
    for code, needed, first, last in rows.values_list(
        "qualification__code", "needed__code", "valid_from", "valid_until"
    ):
        needs[code].append((needed, Days(first, last)))
    rules: dict[str, list[Rule]] = defaultdict(list)
    names: dict[str, tuple[str, str, int]] = {}
    columns = (
        "qualification__code",
        "qualification__title",
        "qualification__short_title",
        "qualification__order",
        "valid_from",
        "validity_months",
        "warning_days",
        "grace_days",
        "early_renewal_days",
        "absence_stops_clock",
        "lapse",
    )
    for code, title, short_title, order, *rule in (
        _standing(QualificationRule, cut).order_by("valid_from").values_list(*columns)
    ):
        names[code] = (title, short_title, order)
        rules[code].append(Rule(*rule))
    return {
        code: Subject(code, title, short_title, tuple(rules[code]), tuple(needs[code]), order)
        for code, (title, short_title, order) in names.items()
    }


def facts_of(
    named: Mapping[int, UUID], *, on: date, cut: Cut = EVERYTHING, in_short: bool = False
) -> dict[int, OfficerFacts]:
    """Return what is known of the officers: keys of users with their public ids, in and out by the key.

    ``in_short`` leaves out what only words need: entries, minutes, what is not sealed, what was erased.
    """
    read = awards_in_short if in_short else awards_of
    awards, unsealed = read(named.values(), cut)
    rulings = _rulings(named, on, cut)
    erased = {} if in_short else _erased(named.values(), cut)
    found = {
        key: OfficerFacts(
            officer,
            Held(awards.get(officer, {}), rulings.get(key, {})),
            unsealed=unsealed.get(officer, 0),
            erased=erased.get(officer, 0),
        )
        for key, officer in named.items()
    }
    absences: dict[int, list[Days]] = defaultdict(list)
    for key, sort, what, first, last in _assignments(named, on, cut):
        days, facts = Days(first, last), found[key]
        if sort == "role":
            facts.roles.append((what, days))
        elif sort == "rank":
            facts.ranks.append((what, days))
        elif sort == "unit":
            facts.units.append((int(what), days))
        else:
            absences[key].append(days)
    for key, periods in absences.items():
        found[key].held.absences = joined(periods)
    return found


def _assignments(officers: Iterable[int], on: date, cut: Cut) -> Iterable[tuple[int, str, str, date, date | None]]:
    """Yield roles, ranks and units from the day on, and every absence: officer, sort, which one, first and last day."""
    officers = list(officers)
    columns = ("officer_id", "sort", "what", "valid_from", "valid_until")

    def rows(model: type[Any], sort: str, what: Any) -> QuerySet[Any, Any]:
        chosen = _standing(model, cut) if sort == "away" else _from_day(model, on, cut)
        chosen = chosen.filter(officer__any_of=officers)
        chosen = chosen.annotate(sort=Value(sort, CharField()), what=Cast(what, TextField()))
        return chosen.order_by().values_list(*columns)

    return rows(RoleHeld, "role", F("role__code")).union(
        rows(RankHeld, "rank", F("rank__code")),
        rows(Posting, "unit", F("unit_id")),
        rows(Absence, "away", Value("")),
        all=True,
    )


def _rulings(officers: Iterable[int], on: date, cut: Cut) -> dict[int, dict[str, list[Ruling]]]:
    """Return the rulings from the day on, by officer and qualification."""
    officers = list(officers)
    columns = (
        "officer_id",
        "code",
        "leads_to",
        "valid_from",
        "valid_until",
        "reason",
        "conditions_said",
        "by_short_name",
        "by_name",
    )
    chosen = [
        _from_day(model, on, cut)
        .filter(officer__any_of=officers)
        .annotate(
            code=F("qualification__code"),
            leads_to=Value(verdict.value, CharField()),
            conditions_said=F("conditions") if verdict == Verdict.EXCEPTED else Value("", CharField()),
            by_short_name=F("recorded_by__short_name"),
            by_name=F("recorded_by__name"),
        )
        .order_by()
        .values_list(*columns)
        for model, verdict in RULINGS
    ]
    found: dict[int, dict[str, list[Ruling]]] = defaultdict(lambda: defaultdict(list))
    for officer, code, leads_to, first, last, reason, conditions, short_name, name in chosen[0].union(
        *chosen[1:], all=True
    ):
        ruling = Ruling(Verdict(leads_to), Days(first, last), reason, conditions, short_name or name or "")
        found[officer][code].append(ruling)
    return found


def _erased(officers: Iterable[UUID], cut: Cut) -> dict[UUID, int]:
    rows = Erasure.objects.filter(officer__any_of=officers)
    if cut.size is not None:
        rows = rows.filter(entry__place__index__lt=cut.size)
    return dict(rows.order_by().values_list("officer").annotate(count=Count("entry")))


def _standing(model: type[Any], cut: Cut) -> QuerySet[Any, Any]:
    """Return the rows that stand, as known."""
    rows: QuerySet[Any, Any] = model.objects.known(cut.time).filter(is_void=False)
    return rows


def _from_day(model: type[Any], on: date, cut: Cut) -> QuerySet[Any, Any]:
    """Return the rows that stand and are true on the day or later."""
    return _standing(model, cut).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
