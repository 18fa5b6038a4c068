"""Writing the lines that questions are found by, anew: asked for by whoever changes a question, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from assessments.models import (
    Citation,
    LegalReference,
    Question,
    QuestionLine,
    QuestionVersion,
    VersionState,
    VersionStep,
)
from assessments.search_words import asked_in, words_of

AT_ONCE = 500
COLUMNS = [field.name for field in QuestionLine._meta.fields if not field.primary_key]


def refresh_lines(questions: Collection[UUID]) -> None:
    """Write the lines and citations of these questions anew; a question without a version has none. Four statements for each 500."""
    listed = list(questions)
    for start in range(0, len(listed), AT_ONCE):
        with transaction.atomic():
            _refresh(listed[start : start + AT_ONCE])


def refresh_lines_citing(bank: str, codes: Collection[str]) -> None:
    """Write the lines anew of the questions of a bank that cite any of these references."""
    citing = Citation.objects.filter(question__bank=bank, code__in=codes).values_list("question", flat=True)
    refresh_lines(list(citing.distinct()))


def rebuild_lines() -> int:
    """Write every line anew; return how many questions there are."""
    questions = list(Question.objects.order_by("pk").values_list("pk", flat=True))
    refresh_lines(questions)
    return len(questions)


def _refresh(questions: Sequence[UUID]) -> None:
    newest: dict[UUID, QuestionVersion] = {}
    in_use: defaultdict[UUID, list[str]] = defaultdict(list)
    for version in QuestionVersion.objects.filter(question__in=questions).select_related("question").order_by("number"):
        newest[version.question_id] = version
        if version.state == VersionState.APPROVED:
            in_use[version.question_id] = version.references
    cited = {
        question: list(dict.fromkeys([*version.references, *in_use[question]])) for question, version in newest.items()
    }
    approved = VersionStep.objects.filter(version__question__in=questions, state=VersionState.APPROVED)
    reviewers = dict(approved.order_by("at", "id").values_list("version__question", "by"))
    days = _review_days(newest.values())
    QuestionLine.objects.bulk_create(
        [_line(version, reviewers.get(question), days) for question, version in newest.items()],
        update_conflicts=True,
        unique_fields=["question"],
        update_fields=COLUMNS,
    )
    _cite(questions, cited)


def _line(version: QuestionVersion, reviewer: int | None, days: dict[tuple[str, str], date]) -> QuestionLine:
    question = version.question
    due = [days[key] for code in version.references if (key := (question.bank, code)) in days]
    return QuestionLine(
        question=question,
        version=version,
        code=question.code,
        bank=question.bank,
        family=question.family,
        use=question.use,
        type=version.type,
        outcome=version.outcome,
        difficulty=version.difficulty,
        state=version.state,
        topic_id=question.topic_id,
        author_id=version.created_by_id,
        reviewer_id=reviewer,
        review_on=min(due, default=None),
        words=words_of(question.code, *asked_in(version.definition)),
    )


def _review_days(versions: Iterable[QuestionVersion]) -> dict[tuple[str, str], date]:
    codes = {code for version in versions for code in version.references}
    if not codes:
        return {}
    rows = LegalReference.objects.filter(code__in=codes, review_by__isnull=False)
    return {(bank, code): day for bank, code, day in rows.values_list("bank", "code", "review_by") if day}


def _cite(questions: Sequence[UUID], cited: dict[UUID, list[str]]) -> None:
    there = set(Citation.objects.filter(question__in=questions).values_list("question", "code"))
    wanted = set(_pairs(cited))
    gone = there - wanted
    for question in {question for question, _code in gone}:
        Citation.objects.filter(question=question, code__in=[code for one, code in gone if one == question]).delete()
    Citation.objects.bulk_create(
        [Citation(question_id=question, code=code) for question, code in sorted(wanted - there)], ignore_conflicts=True
    )


def _pairs(cited: dict[UUID, list[str]]) -> Iterator[tuple[UUID, str]]:
    for question, codes in cited.items():
        for code in codes:
            yield question, code
