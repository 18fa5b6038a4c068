"""Answering a query: in words, and with the decision on the question that followed, if one did."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from assessments.models import QueryAnswer, QuestionDecision, QuestionQuery
from assessments.models.queries import WORDS_LENGTH
from assessments.queries.asking import QueryRefused
from people import work
from people.mail import tell_of_submission
from people.models import User

TELL = "assessments.tell_of_answer"


def answer_query(
    query: QuestionQuery, *, words: str, by: User, at: datetime, decision: QuestionDecision | None = None
) -> QueryAnswer:
    """Answer a query once; the candidate reads it on the page of their result and is told by mail. Never one's own.

    ``decision`` is one on the same question; whether it is confirmed yet the candidate reads there too.
    """
    if by.pk == query.officer_id:
        raise QueryRefused("This is your own query, so somebody else answers it. Ask another trainer.")
    words = words.strip()
    if not words:
        raise QueryRefused("Write an answer. The candidate reads it.", field="words")
    if len(words) > WORDS_LENGTH:
        raise QueryRefused(f"Use at most {WORDS_LENGTH} characters; you have used {len(words)}.", field="words")
    if decision is not None and decision.question_id != query.item.question_version.question_id:
        raise QueryRefused(
            "This decision is about another question. Choose one on the question queried.", field="decision"
        )
    try:
        with transaction.atomic():
            answer = QueryAnswer.objects.create(
                query=query, officer_id=query.officer_id, by=by, at=at, words=words, decision=decision
            )
            work.ask(TELL, str(query.pk))
    except IntegrityError as repeated:
        raise QueryRefused("Somebody answered this query a moment ago. What you wrote is still here.") from repeated
    return answer


@work.background(TELL)
def tell_of_answer(key: str) -> None:
    """Tell a candidate that a query of theirs is answered; the words stay out of mail."""
    query = QuestionQuery.objects.select_related("officer", "item").get(pk=key)
    tell_of_submission(
        query.officer,
        subject="Your query about a test question is answered",
        template="assessments/mail/query_answered.txt",
        about={},
        path=f"/assess/{query.item.attempt_id}/queries/",
        wish="approved",
    )
