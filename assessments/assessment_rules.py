"""Assessments: saving their rules as versions that never change, and drawing from the bank by them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from assessments.bank import LONGEST, BankRefused, approved_versions, refuse_overwriting
from assessments.digests import digest_of
from assessments.drawing import BankItem, CannotDraw, DrawRow, draw_items, shortfalls_of_attempts
from assessments.models import (
    QUERY_DAYS,
    Assessment,
    AssessmentVersion,
    Difficulty,
    FeedbackPolicy,
    Layout,
    Navigation,
    OverlapRule,
    Question,
    QuestionTag,
    QuestionVersion,
    ResultsPolicy,
)
from assessments.question_types import Problem
from assessments.question_types.words import check_line
from assessments.topics import Place, key_of, titles_in, topic_at, tree_of
from people import clock
from people.models import User

ROW_KEYS = {"outcome", "count", "topic", "difficulty"}
MOST_QUESTIONS = 300
# Attempts that share no question ask for their questions as often.
MOST_WITHOUT_OVERLAP = 20


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
    seen: int | None = None,
) -> AssessmentVersion:
    """Save an assessment's rules as a new version and return it; saving what the last version says returns that one.

    ``minutes`` None is no time limit, ``pass_percent`` None no pass mark, ``attempts`` None any number. ``by`` None is an import.
    ``results_from`` is the moment from which results are told, where ``results`` says so. ``excluded`` names ``questions`` by code and
    ``tags`` that are never drawn; ``overlap`` is what one person's attempts may share. ``seen`` is the number of the version the
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
        "excluded": {name: list(listed) for name, listed in (excluded or {}).items() if listed},
        "overlap": overlap,
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
    return (
        problems
        + _check_results(rules)
        + _check_overlap(rules)
        + _check_excluded(rules.get("excluded", {}))
        + _check_draw(rules["draw"])
    )


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
    }
    told = {key: value for key, value in rules.items() if key not in usual or value != usual[key]}
    moments = {key: value for key, value in told.items() if isinstance(value, datetime)}
    return told | {key: moment.astimezone(UTC).isoformat() for key, moment in moments.items()}


def current_version(assessment: Assessment) -> AssessmentVersion | None:
    """Return the newest version of an assessment."""
    return AssessmentVersion.objects.filter(assessment=assessment).order_by("-number").first()


def rows_of(version: AssessmentVersion) -> list[DrawRow]:
    """Return the blueprint of a version."""
    return [DrawRow(**{"outcome": "", **row}) for row in version.draw]


def draw(
    version: AssessmentVersion, *, seed: str, exclude: Collection[int] = (), attempts_left: int | None = None
) -> list[QuestionVersion]:
    """Return the approved question versions an attempt with this seed gets, in order, or raise ``CannotDraw``.

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
    return [found[code] for code in codes]


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


def _check_overlap(rules: Mapping[str, Any]) -> list[Problem]:
    overlap = rules.get("overlap", OverlapRule.AVOID)
    if overlap not in OverlapRule.values:
        return [Problem("overlap", f"What attempts may share is one of {', '.join(OverlapRule.values)}.")]
    if overlap == OverlapRule.NEVER and (rules["attempts"] is None or rules["attempts"] > MOST_WITHOUT_OVERLAP):
        said = f"Where no question comes again, allow 1 to {MOST_WITHOUT_OVERLAP} attempts."
        return [Problem("attempts", said)]
    return []


def _check_excluded(excluded: Mapping[str, Any]) -> list[Problem]:
    problems = [Problem("excluded", f"'{key}' cannot be excluded.") for key in set(excluded) - {"questions", "tags"}]
    for key in ("questions", "tags"):
        for word in excluded.get(key, ()):
            problems += check_line(word, f"excluded_{key}", longest=80)
    codes = excluded.get("questions", ())
    unknown = set(codes) - set(Question.objects.filter(code__in=codes).values_list("code", flat=True)) if codes else ()
    problems += [Problem("excluded_questions", f"There is no question {code}.") for code in sorted(unknown)]
    return problems


def _check_draw(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    problems = []
    total = 0
    for number, row in enumerate(rows):
        path = f"draw.{number}"
        for key in set(row) - ROW_KEYS:
            problems.append(Problem(f"{path}.{key}", f"'{key}' is not a field of a draw."))
        if not isinstance(row.get("outcome", ""), str) or not (row.get("outcome") or row.get("topic")):
            problems.append(Problem(f"{path}.outcome", "Name the outcome or the topic to draw from."))
        else:
            problems += check_line(row.get("outcome", ""), f"{path}.outcome", longest=LONGEST["outcome"])
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
