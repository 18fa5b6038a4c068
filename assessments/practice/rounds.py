"""Beginning a round of practice, answering, and what is due. Whoever calls from above says which questions somebody may practise."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from assessments import question_types
from assessments.models import (
    PracticeAnswer,
    PracticeCard,
    PracticeRound,
    QuestionUse,
    QuestionVersion,
    VersionState,
)
from assessments.practice.boxes import Card, after_answers
from assessments.question_types import Response
from assessments.question_types.asking import without_confidence
from assessments.question_types.contract import FULL_MARKS
from people.models import User

MOST_AT_ONCE = 20
# A round left longer ago is not offered again: what was missed in it comes back by itself.
GOES_ON_FOR = timedelta(days=14)


class PracticeRefused(Exception):
    """Practice was refused; the message is a sentence for the person."""


def practicable(questions: Collection[UUID] | None = None) -> QuerySet[QuestionVersion]:
    """Return the approved versions of checks of lessons that a machine marks: of these questions, or of all. No assessment's, ever."""
    versions = QuestionVersion.objects.filter(question__use=QuestionUse.LESSON, state=VersionState.APPROVED)
    return versions if questions is None else versions.filter(question__in=questions)


def questions_behind(versions: Iterable[int]) -> dict[int, UUID]:
    """Return the questions that can be practised behind versions of them, by the id of the version that was named."""
    named = dict(QuestionVersion.objects.filter(pk__in=set(versions)).values_list("pk", "question"))
    known = set(practicable(set(named.values())).values_list("question", flat=True))
    return {version: question for version, question in named.items() if question in known}


def due_questions(officer: User, *, on: date) -> list[UUID]:
    """Return the questions that are due to somebody on a day, the longest due first."""
    cards = PracticeCard.objects.filter(officer=officer, due_on__lte=on, question__in=practicable().values("question"))
    return list(cards.values_list("question", flat=True))


def next_due_on(officer: User) -> date | None:
    """Return the first day on which something is due to somebody, or None where nothing is to come back."""
    cards = PracticeCard.objects.filter(officer=officer, question__in=practicable().values("question"))
    return cards.values_list("due_on", flat=True).first()


def open_round(officer: User, *, at: datetime) -> PracticeRound | None:
    """Return the round somebody left in the middle last, or None."""
    rounds = PracticeRound.objects.of(officer).annotate(answered=Count("answers"))
    return rounds.filter(answered__lt=F("size"), started_at__gt=at - GOES_ON_FOR).first()


def begin_round(
    officer: User,
    questions: Collection[UUID],
    *,
    title: str,
    address: str,
    by: User,
    at: datetime,
    in_order: bool = False,
) -> PracticeRound:
    """Begin a round of at most twenty of these questions, mixed unless they come ``in_order``; they are asked as approved now.

    ``title`` and ``address``, a page of this site, say what it is practice for.
    """
    if by.pk != officer.pk:
        raise PracticeRefused("Everybody practises for themselves.")
    versions = dict(practicable(questions).values_list("question", "pk"))
    chosen = [versions[question] for question in questions if question in versions]
    if not chosen:
        raise PracticeRefused("There is nothing to practise here now. Choose something else.")
    if not in_order:
        secrets.SystemRandom().shuffle(chosen)
    chosen = chosen[:MOST_AT_ONCE]
    return PracticeRound.objects.create(
        officer=officer, versions=chosen, size=len(chosen), title=title, address=address, started_at=at
    )


def answer_question(
    practice: PracticeRound, position: int, response: Response | None, *, by: User, at: datetime
) -> PracticeAnswer:
    """Keep and mark an answer in a round, which is final there; a second one to the same question changes nothing."""
    if by.pk != practice.officer_id:
        raise PracticeRefused("Everybody practises for themselves.")
    if not 1 <= position <= practice.size:
        raise PracticeRefused("There is no such question in this round.")
    if without_confidence(response) is None:
        raise PracticeRefused("Choose or write an answer first, then check it.")
    with transaction.atomic():
        _lock(practice.officer_id)
        kept = practice.answers.filter(position=position).first()
        if kept is not None:
            return kept
        version = QuestionVersion.objects.select_related("question").get(pk=practice.versions[position - 1])
        return _keep(version, response, officer=practice.officer, at=at, practice=practice, position=position)


def note_lesson_answer(version: int, response: Response, *, officer: User, at: datetime) -> None:
    """Let a check answered in a lesson count for practice: what was missed there comes back. Call in the transaction of the answer.

    ``version`` is the id of the question version the lesson asks; of one that is no check of a lesson nothing is noted.
    """
    found = (
        QuestionVersion.objects.filter(pk=version, question__use=QuestionUse.LESSON).select_related("question").first()
    )
    if found is None or question_types.asked(found.type, found.definition).mark(response).fraction is None:
        return
    with transaction.atomic():
        _lock(officer.pk)
        _keep(found, response, officer=officer, at=at)


def rebuild_cards(officer: User) -> bool:
    """Write somebody's cards anew from their answers; return whether anything had been wrong."""
    with transaction.atomic():
        _lock(officer.pk)
        answered = (
            PracticeAnswer.objects.filter(officer=officer).order_by("question").values_list("question", flat=True)
        )
        wrong = [_lay_card(officer, question) for question in set(answered)]
    return any(wrong)


def _lock(officer: int) -> None:
    """Let one person's answers come one after another: a card is reckoned from all of them."""
    User.objects.select_for_update(no_key=True).get(pk=officer)


def _keep(
    version: QuestionVersion,
    response: Response | None,
    *,
    officer: User,
    at: datetime,
    practice: PracticeRound | None = None,
    position: int | None = None,
) -> PracticeAnswer:
    fraction = question_types.asked(version.type, version.definition).mark(response).fraction
    if fraction is None:
        raise PracticeRefused("A person marks answers to this question, so it cannot be practised.")
    answer = PracticeAnswer.objects.create(
        round=practice,
        position=position,
        officer=officer,
        question=version.question,
        question_version=version,
        response=response,
        fraction=max(0, fraction),
        at=at,
    )
    _lay_card(officer, version.question_id)
    return answer


def _lay_card(officer: User, question: UUID) -> bool:
    """Make the card what the answers come to; return whether it was otherwise."""
    answers = PracticeAnswer.objects.filter(officer=officer, question=question).values_list("fraction", "at")
    card = after_answers((fraction >= FULL_MARKS, timezone.localtime(at).date()) for fraction, at in answers)
    laid = PracticeCard.objects.filter(officer=officer, question=question)
    before = laid.first()
    if (Card(before.box, before.due_on) if before else None) == card:
        return False
    if card is None:
        laid.delete()
    elif before:
        laid.update(box=card.box, due_on=card.due_on)
    else:
        PracticeCard.objects.create(officer=officer, question_id=question, box=card.box, due_on=card.due_on)
    return True
