"""Pictures of an analysis as shapes at whole coordinates; a template draws them, and a table beside each says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from assessments.analysis.advice import POOR_DISCRIMINATION
from assessments.analysis.figures import in_words
from assessments.analysis.reports import BAND, Analysis, QuestionReport

# Drawn at two widths, so that words never shrink below a size one can read.
WIDTHS = (640, 328)
LEFT, RIGHT, TOP, BOTTOM = 44, 24, 14, 40
HEIGHT = 300
BETWEEN_LABELS = 15
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Shape:
    """One thing to draw: line, rect, circle, path or text, with its look and numbers in its own order."""

    kind: str
    look: str
    at: tuple[int, ...] = ()
    words: str = ""


@dataclass(frozen=True)
class Drawing:
    """A picture at one width; ``name`` tells it from others on the page."""

    name: str
    width: int
    height: int
    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class _Plot:
    """Where values lie: x from 0 to 1, y from ``low`` to ``high``."""

    width: int
    low: float
    high: float
    right: int = RIGHT

    def x(self, share: float) -> int:
        return round(LEFT + share * (self.width - LEFT - self.right))

    def y(self, value: float) -> int:
        return round(TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM))

    @property
    def end(self) -> int:
        return self.width - self.right

    @property
    def floor(self) -> int:
        return HEIGHT - BOTTOM

    def shelf(self, value: float, words: str) -> list[Shape]:
        """Return a line across at a value and the words at its left."""
        y = self.y(value)
        return [Shape("line", "grid", (LEFT, y, self.end, y)), Shape("text", "at-end", (LEFT - 6, y + 5), words)]


def scatter(analysis: Analysis) -> tuple[Drawing, ...]:
    """Draw facility against discrimination: what needs somebody as diamonds with numbers, the rest as hollow circles."""
    drawn = [one for one in analysis.questions if _is_drawn(one)]
    found = [one.figures.discrimination or 0.0 for one in drawn]
    low = min([-0.2, *(floor(value * 5) / 5 for value in found)])
    high = max([0.6, *(ceil(value * 5) / 5 for value in found)])
    return tuple(_scatter(drawn, _Plot(width, low, high)) for width in WIDTHS)


def undrawn(analysis: Analysis) -> int:
    """Return how many questions have no place in the picture, because facility or discrimination is not defined."""
    return sum(not _is_drawn(one) for one in analysis.questions)


def _is_drawn(one: QuestionReport) -> bool:
    return one.figures.facility is not None and one.figures.discrimination is not None


def _scatter(drawn: Sequence[QuestionReport], plot: _Plot) -> Drawing:
    weak = plot.y(POOR_DISCRIMINATION)
    shapes = [Shape("rect", "weak", (LEFT, weak, plot.end - LEFT, plot.floor - weak))]
    for step in range(round(plot.low * 5), round(plot.high * 5) + 1):
        shapes += plot.shelf(step / 5, in_words(step / 5, 1))
    for quarter in range(5):
        shapes.append(Shape("text", "at-middle", (plot.x(quarter / 4), plot.floor + 18), f"{quarter * 25}%"))
    shapes.append(Shape("text", "at-middle", (plot.x(0.5), HEIGHT - 4), "Facility: share of the marks"))
    shapes.append(Shape("text", "weak-words", (plot.end - 4, plot.floor - 6), "Below 0.20: weak"))
    for one in drawn:
        x, y = plot.x(one.figures.facility or 0.0), plot.y(one.figures.discrimination or 0.0)
        if one.advice.is_needed:
            shapes.append(Shape("path", "point-weak", words=f"M{x} {y - 7}l7 7l-7 7l-7 -7z"))
            is_left = x > plot.end - 30
            look = "number-left" if is_left else "number"
            shapes.append(Shape("text", look, (x - 11 if is_left else x + 11, y + 5), str(one.number)))
        else:
            shapes.append(Shape("circle", "point", (x, y, 5)))
    return Drawing("scatter", plot.width, HEIGHT, tuple(shapes))


def distribution(analysis: Analysis) -> tuple[Drawing, ...]:
    """Draw how many candidates have which score, with the pass mark as a line."""
    return tuple(_distribution(analysis, width) for width in WIDTHS)


def _distribution(analysis: Analysis, width: int) -> Drawing:
    most = max(analysis.bands, default=0) or 1
    plot = _Plot(width, 0, most)
    shapes: list[Shape] = []
    for count in sorted({0, most // 2, most}):
        shapes += plot.shelf(count, str(count))
    for band, count in enumerate(analysis.bands):
        left, right, top = plot.x(band * BAND / 100), plot.x((band + 1) * BAND / 100), plot.y(count)
        if count:
            shapes.append(Shape("rect", "bar", (left + 1, top, right - left - 2, plot.floor - top)))
    for quarter in range(5):
        shapes.append(Shape("text", "at-middle", (plot.x(quarter / 4), plot.floor + 18), f"{quarter * 25}%"))
    shapes.append(Shape("text", "at-middle", (plot.x(0.5), HEIGHT - 4), "Score"))
    if analysis.pass_percent is not None:
        x = plot.x(analysis.pass_percent / 100)
        shapes.append(Shape("line", "pass-mark", (x, TOP, x, plot.floor)))
    return Drawing("distribution", width, HEIGHT, tuple(shapes))


def option_letter(place: int) -> str:
    """Return A, B, … for an option in the author's order; the candidates' order differs from one to another."""
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


def option_curves(question: QuestionReport) -> tuple[Drawing, ...]:
    """Draw which share of each third chose each option: the right one as a thick line, each with its letter at its end.

    Nothing for a question without options, or one that asks for several things.
    """
    asks_one_thing = len({option.group for option in question.options}) == 1
    return tuple(_curves(question, width) for width in WIDTHS) if asks_one_thing else ()


def _curves(question: QuestionReport, width: int) -> Drawing:
    plot = _Plot(width, 0, 1, right=44)
    shapes: list[Shape] = []
    for quarter in range(5):
        shapes += plot.shelf(quarter / 4, f"{quarter * 25}%")
    for third, words in enumerate(("Weakest third", "Middle", "Strongest")):
        look = ("at-start", "at-middle", "at-end")[third]
        shapes.append(Shape("text", look, (plot.x(third / 2), plot.floor + 18), words))
    ends = []
    for place, option in enumerate(question.options):
        points = [
            (plot.x(third / 2), plot.y(share)) for third, share in enumerate(option.by_third) if share is not None
        ]
        if len(points) > 1:
            look = "curve-right" if option.is_right else "curve"
            path = "M" + "L".join(f"{x} {y}" for x, y in points)
            shapes.append(Shape("path", look, words=path))
        if points:
            ends.append((points[-1][1], place))
    free = 0
    for y, place in sorted(ends):
        free = max(free, y + 5)
        shapes.append(Shape("text", "number", (plot.end + 8, free), option_letter(place)))
        free += BETWEEN_LABELS
    return Drawing("options", width, HEIGHT, tuple(shapes))
