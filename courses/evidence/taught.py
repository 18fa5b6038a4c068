"""What somebody was taught: the releases they were enrolled on by a day, and every step's text as that release showed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from courses.models import Enrolment, EnrolmentOutcome, Release, ReleaseStep
from people.models import User


@dataclass(frozen=True, slots=True)
class StepTaught:
    """A step of the release: ``done_at`` is when the officer finished it, None where not by then."""

    step: ReleaseStep
    done_at: datetime | None

    @property
    def file_name(self) -> str:
        return f"{self.step.position:02d}-{self.step.slug}"

    @property
    def paragraphs(self) -> list[str]:
        """The text as shown, in paragraphs."""
        return [line.strip() for line in self.step.text.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class CourseTaught:
    """An enrolment as recorded by the moment; ``closed_at`` and ``outcome`` where it had been closed by then."""

    enrolment: Enrolment
    closed_at: datetime | None
    outcome: str
    steps: tuple[StepTaught, ...]

    @property
    def release(self) -> Release:
        return self.enrolment.release

    @property
    def folder(self) -> str:
        """The folder of its text in the pack; two enrolments on one release share it."""
        return f"taught/{self.release.course.slug}-release-{self.release.number}"

    @property
    def outcome_words(self) -> str:
        return str(EnrolmentOutcome(self.outcome).label) if self.outcome else "In progress"


def taught_to(officer: User, *, happened_by: datetime, noted_by: datetime) -> Iterator[CourseTaught]:
    """Yield what somebody had begun by a moment, the first first, and how far they had come with it."""
    by = min(happened_by, noted_by)
    enrolments = Enrolment.objects.filter(officer=officer, enrolled_at__lte=by)
    for enrolment in enrolments.select_related("release__course").order_by("enrolled_at", "pk"):
        done = dict(enrolment.steps_done.filter(at__lte=by).values_list("step", "at"))
        is_closed = enrolment.closed_at is not None and enrolment.closed_at <= by
        steps = enrolment.release.steps.prefetch_related("files__file").order_by("position")
        yield CourseTaught(
            enrolment=enrolment,
            closed_at=enrolment.closed_at if is_closed else None,
            outcome=enrolment.outcome if is_closed else "",
            steps=tuple(StepTaught(step, done.get(step.slug)) for step in steps),
        )
