"""Drafts save by themselves: a page numbers its saves, and an old one never overwrites newer text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from cpd_records import activities
from cpd_records.activities import ActivityRefused, ChangedMeanwhile, Seen
from cpd_records.models import Activity, UnfinishedForm
from people import clock
from people.models import User
from tests.cpd_records.cpd_acts import Team, answers_on_page, handed_in, logged, response_team, verified
from tests.hostile import HOSTILE, sendable

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
BY_ITSELF = {"HTTP_X_SAVED_BY": "page"}
PAGE, OTHER = uuid4(), uuid4()


@pytest.fixture
def team() -> Team:
    return response_team()


def write(activity: Activity, text: str, seen: Seen) -> Activity:
    return activities.write_reflection(
        activity, by=activity.officer, at=clock.now(), seen=seen, reflection=text, helps="", competencies=[]
    )


def by_page(number: int, at: Any = None, page: UUID = PAGE) -> Seen:
    return Seen(at, page=page, sequence=number, by_itself=True)


def test_a_page_saves_again_and_again_and_notes_it_once(team: Team) -> None:
    activity = logged(team["officer"])
    for number, text in enumerate(("Ask", "Ask control", "Ask control first"), start=1):
        write(activity, text, by_page(number))
    activity.refresh_from_db()
    assert activity.reflection == "Ask control first"
    assert [step.kind for step in activity.steps.all()] == ["logged", "reflected"]


def test_an_old_save_that_arrives_late_changes_nothing(team: Team) -> None:
    activity = logged(team["officer"])
    write(activity, "The newest", by_page(5))
    write(activity, "An older one", by_page(4))
    write(activity, "The newest, sent twice", by_page(5))
    activity.refresh_from_db()
    assert activity.reflection == "The newest"


def test_a_save_of_another_page_counts_only_when_it_saw_what_is_kept(team: Team) -> None:
    activity = logged(team["officer"])
    first = write(activity, "On the phone", by_page(1))
    with pytest.raises(ChangedMeanwhile, match=r"changed in another window"):
        write(activity, "At the desk", by_page(1, page=OTHER))
    second = write(activity, "At the desk", by_page(1, first.reflected_at, OTHER))
    assert second.reflection == "At the desk"
    with pytest.raises(ChangedMeanwhile):
        write(activity, "On the phone again", by_page(2, first.reflected_at))
    activity.refresh_from_db()
    assert activity.reflection == "At the desk"


def test_a_save_that_says_what_is_kept_already_is_no_conflict(team: Team) -> None:
    activity = logged(team["officer"])
    write(activity, "The same", by_page(1))
    assert write(activity, "The same", by_page(1, page=OTHER)).reflection == "The same"


def test_a_button_without_the_script_ends_the_pages_turn(team: Team) -> None:
    activity = logged(team["officer"])
    first = write(activity, "By itself", by_page(1))
    write(activity, "By the button", Seen(first.reflected_at))
    with pytest.raises(ChangedMeanwhile):
        write(activity, "By itself again", by_page(2))


def test_every_part_of_a_draft_saves_by_itself(team: Team, signed_in: Browser) -> None:
    activity = logged(team["officer"])
    browser = signed_in(team["officer"])
    page = {"page": str(PAGE), "sequence": "1"}
    for address, sent in (
        ("reflect", {"reflection": "Ask first.", "seen_at": ""}),
        ("change", {**answers_on_page(title="A better title"), "seen_at": activity.changed_at.isoformat()}),
    ):
        answer = browser.post(f"/cpd/{activity.pk}/{address}/", {**sent, **page}, **BY_ITSELF)
        assert answer.status_code == 200
        assert set(answer.json()) == {"saved_at", "seen_at"}
    seen_at = answer.json()["seen_at"]
    details = {"details": "1", "applied": "At the next stop.", "on_duty": "yes", "seen_at": seen_at, **page}
    assert browser.post(f"/cpd/{activity.pk}/submit/", details, **BY_ITSELF).status_code == 200
    activity.refresh_from_db()
    assert (activity.title, activity.reflection, activity.applied) == (
        "A better title",
        "Ask first.",
        "At the next stop.",
    )
    assert activity.on_duty is True
    assert activity.state == "draft"


def test_what_cannot_be_saved_is_said_and_nothing_is_changed(team: Team, signed_in: Browser) -> None:
    activity = logged(team["officer"])
    browser = signed_in(team["officer"])
    empty = {**answers_on_page(title=""), "seen_at": activity.changed_at.isoformat(), "page": str(PAGE)}
    refused = browser.post(f"/cpd/{activity.pk}/change/", empty, **BY_ITSELF)
    assert (refused.status_code, refused.json()) == (422, {"refused": "Say in a few words what you did."})
    older = {**answers_on_page(title="Older"), "seen_at": (clock.now() - timedelta(days=1)).isoformat()}
    conflict = browser.post(f"/cpd/{activity.pk}/change/", {**older, "page": str(PAGE), "sequence": "1"}, **BY_ITSELF)
    assert conflict.status_code == 409
    assert "nothing of yours was lost" in conflict.json()["refused"]
    waiting = handed_in(team)
    taken = {**answers_on_page(), "seen_at": waiting.changed_at.isoformat(), "page": str(PAGE), "sequence": "1"}
    assert "Take it back first" in browser.post(f"/cpd/{waiting.pk}/change/", taken, **BY_ITSELF).json()["refused"]
    activity.refresh_from_db()
    assert activity.title == "Briefing on knife-crime orders"


def test_nobody_saves_into_somebody_elses_draft(team: Team, signed_in: Browser) -> None:
    activity = logged(team["officer"])
    for who in ("colleague", "sergeant", "stranger"):
        for address in ("change", "reflect", "submit"):
            sent = {"reflection": "Mine now", "details": "1", "page": str(PAGE), "sequence": "9"}
            assert signed_in(team[who]).post(f"/cpd/{activity.pk}/{address}/", sent, **BY_ITSELF).status_code == 404


# --- Half written ----------------------------------------------------------------------------------------------------


def keep(browser: Client, token: UUID, number: int = 1, page: UUID = PAGE, **typed: str) -> Any:
    sent = {"client_token": str(token), "page": str(page), "sequence": str(number), **typed}
    return browser.post("/cpd/log/", sent, **BY_ITSELF)


def test_a_half_written_form_is_kept_found_and_gone_once_it_is_logged(team: Team, signed_in: Browser) -> None:
    browser, token = signed_in(team["officer"]), uuid4()
    saved = keep(browser, token, title="Half a", length_minutes="45")
    assert saved.status_code == 200
    keep(browser, token, 3, title="Half a sentence", length_minutes="45", times_begins="09:", kind="briefing")
    keep(browser, token, 2, title="Half")
    kept = UnfinishedForm.objects.get()
    assert kept.fields["title"] == "Half a sentence"
    assert "Half a sentence" in browser.get("/cpd/").content.decode()
    page = browser.get(f"/cpd/log/?continue={token}").content.decode()
    for value in ("Half a sentence", "45", "09:", str(token)):
        assert f'value="{value}"' in page
    browser.post("/cpd/log/", answers_on_page(client_token=str(token)))
    assert not UnfinishedForm.objects.exists()
    assert keep(browser, token, 4, title="Too late").json() == {"gone": "logged"}
    assert not UnfinishedForm.objects.exists()


def test_a_half_written_form_is_its_writers_alone(team: Team, signed_in: Browser) -> None:
    token = uuid4()
    keep(signed_in(team["officer"]), token, title="Private words")
    other = signed_in(team["colleague"])
    assert "Private words" not in other.get(f"/cpd/log/?continue={token}").content.decode()
    assert other.post(f"/cpd/unfinished/{token}/delete/").status_code == 404
    keep(other, token, title="Theirs")
    assert UnfinishedForm.objects.count() == 2
    assert signed_in(team["officer"]).post(f"/cpd/unfinished/{token}/delete/").status_code == 302
    assert UnfinishedForm.objects.get().officer == team["colleague"]


def test_a_half_written_form_of_another_page_is_not_overwritten(team: Team, signed_in: Browser) -> None:
    browser, token = signed_in(team["officer"]), uuid4()
    kept = keep(browser, token, title="On the phone").json()["seen_at"]
    assert keep(browser, token, page=OTHER, title="At the desk").status_code == 409
    assert keep(browser, token, page=OTHER, title="At the desk", seen_at=kept).status_code == 200


def test_only_so_many_forms_are_kept_and_none_too_long(team: Team, signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    for number in range(20):
        assert keep(browser, uuid4(), title=f"Form {number}").status_code == 200
    assert "Finish one, or throw one away." in keep(browser, uuid4(), title="One more").json()["refused"]
    with pytest.raises(ActivityRefused, match=r"too long to be kept"):
        activities.keep_unfinished(
            team["officer"], token=uuid4(), fields={"learned": "x" * 60_001}, seen=by_page(1), at=clock.now()
        )
    assert keep(browser, uuid4(), page="no page", title="x").status_code == 422  # type: ignore[arg-type]
    assert browser.post("/cpd/log/", {"title": "x"}, **BY_ITSELF).status_code == 422


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_are_kept_as_typed_and_shown_as_text(team: Team, signed_in: Browser, name: str) -> None:
    text, browser, token = sendable(HOSTILE[name]), signed_in(team["officer"]), uuid4()
    assert keep(browser, token, title=text, learned=text, day_day=text[:50], times_begins=text[:20]).status_code in (
        200,
        422,
    )
    for address in ("/cpd/", f"/cpd/log/?continue={token}"):
        page = browser.get(address)
        assert page.status_code == 200
        assert "<script>hostile()" not in page.content.decode()


def test_a_verified_reflection_that_was_shared_is_not_saved_over(team: Team, signed_in: Browser) -> None:
    activity = logged(team["officer"])
    write(activity, "As it was read", Seen(None))
    activities.share_reflection(activity, by=team["officer"], at=clock.now())
    activities.submit_activity(activity, by=team["officer"], verifier=team["sergeant"], at=clock.now())
    activities.verify_activity(activity, by=team["sergeant"], at=clock.now())
    sent = {"reflection": "Otherwise", "page": str(PAGE), "sequence": "1"}
    answer = signed_in(team["officer"]).post(f"/cpd/{activity.pk}/reflect/", sent, **BY_ITSELF)
    assert "stays as it was read" in answer.json()["refused"]
    assert verified(team).state == "verified"
