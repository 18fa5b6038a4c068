"""What would not count without a reflection is said before it is handed in, while the reflection can still be written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from cpd_records import activities
from cpd_records.activities import Seen
from cpd_records.models import Activity
from cpd_records.schemes import lost_without_reflection, progress_of
from people import clock
from people.models import User
from tests.cpd_records.cpd_acts import logged

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
InForce = Callable[..., object]


def reflect(activity: Activity) -> Activity:
    return activities.write_reflection(
        activity,
        by=activity.officer,
        at=clock.now(),
        seen=Seen(at=None),
        reflection="Ask first.",
        helps="",
        competencies=(),
    )


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("local-development-target", "Without a reflection it never counts in “Local development target”."),
        (
            "like-nmc",
            "Without a reflection it does not count towards “Reflective accounts” in “Shaped like NMC revalidation”.",
        ),
        ("college-model", ""),
        ("like-hcpc", ""),
    ],
)
def test_a_scheme_says_what_is_lost_without_a_reflection(
    officer: User, in_force: InForce, code: str, said: str
) -> None:
    in_force(code)
    activity = logged(officer)
    assert "".join(lost_without_reflection([activity])) == said
    assert lost_without_reflection([reflect(activity)]) == {}


def test_with_no_scheme_in_force_nothing_is_lost(officer: User) -> None:
    assert lost_without_reflection([logged(officer)]) == {}


def test_the_button_of_another_page_leads_to_the_warning_and_it_may_be_submitted_all_the_same(
    team: dict[str, User], signed_in: Browser, in_force: InForce
) -> None:
    in_force("local-development-target")
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    address, to = f"/cpd/{activity.pk}/submit/", str(team["sergeant"].public_id)
    led = browser.post(address, {"submit_to": to}, follow=True).content.decode()
    assert "Without a reflection it never counts in “Local development target”." in led
    assert Activity.objects.get().state == "draft"
    sent = {"details": "1", "verifier": to, "seen_at": activity.changed_at.isoformat()}
    asked = {"applied": "At stops.", "no_evidence_reason": "Nothing was handed out.", "on_duty": "yes"}
    answers = {**asked, "is_structured": "no", "is_participatory": "yes"}
    browser.post(address, {**sent, **answers})
    assert Activity.objects.get().state == "submitted"


def test_a_briefing_that_a_supervisor_recorded_is_not_self_declared_and_counts(
    team: dict[str, User], in_force: InForce
) -> None:
    in_force("local-development-target")
    briefing = activities.record_briefing(
        team["sergeant"],
        title="Night duty briefing",
        kind="briefing",
        day=clock.today(),
        minutes=30,
        about="Two new orders.",
        officers=[team["officer"]],
        at=clock.now(),
    )
    attendance = briefing.attendances.get()
    activities.confirm_attendance(attendance, by=team["officer"], at=clock.now())
    (progress,) = progress_of(team["officer"], on=clock.today())
    assert {target.target.title: target.counted for target in progress.targets}["In all"] == 30
