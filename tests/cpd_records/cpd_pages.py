"""What the tests of CPD pages share: a team, what is posted, and activities on their way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from cpd_records import activities
from cpd_records.models import Activity
from people import clock
from people.models import User
from tests import factories

Browser = Callable[[User], Client]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE cpd_records_activity; --",
    "\u202eright to left",
    "zero\u200bwidth",
    "👮🏽‍♀️🚓",
    "Z" + "\u0301" * 190,
    "{{ request.user }}{% now 'Y' %}",
]


@pytest.fixture(name="team")
def team_fixture() -> dict[str, User]:
    team_c = factories.unit("team-c")
    return {
        "officer": factories.person("Officer A. Demo", unit=team_c),
        "sergeant": factories.person("Sergeant D. Demo", "supervisor", unit=team_c),
        "stranger": factories.person("Officer B. Demo", unit=factories.unit("other")),
        "elsewhere": factories.person("Sergeant X. Demo", "supervisor", unit=factories.unit("third")),
    }


def answers(**more: Any) -> dict[str, Any]:
    yesterday = clock.today() - timedelta(days=1)
    return {
        "title": "Briefing on knife-crime orders",
        "day_day": yesterday.day,
        "day_month": yesterday.month,
        "day_year": yesterday.year,
        "length_hours": "0",
        "length_minutes": "45",
        "kind": "briefing",
        "learned": "Orders can carry a search condition.",
        "client_token": str(uuid4()),
        **more,
    }


def logged(officer: User, **more: Any) -> Activity:
    given: dict[str, Any] = {
        "title": "Night scenario exercise",
        "kind": "on_the_job",
        "day": clock.today(),
        "minutes": 30,
        "learned": "Say the time aloud.",
        "client_token": None,
        "at": clock.now(),
        "is_another": True,
        **more,
    }
    return activities.log_activity(officer, **given)


def handed_in(team: dict[str, User], **more: Any) -> Activity:
    activity = logged(team["officer"], **more)
    return activities.submit_activity(activity, by=team["officer"], verifier=team["sergeant"], at=clock.now())


def text_of(response: Any) -> str:
    return response.content.decode()
