"""Making people, units and the like through the product's own verbs, so that no test starts from an impossible row."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from people.models import Posting, Unit, User
from people.postings import create_unit, post_officer
from people.roles import give_rank, grant_role

_numbers = itertools.count(100001)
LONG_AGO = date(2020, 1, 1)


def person(
    name: str = "", *roles: str, family: str = "", unit: Unit | None = None, rank: str = "", **more: Any
) -> User:
    """Make a person; ``roles`` are granted from long ago, ``unit`` is where they are posted and, as supervisor, supervise."""
    number = next(_numbers)
    user = User.objects.create_user(
        service_number=str(number),
        email=more.pop("email", f"person{number}@force.example"),
        name=name or f"Person {number}",
        password=more.pop("password", "a long enough password"),
        **more,
    )
    if unit is not None:
        post_officer(user, unit, by=None, valid_from=LONG_AGO)
    if rank:
        give_rank(user, rank, by=None, valid_from=LONG_AGO)
    for role in roles:
        scope = unit if role == "supervisor" else None
        grant_role(user, role, by=None, valid_from=LONG_AGO, family=family if scope is None else "", unit=scope)
    return user


def unit(code: str = "", *, name: str = "", parent: Unit | None = None) -> Unit:
    """Make a unit that has stood since long ago."""
    code = code or f"unit-{next(_numbers)}"
    return create_unit(code, name or code.replace("-", " ").title(), parent=parent, by=None, valid_from=LONG_AGO)


def posting(officer: User, where: Unit, *, since: date = LONG_AGO) -> Posting:
    return post_officer(officer, where, by=None, valid_from=since)
