"""The supervisor's pages of CPD: the summary, verified or returned, never one's own."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cpd_records import activities
from cpd_records.models import Activity, LedgerEntry
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.cpd_pages import Browser, handed_in, logged, team_fixture, text_of  # noqa: F401

pytestmark = pytest.mark.django_db


# --- The supervisor's part --------------------------------------------------------------------------------------------


def test_a_supervisor_reads_the_summary_and_verifies_it(team: dict[str, User], signed_in: Browser) -> None:
    activity = handed_in(team)
    browser = signed_in(team["sergeant"])
    assert "Night scenario exercise" in text_of(browser.get("/team/cpd/"))
    page = browser.get(f"/team/cpd/{activity.pk}/")
    assert "Say the time aloud." in text_of(page)
    assert "You do not see a reflection or files here" in text_of(page)
    assert "Verify 30 min" in text_of(page)
    for _ in range(2):
        response = browser.post(f"/team/cpd/{activity.pk}/verify/", {"seen": page.context["seen"]})
        assert response.headers["Location"] == "/team/cpd/"
    assert Activity.objects.get().state == "verified"
    assert LedgerEntry.objects.count() == 1
    page = text_of(browser.get("/team/cpd/"))
    assert "Verified by you" in page
    assert "Nothing is waiting for you." in page
    assert "It is on the record." in text_of(browser.get(f"/team/cpd/{activity.pk}/"))
    mine = text_of(signed_in(team["officer"]).get(f"/cpd/{activity.pk}/"))
    assert "Verified by" in mine
    assert "Take it back" not in mine


def test_a_supervisor_returns_it_with_a_reason_that_the_officer_reads(
    team: dict[str, User], signed_in: Browser
) -> None:
    activity = handed_in(team)
    browser = signed_in(team["sergeant"])
    page = text_of(browser.post(f"/team/cpd/{activity.pk}/return/", {"reason": ""}))
    assert "Say what is missing, so that it can be put right." in page
    browser.post(f"/team/cpd/{activity.pk}/return/", {"reason": "Which exercise was it?"})
    assert "Which exercise was it?" in text_of(signed_in(team["officer"]).get(f"/cpd/{activity.pk}/"))
    assert browser.get(f"/team/cpd/{activity.pk}/").status_code == 404


def test_verifying_something_that_changed_meanwhile_is_refused(team: dict[str, User], signed_in: Browser) -> None:
    activity = handed_in(team)
    browser = signed_in(team["sergeant"])
    browser.post(f"/team/cpd/{activity.pk}/verify/", {"seen": "of another summary"})
    assert "The officer changed this since you opened it." in text_of(browser.get("/team/cpd/"))
    assert Activity.objects.get().state == "submitted"


def test_a_sergeant_who_verifies_their_own_reads_why_not(signed_in: Browser) -> None:
    inspector_unit = factories.unit("area")
    sergeant_unit = factories.unit("shift", parent=inspector_unit)
    sergeant = factories.person("Sergeant", "supervisor", unit=sergeant_unit)
    inspector = factories.person("Inspector", "supervisor", unit=inspector_unit)
    activity = activities.submit_activity(logged(sergeant), by=sergeant, verifier=inspector, at=clock.now())
    browser = signed_in(sergeant)
    assert browser.get(f"/team/cpd/{activity.pk}/").status_code == 404
    for act in ("verify/", "return/"):
        response = browser.post(f"/team/cpd/{activity.pk}/{act}", {"reason": "x"}, follow=True)
        assert "You cannot verify your own activity. Choose another verifier." in text_of(response)
    assert Activity.objects.get().state == "submitted"


def test_the_page_for_supervisors_is_refused_to_others_with_a_sentence(
    team: dict[str, User], signed_in: Browser
) -> None:
    response = signed_in(team["officer"]).get("/team/cpd/")
    assert response.status_code == 403


def test_the_supervisors_list_costs_the_same_for_one_and_for_many(team: dict[str, User], signed_in: Browser) -> None:
    browser = signed_in(team["sergeant"])
    handed_in(team)
    browser.get("/team/cpd/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/team/cpd/")
    for number in range(9):
        handed_in(team, title=f"Number {number}")
    with CaptureQueriesContext(connection) as many:
        page = text_of(browser.get("/team/cpd/"))
    assert len(few) == len(many)
    assert page.count("row__title") == 6
    assert text_of(browser.get("/team/cpd/?all=mine")).count("row__title") == 10
