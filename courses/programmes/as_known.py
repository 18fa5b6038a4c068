"""What was known about a recruit on a day, as recorded by a time: where they stood, what had been decided, what is told otherwise today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from courses.models import Intake, Recruit
from courses.programmes.history import Told, history_of
from courses.programmes.recruits import standing_on
from courses.programmes.releasing import plan_of
from courses.programmes.states import WORDS, Standing
from cpd_records.currency.facts import footing_at
from people import clock
from people.dates import long_date


@dataclass(frozen=True, slots=True)
class AsKnown:
    """The answer: sentences about where the recruit stood, the decisions recorded by then, and those recorded since about that day.

    ``size`` is that of the tree it rests on; ``provisional`` says that a later checkpoint may add to it.
    """

    on: date
    known_on: date
    sentences: tuple[str, ...]
    told: tuple[Told, ...]
    changes: tuple[str, ...]
    size: int
    provisional: bool

    @property
    def heading(self) -> str:
        return f"On {long_date(self.on)}"


def as_known(recruit: Recruit, on: date, *, known_on: date) -> AsKnown:
    """Return what was recorded about ``on`` by the end of ``known_on``: by the last checkpoint until then, so the answer stays the same."""
    footing = footing_at(clock.end_of_day(known_on))
    known_at = footing.cut.moment
    then, now = standing_on(recruit, on, known_at=known_at), standing_on(recruit, on)
    told = tuple(one for one in history_of(recruit, known_at=known_at) if one.since <= on)
    sentences = tuple(_in_words(recruit, then, on, told))
    today = tuple(_in_words(recruit, now, on, history_of(recruit)))
    changes = tuple(f"As recorded today: {sentence}" for sentence in today if sentence not in sentences)
    gone = tuple(f"No longer said today: {sentence}" for sentence in sentences if sentence not in today)
    return AsKnown(on, known_on, sentences, told, changes + gone, footing.size, footing.is_provisional)


def _in_words(recruit: Recruit, standing: Standing, on: date, told: Iterable[Told]) -> Iterator[str]:
    """Say where the recruit stood; why something stood beside the phase is said as it was decided, also of what somebody ended since."""
    reasons = {one.kind: one.reason for one in told if one.stood_on(on)}
    if standing.ended is not None and standing.ended_on is not None:
        yield f"{WORDS[standing.ended]} on {long_date(standing.ended_on)}."
    if standing.phase and standing.since is not None:
        phase = plan_of(recruit.release).phase(standing.phase)
        yield f"{phase.title} since {long_date(standing.since)}, week {(on - standing.since).days // 7 + 1} of {phase.weeks}."
    elif standing.ended is None:
        yield "In no phase."
    if standing.intake is not None:
        yield f"In the intake {Intake.objects.get(pk=standing.intake).name}."
    if standing.patrol_since is not None:
        yield f"Independent patrol granted on {long_date(standing.patrol_since)}."
    elif standing.ended is None:
        yield "Independent patrol not granted."
    for one in standing.beside:
        until = f" until {long_date(one.until)}" if one.until else ""
        yield f"{WORDS[one.kind]}{until}: {reasons.get(one.kind, one.reason)}"
