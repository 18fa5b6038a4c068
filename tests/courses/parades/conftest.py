"""A course that came out, an administrator, and three officers to be handed certificates."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from courses.parades import issuing
from cpd_records.models import TRAINING_RECORD
from people.models import User
from tests.courses.parades.acts import SUBJECT, Person


@pytest.fixture(autouse=True)
def _a_course(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the course be one that has come out: certificates know it by its code alone."""
    named = {TRAINING_RECORD: "Training records", SUBJECT: "SPEC-110: Stop and search"}
    monkeypatch.setattr(issuing, "subjects", lambda: named)


@pytest.fixture
def ada(person: Person) -> User:
    return person("Ada", "training-admin")


@pytest.fixture
def officers(person: Person) -> list[User]:
    return [person("Cy"), person("Alexandra Bell"), person("=Bo")]


@pytest.fixture
def adas_client(ada: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(ada)
