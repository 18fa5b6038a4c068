"""Which banks there are, and whose they are. A bank is a name given from above; it is known by what lies in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet

from assessments.authors import families_written_by
from assessments.bank import BankRefused, approved_versions
from assessments.models import Assessment, Question, Topic
from people import clock
from people.models import RoleHeld


def families_by_bank() -> dict[str, set[str]]:
    """Return every bank that holds a question or an assessment, with the families it belongs to."""
    found: dict[str, set[str]] = {}
    for model in (Question, Assessment):
        for bank, family in model.objects.order_by().values_list("bank", "family").distinct():
            found.setdefault(bank, set()).add(family)
    return found


def banks_to_write_in(user: AbstractBaseUser | AnonymousUser) -> list[tuple[str, str]]:
    """Return (bank, family) for each bank this person may write in."""
    own = families_written_by(user)
    rows = {(bank, family) for bank, families in families_by_bank().items() for family in families}
    return sorted(row for row in rows if own is None or row[1] in own)


def families_to_write_for(user: AbstractBaseUser | AnonymousUser) -> list[str]:
    """Return the families this person may begin a bank for; those who write for all choose among those that are known."""
    own = families_written_by(user)
    if own is not None:
        return sorted(own)
    known = set().union(*families_by_bank().values())
    known |= set(RoleHeld.objects.in_force(clock.today()).values_list("family", flat=True))
    return sorted(known - {""})


def check_bank(bank: str, family: str) -> None:
    """Refuse a bank that belongs to another family."""
    owners = families_by_bank().get(bank, set())
    if owners and family not in owners:
        raise BankRefused(f"The bank {bank} belongs to another family of courses. Choose another name.")


def contents_of(bank: str) -> list[Mapping[str, Any]]:
    """Return how many approved questions of assessments a bank has, by outcome, topic and difficulty."""
    rows = approved_versions(bank).order_by().values("outcome", "topic", "difficulty").annotate(questions=Count("pk"))
    return list(rows.order_by("outcome", "topic", "difficulty"))


@dataclass(frozen=True)
class BankLine:
    """A bank as a list shows it: the top of its tree, how many questions and topics it has."""

    top: Topic
    questions: int
    topics: int


def banks_seen_by(user: AbstractBaseUser | AnonymousUser) -> list[BankLine]:
    """Return the banks of the families this person works for. Three queries."""
    tops = list(Topic.objects.visible_to(user).filter(parent__isnull=True).order_by("bank"))
    names = [top.bank for top in tops]
    questions = _counted(Question.objects.filter(bank__in=names))
    topics = _counted(Topic.objects.standing().filter(bank__in=names, parent__isnull=False))
    return [BankLine(top, questions.get(top.bank, 0), topics.get(top.bank, 0)) for top in tops]


def questions_by_topic(bank: str) -> dict[UUID, int]:
    """Return how many questions stand at each topic of a bank itself, what is below it not counted."""
    rows = Question.objects.filter(bank=bank, topic__isnull=False).order_by().values_list("topic")
    return dict(rows.annotate(Count("pk")))


def _counted(rows: QuerySet[Any]) -> dict[str, int]:
    return dict(rows.order_by().values_list("bank").annotate(Count("pk")))
