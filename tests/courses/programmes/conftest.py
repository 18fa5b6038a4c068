"""People around initial training: an administrator, an intake of theirs, a recruit in it, the recruit's team and its sergeant."""

from __future__ import annotations

from typing import Any

import pytest

from courses.models import Intake, Recruit
from people.models import Unit, User
from tests import factories
from tests.courses.programmes.acts import administrator, intake, recruit


@pytest.fixture
def team(db: Any) -> Unit:
    return factories.unit("team")


@pytest.fixture
def ada(db: Any) -> User:
    return administrator()


@pytest.fixture
def sergeant(team: Unit) -> User:
    return factories.person("Sam Demo", "supervisor", unit=team, short_name="Sgt S. Demo")


@pytest.fixture
def where(ada: User) -> Intake:
    return intake(by=ada)


@pytest.fixture
def rae(ada: User, where: Intake, team: Unit) -> Recruit:
    return recruit(where, by=ada, unit=team)
