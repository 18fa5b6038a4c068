"""Starting points of an activity: the plan, a template, an earlier activity, a finished course. Each fills in answers, none logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from cpd_records.completions.standing import completions_of
from cpd_records.models import (
    Activity,
    ActivitySource,
    ActivityTemplate,
    PlanItem,
)
from cpd_records.models.activities import TITLE_LENGTH
from people.models import User

QUALITIES = ("is_structured", "is_participatory", "is_core")


@dataclass(frozen=True)
class Start:
    """What an activity is begun from: ``answers`` fill in the form, ``details`` are kept with what is logged."""

    source: str = ActivitySource.SELF
    answers: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    plan_item: PlanItem | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """What is kept on the activity beside the five answers."""
        return {"source": self.source, "plan_item": self.plan_item, **self.details}


NOWHERE = Start()


@dataclass(frozen=True)
class FinishedCourse:
    """A course the officer finished, as the ledger has it. It counts by itself and needs no form."""

    entry: UUID
    title: str
    day: date
    minutes: int


def start_from(officer: User, text: str) -> Start:
    """Return the start that ``text`` names, such as 'copy:<id>'; nothing filled in where the officer has no such thing.

    The words are plan, copy, template and course, each followed by its id.
    """
    word, _colon, key = text.partition(":")
    if word == "template" and key.isascii() and key.isdecimal() and len(key) < 10:
        template = ActivityTemplate.objects.visible_to(officer).filter(pk=int(key)).first()
        return from_template(template) if template else NOWHERE
    try:
        known = UUID(key)
    except ValueError:
        return NOWHERE
    if word == "copy":
        activity = Activity.objects.of(officer).filter(pk=known).first()
        return from_activity(activity) if activity else NOWHERE
    if word == "plan":
        item = PlanItem.objects.of(officer).filter(pk=known).first()
        return from_plan(item) if item else NOWHERE
    if word == "course":
        course = next(iter(finished_courses(officer, entry=known)), None)
        return from_course(course) if course else NOWHERE
    return NOWHERE


def from_template(template: ActivityTemplate) -> Start:
    """Return the start from a template of the force's or of one's own."""
    details = {name: getattr(template, name) for name in (*QUALITIES, "competencies", "principles")}
    answers = {"title": template.title, "kind": template.kind, "length": template.minutes}
    return Start(ActivitySource.TEMPLATE, answers, details)


def from_activity(activity: Activity) -> Start:
    """Return the start from an earlier activity of one's own: everything but its day, its reflection and its files."""
    details = {
        name: getattr(activity, name)
        for name in (*QUALITIES, "on_duty", "competencies", "principles", "pdr_objective", "role")
    }
    answers = {
        "title": activity.title,
        "kind": activity.kind,
        "length": activity.minutes or None,
        "learned": activity.learned,
    }
    return Start(ActivitySource.COPY, answers, details)


def from_plan(item: PlanItem) -> Start:
    """Return the start from an item of the plan; logging it marks the item as done."""
    details = {"competencies": [item.competency]} if item.competency else {}
    return Start(ActivitySource.SELF, {"title": item.title}, details, plan_item=item)


def from_course(course: FinishedCourse) -> Start:
    """Return the start from a finished course: what came of it, for the course itself is on the record already."""
    title = f"What I did with: {course.title}"
    if len(title) > TITLE_LENGTH:
        title = title[: TITLE_LENGTH - 1] + "…"
    return Start(ActivitySource.COURSE, {"title": title, "kind": "on_the_job"})


def finished_courses(officer: User, *, entry: UUID | None = None, most: int | None = None) -> list[FinishedCourse]:
    """Return the courses the officer finished, the latest first, at most so many. What was corrected reads as corrected; one query."""
    rows = [one for one in completions_of(officer) if entry is None or one.entry == entry]
    return [FinishedCourse(one.entry, one.title, one.day, one.minutes or 0) for one in rows[:most]]
