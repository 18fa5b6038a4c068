"""What a figure of a whole test means, in one sentence for a trainer. A figure without a reading is not shown."""

from __future__ import annotations

from assessments.analysis.items import FEW, WholeFigures

# Nunnally (1978, 'Psychometric theory'): 0.70 while a test is being made, 0.90 where a decision on a person rests on it alone.
ENOUGH_FOR_A_COURSE, ENOUGH_FOR_PROMOTION = 0.70, 0.90
# Half a deviation: where the longer tail begins to matter to how a mean is read.
LEANS = 0.5


def few_candidates(count: int) -> str:
    """Return the warning for small numbers, empty where there are enough."""
    if count >= FEW:
        return ""
    return f"Only {count} candidate{'' if count == 1 else 's'}: treat as a hint."


def reading_of_alpha(alpha: float | None) -> str:
    if alpha is None:
        return "Alpha needs two questions and totals that differ."
    if alpha >= ENOUGH_FOR_PROMOTION:
        return "The questions agree well: enough for a promotion exam."
    if alpha >= ENOUGH_FOR_A_COURSE:
        return "Enough for a course test. For a promotion exam, look for 0.90."
    if alpha >= 0:
        return "Low: the questions hardly measure one thing. Mend the worst, or ask more of them."
    return "Below nought: the questions pull against each other. Check the keys of the worst first."


def reading_of_error(figures: WholeFigures) -> str:
    if figures.standard_error is None:
        return "The standard error needs alpha."
    return (
        f"In two tests of three the score lies within {figures.standard_error:.1f} marks of what the candidate can do."
    )


def reading_of_error_ratio(error_ratio: float | None) -> str:
    if error_ratio is None:
        return "The error ratio needs alpha."
    if error_ratio > 1:
        return "More error than difference: scores say nothing of who knows more."
    return f"{error_ratio:.0%} of the spread of scores is chance."


def reading_of_shape(figures: WholeFigures) -> str:
    """Read skewness and kurtosis together: both are about the shape of the distribution."""
    if figures.skewness is None:
        return "The shape needs three candidates whose scores differ."
    if figures.skewness <= -LEANS:
        return "Most score high and a tail scores low: it finds those who need help, and hardly tells the rest apart."
    if figures.skewness >= LEANS:
        return "Most score low and a tail scores high: it is hard for most who sat it."
    return "Scores lie evenly about the middle."


def reading_of_spread(figures: WholeFigures, *, full: float) -> str:
    if figures.sd is None or not full:
        return "The spread needs two candidates."
    if figures.sd < full / 20:
        return "Scores lie close together: one question more or less decides."
    return "Scores lie apart enough to be compared."


def reading_of_consistency(consistency: float | None) -> str:
    if consistency is None:
        return "Not to be told: it needs a pass mark, and an alpha between 0 and 1."
    if consistency >= ENOUGH_FOR_PROMOTION:
        return "A second test would decide alike on nearly everybody."
    return f"A second test would decide otherwise on {1 - consistency:.0%}. Ask more questions, or look at those near the pass mark."
