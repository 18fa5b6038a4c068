"""What administrators and auditors read: every qualification with its rule and history, and what is recorded about one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cpd_records.activities.putting_right import StandingActivity, activities_on_record
from cpd_records.certificates.as_known import certificates_as_known
from cpd_records.completions.standing import StandingCompletion, completions_of
from cpd_records.currency.facts import currency_of, footing_at
from cpd_records.importing.corrections import StandingImport, imported_records
from cpd_records.models import (
    AwardEvidence,
    Certificate,
    Exemption,
    Qualification,
    QualificationNeed,
    QualificationRule,
    Requirement,
    Restriction,
)
from cpd_records.models.qualifications import READERS
from cpd_records.qualifications.refusals import ADMINISTRATORS
from cpd_records.qualifications.requirements import of_whom
from cpd_records.qualifications.rules_in_words import sentences_of, standing_of
from cpd_records.qualifications.standing_awards import StandingAward, all_awards
from people import access
from people.dated_rows import with_first_rows
from people.models import Absence, Rank, Role, Unit, User

RULINGS: dict[str, type[Any]] = {"exemption": Exemption, "restriction": Restriction}


@dataclass(frozen=True)
class RuleRow:
    """A rule with its words; ``is_now`` where it is the one in force."""

    rule: QualificationRule
    sentences: list[str]
    standing: str
    is_now: bool


@dataclass(frozen=True)
class RequirementRow:
    """A requirement and whom it is for, in words."""

    requirement: Requirement
    whom: str


@dataclass(frozen=True)
class AwardRow:
    """One standing award as an administrator sees it."""

    award: StandingAward
    title: str
    files: list[AwardEvidence] = field(default_factory=list)

    @property
    def said(self) -> dict[str, Any]:
        return dict(self.award.said)

    @property
    def basis(self) -> str:
        words = {"course": "From a course here", "authorised": "Awarded", "imported": "Imported"}
        return words.get(str(self.award.said.get("basis")), "")


def reads(user: User) -> bool:
    """Return whether somebody reads all qualifications and the awards of others."""
    return access.has_any_role(user, *READERS)


def administers(user: User) -> bool:
    return access.has_any_role(user, *ADMINISTRATORS)


def people_readable_by(user: User) -> QuerySet[User]:
    """Return whose awards somebody may read: administrators and auditors everybody's, others nobody's."""
    return User.objects.all() if reads(user) else User.objects.none()


def every_qualification(day: date) -> list[tuple[Qualification, RuleRow | None]]:
    """Return each qualification with the rule in force on the day. Two queries."""
    rules = QualificationRule.objects.in_force(day).select_related("exception_rank")
    by_qualification = {rule.qualification_id: rule for rule in rules}
    found = []
    for one in Qualification.objects.order_by("order", "code"):
        rule = by_qualification.get(one.pk)
        found.append((one, _rule_row(rule, day) if rule else None))
    return found


def qualification_of(code: str) -> Qualification | None:
    return Qualification.objects.filter(code=code).first()


def qualification_numbered(pk: int) -> Qualification | None:
    return Qualification.objects.filter(pk=pk).first()


def page_of(qualification: Qualification, *, today: date) -> dict[str, Any]:
    """Return what a page about one qualification shows: the rule, how it changed, what it needs, of whom it is asked."""
    history = [_rule_row(rule, today) for rule in history_of(qualification)]
    needs = standing_needs(qualification).select_related("needed").order_by("valid_from", "pk")
    needed_by = QualificationNeed.objects.in_force(today).filter(needed=qualification).select_related("qualification")
    return {
        "qualification": qualification,
        "now": next((row for row in history if row.is_now), None),
        "history": history,
        "records": records_of(qualification),
        "needs": needs,
        "needed_by": needed_by.order_by("qualification__order"),
        "requirements": [requirement_row(row) for row in requirements_of(qualification)],
        "today": today,
    }


def history_of(qualification: Qualification) -> QuerySet[Any]:
    """Return the rules that stand, the latest first."""
    rows = QualificationRule.objects.known().filter(qualification=qualification, is_void=False)
    return rows.select_related("exception_rank", "recorded_by").order_by("-valid_from")


def records_of(qualification: Qualification) -> QuerySet[Any]:
    """Return every row of the rules as it was recorded, superseded ones too, the latest first: what was known when."""
    rows = QualificationRule.objects.filter(qualification=qualification)
    return rows.select_related("recorded_by", "superseded_by").order_by("-recorded_at", "-pk")


def standing_needs(qualification: Qualification) -> QuerySet[Any]:
    return QualificationNeed.objects.known().filter(qualification=qualification, is_void=False)


def requirements_of(qualification: Qualification) -> QuerySet[Any]:
    """Return the requirements that stand, those that go on first."""
    rows = Requirement.objects.known().filter(qualification=qualification, is_void=False)
    return rows.select_related("role", "rank", "unit").order_by("valid_until", "role__title", "-valid_from", "pk")


def requirement_row(row: Requirement) -> RequirementRow:
    role: Role | None = row.role
    rank: Rank | None = row.rank
    unit: Unit | None = row.unit
    return RequirementRow(row, of_whom(role, rank, unit, on=row.valid_from))


def record_shown(officer: User, *, on: date, known_at: datetime | None = None) -> dict[str, Any]:
    """Return what is recorded about somebody on a day as known at a time (aware; None is now), and what the answer rests on.

    Entries are cut by the last checkpoint by then and rows by its time, as every question about the record is.
    """
    cut = footing_at(known_at).cut
    moment = None if known_at is None else cut.moment
    answer = currency_of(officer, on=on, known_at=known_at)
    return {
        "answer": answer,
        "verdicts": answer.qualifications,
        "awards": awards_shown(officer, on=on, size=cut.size),
        "completions": completions_of(officer, on=on, size=cut.size),
        "activities": activities_on_record(officer, on=on, size=cut.size),
        "imported": imported_records(officer, on=on, size=cut.size),
        "exemptions": with_first_rows(rulings_shown(officer, "exemption", today=on, known_at=moment), "recorded_by"),
        "restrictions": with_first_rows(
            rulings_shown(officer, "restriction", today=on, known_at=moment), "recorded_by"
        ),
        "absences": absences_shown(officer, today=on, known_at=moment),
        "certificates": certificates_as_known(officer, on=on, known_at=known_at).held,
    }


def awards_shown(officer: User, *, on: date | None = None, size: int | None = None) -> list[AwardRow]:
    """Return the officer's standing awards, the latest first, with the files behind them, as ``all_awards`` cuts them. Three queries."""
    awards = all_awards(officer, on=on, size=size)
    titles = dict(Qualification.objects.values_list("code", "title"))
    files: dict[UUID, list[AwardEvidence]] = {}
    for evidence in AwardEvidence.objects.filter(entry__in=[award.entry for award in awards]).order_by("pk"):
        files.setdefault(evidence.entry_id, []).append(evidence)
    return [AwardRow(award, titles.get(award.code, award.code), files.get(award.entry, [])) for award in awards]


