"""A training administrator, a system administrator, a sergeant and an officer of theirs."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from people.models import User
from tests import factories


@dataclass
class Station:
    officer: User
    sergeant: User
    training_admin: User
    system_admin: User
    auditor: User


@pytest.fixture
def station(db: None) -> Station:
    team = factories.unit("team")
    return Station(
        officer=factories.person("PC O. Demo", "taser-officer", unit=team, rank="constable"),
        sergeant=factories.person("Sgt S. Demo", "supervisor", unit=team, rank="inspector"),
        training_admin=factories.person("M. Demo", "training-admin"),
        system_admin=factories.person("Z. Demo", "system-admin"),
        auditor=factories.person("A. Demo", "auditor"),
    )
