"""References to law that a bank's questions cite: written by its trainers, or kept by what is above, such as a course, under its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from assessments.lines import refresh_lines_citing
from assessments.models import LegalReference
from assessments.question_types import Problem
from assessments.question_types.words import check_line
from assessments.search_words import words_of
from people.models import User

LONGEST = {"code": 80, "act": 255, "provision": 255, "checked_by": 200}
_https = URLValidator(schemes=["https"])


@dataclass(frozen=True)
class ReferenceWords:
    """A reference as it is written: its id, the act and the provision, where it is read, when it was checked and is to be again."""

    code: str
    act: str
    provision: str = ""
    url: str = ""
    checked_on: date | None = None
    checked_by: str = ""
    review_by: date | None = None


class BadReference(Exception):
    """A reference cannot be kept; ``problems`` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


def save_reference(
    bank: str, words: ReferenceWords, *, family: str, by: User, at: datetime, seen: bool = True
) -> LegalReference:
    """Write a reference of a bank, or write it anew. ``seen`` False is a new one: a code that is taken is refused.

    Raises ``BadReference``, also where a course keeps it: that is written on the course's page.
    """
    problems = check_reference(words, today=at.date())
    with transaction.atomic():
        known = LegalReference.objects.select_for_update().filter(bank=bank, code=words.code).first()
        if known is not None and not seen:
            problems.append(Problem("code", f"{bank} has a reference {words.code} already. Choose another id."))
        if known is not None and known.keeper:
            problems.append(
                Problem("code", f"The course {known.keeper} keeps {words.code}. Change it on the course's page.")
            )
        if problems:
            raise BadReference(problems)
        saved = _write(known or LegalReference(bank=bank, code=words.code), words, family=family, by=by, at=at)
        refresh_lines_citing(bank, [words.code])
    return saved


def keep_references(
    bank: str, rows: Iterable[ReferenceWords], *, keeper: str, family: str, by: User | None, at: datetime
) -> None:
    """Let a bank have these references of ``keeper``; those it kept before and no longer names go. Others' stay as they are."""
    listed = list(rows)
    with transaction.atomic():
        there = {row.code: row for row in LegalReference.objects.select_for_update().filter(bank=bank)}
        changed = []
        for words in listed:
            known = there.pop(words.code, None)
            if known is not None and known.family == family and known.keeper == keeper and _words_of(known) == words:
                continue
            row = known or LegalReference(bank=bank, code=words.code)
            row.keeper = keeper
            _write(row, words, family=family, by=by, at=at)
            changed.append(words.code)
        gone = [code for code, row in there.items() if row.keeper == keeper]
        LegalReference.objects.filter(bank=bank, code__in=gone).delete()
        if changed or gone:
            refresh_lines_citing(bank, [*changed, *gone])


def references_cited(bank: str, codes: Iterable[str]) -> list[tuple[str, LegalReference | None]]:
    """Return each id a version cites with its reference, None where the bank has none of that id yet."""
    listed = list(codes)
    known = {row.code: row for row in LegalReference.objects.filter(bank=bank, code__in=listed)} if listed else {}
    return [(code, known.get(code)) for code in listed]


def check_reference(words: ReferenceWords, *, today: date) -> list[Problem]:
    """Return everything wrong with a reference as somebody writes it."""
    problems = []
    for name, longest in LONGEST.items():
        problems += check_line(getattr(words, name), name, longest=longest)
    if not words.code.strip() or " " in words.code:
        problems.append(Problem("code", "Give it an id without spaces, such as pace-s1. Questions cite it by that."))
    if not words.act.strip():
        problems.append(Problem("act", "Name the act or guidance, with its year."))
    if words.url:
        try:
            _https(words.url)
        except ValidationError:
            problems.append(Problem("url", "The link begins with https:// and leads to one page."))
    if words.checked_on and words.checked_on > today:
        problems.append(Problem("checked_on", "The day it was checked is today or before."))
    if words.review_by and words.checked_on and words.review_by < words.checked_on:
        problems.append(Problem("review_by", "The next check comes after the last one."))
    return problems


def _words_of(row: LegalReference) -> ReferenceWords:
    return ReferenceWords(row.code, row.act, row.provision, row.url, row.checked_on, row.checked_by, row.review_by)


def _write(row: LegalReference, words: ReferenceWords, *, family: str, by: User | None, at: datetime) -> LegalReference:
    row.family = family
    row.act, row.provision, row.url = words.act, words.provision, words.url
    row.checked_on, row.checked_by, row.review_by = words.checked_on, words.checked_by, words.review_by
    row.words = words_of(words.act, words.provision)[:600]
    row.changed_at, row.changed_by = at, by
    row.save()
    return row
