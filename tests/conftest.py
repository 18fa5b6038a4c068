"""What every test may use: databases from a template, people, a signed-in client, simulated time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck, settings

from people.kept import forget_all
from people.models import User
from tests import databases, factories

# No test is timed: on a busy machine, making inputs takes as long as it takes.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Files are handed to workers whole, in this order, so that what takes minutes is not what a worker begins when the other is done.
LONGEST = (
    "tests/test_bad_input.py",
    "tests/test_permissions.py",
    "tests/journeys/test_a_course_comes_out.py",
    "tests/faults/test_nothing_typed_is_lost.py",
    "tests/grown_up/test_certificate_survives_a_killed_worker.py",
    "tests/test_security.py",
    "tests/journeys",
    "tests/test_house_rules.py",
    "tests/training_site",
    "tests/cpd_records",
    "tests/courses",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, and mark what touches the database: the others hold on every database when they hold on one."""
    places = {name: place for place, name in enumerate(LONGEST)}

    def place_of(item: pytest.Item) -> int:
        file = Path(item.nodeid.split("::")[0])
        return min(places.get(str(part), len(LONGEST)) for part in (file, *file.parents))

    items.sort(key=place_of)
    for item in items:
        if item.get_closest_marker("django_db") or {"db", "django_db_setup"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)


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
