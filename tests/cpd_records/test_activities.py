"""CPD activities through their verbs: private until handed in, verified by somebody else, recorded once."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpd_records import activities, activity_rules
from cpd_records.activities import (
    ActivityRefused,
    AlreadyLogged,
    ChangedMeanwhile,
    LongDay,
    NotYourActivity,
    Seen,
)
from cpd_records.models import Activity, ActivityKind, ActivityStep, ReadablePart
from people.models import User
from tests.cpd_records.activity_acts import NOW, answers_of, log, submitted, team_fixture  # noqa: F401

pytestmark = pytest.mark.django_db


# --- Logging ----------------------------------------------------------------------------------------------------------


def test_five_answers_make_a_private_draft(team: dict[str, User]) -> None:
    activity = log(team["officer"])
    assert (activity.state, activity.minutes, activity.verifier) == ("draft", 45, None)
    assert [step.kind for step in activity.steps.all()] == ["logged"]
    for other in ("sergeant", "inspector", "elsewhere"):
        assert not Activity.objects.visible_to(team[other]).exists()


def test_the_same_form_twice_is_one_draft(team: dict[str, User]) -> None:
    token = uuid4()
    first = log(team["officer"], client_token=token)
    again = log(team["officer"], client_token=token, at=NOW + timedelta(hours=3))
    assert first == again
    assert Activity.objects.count() == 1


def test_the_same_form_saying_something_else_loses_neither(team: dict[str, User]) -> None:
    token = uuid4()
    first = log(team["officer"], client_token=token)
    with pytest.raises(AlreadyLogged, match=r"logged this already at 09:00.*save it to change") as refusal:
        log(team["officer"], client_token=token, title="Something longer")
    assert refusal.value.activity == first


def test_two_people_may_happen_to_have_the_same_token(team: dict[str, User]) -> None:
    token = uuid4()
    assert log(team["officer"], client_token=token) != log(team["sergeant"], client_token=token)


@pytest.mark.parametrize(
    ("answers", "field", "sentence"),
    [
        ({"title": " \u200b "}, "title", "Say in a few words what you did."),
        ({"title": "\u0301" * 40}, "title", "Say in a few words what you did."),
        ({"title": "x" * 201}, "title", "The title is 201 characters long and 200 fit. Shorten it."),
        ({"kind": "holiday"}, "kind", "Choose what kind of learning it was."),
        ({"day": date(2026, 11, 24)}, "day", "24 November 2026 is still to come. Enter the day it happened."),
        ({"day": date(2016, 11, 22)}, "day", "22 November 2016 is too long ago. Enter a day since 23 November 2016."),
        ({"minutes": 0}, "length", "Length must be at least one minute."),
        ({"minutes": 1500}, "length", "Length must be 24 hours or less on one day."),
        ({"minutes": 780}, "is_long_day", "13 h is more than 12 hours. Tick the box if that is right."),
        ({"learned": "\n"}, "learned", "Say in a sentence what you learned."),
        (
            {"learned": "x" * 4001},
            "learned",
            "What you learned is 4,001 characters long and 4,000 fit. Shorten it.",
        ),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_a_sentence(
    team: dict[str, User], answers: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(ActivityRefused) as refusal:
        log(team["officer"], **answers)
    assert (refusal.value.field, str(refusal.value)) == (field, sentence)
    assert not Activity.objects.exists()


def test_today_is_the_day_in_london(team: dict[str, User]) -> None:
    late_in_june = datetime.fromisoformat("2026-06-30T23:30:00+00:00")
    assert log(team["officer"], day=date(2026, 7, 1), at=late_in_june).day == date(2026, 7, 1)


def test_more_than_twelve_hours_is_a_question_and_exactly_twelve_is_not(team: dict[str, User]) -> None:
    assert log(team["officer"], minutes=720).minutes == 720
    with pytest.raises(LongDay):
        log(team["officer"], day=date(2026, 11, 20), minutes=721)
    assert log(team["officer"], day=date(2026, 11, 20), minutes=1440, is_long_day=True).minutes == 1440


def test_the_question_is_about_the_day_whatever_it_is_made_of(team: dict[str, User]) -> None:
    log(team["officer"], minutes=480)
    assert log(team["officer"], minutes=240).minutes == 240
    with pytest.raises(LongDay) as question:
        log(team["officer"], minutes=1)
    assert str(question.value) == (
        "With this you would have logged 12 h 1 min on 22 November 2026, more than 12 hours. Tick the box if that is right."
    )
    last = log(team["officer"], minutes=30, is_long_day=True)
    answers = vars(activities.summary_of(last))
    given: dict[str, Any] = {"by": team["officer"], "at": NOW, "seen": Seen(at=last.changed_at)}
    assert activities.change_activity(last, **given, **{**answers, "title": "Talk"}).title == "Talk"
    given["seen"] = Seen(at=NOW)
    with pytest.raises(LongDay):
        activities.change_activity(last, **given, **{**answers, "minutes": 31})


def test_no_day_has_twenty_five_hours(team: dict[str, User]) -> None:
    log(team["officer"], minutes=720)
    log(team["officer"], minutes=660, is_long_day=True)
    with pytest.raises(ActivityRefused) as refusal:
        log(team["officer"], minutes=120)
    assert str(refusal.value) == (
        "You have already logged 23 h on 22 November 2026. With this it would be 25 h, and a day has 24."
    )
    assert log(team["officer"], minutes=60, is_long_day=True).minutes == 60
    assert log(team["sergeant"], minutes=120).minutes == 120


def test_leap_days_count_ten_years_back() -> None:
    assert activity_rules.years_before(date(2028, 2, 29), 10) == date(2018, 2, 28)


# --- Changing ---------------------------------------------------------------------------------------------------------


def test_a_draft_can_be_changed_and_its_own_minutes_do_not_count_against_it(team: dict[str, User]) -> None:
    activity = log(team["officer"], minutes=720)
    changed = activities.change_activity(
        activity,
        by=team["officer"],
        at=NOW + timedelta(minutes=5),
        seen=Seen(activity.changed_at),
        **{**answers_of(activity), "minutes": 1440},
        is_long_day=True,
    )
    assert changed.minutes == 1440
    assert [step.kind for step in changed.steps.all()] == ["logged", "changed"]


def test_a_change_from_another_window_is_refused_and_names_the_time(team: dict[str, User]) -> None:
    activity = log(team["officer"])
    officer = team["officer"]
    seen = activity.changed_at
    first = {**answers_of(activity), "title": "From the first window"}
    activities.change_activity(activity, by=officer, at=NOW + timedelta(minutes=3), seen=Seen(seen), **first)
    second = {**first, "title": "From the second window"}
    with pytest.raises(ChangedMeanwhile) as refusal:
        activities.change_activity(activity, by=officer, at=NOW + timedelta(minutes=5), seen=Seen(seen), **second)
    assert str(refusal.value) == (
        "This was changed in another window at 09:03. Your text is below; nothing of yours was lost."
    )
    assert refusal.value.activity.title == "From the first window"


def test_saving_the_same_answers_twice_is_no_conflict(team: dict[str, User]) -> None:
    activity = log(team["officer"])
    change = {"by": team["officer"], "seen": Seen(activity.changed_at), **answers_of(activity), "title": "New"}
    activities.change_activity(activity, at=NOW + timedelta(minutes=1), **change)
    activities.change_activity(activity, at=NOW + timedelta(minutes=2), **change)
    assert ActivityStep.objects.filter(kind="changed").count() == 1


def test_what_waits_must_be_taken_back_before_it_is_changed(team: dict[str, User]) -> None:
    activity = submitted(team)
    change = {"by": team["officer"], "at": NOW, "seen": Seen(activity.changed_at), **answers_of(activity)}
    with pytest.raises(ActivityRefused, match=r"waiting for Sergeant D. Demo. Take it back first"):
        activities.change_activity(activity, **{**change, "title": "Another"})
    back = activities.withdraw_activity(activity, by=team["officer"], at=NOW)
    change["seen"] = Seen(back.changed_at)
    assert activities.change_activity(activity, **{**change, "title": "Another"}).title == "Another"


@pytest.mark.parametrize("who", ["sergeant", "elsewhere"])
def test_nobody_else_changes_writes_submits_takes_back_shares_or_deletes(team: dict[str, User], who: str) -> None:
    activity, stranger = log(team["officer"]), team[who]
    tries = [
        lambda: activities.change_activity(
            activity, by=stranger, at=NOW, seen=Seen(NOW), **{**answers_of(activity), "title": "Mine"}
        ),
        lambda: activities.write_reflection(
            activity, by=stranger, at=NOW, seen=Seen(None), reflection="x", helps="", competencies=[]
        ),
        lambda: activities.submit_activity(activity, by=stranger, verifier=team["inspector"], at=NOW),
        lambda: activities.withdraw_activity(activity, by=stranger, at=NOW),
        lambda: activities.share_reflection(activity, by=stranger, at=NOW),
        lambda: activities.unshare_reflection(activity, by=stranger, at=NOW),
        lambda: activities.discard_activity(activity, by=stranger, at=NOW),
    ]
    for attempt in tries:
        with pytest.raises(NotYourActivity, match=r"Only the officer who logged this"):
            attempt()


def test_a_draft_can_be_deleted_and_what_was_handed_in_cannot(team: dict[str, User]) -> None:
    activities.discard_activity(log(team["officer"]), by=team["officer"], at=NOW)
    assert not Activity.objects.exists()
    with pytest.raises(ActivityRefused, match=r"Only a private draft can be deleted"):
        activities.discard_activity(submitted(team), by=team["officer"], at=NOW)


# --- Text -------------------------------------------------------------------------------------------------------------


@given(st.text(max_size=300))
def test_kept_text_is_stable_and_says_what_was_written(text: str) -> None:
    kept = activity_rules.cleaned_text(text)
    assert activity_rules.cleaned_text(kept) == kept
    assert not any(ord(c) < 32 and c not in "\n\t" for c in kept)
    kept.encode()


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "'); DROP TABLE cpd_records_activity; --",
        "\u202eright to left",
        "a\u200bb\u200d",
        "👮🏽‍♀️ training 🚓",
        "Z" + "\u0301" * 150,
        "ያቆብ ተስፋዬ",
        "{{ 7|add:7 }} {% now 'Y' %}",
        "line\x00 with nothing\x07",
    ],
)
def test_hostile_text_is_kept_as_written_and_reaches_the_ledger(team: dict[str, User], hostile: str) -> None:
    verified = activities.verify_activity(submitted(team, title=hostile, learned=hostile), by=team["sergeant"], at=NOW)
    assert json.loads(ReadablePart.objects.get(entry=verified.entry).payload)["title"] == verified.title
    assert set(ActivityKind.values) >= {verified.kind}
    if "\x00" not in hostile:
        assert verified.learned == activity_rules.cleaned_text(hostile)
