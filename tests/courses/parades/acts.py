"""What is done with parades again and again: asked for, settled, made into a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from courses.models import Parade, ParadeMember, ProgrammeRelease, Recruit
from courses.parades.filing import make_file
from courses.parades.issuing import (
    ask_for_parade,
    settle_member,
)
from people import clock
from people.models import User
from tests.courses.programmes.acts import release

Person = Callable[..., User]
SUBJECT = "SPEC-110"
DAY = date(2026, 12, 4)


def asked(officers: list[User], by: User, **given: Any) -> Parade:
    chosen = {"subject": SUBJECT, "shape": "zip", "day": DAY, **given}
    return ask_for_parade("Passing out of 26/07", officers, by=by, at=clock.now(), **chosen)


def settle(parade: Parade) -> None:
    for member in ParadeMember.objects.filter(parade=parade):
        settle_member(str(member.pk))


def made(officers: list[User], by: User, **given: Any) -> Parade:
    parade = asked(officers, by, **given)
    settle(parade)
    make_file(str(parade.pk))
    return Parade.objects.select_related("file").get(pk=parade.pk)


def recruited(officer: User, *, closed_at: datetime | None = None) -> Recruit:
    """Somebody on a programme, or who ended it then."""
    found = ProgrammeRelease.objects.first() or release()
    return Recruit.objects.create(
        officer=officer,
        release=found,
        began_on=DAY - timedelta(days=700),
        added_at=clock.now() - timedelta(days=600),
        closed_at=closed_at,
    )


def members(parade: Parade) -> list[tuple[int, str, str]]:
    rows = ParadeMember.objects.filter(parade=parade).order_by("position")
    return [(row.position, row.state, row.reason) for row in rows]
