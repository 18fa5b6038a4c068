"""What candidates and trainers read of queries: the words, the answer, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from assessments import question_types
from assessments.attempt_pages import own_attempt
from assessments.decisions.deciding import end_of
from assessments.models import (
    Attempt,
    AttemptItem,
    DecisionEffect,
    DecisionKind,
    DecisionStepKind,
    QueryAnswer,
    QuestionDecision,
    QuestionQuery,
)
from assessments.queries.asking import QueryWindow, query_window
from assessments.question_types.words import divide_stem
from people.models import User

# What a decision did, to the candidate who queried the question.
DONE = {
    DecisionKind.NEUTRAL.value: "The question was taken out of the marking.",
    DecisionKind.AWARD.value: "Everybody was given the mark of the question.",
    DecisionKind.KEY.value: "The question was marked by another key.",
    DecisionKind.SEVERAL.value: "More than one answer to the question was accepted.",
}


@dataclass(frozen=True)
class QueryLine:
    """One query as its candidate reads it. ``effect`` is empty where no decision followed."""

    position: int
    words: str
    asked_at: datetime
    answer: str = ""
    answered_at: datetime | None = None
    effect: str = ""

    @property
    def title(self) -> str:
        return f"Question {self.position}"


@dataclass(frozen=True)
class QuestionLine:
    """A question of an attempt with its query, if there is one."""

    position: int
    scene: str
    question: str
    response: str
    query: QueryLine | None

    @property
    def title(self) -> str:
        return f"Question {self.position}"


@dataclass(frozen=True)
class QueriesPage:
    """The questions of somebody's own attempt, and whether they may be queried."""

    attempt: Attempt
    window: QueryWindow
    questions: tuple[QuestionLine, ...]

    @property
    def asked(self) -> list[QuestionLine]:
        return [line for line in self.questions if line.query]


def queries_page(user: User, attempt_id: UUID, *, at: datetime) -> QueriesPage:
    """Return the page of queries of one's own attempt, or raise ``UnknownAttempt``. No key is read for it."""
    attempt = own_attempt(user, attempt_id)
    asked = {line.position: line for line in query_lines(attempt)}
    items = attempt.items.select_related("question_version").order_by("position")
    window = query_window(attempt, at=at)
    # Before there is a result there is nothing to query, and a question is read on its own page.
    shown = items if window.last_day is not None or asked else items.none()
    return QueriesPage(attempt, window, tuple(question_line(item, asked.get(item.position)) for item in shown))


def question_line(item: AttemptItem, query: QueryLine | None = None) -> QuestionLine:
    """Return a question as it was asked and answered, without its key."""
    version = item.question_version
    scene, question = divide_stem(version.definition["stem"])
    response = question_types.asked(version.type, version.definition).summarise(item.response)
    return QuestionLine(item.position, scene, question, response, query)


def query_lines(attempt: Attempt) -> list[QueryLine]:
    """Return the queries about an attempt, with answers and effects, by the question's number."""
    queries = QuestionQuery.objects.filter(item__attempt=attempt).select_related("item", "answer__decision")
    rows = list(queries.order_by("item__position"))
    decisions = {row.answer.decision for row in rows if hasattr(row, "answer") and row.answer.decision}
    effects = {
        effect.decision_id: effect for effect in DecisionEffect.objects.filter(attempt=attempt, decision__in=decisions)
    }
    return [_line(row, effects) for row in rows]


def waiting_queries(user: User) -> QuerySet[Any]:
    """Return what waits for an answer from this person: of their families, never their own, the oldest first."""
    return _with_question(QuestionQuery.objects.visible_to(user).unanswered().exclude(officer=user))


def answered_queries(user: User) -> QuerySet[Any]:
    """Return the answered queries of somebody's families, the latest answer first."""
    return _with_question(QuestionQuery.objects.visible_to(user).filter(answer__isnull=False)).order_by("-answer__at")


def decisions_on(query: QuestionQuery) -> list[QuestionDecision]:
    """Return the decisions on the question queried, the latest first, but those that came to nothing."""
    ended = (DecisionStepKind.OBJECTED, DecisionStepKind.WITHDRAWN)
    question = query.item.question_version.question_id
    rows = QuestionDecision.objects.filter(question=question).exclude(steps__kind__in=ended)
    return list(rows.select_related("question").order_by("-at"))


def effect_words(answer: QueryAnswer, effects: Iterable[DecisionEffect]) -> str:
    """Say what the decision of an answer did to the attempt, or that it is still to come."""
    decision = answer.decision
    if decision is None:
        return ""
    ended = end_of(decision)
    if ended is None:
        return "A decision on the question has been proposed. It is checked before anything changes."
    if ended.kind != DecisionStepKind.CONFIRMED:
        return "A decision on the question was proposed and not taken. Your mark stays."
    effect = next((one for one in effects if one.decision_id == decision.pk), None)
    said = DONE[decision.kind]
    if effect is None:
        return f"{said} Your test is being marked again."
    if effect.score_before is None or effect.score_after is None:
        return f"{said} Your test still waits for its mark."
    before, after = effect.score_before // 10_000, effect.score_after // 10_000
    if (before, effect.outcome_before) == (after, effect.outcome_after):
        return f"{said} Your mark stays at {after}%."
    moved = f"{said} Your mark moved from {before}% to {after}%"
    if effect.outcome_before == effect.outcome_after:
        return f"{moved}."
    was, now = effect.get_outcome_before_display().lower(), effect.get_outcome_after_display().lower()
    return f"{moved}, from {was} to {now}."


def _line(row: QuestionQuery, effects: dict[UUID, DecisionEffect]) -> QueryLine:
    answer: QueryAnswer | None = getattr(row, "answer", None)
    if answer is None:
        return QueryLine(row.item.position, row.words, row.at)
    effect = effect_words(answer, effects.values())
    return QueryLine(row.item.position, row.words, row.at, answer.words, answer.at, effect)


def _with_question(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("item__question_version__question", "item__attempt__assessment_version", "answer__by")
