"""People around a portfolio: a recruit of an intake, the intake's trainer, an assessor, a sergeant."""

from __future__ import annotations

from typing import Any

import pytest

from courses.models import Intake, Recruit
from courses.programmes.trainers import add_trainer
from people.models import Unit, User
from tests import factories
from tests.courses.portfolio.acts import assessor, release
from tests.courses.programmes.acts import START, administrator, intake, noon, recruit


@pytest.fixture
def team(db: Any) -> Unit:
    return factories.unit("team")


@pytest.fixture
def ada(db: Any) -> User:
    return administrator()


@pytest.fixture
def where(ada: User) -> Intake:
    return intake(by=ada, of=release())


@pytest.fixture
def rae(ada: User, where: Intake, team: Unit) -> Recruit:
    return recruit(where, by=ada, unit=team)


@pytest.fixture
def tess(ada: User, where: Intake) -> User:
    """A trainer of the intake."""
    trainer = factories.person("Tess Demo", "trainer", family="initial")
    add_trainer(where, trainer, by=ada, at=noon(START), on=START)
    return trainer


@pytest.fixture
def asha(db: Any) -> User:
    return assessor()


@pytest.fixture
def sergeant(team: Unit) -> User:
    return factories.person("Sam Demo", "supervisor", unit=team, short_name="Sgt S. Demo")


@pytest.fixture
def ivan(db: Any) -> User:
    return factories.person("Ivan Demo", "iqa")
