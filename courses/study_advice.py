"""Which lessons would have changed most marks: from the questions missed to the lessons that teach them. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.results import ItemResult
from courses.outlines import Outline, Step

FULL_MARKS = 1_000_000
MOST_LESSONS = 2


@dataclass(frozen=True, slots=True)
class Advice:
    """``lessons`` in the order to read them; ``covered`` of ``missed`` questions are what they teach."""

    lessons: tuple[Step, ...]
    covered: int
    missed: int

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.lessons)


def lessons_for(outline: Outline, item: ItemResult) -> list[Step]:
    """Return the lessons that teach what a question asks: of its outcome, and among these those on its topic."""
    lessons = [step for step in outline.steps if not step.is_assessment]
    of_outcome = [step for step in lessons if item.outcome and item.outcome in step.outcomes]
    on_topic = [step for step in of_outcome or lessons if item.topic and item.topic in step.topics]
    return on_topic or of_outcome


def advise(outline: Outline, missed: Iterable[ItemResult]) -> Advice:
    """Return at most two lessons: those whose questions lost most marks, each mark shared among the lessons that teach it."""
    missed = list(missed)
    lost: dict[str, float] = {}
    for item in missed:
        teachers = lessons_for(outline, item)
        for step in teachers:
            lost[step.slug] = lost.get(step.slug, 0) + (FULL_MARKS - (item.fraction or 0)) / len(teachers)
    worst = sorted(lost, key=lambda slug: (-lost[slug], outline.by_slug[slug].position))[:MOST_LESSONS]
    lessons = tuple(sorted((outline.by_slug[slug] for slug in worst), key=lambda step: step.position))
    covered = sum(any(step in lessons for step in lessons_for(outline, item)) for item in missed)
    return Advice(lessons, covered, len(missed))
