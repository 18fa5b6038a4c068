"""What is known of a question beside its words: tags and where it came from. They may change at any time; no version is made for them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from assessments.models import Question, QuestionTag
from assessments.question_types import Problem
from assessments.question_types.words import check_line

LONGEST_TAG = 60
LONGEST_SOURCE = 300
MOST_TAGS = 20


class BadDescription(Exception):
    """Tags or source cannot be kept; ``problems`` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


def tags_in(text: str) -> list[str]:
    """Return the tags of a line typed with commas between them: small letters, each once."""
    words = (" ".join(part.split()).casefold() for part in text.split(","))
    return list(dict.fromkeys(word for word in words if word))


def check_description(tags: Iterable[str], source: str) -> list[Problem]:
    """Return what is wrong with tags and source."""
    listed = list(tags)
    problems = check_line(source, "source", longest=LONGEST_SOURCE)
    if len(listed) > MOST_TAGS:
        problems.append(Problem("tags", f"Give a question {MOST_TAGS} tags at most."))
    for tag in listed:
        problems += check_line(tag, "tags", longest=LONGEST_TAG)
    return problems


def describe_question(question: Question, *, tags: Iterable[str], source: str) -> Question:
    """Let a question have exactly these tags and this source. Raises ``BadDescription``."""
    wanted, source = set(tags), source.strip()
    if problems := check_description(wanted, source):
        raise BadDescription(problems)
    with transaction.atomic():
        there = set(question.tags.values_list("word", flat=True))
        question.tags.filter(word__in=there - wanted).delete()
        QuestionTag.objects.bulk_create(
            [QuestionTag(question=question, word=word) for word in sorted(wanted - there)], ignore_conflicts=True
        )
        if question.source != source:
            question.source = source
            question.save(update_fields=["source"])
    return question
