"""An analysis as a file: a line for each question, the worst first."""

from __future__ import annotations

from collections.abc import Iterator

from assessments.analysis.reports import Analysis
from people.tables.writing import Cell

TITLES = (
    "Number",
    "Question",
    "Version",
    "Asked",
    "Candidates",
    "Facility",
    "Standard deviation",
    "Intended weight",
    "Effective weight",
    "Discrimination",
    "Discriminative efficiency",
    "Alpha without it",
    "Left blank",
    "Not reached",
    "Taken out",
    "Median seconds",
    "Options (letter: chosen; weakest, middle, strongest third)",
    "Advice",
)


def rows(analysis: Analysis) -> Iterator[list[Cell]]:
    """Yield the cells of each question; an empty cell is not defined."""
    for one in analysis.questions:
        figures = one.figures
        yield [
            one.number,
            one.code,
            one.version,
            one.asked,
            figures.count,
            figures.facility,
            figures.sd,
            figures.intended_weight,
            figures.effective_weight,
            figures.discrimination,
            figures.discriminative_efficiency,
            figures.alpha_if_deleted,
            one.blanks.omitted,
            one.blanks.not_reached,
            one.taken_out,
            one.seconds,
            "; ".join(
                f"{f'{option.group}, ' if option.group else ''}{option.option.rpartition('/')[2]}: {option.chosen}; "
                + ", ".join("–" if share is None else f"{share:.0%}" for share in option.by_third)
                for option in one.options
            ),
            one.advice.sentence,
        ]
