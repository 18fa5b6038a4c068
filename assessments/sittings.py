"""How a test is sat and when its results are told, as values: the words a rule may say, and what is wrong with a set of them.

Knows no database, so that a course folder is checked by the same rules before anything of it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assessments.question_types import Problem
from assessments.question_types.words import check_line

RESULTS = AT_ONCE, AFTER_WINDOW, NEVER = "at_once", "after_window", "never"
LAYOUTS = ONE, WHOLE = "one", "whole"
NAVIGATIONS = FREE, FORWARD = "free", "forward"
# Working days in which a candidate may query a question of a result: a local default, not a national standard.
QUERY_DAYS = 10
# A page with more is slow on a phone, and its form has more fields than a site takes.
MOST_ON_A_PAGE = 100
LONGEST_SECTION = 80


def check_sitting(rules: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the window, the way the questions are met, the sections of the paper, and when results are told."""
    return _check_results(rules) + _check_window(rules) + _check_sections(rules)


def _check_results(rules: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with when results are told: nothing else may give away what is withheld."""
    policy, moment = rules.get("results", AT_ONCE), rules.get("results_from")
    if policy not in RESULTS:
        return [Problem("results", f"Results are told {', '.join(RESULTS)}.")]
    problems = []
    if policy == AFTER_WINDOW and moment is None:
        problems.append(Problem("results_from", "Say from which day and time results are told."))
    if policy != AFTER_WINDOW and moment is not None:
        problems.append(Problem("results_from", "Leave this empty unless results are told from a day and time."))
    if policy != AT_ONCE and rules["feedback"] == AT_ONCE:
        problems.append(
            Problem("feedback", "Answers shown question by question tell the result, so show them later, or never.")
        )
    if policy == NEVER and rules["pass_percent"] is not None:
        problems.append(
            Problem("pass_percent", "Results that are never shown have no pass mark, since passing would show them.")
        )
    return problems


def _check_window(rules: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the window, and with how the questions are met."""
    problems = []
    opens_at, closes_at = rules.get("opens_at"), rules.get("closes_at")
    for key, moment in (("opens_at", opens_at), ("closes_at", closes_at)):
        if moment is not None and (not isinstance(moment, datetime) or moment.tzinfo is None):
            problems.append(Problem(key, "Enter a day and time, for example 2026-11-30 09:00."))
    if problems:
        return problems
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        problems.append(Problem("closes_at", "Let it close after it opens."))
    told_from = rules.get("results_from")
    if closes_at is not None and told_from is not None and told_from < closes_at:
        problems.append(
            Problem("results_from", "It can still be begun then. Tell results when it has closed, or later.")
        )
    layout, navigation = rules.get("layout", ONE), rules.get("navigation", FREE)
    if layout not in LAYOUTS:
        problems.append(Problem("layout", f"The layout is one of {', '.join(LAYOUTS)}."))
    if navigation not in NAVIGATIONS:
        problems.append(Problem("navigation", f"The order is one of {', '.join(NAVIGATIONS)}."))
    if layout == WHOLE:
        problems += _check_whole(rules, navigation)
    if not isinstance(rules.get("is_invigilated", False), bool):
        problems.append(Problem("is_invigilated", "It is invigilated or not."))
    if not isinstance(rules.get("counts_confidence", False), bool):
        problems.append(Problem("counts_confidence", "How sure candidates are counts, or it does not."))
    return problems


def _check_whole(rules: Mapping[str, Any], navigation: str) -> list[Problem]:
    """Return what a page with all questions cannot keep."""
    problems = []
    if navigation == FORWARD:
        sentence = "All questions on one page can be answered in any order. For forward only, show one at a time."
        problems.append(Problem("navigation", sentence))
    if rules["feedback"] == AT_ONCE:
        sentence = "Answers are checked question by question. To show what was right at once, show one at a time."
        problems.append(Problem("feedback", sentence))
    counts = [row.get("count") for row in rules["draw"]]
    if sum(count for count in counts if isinstance(count, int)) > MOST_ON_A_PAGE:
        sentence = f"One page holds at most {MOST_ON_A_PAGE} questions. For more, show one at a time."
        problems.append(Problem("layout", sentence))
    return problems


def _check_sections(rules: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with the sections of the paper. Rows named alike are one section, whatever stands between them."""
    rows = rules["draw"]
    problems = []
    for number, row in enumerate(rows):
        path, section, least = f"draw.{number}", row.get("section", ""), row.get("least")
        if not isinstance(section, str):
            problems.append(Problem(f"{path}.section", "The section is a word, or left out."))
        else:
            problems += check_line(section, f"{path}.section", longest=LONGEST_SECTION)
        if least is not None and (isinstance(least, bool) or not isinstance(least, int) or not 1 <= least <= 100):
            problems.append(Problem(f"{path}.least", "The least is 1 to 100 per cent, or empty for none."))
        elif least is not None and not section:
            problems.append(Problem(f"{path}.section", "Name the section that must reach so much."))
        elif least is not None and rules["pass_percent"] is None:
            problems.append(
                Problem(f"{path}.least", "A section that must reach so much needs a pass mark of the whole.")
            )
    if problems:
        return problems
    if any(row.get("section") for row in rows):
        unnamed = [number for number, row in enumerate(rows) if not row.get("section")]
        problems += [
            Problem(f"draw.{number}.section", "Name a section in every row, or in none.") for number in unnamed
        ]
    said: dict[str, int | None] = {}
    for number, row in enumerate(rows):
        section, least = row.get("section", ""), row.get("least")
        if section and said.setdefault(section, least) != least:
            first = "no least" if said[section] is None else f"{said[section]} per cent"
            sentence = f"An earlier row of ‘{section}’ asks for {first}. Say the same in each row of a section."
            problems.append(Problem(f"draw.{number}.least", sentence))
    return problems
