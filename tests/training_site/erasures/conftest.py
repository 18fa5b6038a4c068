"""Two disclosure officers, and somebody whose records they decide about."""

from __future__ import annotations

import pytest

from people.models import User
from tests import factories
from tests.factories import person


@pytest.fixture
def dee() -> User:
    return person("Dee Demo", "disclosure-officer")


@pytest.fixture
def kit() -> User:
    return person("Kit Demo", "disclosure-officer")


@pytest.fixture
def olu() -> User:
    return person("Olu Demo", unit=factories.unit("team"))
