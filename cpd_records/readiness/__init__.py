"""Readiness: whom of a unit one can post, on any day, the worst first. Built on currency; nothing here decides a verdict."""

from cpd_records.readiness.board import Board, Line, board_of, lines_of
from cpd_records.readiness.question import Question
from cpd_records.readiness.scope import NotYourUnit, UnitChoice, officer_of, officers_in, units_of

__all__ = [
    "Board",
    "Line",
    "NotYourUnit",
    "Question",
    "UnitChoice",
    "board_of",
    "lines_of",
    "officer_of",
    "officers_in",
    "units_of",
]
