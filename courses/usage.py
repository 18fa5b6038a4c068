"""Where a question is used and how it performs: which assessments draw it, which releases hold those, which lessons ask it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Avg, Count, Q

from assessments import authors
from assessments.analysis.items import FEW
from assessments.assessment_rules import standing_rows
from assessments.drawing import BankItem
from assessments.models import (
    Assessment,
    AssessmentVersion,
    AttemptItem,
    AttemptState,
    Question,
    QuestionUse,
    VersionState,
    WeakQuestion,
)
from assessments.topics import tree_of
from courses.models import ReleaseStep

FULL_MARKS = 1_000_000


@dataclass(frozen=True)
class DrawnBy:
    """An assessment: whether its newest rules may draw the question today, and how often each version has."""

    assessment: Assessment
    title: str
    may_draw: bool
    versions: list[tuple[int, int]]


@dataclass(frozen=True)
class HeldBy:
    """A release that holds it, by an assessment (``version`` of it) or as a check in a lesson."""

    course: str
    release: int
    is_current: bool
    step: str
    version: str


@dataclass(frozen=True)
class Performed:
    """How a version did in attempts that count, whatever assessment drew it.

    ``facility`` is the mean of what was marked of it, from 0 to 1, a blank counting as nothing; None where nothing is marked.
    ``marked`` is how many that is of. ``advice`` is what an analysis finds wanting, for those who may read it.
    """

    number: int
    attempts: int
    marked: int
    facility: float | None
    advice: str = ""

    @property
    def percent(self) -> str:
        return "" if self.facility is None else f"{self.facility * 100:.0f} per cent"

    @property
    def is_few(self) -> bool:
        return 0 < self.marked < FEW


@dataclass(frozen=True)
class Usage:
    """All of it, each list in the order people look for it."""

    assessments: list[DrawnBy]
    releases: list[HeldBy]
    lessons: list[HeldBy]
    performed: list[Performed]
    sees_analysis: bool = False

    @property
    def is_unused(self) -> bool:
        return not (self.assessments or self.releases or self.lessons or self.performed)


def usage_of(question: Question, *, seen_by: AbstractBaseUser | AnonymousUser) -> Usage:
    """Return where a question is used. A fixed number of queries, whatever the bank holds.

    Advice, and the way to the analysis, are only for those who write for the family, as the analysis itself is.
    """
    drawn = _times_drawn(question)
    assessments = _assessments(question, drawn)
    versions = [version for version, _times in drawn.items()]
    wanted = Q(assessment_version__in=versions) | Q(
        assessment_version__assessment__in=[row.assessment.pk for row in assessments if row.may_draw]
    )
    return Usage(
        assessments,
        _releases(wanted),
        _lessons(question),
        _performance(question, seen_by),
        sees_analysis=authors.may_write(seen_by, question.family),
    )


def _times_drawn(question: Question) -> dict[int, int]:
    items = AttemptItem.objects.filter(question_version__question=question).exclude(attempt__state=AttemptState.VOIDED)
    return dict(items.order_by().values_list("attempt__assessment_version").annotate(Count("attempt", distinct=True)))


def _assessments(question: Question, drawn: dict[int, int]) -> list[DrawnBy]:
    if question.use != QuestionUse.EXAM:
        return []
    tree, item = tree_of(question.bank), _item(question)
    tags = set(question.tags.values_list("word", flat=True))
    found = []
    versions: dict[object, list[AssessmentVersion]] = {}
    for version in AssessmentVersion.objects.filter(assessment__bank=question.bank).select_related("assessment"):
        versions.setdefault(version.assessment_id, []).append(version)
    for listed in versions.values():
        newest = max(listed, key=lambda version: version.number)
        left_out = question.code in newest.excluded.get("questions", ()) or tags & set(newest.excluded.get("tags", ()))
        fits = item is not None and (
            any(row.accepts(item) for row in standing_rows(newest, tree)) or bool(newest.must_pass and item.must_pass)
        )
        times = [(version.number, drawn[version.pk]) for version in listed if version.pk in drawn]
        if (fits and not left_out) or times:
            found.append(DrawnBy(newest.assessment, newest.title, fits and not left_out, sorted(times, reverse=True)))
    return sorted(found, key=lambda row: row.assessment.code)


def _item(question: Question) -> BankItem | None:
    """Return the question as a draw sees it today; None where no version is approved."""
    version = question.versions.filter(state=VersionState.APPROVED).first()
    if version is None:
        return None
    path = question.topic.path if question.topic else ""
    return BankItem(question.code, version.outcome, path, version.difficulty, version.must_pass)


def _releases(wanted: Q) -> list[HeldBy]:
    steps = ReleaseStep.objects.filter(wanted).select_related("release__course", "assessment_version__assessment")
    rows = [
        HeldBy(
            step.release.course.code,
            step.release.number,
            step.release.course.current_release_id == step.release_id,
            step.title,
            f"{step.assessment_version.title}, version {step.assessment_version.number}"
            if step.assessment_version
            else "",
        )
        for step in steps.defer("html", "text", "content")
    ]
    return sorted(rows, key=lambda row: (not row.is_current, row.course, -row.release))


def _lessons(question: Question) -> list[HeldBy]:
    """Lessons that ask it as a check. A release copies its checks; they are its own course's, whose code is the bank's name."""
    if question.use != QuestionUse.LESSON:
        return []
    steps = ReleaseStep.objects.filter(release__course__code=question.bank).exclude(checks={})
    rows = []
    for step in steps.select_related("release__course").defer("html", "text", "content"):
        asked = {str(check["number"]) for check in step.checks.values() if check["code"] == question.code}
        if asked:
            is_current = step.release.course.current_release_id == step.release_id
            said = f"version {', '.join(sorted(asked))}"
            rows.append(HeldBy(step.release.course.code, step.release.number, is_current, step.title, said))
    return sorted(rows, key=lambda row: (not row.is_current, row.course, -row.release))


def _performance(question: Question, seen_by: AbstractBaseUser | AnonymousUser) -> list[Performed]:
    counted = AttemptItem.objects.filter(
        question_version__question=question, attempt__state__in=(AttemptState.SUBMITTED, AttemptState.EXPIRED)
    )
    figures = (Count("pk"), Count("fraction"), Avg("fraction"))
    rows = counted.order_by().values_list("question_version__number").annotate(*figures)
    weak = WeakQuestion.objects.visible_to(seen_by).filter(question_version__question=question)
    advice: dict[int, str] = {}
    for number, sentence in weak.values_list("question_version__number", "sentence"):
        advice.setdefault(number, sentence)
    return [
        Performed(number, times, marked, None if mean is None else float(mean) / FULL_MARKS, advice.get(number, ""))
        for number, times, marked, mean in sorted(rows, reverse=True)
    ]
