"""Compiled querysets say what the querysets say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

from people import access, clock
from people.models import RoleHeld, User
from people.prepared import prepared
from people.sign_in import people_who_may_sign_in
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@prepared
def roles_with_people(code: str, on: date) -> QuerySet[RoleHeld]:
    return RoleHeld.objects.in_force(on).filter(role__code=code).select_related("officer", "unit").order_by("pk")


@prepared
def people_named(public_id: Any, name: str) -> QuerySet[User, Any]:
    return User.objects.filter(public_id=public_id, name=name).values_list("pk", "public_id", "joined_at", "is_active")


@prepared
def people_among(public_ids: Any, keys: Any) -> QuerySet[User, Any]:
    chosen = User.objects.filter(public_id__any_of=public_ids, pk__any_of=keys)
    return chosen.order_by("pk").values_list("pk", "public_id")


@prepared
def locked_people(pk: int) -> QuerySet[User]:
    return User.objects.select_for_update().filter(pk=pk)


def test_rows_are_those_of_the_queryset_on_every_call(person: Callable[..., User]) -> None:
    someone, another = person("Bo", "trainer", "assessor", family="initial"), person("Ada", "iqa")
    today = clock.today()
    for officer in (someone, another, someone):
        asked = {"on": today, "officer": officer.pk}
        assert sorted(access.roles_in_force(**asked)) == sorted(access.roles_in_force.queryset(**asked))
    assert len(access.roles_in_force(on=today, officer=someone.pk)) == 2
    assert access.roles_in_force(on=date(2001, 1, 1), officer=someone.pk) == []


def test_columns_become_values_as_the_queryset_makes_them(person: Callable[..., User]) -> None:
    someone = person("Bo")
    asked = {"public_id": someone.public_id, "name": someone.name}
    assert [tuple(row) for row in people_named(**asked)] == list(people_named.queryset(**asked))
    assert people_named(public_id=uuid4(), name=someone.name) == []


def test_a_list_finds_whoever_is_in_it_however_long(person: Callable[..., User]) -> None:
    people = [person(f"Bo {number}") for number in range(5)]
    for chosen in (people[:2], people[1:], [], people):
        keys, public_ids = [one.pk for one in chosen], [one.public_id for one in chosen]
        found = people_among(public_ids=public_ids, keys=[*keys, 0])
        assert [tuple(row) for row in found] == list(zip(keys, public_ids, strict=True))
        assert found == list(people_among.queryset(public_ids=public_ids, keys=[*keys, 0]))


def test_instances_come_with_what_was_joined(person: Callable[..., User]) -> None:
    someone = person("Bo", "trainer", family="initial")
    asked = {"code": "trainer", "on": clock.today()}
    with counted_queries() as queries:
        found = roles_with_people(**asked)
        assert [(held, held.officer.name, held.unit) for held in found] == [(found[0], someone.name, None)]
    assert queries.count == 1
    assert found == list(roles_with_people.queryset(**asked))


def test_the_person_of_a_session_is_read_anew(person: Callable[..., User]) -> None:
    someone = person("Bo")
    assert people_who_may_sign_in(pk=someone.pk) == [someone]
    User.objects.filter(pk=someone.pk).update(is_active=False)
    assert people_who_may_sign_in(pk=someone.pk) == []


def test_every_run_is_counted_as_the_query_it_is() -> None:
    with counted_queries() as queries:
        people_who_may_sign_in(pk=1)
        people_who_may_sign_in(pk=2)
    assert queries.count == 2
    assert all(sql.startswith("SELECT") for sql in queries.statements)


def test_a_value_is_never_part_of_the_statement(person: Callable[..., User]) -> None:
    someone = person("Bo")
    assert people_named(public_id=someone.public_id, name="' OR 1=1 --") == []


@pytest.mark.django_db(transaction=True)
def test_a_row_is_only_locked_inside_a_transaction(person: Callable[..., User]) -> None:
    someone = person("Bo")
    with transaction.atomic():
        assert locked_people(pk=someone.pk) == [someone]
    # SQLite locks the whole database instead of rows, and takes the clause away.
    with pytest.raises(TransactionManagementError) if connection.vendor == "postgresql" else nullcontext():
        locked_people(pk=someone.pk)
