"""What fits in a day: 24 hours, times by the clock on the wall, the two days when the clocks change, days that come again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cpd_records import activities
from cpd_records.activities import ActivityRefused, SameAgain
from cpd_records.activities.days import (
    EVERY_DAY,
    WEEKLY,
    WORKING_DAYS,
    days_between,
    minutes_between,
    minutes_over_midnight,
)
from cpd_records.models import Activity
from people import clock
from people.models import User
from tests.cpd_records.cpd_acts import Team, answers_on_page, logged, response_team

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
NOW = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
DAY = date(2026, 11, 22)
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


@pytest.fixture
def team() -> Team:
    return response_team()


def log(team: Team, **more: Any) -> Activity:
    return logged(team["officer"], **{"day": DAY, "at": NOW, **more})


# --- Times ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "begins", "ends", "minutes"),
    [
        (DAY, time(9), time(9, 45), 45),
        (DAY, time(0), time(23, 59), 1439),
        (FORWARD, time(0, 30), time(3, 30), 120),  # 23 hours: one of them was skipped
        (FORWARD, time(0), time(23, 59), 1379),
        (BACK, time(0, 30), time(3, 30), 240),  # 25 hours: one of them came twice
        (BACK, time(1, 15), time(1, 45), 30),  # within the hour that came twice, as it passed first
        (BACK, time(0), time(23, 59), 1499),
    ],
)
def test_times_are_counted_as_they_passed(day: date, begins: time, ends: time, minutes: int) -> None:
    assert minutes_between(day, begins, ends) == minutes


def test_an_hour_that_came_twice_may_be_read_as_its_second() -> None:
    assert minutes_between(BACK, time(1, 15), time(1, 45), later=True) == 90


@pytest.mark.parametrize(
    ("day", "begins", "ends", "sentence"),
    [
        (DAY, time(10), time(9), "The end is before the beginning. Check both times."),
        (DAY, time(10), time(10), "The end is before the beginning. Check both times."),
        (
            FORWARD,
            time(1, 30),
            time(4),
            "There was no 01:30 on 29 March 2026: the clocks went forward. Check both times.",
        ),
        (
            FORWARD,
            time(0),
            time(1, 59),
            "There was no 01:59 on 29 March 2026: the clocks went forward. Check both times.",
        ),
    ],
)
def test_times_that_cannot_be_are_refused(day: date, begins: time, ends: time, sentence: str) -> None:
    with pytest.raises(ActivityRefused) as refusal:
        minutes_between(day, begins, ends)
    assert (str(refusal.value), refusal.value.field) == (sentence, "times")


def test_a_time_of_today_that_is_still_to_come_is_refused(team: Team) -> None:
    today = NOW.date()
    assert log(team, day=today, begins=time(8), ends=time(9)).ends == time(9)
    with pytest.raises(
        ActivityRefused, match=r"10:00 today is still to come. Check the day and both times."
    ) as refusal:
        log(team, day=today, begins=time(9, 30), ends=time(10), minutes=30)
    assert refusal.value.field == "times"


@pytest.mark.parametrize(
    ("day", "begins", "ends", "minutes"),
    [
        (DAY, time(22), time(2), (120, 120)),
        (DAY, time(23, 59), time(0), (1, 0)),
        (BACK - timedelta(days=1), time(22), time(3), (120, 240)),  # the clocks went back after midnight
        (FORWARD - timedelta(days=1), time(22), time(3), (120, 120)),  # and forward
    ],
)
def test_a_night_is_two_days_counted_as_they_passed(
    day: date, begins: time, ends: time, minutes: tuple[int, int]
) -> None:
    assert minutes_over_midnight(day, begins, ends) == minutes


def test_a_night_may_not_end_at_a_time_that_the_clocks_skipped() -> None:
    with pytest.raises(ActivityRefused, match=r"There was no 01:30 on 29 March 2026"):
        minutes_over_midnight(FORWARD - timedelta(days=1), time(22), time(1, 30))


def test_times_past_midnight_offer_both_days_with_their_lengths(team: Team, signed_in: Browser) -> None:
    browser, day = signed_in(team["officer"]), clock.today() - timedelta(days=3)
    on = {"day_day": day.day, "day_month": day.month, "day_year": day.year, "length_minutes": ""}
    sent = answers_on_page(**on, times_begins="22:00", times_ends="01:15")
    refused = browser.post("/cpd/log/", sent).content.decode()
    assert "The end is before the beginning. Check both times." in refused
    assert "Did it run past midnight?" in refused
    assert "Did it run past midnight?" not in browser.get("/cpd/log/").content.decode()
    form = browser.post("/cpd/log/", {**sent, "two_days": "1"}).context["form"]
    assert (form["length"].value(), form["length_next_day"].value()) == (120, 75)


def test_a_long_day_that_was_said_to_be_right_is_not_asked_about_again(team: Team, signed_in: Browser) -> None:
    activity = log(team, minutes=780, is_long_day=True)
    page = signed_in(team["officer"]).get(f"/cpd/{activity.pk}/change/").content.decode()
    box = page[page.index('name="is_long_day"') :]
    assert "checked" in box[: box.index(">")]


def test_a_day_holds_24_hours_also_when_the_clocks_change(team: Team) -> None:
    for day in (FORWARD, BACK):
        assert log(team, day=day, minutes=1440, is_long_day=True).minutes == 1440
        with pytest.raises(ActivityRefused, match=r"With this it would be 24 h 1 min, and a day has 24."):
            log(team, day=day, minutes=1)


def test_a_length_longer_than_its_times_is_refused_and_a_shorter_one_had_a_break(team: Team) -> None:
    assert log(team, minutes=45, begins=time(9), ends=time(10)).begins == time(9)
    with pytest.raises(ActivityRefused) as refusal:
        log(team, minutes=90, begins=time(12), ends=time(13))
    assert str(refusal.value) == (
        "From 12:00 to 13:00 is 1 h, and the length says 1 h 30 min. Check the length and both times."
    )


@pytest.mark.parametrize(
    ("begins", "ends"), [(time(9, 30), time(9, 40)), (time(8), time(9, 1)), (time(9, 59), time(11))]
)
def test_an_activity_that_overlaps_another_is_refused_by_its_name(team: Team, begins: time, ends: time) -> None:
    log(team, begins=time(9), ends=time(10))
    with pytest.raises(ActivityRefused) as refusal:
        log(team, title="Another", minutes=1, begins=begins, ends=ends)
    assert "overlaps “Briefing on knife-crime orders”, which you logged from 09:00 to 10:00." in str(refusal.value)
    assert refusal.value.field == "times"


def test_activities_may_follow_one_another_and_another_days_times_are_free(team: Team) -> None:
    log(team, begins=time(9), ends=time(10))
    log(team, begins=time(10), ends=time(11))
    log(team, day=DAY - timedelta(days=1), begins=time(9), ends=time(10))
    log(team)
    assert Activity.objects.count() == 4


def test_an_activity_does_not_overlap_itself_when_it_is_changed(team: Team) -> None:
    activity = log(team, begins=time(9), ends=time(10))
    answers = {**vars(activities.summary_of(activity)), "begins": time(9, 15)}
    changed = activities.change_activity(
        activity, by=team["officer"], at=NOW, seen=activities.Seen(activity.changed_at), **answers
    )
    assert changed.begins == time(9, 15)


def test_the_database_refuses_one_time_alone_and_an_end_before_the_beginning(team: Team) -> None:
    activity = log(team)
    for columns in ({"begins": time(9)}, {"ends": time(9)}, {"begins": time(9), "ends": time(8)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.filter(pk=activity.pk).update(**columns)


# --- The same again ---------------------------------------------------------------------------------------------------


def test_the_same_title_day_and_length_is_a_question_and_not_a_refusal(team: Team) -> None:
    log(team)
    with pytest.raises(SameAgain) as question:
        log(team, title="briefing on KNIFE-CRIME orders", is_another=False)
    assert str(question.value) == (
        "You logged “Briefing on knife-crime orders”, 45 min on 22 November 2026, already. Tick the box if this is another one."
    )
    assert log(team, is_another=True)
    for other in ({"minutes": 30}, {"title": "Another"}, {"day": DAY - timedelta(days=1)}):
        assert log(team, is_another=False, **other)


def test_the_page_asks_whether_the_same_is_another_one(team: Team, signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    browser.post("/cpd/log/", answers_on_page(client_token=str(uuid4())))
    again = browser.post("/cpd/log/", answers_on_page(client_token=str(uuid4())))
    assert "Tick the box if this is another one." in again.content.decode()
    assert "Yes, this is another one" in again.content.decode()
    assert Activity.objects.count() == 1
    assert browser.post("/cpd/log/", answers_on_page(client_token=str(uuid4()), is_another="on")).status_code == 302
    assert Activity.objects.count() == 2


# --- Several days -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "repeats", "days"),
    [
        (date(2026, 11, 5), EVERY_DAY, [2, 3, 4, 5]),
        (date(2026, 11, 10), WORKING_DAYS, [2, 3, 4, 5, 6, 9, 10]),
        (date(2026, 11, 20), WEEKLY, [2, 9, 16]),
        (date(2026, 11, 2), WEEKLY, [2]),
    ],
)
def test_days_come_again_as_they_are_meant(last: date, repeats: str, days: list[int]) -> None:
    assert [day.day for day in days_between(date(2026, 11, 2), last, repeats=repeats)] == days


@pytest.mark.parametrize(
    ("first", "last", "repeats", "sentence"),
    [
        (date(2026, 11, 5), date(2026, 11, 4), EVERY_DAY, "The last day is before the first. Check both days."),
        (date(2026, 11, 7), date(2026, 11, 8), WORKING_DAYS, "There is no day from Monday to Friday between these."),
        (date(2026, 1, 1), date(2026, 2, 5), EVERY_DAY, "That is 36 days, and 31 can be logged at once."),
        (date(2016, 1, 1), date(2026, 1, 1), EVERY_DAY, "That is more than 31 days. Log it in parts."),
    ],
)
def test_days_that_cannot_be_logged_at_once_are_refused(first: date, last: date, repeats: str, sentence: str) -> None:
    with pytest.raises(ActivityRefused, match=sentence):
        days_between(first, last, repeats=repeats)


def test_several_days_are_drafts_of_one_series_or_none(team: Team) -> None:
    token = uuid4()
    answers = {"title": "Shift talk", "kind": "briefing", "learned": "Order.", "at": NOW, "client_token": token}
    days = [(DAY - timedelta(days=7), 20), (DAY, 20)]
    for _ in range(2):
        rows = activities.log_on_days(team["officer"], days=days, **answers)
    assert Activity.objects.count() == 2
    assert {row.series for row in rows} == {token}
    assert {row.state for row in rows} == {"draft"}
    with pytest.raises(ActivityRefused, match=r"still to come"):
        activities.log_on_days(
            team["officer"],
            days=[(DAY, 20), (NOW.date() + timedelta(days=1), 20)],
            **{**answers, "client_token": uuid4(), "title": "Talk"},
        )
    assert Activity.objects.count() == 2


def test_no_day_of_a_series_holds_more_than_24_hours(team: Team) -> None:
    log(team, minutes=1430, is_long_day=True)
    with pytest.raises(ActivityRefused, match=r"a day has 24"):
        activities.log_on_days(
            team["officer"],
            days=[(DAY - timedelta(days=1), 20), (DAY, 20)],
            client_token=uuid4(),
            title="Talk",
            kind="briefing",
            learned="Order.",
            at=NOW,
        )
    assert Activity.objects.count() == 1


def test_several_days_are_logged_from_the_page(team: Team, signed_in: Browser) -> None:
    browser, today = signed_in(team["officer"]), clock.today()
    asked = browser.post("/cpd/log/", answers_on_page(several_days="1"))
    assert "The last day" in asked.content.decode()
    token = str(uuid4())
    first = today - timedelta(days=3)
    sent = answers_on_page(
        client_token=token,
        day_day=first.day,
        day_month=first.month,
        day_year=first.year,
        last_day_day=today.day,
        last_day_month=today.month,
        last_day_year=today.year,
        repeats="daily",
    )
    refused = browser.post("/cpd/log/", {**sent, "last_day_year": "2015"})
    assert "is too long ago" in refused.content.decode()
    answer = browser.post("/cpd/log/", sent)
    assert answer.headers["Location"] == f"/cpd/series/{token}/"
    page = browser.get(f"/cpd/series/{token}/").content.decode()
    assert "4 days, 3\u00a0h together" in page
    assert Activity.objects.filter(series=token).count() == 4
    assert browser.get(f"/cpd/series/{uuid4()}/").status_code == 404


def test_times_are_asked_where_another_length_is_and_fill_it_in(team: Team, signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    today = clock.today() - timedelta(days=1)
    on = {"day_day": today.day, "day_month": today.month, "day_year": today.year, "length_minutes": ""}
    browser.post("/cpd/log/", answers_on_page(**on, times_begins="0900", times_ends="10:30"))
    activity = Activity.objects.get()
    assert (activity.minutes, activity.begins, activity.ends) == (90, time(9), time(10, 30))
    page = browser.get(f"/cpd/{activity.pk}/change/").content.decode()
    assert 'value="09:00"' in page
    for typed, sentence in (
        ({"times_begins": "10:00", "times_ends": "09:00"}, "The end is before the beginning. Check both times."),
        ({"times_begins": "25:00", "times_ends": "09:00"}, "Times are written as 09:30 and 17:45."),
        ({"times_begins": "10:00"}, "Enter both times, or neither."),
    ):
        refused = browser.post("/cpd/log/", answers_on_page(**on, client_token=str(uuid4()), **typed))
        assert sentence in refused.content.decode()
        assert "Enter how long it took" not in refused.content.decode(), "one mistake has one sentence"
    assert Activity.objects.count() == 1
