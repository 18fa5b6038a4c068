"""What is asked at submission: by the scheme it stands open and is needed, the rest is folded; competencies and principles are data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cpd_records import activities, views_cpd_submit
from cpd_records.activities import ActivityRefused, Details, NotAnswered, Seen
from cpd_records.activities.submitting import ASKED
from cpd_records.models import Activity, Competency, EthicalPrinciple, ReadablePart
from cpd_records.schemes.rules import ASKABLE
from people import clock
from people.models import Role, User
from tests import factories
from tests.cpd_records.cpd_acts import Team, handed_in, logged, photograph, response_team
from tests.hostile import HOSTILE, runs_in, sendable

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
EVERYTHING = Details(
    is_structured=True,
    is_participatory=False,
    is_core=True,
    on_duty=False,
    applied="At the next stop.",
    competencies=("ownership", "analyse"),
    principles=("public_service", "courage"),
    pdr_objective="Better searches",
    no_evidence_reason="Nothing was handed out.",
)


@pytest.fixture
def team() -> Team:
    return response_team()


def write(activity: Activity, details: Details, by: User | None = None) -> Activity:
    seen = Seen(activity.changed_at)
    return activities.write_details(activity, by=by or activity.officer, at=clock.now(), seen=seen, details=details)


def submit(activity: Activity, team: Team, *asked: str) -> Activity:
    return activities.submit_activity(
        activity, by=activity.officer, verifier=team["sergeant"], at=clock.now(), asked=asked
    )


def test_what_a_scheme_may_ask_for_is_what_the_page_can_answer() -> None:
    assert set(ASKED) == set(ASKABLE)


def test_everything_may_be_answered_and_is_kept_in_the_forces_order(team: Team) -> None:
    role = Role.objects.exclude(duty="").earliest("pk")
    kept = write(logged(team["officer"]), Details(**{**vars(EVERYTHING), "role": role}))
    kept.refresh_from_db()
    assert (kept.is_structured, kept.is_participatory, kept.is_core, kept.on_duty) == (True, False, True, False)
    assert (kept.competencies, kept.principles) == (["analyse", "ownership"], ["courage", "public_service"])
    assert (kept.pdr_objective, kept.role, kept.applied) == ("Better searches", role, "At the next stop.")


def test_the_ledger_records_how_it_counts_and_leaves_out_what_nobody_said(team: Team) -> None:
    activity = write(logged(team["officer"]), Details(is_structured=True, on_duty=False))
    activities.verify_activity(submit(activity, team), by=team["sergeant"], at=clock.now())
    payload = ReadablePart.objects.get().payload
    for part in ('"structured":true', '"on_duty":false', '"activity_kind":"briefing"', '"has_reflection":false'):
        assert part in payload
    for part in ("participatory", '"core"', "Better searches"):
        assert part not in payload


@pytest.mark.parametrize("name", ASKED)
def test_what_is_asked_for_and_missing_is_named_and_nothing_is_handed_in(team: Team, name: str) -> None:
    activity = logged(team["officer"])
    with pytest.raises(NotAnswered) as refusal:
        submit(activity, team, name)
    assert refusal.value.missing == {name: ASKED[name]}
    assert Activity.objects.get().state == "draft"


def test_what_is_asked_for_and_answered_is_handed_in(team: Team) -> None:
    role = Role.objects.exclude(duty="").earliest("pk")
    activity = write(logged(team["officer"]), Details(**{**vars(EVERYTHING), "role": role}))
    activities.write_reflection(
        activity, by=activity.officer, at=clock.now(), seen=Seen(None), reflection="Sooner.", helps="", competencies=[]
    )
    activity = write(Activity.objects.get(), Details(**{**vars(EVERYTHING), "role": role}))
    assert submit(activity, team, *ASKED).state == "submitted"


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({"competencies": ["kindness"]}, "Choose competencies from the list."),
        ({"principles": ["profit"]}, "Choose ethical principles from the list."),
        ({"applied": "x" * 4001}, "Your text is 4,001 characters long and 4,000 fit."),
        ({"pdr_objective": "x" * 201}, "The objective is 201 characters long and 200 fit."),
        ({"no_evidence_reason": "x" * 301}, "The reason is 301 characters long and 300 fit."),
    ],
)
def test_a_detail_that_cannot_be_is_refused(team: Team, details: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ActivityRefused, match=sentence):
        write(logged(team["officer"]), Details(**details))


def test_only_its_officer_answers_and_only_while_it_is_in_hand(team: Team) -> None:
    with pytest.raises(ActivityRefused, match=r"Only the officer who logged"):
        write(logged(team["officer"]), EVERYTHING, by=team["sergeant"])
    with pytest.raises(ActivityRefused, match=r"Take it back first"):
        write(handed_in(team), EVERYTHING)


def test_a_verifier_must_read_what_was_answered_since(team: Team) -> None:
    activity = handed_in(team)
    seen = activities.summary_mark(activity)
    back = activities.withdraw_activity(activity, by=team["officer"], at=clock.now())
    submit(write(back, Details(is_structured=True)), team)
    with pytest.raises(ActivityRefused, match=r"changed this since you opened it"):
        activities.verify_activity(activity, by=team["sergeant"], at=clock.now(), seen=seen)


# --- Competencies and principles are data -----------------------------------------------------------------------------


def test_the_frameworks_are_shipped_and_a_force_may_reword_them() -> None:
    assert set(Competency.objects.values_list("code", flat=True)) == {
        "analyse",
        "ownership",
        "emotionally_aware",
        "collaborate",
        "support",
        "innovative",
    }
    assert [principle.title for principle in EthicalPrinciple.objects.all()] == [
        "Courage",
        "Respect and empathy",
        "Public service",
    ]


def test_what_is_offered_no_more_stays_where_it_was_chosen_and_cannot_be_chosen_anew(
    team: Team, signed_in: Browser
) -> None:
    first = write(logged(team["officer"]), Details(competencies=["analyse"]))
    Competency.objects.filter(code="analyse").update(is_active=False, title="We think")
    assert write(first, Details(competencies=["analyse"], applied="Twice.")).competencies == ["analyse"]
    with pytest.raises(ActivityRefused, match=r"Choose competencies from the list."):
        write(logged(team["officer"]), Details(competencies=["analyse"]))
    browser = signed_in(team["officer"])
    assert "We think" in browser.get(f"/cpd/{first.pk}/reflect/").content.decode()
    assert "We think" not in browser.get(f"/cpd/{logged(team['officer']).pk}/reflect/").content.decode()
    assert "We think." in browser.get(f"/cpd/{first.pk}/").content.decode()


def test_only_a_system_administrator_keeps_the_frameworks_and_codes_never_change(signed_in: Browser) -> None:
    admin = signed_in(factories.person("Admin", "system-admin"))
    key = Competency.objects.get(code="analyse").pk
    sent = {"code": "renamed", "title": "We think it through", "is_active": "on", "order": "1"}
    assert admin.post(f"/admin/competencies/edit/{key}/", sent).status_code == 302
    kept = Competency.objects.get(pk=key)
    assert (kept.code, kept.title) == ("analyse", "We think it through")
    assert admin.post(f"/admin/competencies/delete/{key}/").status_code in (302, 403)
    assert Competency.objects.filter(pk=key).exists()


# --- The page ---------------------------------------------------------------------------------------------------------


def asks(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(
        views_cpd_submit, "asked_on_days", lambda officer, *, days: dict.fromkeys(days, frozenset(names))
    )


def test_without_a_scheme_one_button_hands_it_in_and_the_rest_is_folded(team: Team, signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    page = browser.get(f"/cpd/{activity.pk}/submit/").content.decode()
    assert "What your scheme asks for" not in page
    assert page.index("How it counts, and what it is for") < page.index("Was it structured?")
    browser.post(f"/cpd/{activity.pk}/submit/", {"submit_to": str(team["sergeant"].public_id)})
    assert Activity.objects.get().state == "submitted"


def test_what_the_scheme_asks_for_stands_open_and_the_button_of_another_page_leads_to_it(
    team: Team, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(monkeypatch, "is_structured", "no_evidence_reason")
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    address = f"/cpd/{activity.pk}/submit/"
    led = browser.post(address, {"submit_to": str(team["sergeant"].public_id)}, follow=True).content.decode()
    assert "Your scheme asks for more before this is submitted." in led
    opened, folded = led.split("More, if you want to")
    assert "Was it structured?" in opened
    assert "If there is no evidence, say why" in opened
    assert "Did others take part?" in folded
    missing = browser.post(address, {"details": "1", "verifier": str(team["sergeant"].public_id)}).content.decode()
    assert "Say whether it was structured." in missing
    assert "Add evidence, or say why there is none." in missing
    assert Activity.objects.get().state == "draft"
    sent = {"details": "1", "is_structured": "no", "photo": [SimpleUploadedFile("a.jpg", photograph())]}
    seen = Activity.objects.get().changed_at.isoformat()
    browser.post(address, {**sent, "verifier": str(team["sergeant"].public_id), "seen_at": seen})
    activity.refresh_from_db()
    assert (activity.state, activity.is_structured, activity.files.count()) == ("submitted", False, 1)


def test_a_verifier_reads_the_answers_and_not_the_competencies(team: Team, signed_in: Browser) -> None:
    submit(write(logged(team["officer"]), EVERYTHING), team)
    page = signed_in(team["sergeant"]).get(f"/team/cpd/{Activity.objects.get().pk}/").content.decode()
    for words in (
        "At the next stop.",
        "Better searches",
        "Courage. Public service",
        "Nothing was handed out.",
        "In own time",
    ):
        assert words in page
    assert "We analyse critically" not in page


def test_answers_of_two_windows_lose_neither(team: Team, signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    seen = activity.changed_at.isoformat()
    write(activity, Details(applied="In the other window."))
    sent = {"details": "1", "applied": "In this window.", "seen_at": seen, "verifier": str(team["sergeant"].public_id)}
    conflict = browser.post(f"/cpd/{activity.pk}/submit/", sent)
    assert conflict.status_code == 409
    assert "In this window." in conflict.content.decode()
    again = {**sent, "seen_at": conflict.context["details"]["seen_at"].value()}
    assert browser.post(f"/cpd/{activity.pk}/submit/", again).status_code == 302
    assert Activity.objects.get().applied == "In this window."


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answers_are_kept_or_refused_and_shown_as_text(team: Team, signed_in: Browser, name: str) -> None:
    text, browser, activity = sendable(HOSTILE[name]), signed_in(team["officer"]), logged(team["officer"])
    fields = (
        "applied",
        "pdr_objective",
        "no_evidence_reason",
        "is_structured",
        "principles",
        "role",
        "seen_at",
        "page",
    )
    for field in fields:
        sent = {"details": "1", "seen_at": activity.changed_at.isoformat(), field: text}
        answer = browser.post(f"/cpd/{activity.pk}/submit/", sent)
        assert answer.status_code < 500
        assert not runs_in(answer.content.decode())
        activity.refresh_from_db()
    for address in (f"/cpd/{activity.pk}/", f"/cpd/{activity.pk}/submit/"):
        assert not runs_in(browser.get(address).content.decode())
