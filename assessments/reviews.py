"""Questions that wait for a decision: who may take it, what changed since the last approval, and telling them by mail.

What is waiting for somebody is never their own: neither what they wrote since the last approval, nor what they sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from assessments.authors import families_reviewed_by
from assessments.models import QuestionVersion, VersionState, VersionStep
from people import access, work
from people.holders import holders_of
from people.mail import tell_of_submission
from people.models import User

# Parts of a definition in an author's words; one a new type brings is called by its key.
PARTS = {
    "stem": "the stem",
    "options": "the options",
    "choose": "how many to choose",
    "partial": "the marks for part of the answer",
    "shuffle": "the order of the options",
    "answer": "the right answer",
    "tolerance": "the tolerance",
    "unit": "the unit",
    "near": "the near answers",
    "accept": "the accepted answers",
    "otherwise": "the feedback for other answers",
    "feedback": "the feedback",
}
COLUMNS = {
    "outcome": "the outcome",
    "topic": "the topic",
    "difficulty": "the difficulty",
    "must_pass": "the must-pass rule",
    "references": "the references",
    "note": "the note",
}


@dataclass(frozen=True)
class WaitingQuestion:
    """A version in review, who sent it and when (``sent_by`` None is an import), and what changed, in one sentence."""

    version: QuestionVersion
    sent_by: User | None
    sent_at: datetime
    changes: str

    @property
    def sender(self) -> str:
        return "The importer" if self.sent_by is None else self.sent_by.get_short_name()

    @property
    def address(self) -> str:
        return f"{reverse('assessments_admin:question', args=[self.version.question_id])}?version={self.version.number}"


def questions_waiting_for(user: User, *, limit: int | None = None) -> list[WaitingQuestion]:
    """Return the questions this person may send back or approve now, the one sent first in front; never their own."""
    return _described(_waiting_for(user)[:limit])


def ask_to_tell_reviewers(version: QuestionVersion) -> None:
    """Ask, in the transaction that submits it, for a mail to each reviewer and approver of its family."""
    step = _steps_into_review().filter(version=version.pk).values_list("pk", flat=True)[0]
    for person in holders_of(access.SUBJECT_REVIEWER, access.APPROVER, family=version.question.family):
        work.ask("assessments.tell_reviewer", f"{step}:{person.pk}")


@work.background("assessments.tell_reviewer")
def tell_reviewer(key: str) -> None:
    """Tell one person of one submission, ``step:person``; nothing where it has been decided by now, or is not theirs to decide."""
    step, person = key.split(":")
    to = User.objects.get(pk=person)
    for waiting in _described(_waiting_for(to).filter(step_into_review=step)):
        tell_of_submission(
            to,
            subject=f"To review: question {waiting.version.question.code}",
            template="assessments/mail/question_waiting.txt",
            about={"waiting": waiting},
            path=waiting.address,
        )


def _described(versions: QuerySet[Any]) -> list[WaitingQuestion]:
    rows = list(versions)
    senders = User.objects.in_bulk([row.sent_by for row in rows if row.sent_by is not None])
    before = _approved_before(rows)
    return [
        WaitingQuestion(row, senders.get(row.sent_by), row.sent_at, _changes(before.get(row.question_id), row))
        for row in rows
    ]


def _waiting_for(user: User) -> QuerySet[Any]:
    """Versions with the step that sent them, when and by whom; one a question, the newest in review."""
    versions = QuestionVersion.objects.filter(state=VersionState.IN_REVIEW).select_related("question")
    families = families_reviewed_by(user)
    if families is not None:
        versions = versions.filter(question__family__in=families)
    same = QuestionVersion.objects.filter(question=OuterRef("question"))
    approved = VersionStep.objects.filter(version__question=OuterRef("question"), state=VersionState.APPROVED)
    newer_in_review = same.filter(state=VersionState.IN_REVIEW, number__gt=OuterRef("number"))
    newer_approved = approved.filter(version__number__gt=OuterRef("number"))
    written_since = same.filter(created_by=user, number__lte=OuterRef("number")).filter(
        ~Exists(approved.filter(version__number__gte=OuterRef("number")))
    )
    sent = _steps_into_review().filter(version=OuterRef("pk"))
    return (
        versions.filter(~Exists(newer_in_review), ~Exists(newer_approved), ~Exists(written_since))
        .annotate(
            step_into_review=Subquery(sent.values("pk")[:1]),
            sent_at=Subquery(sent.values("at")[:1]),
            sent_by=Subquery(sent.values("by")[:1]),
        )
        .filter(Q(sent_by__isnull=True) | ~Q(sent_by=user.pk))
        .order_by("sent_at", "pk")
    )


def _steps_into_review() -> QuerySet[VersionStep]:
    """The steps that sent versions to review, the last first: one sent back comes again."""
    return VersionStep.objects.filter(state=VersionState.IN_REVIEW).order_by("-pk")


def _approved_before(rows: Sequence[QuestionVersion]) -> dict[object, QuestionVersion]:
    """Return for each question the newest version that has been approved, whatever became of it since."""
    approved = QuestionVersion.objects.filter(
        Exists(VersionStep.objects.filter(version=OuterRef("pk"), state=VersionState.APPROVED)),
        question__in=[row.question_id for row in rows],
    )
    return {version.question_id: version for version in approved.order_by("number")}


def _changes(before: QuestionVersion | None, now: QuestionVersion) -> str:
    """Return what a version changes, in one sentence that tells nothing of what is asked."""
    if before is None:
        return "New question."
    keys = [*PARTS, *sorted({*before.definition, *now.definition} - set(PARTS))]
    names = ["the type"] if before.type != now.type else []
    names += [
        PARTS.get(key, key.replace("_", " ")) for key in keys if before.definition.get(key) != now.definition.get(key)
    ]
    names += [words for column, words in COLUMNS.items() if getattr(before, column) != getattr(now, column)]
    said = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names) or "nothing"
    return f"{said.capitalize()} changed since version {before.number}."
