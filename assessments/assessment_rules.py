"""Assessments: saving their rules as versions that never change, and drawing from the bank by them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from assessments.bank import LONGEST, BankRefused, approved_versions, refuse_overwriting
from assessments.digests import digest_of
from assessments.drawing import BankItem, CannotDraw, DrawRow, draw_items
from assessments.models import (
    QUERY_DAYS,
    Assessment,
    AssessmentVersion,
    Difficulty,
    FeedbackPolicy,
    QuestionVersion,
    ResultsPolicy,
)
from assessments.question_types import Problem
from assessments.question_types.words import check_line
from people import clock
from people.models import User

ROW_KEYS = {"outcome", "count", "topic", "difficulty"}
MOST_QUESTIONS = 300


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
    seen: int | None = None,
) -> AssessmentVersion:
    """Save an assessment's rules as a new version and return it; saving what the last version says returns that one.

    ``minutes`` None is no time limit, ``pass_percent`` None no pass mark, ``attempts`` None any number. ``by`` None is an import.
    ``results_from`` is the moment from which results are told, where ``results`` says so. ``seen`` is the number of the version the
    author began from, 0 for a new assessment, as for questions.
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


def check_rules(rules: Mapping[str, Any]) -> list[Problem]:
    """Return everything wrong with an assessment's rules."""
    problems = []
    if not rules["title"] or len(rules["title"]) > 200:
        problems.append(Problem("title", "Give the assessment a title of at most 200 characters."))
    else:
        problems += check_line(rules["title"], "title", longest=200)
    for key, least, most, sentence in (
        ("minutes", 1, 600, "The time limit is 1 to 600 minutes, or empty for none."),
        ("pass_percent", 0, 100, "The pass mark is 0 to 100 per cent, or empty for none."),
        ("attempts", 1, 1000, "The number of attempts is 1 to 1,000, or empty for any."),
        ("wait_hours", 0, 24 * 366, "The wait between attempts is 0 hours to one year."),
        ("query_days", 0, 250, "Candidates can query questions for 0 to 250 working days."),
    ):
        value = rules.get(key, 0)
        if value is None and key not in ("wait_hours", "query_days"):
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            problems.append(Problem(key, sentence))
    if rules["feedback"] not in FeedbackPolicy.values:
        problems.append(Problem("feedback", f"Feedback is one of {', '.join(FeedbackPolicy.values)}."))
    if rules["must_pass"] and rules["pass_percent"] is None:
        problems.append(Problem("must_pass", "Must-pass questions need a pass mark."))
    return problems + _check_results(rules) + _check_draw(rules["draw"])


def _check_results(rules: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with when results are told: nothing else may give away what is withheld."""
    policy, moment = rules.get("results", ResultsPolicy.AT_ONCE), rules.get("results_from")
    if policy not in ResultsPolicy.values:
        return [Problem("results", f"Results are told {', '.join(ResultsPolicy.values)}.")]
    problems = []
    if policy == ResultsPolicy.AFTER_WINDOW and moment is None:
        problems.append(Problem("results_from", "Say from which day and time results are told."))
    if policy != ResultsPolicy.AFTER_WINDOW and moment is not None:
        problems.append(Problem("results_from", "Leave this empty unless results are told from a day and time."))
    if policy != ResultsPolicy.AT_ONCE and rules["feedback"] == FeedbackPolicy.AT_ONCE:
        problems.append(
            Problem("feedback", "Answers shown question by question tell the result, so show them later, or never.")
        )
    if policy == ResultsPolicy.NEVER and rules["pass_percent"] is not None:
        problems.append(
            Problem("pass_percent", "Results that are never shown have no pass mark, since passing would show them.")
        )
    return problems


def _told(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules as their digest is taken: what came later is in it only where it says something else than before it came."""
    usual = {"results": ResultsPolicy.AT_ONCE, "results_from": None, "query_days": QUERY_DAYS}
    told = {key: value for key, value in rules.items() if key not in usual or value != usual[key]}
    if isinstance(moment := told.get("results_from"), datetime):
        told["results_from"] = moment.astimezone(UTC).isoformat()
    return told


def current_version(assessment: Assessment) -> AssessmentVersion | None:
    """Return the newest version of an assessment."""
    return AssessmentVersion.objects.filter(assessment=assessment).order_by("-number").first()


def rows_of(version: AssessmentVersion) -> list[DrawRow]:
    """Return the blueprint of a version."""
    return [DrawRow(**row) for row in version.draw]


def draw(version: AssessmentVersion, *, seed: str, exclude: Collection[int] = ()) -> list[QuestionVersion]:
    """Return the approved question versions an attempt with this seed gets, in order, or raise ``CannotDraw``.

    ``exclude`` are ids of question versions seen before: their questions are avoided as far as the bank allows.
    """
    pool = {row.question.code: row for row in approved_versions(version.assessment.bank).defer("note")}
    seen = QuestionVersion.objects.filter(pk__in=exclude).values_list("question__code", flat=True) if exclude else ()
    items = [
        BankItem(
            code=code,
            outcome=row.outcome,
            topic=row.topic,
            difficulty=row.difficulty,
            must_pass=row.must_pass,
        )
        for code, row in pool.items()
    ]
    drawn = draw_items(items, rows_of(version), must_pass=version.must_pass, seed=seed, avoid=set(seen))
    return [pool[item.code] for item in drawn]


def trial(bank: str, *, draw: Sequence[Mapping[str, Any]], must_pass: bool) -> AssessmentVersion:
    """Return rules that were never saved, to ask ``shortfalls`` and ``draw`` what they would do."""
    return AssessmentVersion(assessment=Assessment(bank=bank), draw=[dict(row) for row in draw], must_pass=must_pass)


def shortfalls(version: AssessmentVersion) -> list[str]:
    """Return what the bank lacks to meet the draw today, in sentences; empty where it can."""
    try:
        draw(version, seed="")
    except CannotDraw as refusal:
        return refusal.shortfalls
    return []


def _check_draw(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    problems = []
    total = 0
    for number, row in enumerate(rows):
        path = f"draw.{number}"
        for key in set(row) - ROW_KEYS:
            problems.append(Problem(f"{path}.{key}", f"'{key}' is not a field of a draw."))
        if not isinstance(row.get("outcome"), str) or not row["outcome"]:
            problems.append(Problem(f"{path}.outcome", "Name the outcome to draw from."))
        else:
            problems += check_line(row["outcome"], f"{path}.outcome", longest=LONGEST["outcome"])
        count = row.get("count")
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            problems.append(Problem(f"{path}.count", "Say how many questions to draw, 1 or more."))
        else:
            total += count
        if row.get("difficulty", "") not in ("", *Difficulty.values):
            problems.append(Problem(f"{path}.difficulty", "The difficulty is easy, medium or hard, or left out."))
        if not isinstance(row.get("topic", ""), str):
            problems.append(Problem(f"{path}.topic", "The topic is a word, or left out."))
        else:
            problems += check_line(row.get("topic", ""), f"{path}.topic", longest=LONGEST["topic"])
    if not rows or total > MOST_QUESTIONS:
        problems.append(Problem("draw", f"Draw 1 to {MOST_QUESTIONS} questions."))
    return problems
