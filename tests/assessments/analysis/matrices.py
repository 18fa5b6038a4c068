"""Matrices of marks for the tests of analysis: how to write one, and one whose figures others have published."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assessments.analysis.columns import Marks, columns_of

# The marks of 25 candidates on seven questions worth 1 each, with which Moodle tests its quiz statistics. Its expected figures were worked
# out in a spreadsheet, apart from its code.
MOODLE = """
1 1 1 1 1 0 1 | 1 1 1 1 .5 1 0 | 1 1 1 1 .5 0 1 | 0 0 1 1 1 0 0 | 1 0 1 0 0 1 .5 | 1 1 1 1 .5 0 .5 | 0 1 1 1 .5 1 .5 | 1 1 1 0 .5 1 .5
1 0 1 1 1 1 1 | 0 1 1 0 .5 1 .5 | .8 0 1 1 .5 1 .5 | 1 1 1 0 .5 1 1 | 1 0 1 1 .5 1 .5 | 1 0 1 1 1 0 .5 | 0 0 1 1 0 1 1 | 1 0 1 0 .5 1 1
.8 0 1 1 .5 0 1 | 1 0 1 1 0 1 .5 | 1 0 1 1 .5 0 .5 | 0 1 1 0 .5 1 0 | 1 1 .3333333 1 .5 0 .5 | 1 1 1 0 .5 0 .5 | 1 1 1 1 0 1 .5
0 0 1 0 .5 1 1 | 0 0 1 1 1 1 1
"""
# Facility, sd, effective weight, discrimination, discriminative efficiency.
MOODLE_ITEMS = (
    (0.704, 0.4513682901, 0.212922742344, -0.070650767526, -0.094550536967),
    (0.48, 0.5099019514, 0.188979800309, -0.288982125772, -0.367834118938),
    (0.973333332, 0.13333334, 0.04443012573, -0.091230674268, -0.216545012165),
    (0.68, 0.4760952285, 0.189347251357, -0.226306444113, -0.314411395613),
    (0.52, 0.3055050463, 0.111450138688, -0.176997047674, -0.211794802584),
    (0.64, 0.4898979486, 0.098081339177, -0.453785178421, -0.569365974439),
    (0.62, 0.331662479, 0.154788602394, -0.056543166028, -0.065043742058),
)


def exact(cell: str | float | Fraction | None) -> Fraction | None:
    return None if cell in (None, "-") else Fraction(str(cell))


def matrix(
    rows: Sequence[Sequence[object]], *, maxima: Sequence[object] | None = None, is_drawn: bool = False
) -> Marks:
    """Return the marks of rows of numbers, None for a missing one; items are called q1, q2, …"""
    width = len(rows[0]) if rows else len(maxima or ())
    made = columns_of(
        [f"q{number}" for number in range(1, width + 1)],
        [None] * width if maxima is None else [exact(most) for most in maxima],  # type: ignore[arg-type]
        [[exact(cell) for cell in row] for row in rows],  # type: ignore[arg-type]
    )
    return Marks(made.candidates, made.unit, made.columns, is_drawn)


def moodle() -> Marks:
    rows = [row.split() for row in MOODLE.replace("\n", "|").split("|") if row.strip()]
    return matrix(rows, maxima=[1] * 7)