def import_shown(officer: User, record: UUID) -> StandingImport | None:
    return next((one for one in imported_records(officer) if one.entry == record), None)


def completion_shown(officer: User, completion: UUID) -> StandingCompletion | None:
    return next((one for one in completions_of(officer) if one.entry == completion), None)


def activity_shown(officer: User, activity: UUID) -> StandingActivity | None:
    return next((one for one in activities_on_record(officer) if one.entry == activity), None)


def award_shown(officer: User, award: UUID) -> AwardRow | None:
    return next((row for row in awards_shown(officer) if row.award.entry == award), None)


def rulings_shown(officer: User, kind: str, *, today: date, known_at: datetime | None = None) -> QuerySet[Any]:
    """Return the exemptions or restrictions of an officer that run on a day or were still to come, as recorded by a time (None: now)."""
    rows = RULINGS[kind].objects.known(known_at).filter(officer=officer, is_void=False)
    return _going_on(rows, today).select_related("qualification", "officer", "recorded_by").order_by("valid_from", "pk")


def absences_shown(officer: User, *, today: date, known_at: datetime | None = None) -> QuerySet[Any]:
    rows = Absence.objects.known(known_at).filter(officer=officer, is_void=False)
    return _going_on(rows, today).select_related("officer").order_by("valid_from", "pk")


def certificate_shown(officer: User, certificate: UUID) -> Certificate | None:
    return Certificate.objects.filter(officer=officer, pk=certificate).select_related("officer").first()


def choices_of(rows: Iterable[tuple[Qualification, RuleRow | None]]) -> list[tuple[str, str]]:
    """Return every qualification to choose from, as ``(code, title)``."""
    return [(one.code, f"{one.title} ({one.code})") for one, _rule in rows]


def _going_on(rows: QuerySet[Any], today: date) -> QuerySet[Any]:
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))


def _rule_row(rule: QualificationRule, day: date) -> RuleRow:
    is_now = rule.valid_from <= day and (rule.valid_until is None or rule.valid_until >= day)
    return RuleRow(rule, sentences_of(rule), standing_of(rule), is_now)
