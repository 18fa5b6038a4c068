"""What the tests of CPD activities share: a team, and activities made through the verbs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from cpd_records import activities
from cpd_records.activities import (
    Seen,
)
from cpd_records.models import Activity
from people.models import User
from tests import factories

NOW = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
DAY = date(2026, 11, 22)


@pytest.fixture(name="team")
def team_fixture() -> dict[str, User]:
    """A response team with its sergeant, the inspector above, and a sergeant of another team."""
    borough = factories.unit("borough")
    team_c = factories.unit("team-c", parent=borough)
    return {
        "officer": factories.person("Officer A. Demo", unit=team_c),
        "sergeant": factories.person("Sergeant D. Demo", "supervisor", unit=team_c),
        "inspector": factories.person("Inspector C. Demo", "supervisor", unit=borough),
        "elsewhere": factories.person("Sergeant X. Demo", "supervisor", unit=factories.unit("other-team")),
    }


def log(officer: User, *, at: datetime = NOW, **answers: Any) -> Activity:
    given_answers: dict[str, Any] = {
        "title": "Briefing on knife-crime orders",
        "kind": "briefing",
        "day": DAY,
        "minutes": 45,
        "learned": "Orders can carry a search condition.",
        "client_token": None,
        "is_another": True,
        **answers,
    }
    return activities.log_activity(officer, at=at, **given_answers)


def answers_of(activity: Activity) -> dict[str, Any]:
    return dict(vars(activities.summary_of(activity)))


def submitted(team: dict[str, User], **answers: Any) -> Activity:
    return activities.submit_activity(
        log(team["officer"], **answers), by=team["officer"], verifier=team["sergeant"], at=NOW
    )


def reflect(activity: Activity, by: User, **written: Any) -> Activity:
    given_text = {
        "reflection": "I will ask control first.",
        "helps": "The public",
        "competencies": ["analyse"],
        **written,
    }
    return activities.write_reflection(activity, by=by, at=NOW, seen=Seen(activity.reflected_at), **given_text)
