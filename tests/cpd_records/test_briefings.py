"""A briefing recorded once for a shift: each one who was there confirms, and has an entry of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cpd_records import activities
from cpd_records.activities import ActivityRefused, NotYourActivity
from cpd_records.models import Activity, Attendance, Briefing, LedgerEntry, ReadablePart
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.cpd_acts import Team, logged, response_team
from tests.hostile import HOSTILE, runs_in, sendable
from tests.queries import at_most_queries

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


@pytest.fixture
def team() -> Team:
    return response_team()


def recorded(team: Team, *names: str, by: str = "sergeant", **more: Any) -> Briefing:
    answers: dict[str, Any] = {
        "title": "Briefing on the new order",
        "kind": "briefing",
        "day": clock.today(),
        "minutes": 20,
        "about": "The order carries a search condition.",
        "officers": [team[name] for name in names or ("officer", "colleague")],
        "at": clock.now(),
        **more,
    }
    return activities.record_briefing(team[by], **answers)


def asked(briefing: Briefing, officer: User) -> Attendance:
    return Attendance.objects.get(briefing=briefing, officer=officer)


def confirm(briefing: Briefing, officer: User, **more: Any) -> Activity:
    return activities.confirm_attendance(asked(briefing, officer), by=officer, at=clock.now(), **more)


def test_each_one_who_confirms_has_an_entry_of_their_own_and_nobody_else(team: Team) -> None:
    briefing = recorded(team)
    assert not LedgerEntry.objects.exists()
    mine = confirm(briefing, team["officer"])
    theirs = confirm(briefing, team["colleague"], learned="I ask control for the times.")
    assert (mine.state, mine.verifier, mine.source, mine.learned) == (
        "verified",
        team["sergeant"],
        "briefing",
        "The order carries a search condition.",
    )
    assert theirs.learned == "I ask control for the times."
    parts = {part.officer: json.loads(part.payload) for part in ReadablePart.objects.all()}
    assert set(parts) == {team["officer"].public_id, team["colleague"].public_id}
    said = parts[team["officer"].public_id]
    assert (said["briefing"], said["verified_by"]) == (str(briefing.pk), str(team["sergeant"].public_id))
    assert (said["participatory"], said["on_duty"], said["activity_kind"]) == (True, True, "briefing")
    assert [step.kind for step in mine.steps.all()] == ["logged", "verified"]
    assert activities.totals_of_year(team["officer"], on=clock.today()).total == 20


def test_confirming_twice_is_confirming_once(team: Team) -> None:
    briefing = recorded(team)
    assert confirm(briefing, team["officer"]) == confirm(briefing, team["officer"], learned="Again")
    assert LedgerEntry.objects.count() == 1


def test_the_same_form_twice_is_one_briefing(team: Team) -> None:
    token = uuid4()
    assert recorded(team, client_token=token) == recorded(team, client_token=token)
    assert Attendance.objects.count() == 2


def test_whoever_was_not_there_has_nothing_recorded_and_may_still_confirm(team: Team) -> None:
    briefing = recorded(team)
    denied = activities.deny_attendance(asked(briefing, team["officer"]), by=team["officer"], at=clock.now())
    assert denied.state == "absent"
    assert not Activity.objects.exists()
    confirm(briefing, team["officer"])
    with pytest.raises(ActivityRefused, match=r"You confirmed this, and it is on your record."):
        activities.deny_attendance(asked(briefing, team["officer"]), by=team["officer"], at=clock.now())


def test_nobody_confirms_or_denies_for_somebody_else(team: Team) -> None:
    attendance = asked(recorded(team), team["officer"])
    for who in ("colleague", "sergeant", "inspector", "stranger"):
        with pytest.raises(NotYourActivity):
            activities.confirm_attendance(attendance, by=team[who], at=clock.now())
        with pytest.raises(NotYourActivity):
            activities.deny_attendance(attendance, by=team[who], at=clock.now())
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "sergeant", "inspector"])
def test_only_ones_own_people_are_named_and_never_oneself(team: Team, who: str) -> None:
    with pytest.raises(ActivityRefused, match=r"Only people you supervised on"):
        recorded(team, "officer", who)
    assert not Briefing.objects.exists()


def test_only_a_supervisor_records_for_others(team: Team) -> None:
    for who in ("officer", "trainer"):
        with pytest.raises(NotYourActivity, match=r"Only a supervisor records a briefing for others."):
            recorded(team, "colleague", by=who)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"officers": []}, "Choose who was there."),
        ({"title": " "}, "Say in a few words what you did."),
        ({"about": ""}, "Say in a sentence what you learned."),
        ({"minutes": 1441}, "24 hours or less"),
        ({"minutes": 721}, "more than 12 hours"),
    ],
)
def test_a_briefing_that_cannot_be_is_refused(team: Team, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ActivityRefused, match=sentence):
        recorded(team, **more)
    with pytest.raises(ActivityRefused, match=r"still to come"):
        recorded(team, day=clock.today() + timedelta(days=1))


def test_a_day_that_is_full_has_no_room_for_a_briefing(team: Team) -> None:
    logged(team["officer"], minutes=1430, is_long_day=True)
    with pytest.raises(ActivityRefused, match=r"a day has 24"):
        confirm(recorded(team), team["officer"])
    assert not LedgerEntry.objects.exists()


def test_a_closed_briefing_asks_nobody_and_keeps_what_was_confirmed(team: Team) -> None:
    briefing = recorded(team)
    confirm(briefing, team["officer"])
    with pytest.raises(NotYourActivity, match=r"Only Sergeant D. Demo, who recorded this briefing, can close it."):
        activities.close_briefing(briefing, by=team["inspector"], at=clock.now())
    for _ in range(2):
        activities.close_briefing(briefing, by=team["sergeant"], at=clock.now())
    for act in (
        lambda: confirm(briefing, team["colleague"]),
        lambda: activities.deny_attendance(asked(briefing, team["colleague"]), by=team["colleague"], at=clock.now()),
    ):
        with pytest.raises(ActivityRefused, match=r"Sergeant D. Demo closed this briefing"):
            act()
    assert LedgerEntry.objects.count() == 1
    assert not Attendance.objects.of(team["colleague"]).asked().exists()


def test_the_database_holds_that_a_confirmation_has_its_activity(team: Team) -> None:
    attendance = asked(recorded(team), team["officer"])
    for columns in (
        {"state": "confirmed", "answered_at": clock.now()},
        {"state": "absent"},
        {"answered_at": clock.now()},
        {"state": "asked", "activity": logged(team["officer"])},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attendance.objects.filter(pk=attendance.pk).update(**columns)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(briefing=attendance.briefing, officer=team["officer"])


# --- The pages --------------------------------------------------------------------------------------------------------


def page_answers(team: Team, *names: str, **more: Any) -> dict[str, Any]:
    today = clock.today()
    return {
        "title": "Briefing on the new order",
        "day_day": today.day,
        "day_month": today.month,
        "day_year": today.year,
        "length_minutes": "20",
        "kind": "briefing",
        "about": "The order carries a search condition.",
        "officers": [str(team[name].public_id) for name in names],
        "client_token": str(uuid4()),
        "unit": "team-c",
        **more,
    }


def test_a_sergeant_records_it_once_and_the_shift_confirms_with_one_button(team: Team, signed_in: Browser) -> None:
    sergeant = signed_in(team["sergeant"])
    form = sergeant.get("/team/briefings/new/").content.decode()
    assert "Officer A. Demo" in form
    assert "Officer S. Demo" not in form
    sent = page_answers(team, "officer", "colleague", is_structured="no", is_core="yes")
    answer = sergeant.post("/team/briefings/new/", sent)
    briefing = Briefing.objects.get()
    assert (briefing.is_structured, briefing.is_core) == (False, True)
    assert answer.headers["Location"] == f"/team/briefings/{briefing.pk}/"

    officer, colleague = signed_in(team["officer"]), signed_in(team["colleague"])
    assert "Were you there?" in officer.get("/cpd/").content.decode()
    assert "Were you there? Briefing on the new order" in officer.get("/my/").content.decode()
    assert officer.post(f"/cpd/briefings/{briefing.pk}/").status_code == 302
    assert "It is on your record." in officer.get("/cpd/").content.decode()
    assert colleague.post(f"/cpd/briefings/{briefing.pk}/absent/").status_code == 302
    page = sergeant.get(f"/team/briefings/{briefing.pk}/").content.decode()
    assert "1 of 2 confirmed" in page
    assert page.index("Was not there") < page.index("Officer B. Demo") < page.index("Confirmed")
    assert "1 of 2 confirmed" in sergeant.get("/team/briefings/").content.decode()
    assert signed_in(team["inspector"]).get(f"/team/briefings/{briefing.pk}/").status_code == 404


def test_what_is_wrong_is_named_and_the_words_are_kept(team: Team, signed_in: Browser) -> None:
    sergeant = signed_in(team["sergeant"])
    page = sergeant.post("/team/briefings/new/", page_answers(team, title="My words", about="")).content.decode()
    assert "Choose who was there." in page
    assert 'value="My words"' in page
    forged = sergeant.post("/team/briefings/new/", page_answers(team, "stranger")).content.decode()
    assert "Choose people from the list." in forged
    long = page_answers(team, "officer", length_hours="13", length_minutes="")
    assert "Yes, that is right" in sergeant.post("/team/briefings/new/", long).content.decode()
    assert not Briefing.objects.exists()
    assert sergeant.post("/team/briefings/new/", {**long, "is_long_day": "on"}).status_code == 302


def test_the_list_and_a_briefing_cost_the_same_for_few_and_for_many(team: Team, signed_in: Browser) -> None:
    unit = team["officer"].postings.get().unit
    team |= {f"n{number}": factories.person(unit=unit) for number in range(12)}
    sergeant = signed_in(team["sergeant"])
    recorded(team, "officer")
    briefing = recorded(team, *(f"n{number}" for number in range(12)), title="All")
    for number in range(8):
        recorded(team, "colleague", title=f"Talk {number}")
    confirm(briefing, team["n1"])
    sergeant.get("/team/briefings/")
    with at_most_queries(5):
        sergeant.get("/team/briefings/")
    with at_most_queries(7):
        sergeant.get(f"/team/briefings/{briefing.pk}/")
    with at_most_queries(12):
        sergeant.get("/team/briefings/new/")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_are_kept_or_refused_and_shown_as_text(team: Team, signed_in: Browser, name: str) -> None:
    text, sergeant, officer = sendable(HOSTILE[name]), signed_in(team["sergeant"]), signed_in(team["officer"])
    for field in ("title", "about", "kind", "length_minutes", "unit", "client_token", "officers", "is_structured"):
        answer = sergeant.post("/team/briefings/new/", page_answers(team, "officer", **{field: text}))
        assert answer.status_code < 500
        assert not runs_in(answer.content.decode())
    for briefing in Briefing.objects.all():
        assert not runs_in(sergeant.get(f"/team/briefings/{briefing.pk}/").content.decode())
        assert not runs_in(officer.post(f"/cpd/briefings/{briefing.pk}/", {"learned": text}).content.decode())
    for page in (officer.get("/cpd/"), sergeant.get("/team/briefings/")):
        assert page.status_code == 200
        assert not runs_in(page.content.decode())
