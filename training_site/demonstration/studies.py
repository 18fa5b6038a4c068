"""How demonstration people study: lessons read day by day with what they answer and note, tests sat, a completion confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from assessments.attempts import save_response, submit_attempt
from courses.enrolments import enrol
from courses.lesson_answers import answer_check, write_reflection
from courses.models import Course, Enrolment
from courses.progress import confirm_completion, finish_step, remember_place, start_assessment
from people.models import User
from training_site.demonstration.answers import right_answer, wrong_answer

# What people write for themselves: true of any lesson.
NOTES = (
    "I will look at my last two notes with this in mind and show one to my sergeant.",
    "Last Tuesday I would have decided the other way. I did not ask enough.",
    "To ask at briefing: who else has met this, and what did they write down?",
    "The part about the second person in the room. I always forget them.",
    "One question before the power, every time. Try it this week.",
)


@dataclass(frozen=True)
class Act:
    """One thing somebody did: how many days ago, at what time of day, what."""

    days_ago: int
    at: time
    do: Callable[[datetime], object]


def study(
    learner: User,
    code: str,
    *,
    first: int,
    lessons_a_day: int,
    missed: int = 0,
    failed_before: int = 0,
    only: int | None = None,
) -> Iterator[Act]:
    """Enrol ``first`` days ago, read lessons day by day, then sit the test; ``only`` so many lessons leaves it unfinished.

    ``failed_before`` answers are wrong in a first attempt; ``missed`` in the one that counts.
    """
    course = Course.objects.get(code=code)
    steps = list(course.current_release.steps.all()) if course.current_release else []
    lessons = [step for step in steps if step.kind != "assessment"]  # tasks are written where lessons are read
    tests = [step for step in steps if step.kind == "assessment"]
    yield Act(first, time(8, 40), lambda at: enrol(learner, course, by=learner, at=at))
    day, hour = first, 9
    for number, lesson in enumerate(lessons[:only]):
        if number and number % lessons_a_day == 0:
            day, hour = day - 1, 9
        yield Act(day, time(hour, 10), _reading(learner, course, lesson.slug, number))
        hour += 1
    if only is not None:
        if only < len(lessons):
            yield Act(day, time(hour, 5), _opening(learner, course, lessons[only].slug))
        return
    for test in tests:
        if failed_before:
            yield Act(day - 1, time(14, 0), _sitting(learner, course, test.slug, failed_before))
            day -= 2
        yield Act(day - 1, time(15, 30), _sitting(learner, course, test.slug, missed))


def _enrolment(learner: User, course: Course) -> Enrolment:
    return Enrolment.objects.select_related("release", "course", "officer").get(
        officer=learner, course=course, closed_at__isnull=True
    )


def _opening(learner: User, course: Course, slug: str) -> Callable[[datetime], object]:
    return lambda at: remember_place(_enrolment(learner, course), slug, at=at)


def _reading(learner: User, course: Course, slug: str, number: int) -> Callable[[datetime], object]:
    """Read a lesson. What is asked before its text is guessed wrong in every other lesson, as people do."""

    def read(at: datetime) -> None:
        enrolment = _enrolment(learner, course)
        step = enrolment.release.steps.get(slug=slug)
        remember_place(enrolment, slug, at=at)
        for slot, check in step.checks.items():
            answer = wrong_answer if check.get("when") == "before" and number % 2 else right_answer
            response = answer(check["type"], check["definition"])
            answer_check(enrolment, slug, slot, response, by=learner, at=at + timedelta(minutes=6))
        for slot in list(step.reflections)[:1]:
            write_reflection(
                enrolment, slug, slot, NOTES[number % len(NOTES)], by=learner, at=at + timedelta(minutes=8)
            )
        finish_step(enrolment, slug, by=learner, at=at + timedelta(minutes=9))

    return read


def _sitting(learner: User, course: Course, slug: str, missed: int) -> Callable[[datetime], object]:
    def sit(at: datetime) -> None:
        enrolment = _enrolment(learner, course)
        attempt = start_assessment(enrolment, slug, by=learner, at=at, address=f"/learn/{course.slug}/{slug}/")
        items = list(attempt.items.select_related("question_version__question"))
        # A rule that must be known is known: mistakes are made elsewhere.
        may_miss = [item.position for item in items if not item.question_version.must_pass][:missed]
        for item in items:
            version = item.question_version
            answer = wrong_answer if item.position in may_miss else right_answer
            when = at + timedelta(seconds=50 * item.position)
            save_response(
                attempt,
                item.position,
                answer(version.type, version.definition),
                by=learner,
                at=when,
                device=attempt.device,
                sequence=item.position,
            )
        submit_attempt(attempt, by=learner, at=at + timedelta(seconds=50 * (len(items) + 1)))

    return sit


def confirming(learner: User, code: str, supervisor: User) -> Callable[[datetime], object]:
    return lambda at: confirm_completion(_enrolment(learner, Course.objects.get(code=code)), by=supervisor, at=at)
