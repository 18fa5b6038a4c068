"""Questions and tests of a folder into the bank. A question comes in approved, with a step that says where it came from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from assessments import assessment_rules, bank
from assessments.models import Assessment, QuestionVersion, VersionState
from courses.folder.shapes import SITTING, Course

if TYPE_CHECKING:
    from people.models import User

LEFT_OUT = "No longer in the course folder"


def load_questions(course: Course, *, by: User | None, at: datetime, reason: str) -> None:
    """Save every question as the folder has it and approve it. One that says what its approved version says stays as it is."""
    for module in course.modules:
        for question in module.questions:
            version = bank.save_question_version(
                question.id,
                bank=course.code,
                family=course.family,
                module=module.slug,
                use=question.use,
                type=question.type,
                definition=question.definition,
                outcome=question.outcome,
                topic=question.topic,
                difficulty=question.difficulty,
                must_pass=question.must_pass,
                references=question.refs,
                note=question.note,
                author_name=question.author,
                by=by,
                at=at,
            )
            _approve(version, by=by, at=at, reason=reason)


def _approve(version: QuestionVersion, *, by: User | None, at: datetime, reason: str) -> None:
    """Bring a version to approved. Nobody approves it but the import, whoever ran it, and its step says so."""
    if version.state == VersionState.DRAFT:
        version = bank.submit_for_review(version, by=by, at=at, tell=False)
    if version.state == VersionState.IN_REVIEW:
        bank.approve_version(version, by=None, at=at, reason=reason)


def load_tests(course: Course, *, by: User | None, at: datetime) -> dict[str, Assessment]:
    """Save every test's rules and return the assessments by the slug of their step."""
    found: dict[str, Assessment] = {}
    for test in course.tests:
        version = assessment_rules.save_assessment_version(
            test.id,
            bank=course.code,
            family=course.family,
            title=test.title,
            minutes=test.minutes,
            pass_percent=test.pass_percent,
            must_pass=test.must_pass,
            attempts=test.attempts,
            wait_hours=test.wait_hours,
            feedback=test.feedback,
            **{name: getattr(test, name) for name in SITTING},
            draw=[line.rule for line in test.draw],
            by=by,
            at=at,
        )
        found[test.slug] = version.assessment
    return found


def retire_left_out(course: Course, *, by: User | None, at: datetime) -> None:
    """Take out of use what the bank holds and the folder does not. Attempts that drew it keep it."""
    ids = {question.id for question in course.questions()}
    left = QuestionVersion.objects.filter(question__bank=course.code).exclude(state=VersionState.RETIRED)
    for version in left.exclude(question__code__in=ids):
        bank.retire_version(version, by=by, at=at, reason=LEFT_OUT)
