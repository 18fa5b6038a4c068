"""Handing CPD in, the list of one's own, and what is somebody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cpd_records import activities
from cpd_records.models import Activity
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.cpd_pages import Browser, answers, handed_in, logged, team_fixture, text_of  # noqa: F401

pytestmark = pytest.mark.django_db


# --- Handing in -------------------------------------------------------------------------------------------------------


def test_a_supervisor_or_somebody_else_with_the_role_is_chosen(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    address = f"/cpd/{activity.pk}/submit/"
    assert "Sergeant D. Demo" in text_of(browser.get(address))
    assert "Choose who verifies it." in text_of(browser.post(address, {}))
    other = {"verifier": "somebody-else", "other_verifier": team["elsewhere"].email}
    assert browser.post(address, other).headers["Location"] == f"/cpd/{activity.pk}/"
    assert Activity.objects.get().verifier == team["elsewhere"]


@pytest.mark.parametrize("whom", ["officer", "stranger", "", "\x00", "<b>nobody</b>"])
def test_nobody_chooses_themselves_or_somebody_who_may_not(
    team: dict[str, User], signed_in: Browser, whom: str
) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    name = team[whom].service_number if whom in team else whom
    page = text_of(browser.post(f"/cpd/{activity.pk}/submit/", {"verifier": "somebody-else", "other_verifier": name}))
    if whom == "officer":
        assert "You cannot verify your own activity. Choose another verifier." in page
    elif whom != "\x00":
        assert "Nobody who may verify CPD has that e-mail address or service number." in page
    assert Activity.objects.get().state == "draft"


def test_a_forged_verifier_is_refused(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    for forged in (team["officer"], team["stranger"], team["elsewhere"]):
        page = browser.post(f"/cpd/{activity.pk}/submit/", {"submit_to": str(forged.public_id)})
        assert "That person does not supervise you now. Choose again." in text_of(page)
    assert Activity.objects.get().state == "draft"


def test_an_officer_without_a_supervisor_is_asked_to_name_one(signed_in: Browser) -> None:
    officer = factories.person("Officer without a unit")
    browser, activity = signed_in(officer), logged(officer)
    assert "Choose who verifies it" in text_of(browser.get(f"/cpd/{activity.pk}/"))
    assert "Somebody else" in text_of(browser.get(f"/cpd/{activity.pk}/submit/"))


def test_it_is_taken_back_and_deleted_by_two_presses(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), handed_in(team)
    browser.post(f"/cpd/{activity.pk}/delete/")
    assert "Only a private draft can be deleted." in text_of(browser.get(f"/cpd/{activity.pk}/"))
    browser.post(f"/cpd/{activity.pk}/withdraw/")
    assert "Delete this draft?" in text_of(browser.get(f"/cpd/{activity.pk}/delete/"))
    browser.post(f"/cpd/{activity.pk}/delete/")
    assert not Activity.objects.exists()


# --- The list ---------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_counts(team: dict[str, User], signed_in: Browser) -> None:
    page = text_of(signed_in(team["officer"]).get("/cpd/"))
    assert "Nothing is logged yet." in page
    assert "0 min" in page.replace("\xa0", " ")


def test_the_list_shows_what_needs_me_first_and_six_rows_of_each(team: dict[str, User], signed_in: Browser) -> None:
    for number in range(8):
        logged(team["officer"], title=f"Draft {number}", day=clock.today() - timedelta(days=number))
    activities.return_activity(
        handed_in(team, title="Came back"), by=team["sergeant"], reason="Which one?", at=clock.now()
    )
    activities.verify_activity(handed_in(team, title="Counted"), by=team["sergeant"], at=clock.now())
    browser = signed_in(team["officer"])
    page = text_of(browser.get("/cpd/"))
    order = [page.index(words) for words in ("Returned to you", "Which one?", "Drafts only you can see", "Verified")]
    assert order == sorted(order)
    assert "Draft 5" in page
    assert "Draft 6" not in page
    assert "Show all 8" in page
    assert "Draft 7" in text_of(browser.get("/cpd/?all=drafts"))


def test_the_list_costs_the_same_for_one_and_for_many(team: dict[str, User], signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    logged(team["officer"])
    handed_in(team)
    activities.verify_activity(handed_in(team), by=team["sergeant"], at=clock.now())
    browser.get("/cpd/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/cpd/")
    for number in range(12):
        logged(team["officer"], day=clock.today() - timedelta(days=number))
        handed_in(team, day=clock.today() - timedelta(days=number))
    with CaptureQueriesContext(connection) as many:
        browser.get("/cpd/")
    assert len(few) == len(many) <= 14


def test_the_pages_of_one_activity_ask_few_questions(team: dict[str, User], signed_in: Browser) -> None:
    activity = logged(team["officer"])
    browser = signed_in(team["officer"])
    for address, most in ((f"/cpd/{activity.pk}/", 12), (f"/cpd/{activity.pk}/reflect/", 11), ("/cpd/log/", 4)):
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        assert len(queries) <= most, [query["sql"] for query in queries]


# --- Other people's ---------------------------------------------------------------------------------------------------


def test_somebody_elses_draft_does_not_exist(team: dict[str, User], signed_in: Browser) -> None:
    draft, waiting = logged(team["officer"]), handed_in(team)
    superuser = factories.person("Superuser", "system-admin")
    for who in (team["sergeant"], team["stranger"], team["elsewhere"], superuser):
        browser = signed_in(who)
        for activity in (draft, waiting):
            for page in ("", "change/", "reflect/", "submit/", "delete/"):
                assert browser.get(f"/cpd/{activity.pk}/{page}").status_code == 404
            for act in ("change/", "reflect/", "submit/", "withdraw/", "share/", "unshare/", "delete/"):
                assert browser.post(f"/cpd/{activity.pk}/{act}", answers()).status_code == 404
        assert browser.get(f"/team/cpd/{draft.pk}/").status_code == 404
        assert browser.post(f"/team/cpd/{draft.pk}/verify/").status_code == 404
        assert browser.post(f"/team/cpd/{draft.pk}/return/", {"reason": "x"}).status_code == 404
    for who in (team["stranger"], team["elsewhere"], superuser):
        assert signed_in(who).get(f"/team/cpd/{waiting.pk}/").status_code == 404
        assert signed_in(who).post(f"/team/cpd/{waiting.pk}/verify/").status_code == 404
    assert {activity.state for activity in Activity.objects.all()} == {"draft", "submitted"}


def test_acts_are_posts_only(team: dict[str, User], signed_in: Browser) -> None:
    activity = handed_in(team)
    for act in ("withdraw", "share", "unshare"):
        assert signed_in(team["officer"]).get(f"/cpd/{activity.pk}/{act}/").status_code == 405
    for act in ("verify", "return"):
        assert signed_in(team["sergeant"]).get(f"/team/cpd/{activity.pk}/{act}/").status_code == 405
