"""Finding questions among tens of thousands: every narrowing there is, over the lines, with one statement for a page and one for its count.

Words are found by how they begin. PostgreSQL looks them up in an index of words; SQLite reads the column, which is the same answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import BooleanField, QuerySet, TextField, Value
from django.db.models.expressions import Func, RawSQL
from django.db.models.functions import Concat

from assessments.describing import tags_in
from assessments.models import Citation, LegalReference, QuestionLine, QuestionTag, Topic, WeakQuestion
from assessments.search_words import words_wanted
from assessments.topics import subtree_of
from people.models import User

# Columns of a line that are asked for as they stand.
AS_THEY_STAND = ("bank", "use", "type", "outcome", "difficulty", "state")


@dataclass(frozen=True)
class Choices:
    """What the list can be narrowed to: what the questions one sees have, sorted. People are (id, name)."""

    banks: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    authors: list[tuple[int, str]] = field(default_factory=list)
    reviewers: list[tuple[int, str]] = field(default_factory=list)


def lines_found(
    user: AbstractBaseUser | AnonymousUser, asked: Mapping[str, Any], *, on: date
) -> QuerySet[QuestionLine]:
    """Return the lines of the questions this person works on that meet everything asked, by code.

    Asked may be: ``q`` words of stem, answers and code; ``bank``, ``use``, ``type``, ``outcome``, ``difficulty``, ``state``; ``topic``
    the id of a topic, with what is below it; ``tag``; ``reference`` words of an act and provision, or a reference's id; ``author`` and
    ``reviewer`` ids of people; ``overdue`` true for references that were to be checked before ``on``; ``weak`` true for questions that
    an analysis finds wanting, which only those are told who write for the family of the assessment.
    """
    lines: QuerySet[QuestionLine] = QuestionLine.objects.visible_to(user)
    lines = lines.filter(**{name: asked[name] for name in AS_THEY_STAND if asked.get(name)})
    lines = _with_words(lines, str(asked.get("q") or ""))
    topic = asked.get("topic")
    if topic:
        below = Topic.objects.visible_to(user).filter(pk=topic)
        lines = lines.filter(topic__in=[pk for one in below for pk in subtree_of(one)])
    if tags := tags_in(str(asked.get("tag") or "")):
        for tag in tags:
            lines = lines.filter(question__in=QuestionTag.objects.filter(word=tag).values("question"))
    if reference := str(asked.get("reference") or ""):
        lines = lines.filter(question__in=_citing(user, reference).values("question"))
    for name in ("author", "reviewer"):
        if asked.get(name):
            lines = lines.filter(**{name: asked[name]})
    if asked.get("overdue"):
        lines = lines.filter(review_on__lt=on)
    if asked.get("weak"):
        weak = WeakQuestion.objects.visible_to(user).order_by().values("question_version__question")
        lines = lines.filter(question__in=weak)
    return lines.order_by("code")


def advice_on(user: AbstractBaseUser | AnonymousUser, questions: Collection[UUID]) -> dict[UUID, str]:
    """Return what is wrong with those of these questions that perform badly, as a sentence; the worst where there are several."""
    weak = WeakQuestion.objects.visible_to(user).filter(question_version__question__in=questions)
    found: dict[UUID, str] = {}
    for question, sentence in weak.values_list("question_version__question", "sentence"):
        found.setdefault(question, sentence)
    return found


def choices_for(user: AbstractBaseUser | AnonymousUser) -> Choices:
    """Return what this person may narrow the list to."""
    lines = QuestionLine.objects.visible_to(user).order_by()
    return Choices(
        banks=sorted(set(lines.values_list("bank", flat=True).distinct())),
        outcomes=sorted(set(lines.values_list("outcome", flat=True).distinct()) - {""}),
        authors=_people(lines.values("author").distinct()),
        reviewers=_people(lines.values("reviewer").distinct()),
    )


def references_found(user: AbstractBaseUser | AnonymousUser, words: str) -> QuerySet[LegalReference]:
    """Return the references whose act and provision have words that begin so, or whose id it is; none where nothing is asked."""
    known = LegalReference.objects.visible_to(user)
    wanted = words_wanted(words)
    if not wanted:
        return known.none()
    return known.filter(code=words.strip()) if known.filter(code=words.strip()).exists() else _having(known, wanted)


def _citing(user: AbstractBaseUser | AnonymousUser, words: str) -> QuerySet[Citation]:
    """Citations of the references found, each in its own bank; of an id as it is written, where no reference is found."""
    pairs = list(references_found(user, words).values_list("bank", "code"))
    cited = Citation.objects.all()
    if not pairs:
        return cited.filter(code=words.strip())
    by_bank: dict[str, list[str]] = {}
    for bank, code in pairs:
        by_bank.setdefault(bank, []).append(code)
    found = cited.none()
    for bank, codes in by_bank.items():
        found = found | cited.filter(question__bank=bank, code__in=codes)
    return found


def _with_words(lines: QuerySet[QuestionLine], typed: str) -> QuerySet[QuestionLine]:
    wanted = words_wanted(typed)
    if not wanted:
        return lines.none() if typed.strip() else lines
    if connection.vendor == "postgresql":
        asked = " & ".join(f"'{word}':*" for word in wanted)
        matches = RawSQL(
            "array_to_tsvector(string_to_array(words, ' ')) @@ %s::tsquery", [asked], output_field=BooleanField()
        )
        return lines.filter(matches)
    return _having(lines, wanted)


def _having(rows: QuerySet[Any], wanted: list[str]) -> QuerySet[Any]:
    """Rows whose column ``words`` has for each wanted word one that begins so."""
    spaced: Func = Concat(Value(" "), "words", output_field=TextField())
    rows = rows.alias(spaced_words=spaced)
    for word in wanted:
        rows = rows.filter(spaced_words__contains=f" {word}")
    return rows


def _people(ids: QuerySet[Any, Any]) -> list[tuple[int, str]]:
    found = User.objects.filter(pk__in=ids)
    return sorted(((person.pk, person.get_full_name()) for person in found), key=lambda person: person[1])
