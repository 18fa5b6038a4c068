"""What the pages of practice show: one question with what came of it, and the end of a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from assessments import question_types
from assessments.models import PracticeAnswer, PracticeCard, PracticeRound, QuestionPicture, QuestionVersion
from assessments.pictures import picture_of_version
from assessments.posted import FIELD
from assessments.question_types import Face, Posted
from assessments.question_types.asking import Asked
from assessments.question_types.contract import FULL_MARKS
from assessments.question_types.openings import opening_of
from people.dates import long_date


@dataclass(frozen=True)
class PracticePage:
    """One question of a round. ``verdict`` is ``right``, ``partly``, ``wrong`` or empty while it is unanswered."""

    practice: PracticeRound
    position: int
    asked: Asked
    face: Face
    verdict: str = ""
    feedback: tuple[str, ...] = ()
    comes_back: str = ""

    @property
    def opening(self) -> str:
        return opening_of(self.verdict, self.feedback)

    @property
    def address(self) -> str:
        return reverse("assessments:practice-question", args=[self.practice.pk, self.position])

    @property
    def next_address(self) -> str:
        """Where it goes on: the next question not answered yet, or the end."""
        return reverse("assessments:practice", args=[self.practice.pk])


@dataclass(frozen=True)
class PracticeEnd:
    """A round that is done."""

    practice: PracticeRound
    right: int
    missed: int
    back_tomorrow: int


def own_round(user: Any, round_id: UUID) -> PracticeRound:
    """Return somebody's own round; for everybody else there is none."""
    found: PracticeRound | None = PracticeRound.objects.of(user).select_related("officer").filter(pk=round_id).first()
    if found is None:
        raise Http404
    return found


def first_unanswered(practice: PracticeRound) -> int | None:
    """Return where a round goes on, or None where it is done."""
    answered = set(practice.answers.values_list("position", flat=True))
    return next((position for position in range(1, practice.size + 1) if position not in answered), None)


def practice_page(
    practice: PracticeRound, position: int, *, on: date, typed: Posted | None = None, error: str = ""
) -> PracticePage:
    """Return a question of a round, with what came of it once it is answered; ``typed`` is shown again where it could not be taken."""
    version = _version_at(practice, position)
    asked = question_types.asked(version.type, version.definition)
    answer = practice.answers.filter(position=position).first()
    face = asked.face(
        answer.response if answer else None,
        name=FIELD,
        order=asked.kind.option_order(asked.definition, f"{practice.pk}:{position}"),
        is_closed=answer is not None,
        error=error,
        typed=None if answer else typed,
        address=lambda digest: reverse("assessments:practice-picture", args=[practice.pk, position, digest]),
    )
    if answer is None:
        return PracticePage(practice, position, asked, face)
    marked = asked.mark(answer.response)
    verdict = "right" if answer.fraction >= FULL_MARKS else "partly" if answer.fraction else "wrong"
    return PracticePage(practice, position, asked, face, verdict, marked.feedback, _comes_back(answer, on=on))


def practice_end(practice: PracticeRound, *, at: datetime) -> PracticeEnd:
    """Return how a round went."""
    answers = list(practice.answers.all())
    right = sum(answer.fraction >= FULL_MARKS for answer in answers)
    tomorrow = timezone.localtime(at).date() + timedelta(days=1)
    cards = PracticeCard.objects.filter(
        officer=practice.officer, question__in=[answer.question_id for answer in answers], due_on=tomorrow
    )
    return PracticeEnd(practice, right, len(answers) - right, cards.count())


def picture_in_round(practice: PracticeRound, position: int, digest: str) -> QuestionPicture | None:
    """Return a picture that a question of somebody's own round shows."""
    return picture_of_version(_version_at(practice, position), digest)


def _version_at(practice: PracticeRound, position: int) -> QuestionVersion:
    if not 1 <= position <= practice.size:
        raise Http404
    return QuestionVersion.objects.defer("note").get(pk=practice.versions[position - 1])


def _comes_back(answer: PracticeAnswer, *, on: date) -> str:
    """Say when a question comes back, where it does."""
    card = PracticeCard.objects.filter(officer=answer.officer_id, question=answer.question_id).first()
    if card is None:
        return ""
    if card.due_on <= on:
        return "It comes back today."
    return f"It comes back {'tomorrow' if card.due_on == on + timedelta(days=1) else f'on {long_date(card.due_on)}'}."
