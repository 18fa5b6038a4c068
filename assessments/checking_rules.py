"""Whether an assessment's rules can be used as they are written: every problem with the field it is about and a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.bank import LONGEST
from assessments.models import (
    Difficulty,
    FeedbackPolicy,
    OverlapRule,
    Question,
)
from assessments.question_types import Problem
from assessments.question_types.words import check_line
from assessments.sittings import check_sitting

ROW_KEYS = {"outcome", "count", "topic", "difficulty", "section", "least"}
MOST_QUESTIONS = 300
# Attempts that share no question ask for their questions as often.
MOST_WITHOUT_OVERLAP = 20


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
        + _check_overlap(rules)
        + _check_excluded(rules.get("excluded", {}))
        + _check_draw(rules["draw"])
        + check_sitting(rules)
    )


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
        if not isinstance(row.get("outcome", ""), str) or not any(
            row.get(name) for name in ("outcome", "topic", "difficulty")
        ):
            problems.append(Problem(f"{path}.outcome", "Name the outcome, the topic or the difficulty to draw by."))
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
