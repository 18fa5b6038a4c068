"""Where pages find the pictures of a question: each behind a view that asks whether its reader may see the question."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from assessments.models import QuestionVersion
from assessments.question_types import Address


def address_in_attempt(attempt: UUID, position: int) -> Address:
    """Return what gives the address of a picture of a question in its candidate's pages."""
    return lambda digest: reverse("assessments:picture", args=[attempt, position, digest])


def address_in_bank(version: QuestionVersion) -> Address:
    """Return what gives the address of a picture in the screens of those who write questions."""
    return lambda digest: reverse("assessments_admin:picture", args=[version.question_id, version.number, digest])
