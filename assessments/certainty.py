"""Certainty that counts: what an answer is worth by how sure the candidate said to be. Only where the assessment says so.

The marks are Gardner-Medwin's (1995, 'Confidence assessment in the teaching of basic science', Association for Learning Technology
Journal 3(1), 80-85), as Moodle has them too, in shares of full marks: right earns 1, 2 or 3 thirds, wrong costs 0, 2 or 6 thirds. With
them it pays to say what one believes: 'I think so' from two chances in three of being right, 'I am sure' from four in five. An answer that
is right in part earns that part and costs nothing.

A question's own mark stays between 0 and 1 and is what analysis and must-pass rules read; certainty is in the score alone, which is
never below 0. A floor of 0 for each question would take the cost away, and with it every reason not to be sure.
"""

from __future__ import annotations

from fractions import Fraction

from assessments import question_types
from assessments.models import QuestionVersion
from assessments.question_types.asking import confidence_of
from assessments.question_types.contract import FULL_MARKS, Response

UNSURE = "low"
RIGHT = {"low": Fraction(1, 3), "medium": Fraction(2, 3), "high": Fraction(1)}
WRONG = {"low": Fraction(0), "medium": Fraction(-2, 3), "high": Fraction(-2)}


def certainty_of(question: QuestionVersion, response: Response | None) -> str:
    """Return how sure a candidate was of an answer; '' where they were not asked or gave none. Who did not say is taken as guessing."""
    asked = question_types.asked(question.type, question.definition)
    if not asked.asks_confidence or not asked.is_answered(response):
        return ""
    return confidence_of(response) or UNSURE


def counted(fraction: int, certainty: str) -> Fraction:
    """Return what a mark in millionths counts for, in millionths: itself where no certainty was asked.

    >>> [counted(1_000_000, level) / 1_000_000 for level in ("", "low", "high")]
    [Fraction(1, 1), Fraction(1, 3), Fraction(1, 1)]
    >>> counted(0, "high") / 1_000_000
    Fraction(-2, 1)
    """
    if not certainty:
        return Fraction(fraction)
    return fraction * RIGHT[certainty] if fraction > 0 else FULL_MARKS * WRONG[certainty]
