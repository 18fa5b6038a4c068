"""The progress picture: bars as numbers for a drawing 640 or 328 wide, its title the finding. Pure; a template draws it.

Bars start at zero and share one scale. What counts is a filled bar, what was carried over a hollow one after it; a target is a line only
where a scheme sets one. Every value stands on the picture and in the table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cpd_records.schemes.progress import Progress, measures_of
from cpd_records.schemes.rules import Measure
from cpd_records.schemes.words import amount_in_words
from people.durations import hours

BAR_HEIGHT = 20
# What the line of a target stands out by, above and below its bar.
STANDS_OUT = 6
EDGE = 2


@dataclass(frozen=True)
class Layout:
    """How a drawing of one width is set: heights in pixels within a row, and how many letters of a name fit."""

    width: int
    row: int
    name_at: int
    value_at: int
    bar_at: int
    letters: int


# On a phone the value stands below the name, so that neither runs into the other.
LAYOUTS = (Layout(640, 70, 18, 18, 28, 48), Layout(328, 92, 18, 40, 50, 38))


@dataclass(frozen=True)
class Bar:
    """One row of figures: its name, what counts, what was carried over, and the target (None where there is none), with words for each."""

    name: str
    counted: int
    carried: int
    target: int | None
    value: str
    target_words: str


@dataclass(frozen=True)
class DrawnBar:
    """A bar placed in a drawing: all lengths in pixels; ``line`` is where the target's line stands, None without one."""

    bar: Bar
    name: str
    layout: Layout
    top: int
    length: float
    carried_at: float
    carried_length: float
    line: float | None

    @property
    def name_at(self) -> int:
        return self.top + self.layout.name_at

    @property
    def value_at(self) -> int:
        return self.top + self.layout.value_at

    @property
    def is_below(self) -> bool:
        """Whether the value stands below the name, and so at the left."""
        return self.layout.value_at != self.layout.name_at

    @property
    def bar_at(self) -> int:
        return self.top + self.layout.bar_at

    @property
    def line_from(self) -> int:
        return self.bar_at - STANDS_OUT

    @property
    def line_to(self) -> int:
        return self.bar_at + BAR_HEIGHT + STANDS_OUT


@dataclass(frozen=True)
class Drawing:
    """A picture at one width."""

    width: int
    height: int
    bars: tuple[DrawnBar, ...]


@dataclass(frozen=True)
class Picture:
    """A finding and its bars, all in one measure. ``number`` tells pictures of one page apart."""

    number: int
    measure: Measure
    finding: str
    bars: tuple[Bar, ...]

    @property
    def has_carried(self) -> bool:
        return any(bar.carried for bar in self.bars)

    @property
    def has_targets(self) -> bool:
        return any(bar.target is not None for bar in self.bars)

    @property
    def drawings(self) -> list[Drawing]:
        return [_drawn(self.bars, layout) for layout in LAYOUTS]


def pictures_of(progress: Progress, *, first: int = 1) -> list[Picture]:
    """Return one picture for each measure of a scheme's targets; none where it sets no target."""
    pictures = []
    for number, measure in enumerate(measures_of(progress), first):
        targets = [target for target in progress.targets if target.target.measure == measure]
        met = sum(target.is_met for target in targets)
        if len(targets) == 1:
            finding = f"{targets[0].target.title}: {targets[0].standing}"
        elif met == len(targets):
            finding = f"All {met} targets are met."
        else:
            finding = next(
                f"{met} of {len(targets)} targets met. {target.target.title}: {target.standing}"
                for target in targets
                if not target.is_met
            )
        bars = tuple(
            Bar(
                name=target.target.title,
                counted=target.counted,
                carried=target.carried,
                target=target.asked,
                value=amount_in_words(measure, target.total),
                target_words=amount_in_words(measure, target.asked),
            )
            for target in targets
        )
        pictures.append(Picture(number, measure, finding, bars))
    return pictures


def picture_of_minutes(rows: Sequence[tuple[str, int]], finding: str) -> Picture:
    """Return a picture of minutes by kind, without any target."""
    return Picture(
        1,
        Measure.MINUTES,
        finding,
        tuple(Bar(words, minutes, 0, None, hours(minutes), "") for words, minutes in rows),
    )


def _drawn(bars: Sequence[Bar], layout: Layout) -> Drawing:
    most = max((max(bar.counted + bar.carried, bar.target or 0) for bar in bars), default=0) or 1
    full = layout.width - 2 * EDGE

    def pixels(amount: int) -> float:
        return round(full * amount / most, 1)

    drawn = tuple(
        DrawnBar(
            bar=bar,
            name=bar.name if len(bar.name) <= layout.letters else bar.name[: layout.letters - 1] + "…",
            layout=layout,
            top=number * layout.row,
            length=pixels(bar.counted),
            carried_at=EDGE + pixels(bar.counted),
            carried_length=pixels(bar.carried),
            line=EDGE + pixels(bar.target) if bar.target is not None else None,
        )
        for number, bar in enumerate(bars)
    )
    return Drawing(layout.width, len(bars) * layout.row, drawn)
