"""Assessments: saving their rules as versions that never change, and drawing from the bank by them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from assessments.bank import BankRefused, approved_versions, refuse_overwriting
from assessments.checking_rules import check_rules
from assessments.digests import digest_of
from assessments.drawing import BankItem, CannotDraw, DrawRow, draw_items, shortfalls_of_attempts
from assessments.models import (
    QUERY_DAYS,
    Assessment,
    AssessmentVersion,
    FeedbackPolicy,
    Layout,
    Navigation,
    OverlapRule,
    QuestionTag,
    QuestionVersion,
    ResultsPolicy,
)
from assessments.question_types import Problem
from assessments.topic_paths import key_of, titles_in
from assessments.topics import Place, topic_at, tree_of
from people import clock
from people.models import User

# What a version says, as it is saved.
RULES = (
    "title",
    "minutes",
    "pass_percent",
    "must_pass",
    "attempts",
    "wait_hours",
    "feedback",
    "results",
    "results_from",
    "query_days",
    "draw",
    "excluded",
    "overlap",
    "opens_at",
    "closes_at",
    "layout",
    "navigation",
    "is_invigilated",
    "counts_confidence",
)


class BadAssessment(BankRefused):
    """The rules cannot be used as they are written; ``problems`` says where and why."""

    def __init__(self, code: str, problems: Sequence[Problem]) -> None:
        super().__init__(f"Assessment {code} was not saved. " + " ".join(str(problem) for problem in problems))
        self.problems = list(problems)


def save_assessment_version(
    code: str,
    *,
    bank: str,
    title: str,
    draw: Sequence[Mapping[str, Any]],
    by: User | None,
    at: datetime,
    family: str = "",
    minutes: int | None = None,
    pass_percent: int | None = None,
    must_pass: bool = False,
    attempts: int | None = None,
    wait_hours: int = 0,
    feedback: str = FeedbackPolicy.AFTER_SUBMIT,
    results: str = ResultsPolicy.AT_ONCE,
    results_from: datetime | None = None,
    query_days: int = QUERY_DAYS,
    excluded: Mapping[str, Sequence[str]] | None = None,
    overlap: str = OverlapRule.AVOID,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    layout: str = Layout.ONE,
    navigation: str = Navigation.FREE,
    is_invigilated: bool = False,
    counts_confidence: bool = False,
    seen: int | None = None,
) -> AssessmentVersion:
    """Save an assessment's rules as a new version and return it; saving what the last version says returns that one.

    ``minutes`` None is no time limit, ``pass_percent`` None no pass mark, ``attempts`` None any number. ``by`` None is an import.
    ``results_from`` is the moment from which results are told, where ``results`` says so. ``excluded`` names ``questions`` by code
    and ``tags`` that are never drawn; ``overlap`` is what one person's attempts may share. Attempts begin from ``opens_at`` to before
    ``closes_at``, where they are given. ``counts_confidence``: see ``certainty``. ``seen`` is the number of the version the author
    began from, 0 for a new assessment, as for questions.
    """
    rules: dict[str, Any] = {
        "title": title.strip(),
        "minutes": minutes,
        "pass_percent": pass_percent,
        "must_pass": must_pass,
        "attempts": attempts,
        "wait_hours": wait_hours,
        "feedback": feedback,
        "results": results,
        "results_from": results_from,
        "query_days": query_days,
        "draw": [dict(row) for row in draw],
        "excluded": {name: list(listed) for name, listed in (excluded or {}).items() if listed},
        "overlap": overlap,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "layout": layout,
        "navigation": navigation,
        "is_invigilated": is_invigilated,
        "counts_confidence": counts_confidence,
    }
    problems = check_rules(rules)
    if problems:
        raise BadAssessment(code, problems)
    digest = digest_of(_told(rules))
    with transaction.atomic():
        assessment, _created = Assessment.objects.select_for_update().get_or_create(
            code=code, defaults={"bank": bank, "family": family, "created_at": clock.now(), "created_by": by}
        )
        last = current_version(assessment)
        refuse_overwriting(code, seen=seen, last=0 if last is None else last.number)
        if assessment.bank != bank:
            raise BankRefused(f"The code {code} belongs to the bank {assessment.bank} and is never reused.")
        if assessment.family != family:
            assessment.family = family
            assessment.save(update_fields=["family"])
        if last is not None and last.digest == digest:
            return last
        return AssessmentVersion.objects.create(
            assessment=assessment,
            number=1 if last is None else last.number + 1,
            **rules,
            created_at=at,
            created_by=by,
            digest=digest,
        )


def _told(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules as their digest is taken: what came later is in it only where it says something else than before it came."""
    usual: dict[str, Any] = {
        "results": ResultsPolicy.AT_ONCE,
        "results_from": None,
        "query_days": QUERY_DAYS,
        "excluded": {},
        "overlap": OverlapRule.AVOID,
        "opens_at": None,
        "closes_at": None,
        "layout": Layout.ONE,
        "navigation": Navigation.FREE,
        "is_invigilated": False,
        "counts_confidence": False,
    }
    told = {key: value for key, value in rules.items() if key not in usual or value != usual[key]}
    moments = {key: value for key, value in told.items() if isinstance(value, datetime)}
    return told | {key: moment.astimezone(UTC).isoformat() for key, moment in moments.items()}


