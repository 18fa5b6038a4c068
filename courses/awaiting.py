"""What awaits somebody's review, of every kind: courses under review and questions in review, the oldest first, never their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from assessments.reviews import WaitingQuestion, questions_waiting_for
from courses.authoring import Waiting, waiting_for

if TYPE_CHECKING:
    from people.models import User


@dataclass(frozen=True)
class Awaiting:
    """One thing to decide: what and where it is, who sent it and when, what changed. ``detail`` tells questions apart."""

    title: str
    detail: str
    address: str
    task: str
    sender: str
    sent_at: datetime
    changes: str


def awaiting_review(user: User, *, limit: int | None = None) -> list[Awaiting]:
    """Return what this person may decide about now, the one sent first in front."""
    rows = [_course(row) for row in waiting_for(user, limit=limit)]
    rows += [_question(row) for row in questions_waiting_for(user, limit=limit)]
    return sorted(rows, key=lambda row: row.sent_at)[:limit]


def _course(row: Waiting) -> Awaiting:
    sent = row.review_list
    sender = "The importer" if sent.requested_by is None else sent.requested_by.get_short_name()
    address = reverse("courses_admin:review", args=[sent.pk])
    return Awaiting(str(sent.draft["title"]), "", address, row.task, sender, sent.requested_at, row.changes)


def _question(row: WaitingQuestion) -> Awaiting:
    version = row.version
    stem = str(version.definition.get("stem", ""))
    return Awaiting(version.question.code, stem, row.address, "Question", row.sender, row.sent_at, row.changes)
