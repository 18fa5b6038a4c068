"""What every test may use: databases from a template, people, a signed-in client, simulated time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase

from people.kept import forget_all
from people.models import User
from tests import databases, factories


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Give this worker a copy of the migrated template; transactional tests get a fresh one after each."""
    with django_db_blocker.unblock():
        databases.restore()
    flush = TransactionTestCase._fixture_teardown

    def restored(case: TransactionTestCase) -> None:
        databases.restore()

    TransactionTestCase._fixture_teardown = restored
    yield
    TransactionTestCase._fixture_teardown = flush
    with django_db_blocker.unblock():
        databases.drop()


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    cache.clear()
    forget_all()
    yield
    cache.clear()
    forget_all()


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Return a function that makes a person with roles: ``person("Bo", "trainer", family="initial")``."""
    return factories.person


@pytest.fixture
def signed_in(db: None) -> Callable[[User], Client]:
    """Return a function that gives a client signed in as somebody."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="people.sign_in.SignInBackend")
        return client

    return sign_in