def current_version(assessment: Assessment) -> AssessmentVersion | None:
    """Return the newest version of an assessment."""
    return AssessmentVersion.objects.filter(assessment=assessment).order_by("-number").first()


def rules_again(version: AssessmentVersion) -> dict[str, Any]:
    """Return the rules of a version as ``save_assessment_version`` takes them, to save them with a change."""
    return {name: getattr(version, name) for name in RULES}


def rows_of(version: AssessmentVersion) -> list[DrawRow]:
    """Return the blueprint of a version."""
    return [DrawRow(**{"outcome": "", **row}) for row in version.draw]


def draw(
    version: AssessmentVersion, *, seed: str, exclude: Collection[int] = (), attempts_left: int | None = None
) -> list[QuestionVersion]:
    """Return the approved question versions an attempt with this seed gets, in order; see ``draw_by_section``."""
    drawn = draw_by_section(version, seed=seed, exclude=exclude, attempts_left=attempts_left)
    return [question for _section, question in drawn]


def draw_by_section(
    version: AssessmentVersion, *, seed: str, exclude: Collection[int] = (), attempts_left: int | None = None
) -> list[tuple[str, QuestionVersion]]:
    """Return what an attempt with this seed gets, in order: section and approved question version; or raise ``CannotDraw``.

    ``exclude`` are ids of question versions seen before: their questions come again as the rule of overlap says. ``attempts_left``
    counts this attempt; None is any number. Definitions are read of what is drawn and of nothing else.
    """
    tree = tree_of(version.assessment.bank)
    rows = standing_rows(version, tree)
    pool = _pool(version, rows, tree)
    seen = (
        set(QuestionVersion.objects.filter(pk__in=exclude).values_list("question__code", flat=True)) if exclude else ()
    )
    is_never = version.overlap == OverlapRule.NEVER
    drawn = draw_items(
        pool,
        rows,
        must_pass=version.must_pass,
        seed=seed,
        avoid=seen if version.overlap == OverlapRule.AVOID else (),
        never=seen if is_never else (),
        attempts_left=(attempts_left or 1) if is_never else 1,
    )
    codes = [item.code for item in drawn]
    found = {
        row.question.code: row
        for row in approved_versions(version.assessment.bank).filter(question__code__in=codes).defer("note")
    }
    return [(item.section, found[item.code]) for item in drawn]


def trial(bank: str, *, draw: Sequence[Mapping[str, Any]], must_pass: bool, **rules: Any) -> AssessmentVersion:
    """Return rules that were never saved, to ask ``shortfalls`` and ``draw`` what they would do."""
    return AssessmentVersion(
        assessment=Assessment(bank=bank),
        draw=[dict(row) for row in draw],
        must_pass=must_pass,
        excluded=rules.get("excluded") or {},
        overlap=rules.get("overlap", OverlapRule.AVOID),
        attempts=rules.get("attempts"),
    )


def shortfalls(version: AssessmentVersion) -> list[str]:
    """Return what the bank lacks to meet the draw today, in sentences; empty where it can.

    Where no question comes again, that is to meet every attempt the rules allow.
    """
    tree = tree_of(version.assessment.bank)
    rows = standing_rows(version, tree)
    pool = _pool(version, rows, tree)
    try:
        draw_items(pool, rows, must_pass=version.must_pass, seed="")
    except CannotDraw as refusal:
        return refusal.shortfalls
    if version.overlap != OverlapRule.NEVER or version.attempts is None:
        return []
    return shortfalls_of_attempts(pool, rows, must_pass=version.must_pass, attempts=version.attempts)


def standing_rows(version: AssessmentVersion, tree: Sequence[Place]) -> list[DrawRow]:
    """Return the blueprint with each topic where it stands today: it may have been renamed, moved or merged since."""
    paths = {place.topic.path for place in tree}
    rows = []
    for row in rows_of(version):
        said = key_of(titles_in(row.topic))
        if row.topic and said not in paths:
            known = topic_at(version.assessment.bank, row.topic)
            said = said if known is None else known.path
        rows.append(replace(row, stands_at=said))
    return rows


def _pool(version: AssessmentVersion, rows: Sequence[DrawRow], tree: Sequence[Place]) -> list[BankItem]:
    """Return what may be drawn: approved questions of the bank without those excluded, as far as any row or rule could take them."""
    versions = approved_versions(version.assessment.bank)
    if excluded := version.excluded.get("questions"):
        versions = versions.exclude(question__code__in=excluded)
    if tags := version.excluded.get("tags"):
        versions = versions.exclude(question__in=QuestionTag.objects.filter(word__in=tags).values("question"))
    outcomes = {row.outcome for row in rows}
    if "" not in outcomes:
        wanted = Q(outcome__in=outcomes)
        versions = versions.filter(wanted | ~Q(must_pass="") if version.must_pass else wanted)
    paths = {place.topic.pk: place.topic.path for place in tree}
    columns = ("question__code", "outcome", "question__topic", "topic", "difficulty", "must_pass")
    return [
        BankItem(code, outcome, paths[topic] if topic in paths else key_of(titles_in(words)), difficulty, must_pass)
        for code, outcome, topic, words, difficulty, must_pass in versions.order_by().values_list(*columns)
    ]
