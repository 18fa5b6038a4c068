"""What is known of officers and rules on a day, as known at a time: one reading for one officer or for all, of as many queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from cpd_records.currency.answers import CurrencyAnswer, answer_for
from cpd_records.currency.awards import EVERYTHING, Cut, awards_in_short, awards_of
from cpd_records.currency.days import Days, joined
from cpd_records.currency.rows import (
    RULINGS,
    assignment_rows,
    duty_rows,
    erasure_rows,
    need_rows,
    of_officers,
    place_rows,
    requirement_rows,
    rule_rows,
    ruling_rows,
    sealed_erasure_rows,
)
from cpd_records.currency.values import Held, Rule, Ruling, Subject, Verdict
from cpd_records.currency.weighing import Asked, DutyRole, OfficerFacts, Policy
from cpd_records.ledger.checkpoints import last_checkpoint, may_still_grow
from people import clock
from people.dated_rows import with_first_rows
from people.models import User

BEFORE_EVERYTHING = datetime.min.replace(tzinfo=UTC)


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
    is_provisional = may_still_grow(known_at, last, at=clock.now())
    if found is None:
        return Footing(Cut(0, BEFORE_EVERYTHING), 0, is_provisional)
    return Footing(Cut(found.size, found.time), found.size, is_provisional)


def policy_on(on: date, cut: Cut = EVERYTHING) -> Policy:
    """Return qualifications with their rules and needs, requirements from the day on, duty roles, and the unit tree of the day."""
    asked = [
        Asked(code, Days(first, last), role or "", rank or "", unit, stops_duty)
        for code, first, last, role, rank, unit, stops_duty in requirement_rows(on=on, at=cut.moment)
    ]
    parents = {}
    if any(one.unit is not None for one in asked):
        parents = dict(place_rows(on=on, at=cut.moment))
    duties = {code: DutyRole(code, title, may, duty) for code, title, may, duty in duty_rows()}
    return Policy(on, subjects_of(cut), asked, duties, parents)


def subjects_of(cut: Cut) -> dict[str, Subject]:
    """Return every qualification that has a rule, with its rules and needs as known. Two queries."""
    needs: dict[str, list[tuple[str, Days]]] = defaultdict(list)
    for code, needed, first, last in need_rows(at=cut.moment):
        needs[code].append((needed, Days(first, last)))
    rules: dict[str, list[Rule]] = defaultdict(list)
    names: dict[str, tuple[str, str, int]] = {}
    for code, title, short_title, order, *rule in rule_rows(at=cut.moment):
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
    awards, unsealed = read(list(named.values()), cut)
    rulings = _rulings(named, on, cut, in_short=in_short)
    erased = {} if in_short else _erased(list(named.values()), cut)
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
    for key, sort, what, first, last in of_officers(assignment_rows, named, on=on, at=cut.moment):
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


def _rulings(officers: Collection[int], on: date, cut: Cut, *, in_short: bool) -> dict[int, dict[str, list[Ruling]]]:
    """Return the rulings from the day on, by officer and qualification, each with who decided it and why.

    Where one was ended early that stands in the first row of its chain; ``in_short`` does not ask for it.
    """
    found: dict[int, dict[str, list[Ruling]]] = defaultdict(lambda: defaultdict(list))
    rows = list(of_officers(ruling_rows, officers, on=on, at=cut.moment))
    granted = {} if in_short else _granted({(row[2], row[-1]) for row in rows if row[-1] is not None})
    for officer, code, leads_to, first, last, reason, conditions, short_name, name, before in rows:
        why, by = granted.get((leads_to, before)) or (reason, short_name or name or "")
        found[officer][code].append(Ruling(Verdict(leads_to), Days(first, last), why, conditions, by))
    return found


def _granted(ended: Collection[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, str]]:
    """Return reason and granter of the rulings whose chains go on before these rows, by kind and row. No query for none."""
    found = {}
    for model, verdict in RULINGS:
        rows = model.objects.select_related("recorded_by")
        before = {number for kind, number in ended if kind == verdict.value}
        if before:
            for row in with_first_rows(rows.filter(pk__in=before), "recorded_by"):
                by = row.granted.recorded_by
                found[verdict.value, row.pk] = (row.granted.reason, by.get_short_name() if by else "")
    return found


def _erased(officers: Collection[UUID], cut: Cut) -> dict[UUID, int]:
    if cut.size is None:
        return dict(of_officers(erasure_rows, officers))
    return dict(of_officers(sealed_erasure_rows, officers, size=cut.size))
