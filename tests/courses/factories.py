"""Released courses to learn on: rows as freezing would write them, without the pages behind them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from assessments.attempts import save_response, start_attempt, submit_attempt
from assessments.models import (
    Assessment,
    AssessmentVersion,
    Attempt,
    Question,
    QuestionUse,
    QuestionVersion,
    VersionState,
)
from courses.enrolments import context_stem, enrol
from courses.freezing import digest_of, digest_of_release
from courses.models import Course, Enrolment, Release, ReleaseDemand, ReleaseStep, StepKind
from courses.progress import context_of, finish_step
from people.models import User

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
# Far from the numbers Wagtail gives, so that a test may have releases of both sorts.
_revisions = itertools.count(1_000_001)
SLOT = "check-c1"
NOTE = "reflect-r1"


def choice(stem: str = "What do you do first?", right: str = "Say so") -> dict[str, Any]:
    return {
        "stem": stem,
        "options": [
            {"id": "a", "text": right, "fraction": "1", "feedback": "Silence would be read as consent."},
            {"id": "b", "text": "Say nothing", "fraction": "0", "feedback": "It will be read as consent."},
            {"id": "c", "text": "Wait and see", "fraction": "0", "feedback": "By then it has happened."},
        ],
    }


def check(
    definition: dict[str, Any] | None = None, *, type: str = "single_choice", when: str = "after"
) -> dict[str, Any]:
    """A check as a release copies it."""
    return {
        "id": 1,
        "code": "c01",
        "number": 1,
        "type": type,
        "definition": definition or choice(),
        "outcome": "LO1",
        "topic": "",
        "references": [],
        "digest": "0" * 64,
        "when": when,
    }


def lesson(slug: str, *, module: str = "one", outcomes: tuple[str, ...] = ("LO1",), **more: Any) -> dict[str, Any]:
    """A lesson with a heading, a check and a reflection."""
    title = more.pop("title", slug.replace("-", " ").capitalize())
    return {
        "slug": slug,
        "kind": StepKind.LESSON,
        "title": title,
        "module_slug": module,
        "module_title": module.replace("-", " ").capitalize(),
        "minutes": more.pop("minutes", 10),
        "outcomes": list(outcomes),
        "content": {"body": [], "topics": more.pop("topics", [])},
        "html": f'<h2>What the law asks</h2><p>The text of {title}.</p><div data-slot="{SLOT}"></div><div data-slot="{NOTE}"></div>',
        "checks": {SLOT: check()},
        "reflections": {NOTE: "<p>Whom would you tell?</p>"},
        **more,
    }


def task(slug: str, *, module: str = "one", **more: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "kind": StepKind.REFLECTIVE_TASK,
        "title": slug.replace("-", " ").capitalize(),
        "module_slug": module,
        "module_title": module.replace("-", " ").capitalize(),
        "minutes": 15,
        "html": '<div data-slot="reflect-task"></div>',
        "reflections": {"reflect-task": "<p>Write what you would change.</p>"},
        **more,
    }


def sat(slug: str = "final-test", *, version: AssessmentVersion, **more: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "kind": StepKind.ASSESSMENT,
        "title": slug.replace("-", " ").capitalize(),
        "assessment_version": version,
        "minutes": version.minutes or 0,
        **more,
    }


def questions(bank: str, count: int, *, outcome: str = "LO1", topic: str = "", **more: Any) -> list[QuestionVersion]:
    """Approved questions of one outcome, a single choice each; ``a`` is right."""
    made = []
    for number in range(count):
        code = f"{bank}-{outcome}-{topic or 'any'}-{number}".lower()
        row = Question.objects.create(code=code, bank=bank, use=QuestionUse.EXAM, created_at=NOON)
        made.append(
            row.versions.create(
                number=1,
                type="single_choice",
                definition=choice(f"Question {number} of {outcome}?"),
                outcome=outcome,
                topic=topic,
                state=VersionState.APPROVED,
                created_at=NOON,
                digest=digest_of(code),
                **more,
            )
        )
    return made


def assessment(bank: str, *, draw: list[dict[str, Any]] | None = None, **rules: Any) -> AssessmentVersion:
    """Rules that draw four questions of LO1 unless told otherwise; pass mark 75, three attempts, a day between."""
    row, _new = Assessment.objects.get_or_create(
        code=f"{bank}-final".lower(), defaults={"bank": bank, "created_at": NOON}
    )
    number = row.versions.count() + 1
    defaults = {"minutes": 20, "pass_percent": 75, "attempts": 3, "wait_hours": 24}
    return row.versions.create(
        number=number,
        title="Final test",
        draw=draw or [{"outcome": "LO1", "count": 4}],
        created_at=NOON,
        digest=digest_of([bank, number]),
        **{**defaults, **rules},
    )


def release(
    course: Course | None = None,
    *,
    code: str = "ETH-900",
    title: str = "Saying so",
    steps: list[dict[str, Any]] | None = None,
    completion: str = "all_steps",
    validity_months: int | None = 24,
    minutes: int = 60,
    at: datetime = NOON - timedelta(days=60),
    demand: str = ReleaseDemand.NONE,
    demand_reason: str = "",
    family: str = "ethics",
    leads_to: Sequence[str] = (),
    **particulars: Any,
) -> Release:
    """Bring out a release of a course, made where there is none; two lessons unless steps are given."""
    if course is None:
        course, _new = Course.objects.get_or_create(code=code, defaults={"slug": code.lower(), "family": family})
    shown = {
        "code": course.code,
        "title": title,
        "family": {"code": family, "title": family.capitalize()},
        "promise": "Say what you saw, to whom it helps.",
        "audience": ["Constables", "Supervising sergeants"],
        "requires": [],
        "local_defaults": ["validity_months"],
        "warning": None,
        "outcomes": [
            {"code": "LO1", "text": "say what you saw"},
            {"code": "LO2", "text": "say it to the right person"},
        ],
        "references": [
            {"id": "r1", "title": "Police Act 1996", "provision": "section 39A", "url": "https://law.example/"}
        ],
        **({"leads_to": [{"code": one, "title": one} for one in leads_to]} if leads_to else {}),
        **particulars,
    }
    number = course.releases.count() + 1
    rows = steps if steps is not None else [lesson("first-word"), lesson("second-word")]
    digests = [digest_of([step["slug"], step["title"], step.get("html", ""), number]) for step in rows]
    made = Release.objects.create(
        course=course,
        number=number,
        title=title,
        minutes=minutes,
        validity_months=validity_months,
        leads_to=list(leads_to),
        completion=completion,
        particulars=shown,
        description_html="<p>Silence is learned.</p>",
        released_at=at,
        course_revision=next(_revisions),
        digest=digest_of_release(shown, "", [*digests, str(number)]),
        demand=demand,
        demand_reason=demand_reason,
    )
    ReleaseStep.objects.bulk_create(
        ReleaseStep(release=made, position=position, digest=digest, **step)
        for position, (step, digest) in enumerate(zip(rows, digests, strict=True), 1)
    )
    course.current_release = made
    course.save(update_fields=["current_release"])
    return made


def release_with_test(code: str = "ETH-901", *, lessons: int = 2, **rules: Any) -> Release:
    """A course that is completed by passing a test of four questions after its lessons."""
    questions(code, 6)
    version = assessment(code, **rules)
    steps = [lesson(f"lesson-{number}") for number in range(1, lessons + 1)]
    return release(code=code, steps=[*steps, sat(version=version)], completion="pass")


def enrolled(officer: User, made: Release, *, at: datetime = NOON - timedelta(days=30)) -> Enrolment:
    return enrol(officer, made.course, by=officer, at=at)


def do_lessons(enrolment: Enrolment, *, at: datetime = NOON) -> None:
    """Finish every step that is not an assessment."""
    for step in enrolment.release.steps.exclude(kind=StepKind.ASSESSMENT):
        finish_step(enrolment, step.slug, by=enrolment.officer, at=at)


def sit(
    enrolment: Enrolment,
    *,
    right: int | None = None,
    slug: str = "final-test",
    at: datetime = NOON,
    submit: bool = True,
) -> Attempt:
    """Sit a test: the first ``right`` questions right (all by default), the others wrong."""
    step = enrolment.release.steps.select_related("assessment_version").get(slug=slug)
    attempt = start_attempt(
        step.assessment_version,
        by=enrolment.officer,
        at=at,
        context_ref=context_of(context_stem(enrolment), slug),
        context_title=f"{enrolment.release.title}: {step.title}",
        context_address=f"/learn/{enrolment.course.slug}/{slug}/",
    )
    items = list(attempt.items.order_by("position"))
    for item in items:
        answer = "a" if right is None or item.position <= right else "b"
        save_response(
            attempt,
            item.position,
            {"option": answer},
            by=enrolment.officer,
            at=at,
            device="test",
            sequence=item.position,
        )
    attempt.refresh_from_db()
    return submit_attempt(attempt, by=enrolment.officer, at=at) if submit else attempt
