"""Something that came again is handed in once and verified once, and stays an activity of its own on each day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cpd_records import activities
from cpd_records.activities import (
    ActivityRefused,
    DaysRefused,
    Details,
    NotAnswered,
    NotYourActivity,
    OwnActivity,
    Seen,
)
from cpd_records.models import Activity, ReadablePart, Scheme
from cpd_records.schemes import keeping
from people import clock
from people.dates import long_date
from people.models import User
from tests.cpd_records.cpd_acts import Team, answers_on_page, logged, response_team

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


@pytest.fixture
def team() -> Team:
    return response_team()


def several(team: Team, days: int = 3, **more: Any) -> list[Activity]:
    """Log the same on the last days, and return it by day."""
    answers = {
        "title": "Driver training",
        "kind": "on_the_job",
        "learned": "Look further ahead.",
        "at": clock.now(),
        **more,
    }
    dates = [clock.today() - timedelta(days=n) for n in range(days, 0, -1)]
    rows = activities.log_on_days(team["officer"], days=[(day, 60) for day in dates], client_token=uuid4(), **answers)
    return list(rows)


def submit(team: Team, activity: Activity, **more: Any) -> list[Activity]:
    given = {"by": team["officer"], "verifier": team["sergeant"], "at": clock.now(), "asked": lambda day: (), **more}
    return activities.submit_days(activity, **given)


def verify(team: Team, rows: list[Activity], **more: Any) -> list[Activity]:
    first = Activity.objects.get(pk=rows[0].pk)
    also = [row.pk for row in rows[1:]]
    return activities.verify_days(first, **{"also": also, "by": team["sergeant"], "at": clock.now(), **more})


def states() -> list[str]:
    return list(Activity.objects.order_by("day").values_list("state", flat=True))


# --- Handing in -------------------------------------------------------------------------------------------------------


def test_all_days_are_handed_in_at_once_with_the_same_answers(team: Team) -> None:
    first, *_others = several(team)
    details = Details(is_structured=True, applied="On every shift.")
    activities.write_details(first, by=team["officer"], at=clock.now(), seen=Seen(at=first.changed_at), details=details)
    assert len(submit(team, first, details=details)) == 3
    assert states() == ["submitted"] * 3
    assert set(Activity.objects.values_list("is_structured", "applied")) == {(True, "On every shift.")}


def test_a_day_that_lacks_what_the_scheme_asks_for_is_named_and_none_is_handed_in(team: Team) -> None:
    first, second, _third = several(team)
    seen = Seen(at=None)
    activities.write_reflection(
        first, by=team["officer"], at=clock.now(), seen=seen, reflection="Slow down.", helps="", competencies=()
    )
    with pytest.raises(NotAnswered) as refusal:
        submit(team, first, asked=lambda day: ("reflection",))
    assert refusal.value.missing["reflection"].startswith(f"On {second.day.day} ")
    assert states() == ["draft"] * 3


def test_what_is_handed_in_already_or_is_somebody_elses_stays_as_it_is(team: Team) -> None:
    first, second, _third = several(team)
    activities.submit_activity(second, by=team["officer"], verifier=team["inspector"], at=clock.now())
    assert len(submit(team, first)) == 2
    second.refresh_from_db()
    assert second.verifier == team["inspector"]
    with pytest.raises(NotYourActivity):
        submit(team, first, by=team["colleague"])


def test_the_page_of_several_days_hands_them_in_together(team: Team, signed_in: Browser) -> None:
    browser, rows = signed_in(team["officer"]), several(team)
    page = browser.get(f"/cpd/series/{rows[0].series}/").content.decode()
    assert "Submit 3 days" in page
    address = f"/cpd/{rows[0].pk}/submit/"
    page = browser.get(f"{address}?days=all").content.decode()
    assert "Submit the 2 other days of it too" in page
    sent = {"details": "1", "verifier": str(team["sergeant"].public_id), "seen_at": rows[0].changed_at.isoformat()}
    led = browser.post(address, {**sent, "is_core": "yes", "all_days": "on"}, follow=True).content.decode()
    assert "3 days submitted to" in led
    assert states() == ["submitted"] * 3
    assert set(Activity.objects.values_list("is_core", flat=True)) == {True}


def test_without_the_box_only_this_day_is_handed_in(team: Team, signed_in: Browser) -> None:
    browser, rows = signed_in(team["officer"]), several(team)
    sent = {"details": "1", "verifier": str(team["sergeant"].public_id), "seen_at": rows[0].changed_at.isoformat()}
    browser.post(f"/cpd/{rows[0].pk}/submit/", sent)
    assert states() == ["submitted", "draft", "draft"]


def test_one_day_alone_has_no_box(team: Team, signed_in: Browser) -> None:
    alone = logged(team["officer"])
    assert "of it too" not in signed_in(team["officer"]).get(f"/cpd/{alone.pk}/submit/?days=all").content.decode()


# --- Each day is looked at --------------------------------------------------------------------------------------------


def reflect(activity: Activity) -> Activity:
    return activities.write_reflection(
        activity,
        by=activity.officer,
        at=clock.now(),
        seen=Seen(at=activity.reflected_at),
        reflection="Slow down.",
        helps="",
        competencies=(),
    )


def put_in_force(code: str, *, since: date) -> None:
    keeping.put_in_force(Scheme.objects.get(code=code), by=None, valid_from=since, reason="A test")


def test_what_is_missing_on_some_days_names_each_of_them_and_on_all_days_none(team: Team) -> None:
    first, second, third = several(team)
    with pytest.raises(NotAnswered) as on_all:
        submit(team, first, asked=lambda day: ("reflection",))
    assert on_all.value.missing == {"reflection": "Write a reflection. Only you can read it unless you share it."}
    reflect(first)
    with pytest.raises(NotAnswered) as on_some:
        submit(team, first, asked=lambda day: ("reflection",))
    assert on_some.value.missing == {
        "reflection": f"On {long_date(second.day)} and {long_date(third.day)}: "
        "write a reflection. Only you can read it unless you share it."
    }
    assert states() == ["draft"] * 3


def test_the_warning_on_a_series_names_each_day_that_has_no_reflection(team: Team, signed_in: Browser) -> None:
    first, second, third = several(team)
    put_in_force("local-development-target", since=first.day)
    address, browser = f"/cpd/{first.pk}/submit/", signed_in(team["officer"])
    page = browser.get(f"{address}?days=all").content.decode()
    assert "Without a reflection it never counts in “Local development target”." in page
    assert all(f'<a href="/cpd/{row.pk}/reflect/">{long_date(row.day)}</a>' in page for row in (first, second, third))
    reflect(first)
    page = browser.get(f"{address}?days=all").content.decode()
    assert f"On {long_date(second.day)} and {long_date(third.day)}: without a reflection it never counts in" in page
    assert f'<a href="/cpd/{first.pk}/reflect/">{long_date(first.day)}</a>' not in page
    for row in (second, third):
        reflect(row)
    assert "never counts" not in browser.get(f"{address}?days=all").content.decode()


def test_a_scheme_that_begins_within_a_series_is_warned_of_and_asks_for_the_days_it_holds(
    team: Team, signed_in: Browser
) -> None:
    first, second, third = several(team)
    put_in_force("local-development-target", since=third.day)
    browser = signed_in(team["officer"])
    page = browser.get(f"/cpd/{first.pk}/submit/?days=all").content.decode()
    assert f"On {long_date(third.day)}: without a reflection it never counts in" in page
    asked = page.partition("What your scheme asks for")[2].partition("<details")[0]
    assert "Was it structured?" in asked
    sent = {"details": "1", "verifier": str(team["sergeant"].public_id), "seen_at": first.changed_at.isoformat()}
    refused = browser.post(f"/cpd/{first.pk}/submit/", {**sent, "all_days": "on"}).content.decode()
    assert f"On {long_date(third.day)}: say whether it was structured." in refused
    assert states() == ["draft"] * 3
    assert not any(long_date(day.day) in refused.partition("say whether")[0].rpartition("On ")[2] for day in (second,))


def test_the_button_of_another_page_leads_to_the_warning_of_a_later_day(team: Team, signed_in: Browser) -> None:
    first, _second, third = several(team)
    put_in_force("local-development-target", since=third.day)
    sent = {"submit_to": str(team["sergeant"].public_id)}
    led = signed_in(team["officer"]).post(f"/cpd/{first.pk}/submit/", sent, follow=True).content.decode()
    assert f"On {long_date(third.day)}: without a reflection" in led
    assert states() == ["draft"] * 3


def test_looking_at_more_days_takes_no_more_queries(team: Team, signed_in: Browser) -> None:
    put_in_force("like-nmc", since=clock.today() - timedelta(days=400))
    few, many = several(team, days=2), several(team, days=20, title="Foot patrol")
    browser = signed_in(team["officer"])
    counts = []
    for rows in (few, few, many):
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/cpd/{rows[0].pk}/submit/?days=all")
        counts.append(len(queries))
    assert counts[1] == counts[2]


def test_each_day_that_would_be_longer_than_12_hours_is_asked_about_before_any_is_logged(team: Team) -> None:
    days = [clock.today() - timedelta(days=n) for n in (3, 2, 1)]
    for day in (days[0], days[2]):
        logged(team["officer"], day=day, minutes=700)
    with pytest.raises(DaysRefused) as question:
        several(team)
    assert [refusal.field for refusal in question.value.refusals] == ["is_long_day"] * 2
    assert all(
        f"With this you would have logged 12 h 40 min on {long_date(day)}" in str(question.value)
        for day in (days[0], days[2])
    )
    assert long_date(days[1]) not in str(question.value)
    assert Activity.objects.count() == 2
    assert len(several(team, is_long_day=True)) == 3


def test_what_is_asked_about_one_day_and_what_stands_against_another_are_both_said(
    team: Team, signed_in: Browser
) -> None:
    long, full = clock.today() - timedelta(days=3), clock.today() - timedelta(days=1)
    logged(team["officer"], day=long, minutes=700)
    logged(team["officer"], day=full, minutes=1430, is_long_day=True)
    browser = signed_in(team["officer"])
    dates = {
        f"{name}_{part}": getattr(day, part)
        for name, day in (("day", long), ("last_day", full))
        for part in ("day", "month", "year")
    }
    sent = answers_on_page(client_token=str(uuid4()), repeats="daily", **dates)
    page = browser.post("/cpd/log/", sent).content.decode()
    assert f"on {long_date(long)}, more than 12 hours. Tick the box if that is right." in page
    assert f"on {long_date(full)}. With this it would be" in page
    assert Activity.objects.count() == 2


def test_the_same_again_is_asked_of_each_day_it_was_logged_on(team: Team) -> None:
    rows = several(team)
    with pytest.raises(DaysRefused) as question:
        several(team)
    assert [refusal.field for refusal in question.value.refusals] == ["is_another"] * 3
    assert all(long_date(row.day) in str(question.value) for row in rows)
    assert len(several(team, is_another=True)) == 3


# --- Verifying --------------------------------------------------------------------------------------------------------


def test_days_that_say_the_same_are_verified_at_once_with_an_entry_each(team: Team, signed_in: Browser) -> None:
    rows = several(team)
    submit(team, rows[0])
    browser = signed_in(team["sergeant"])
    page = browser.get(f"/team/cpd/{rows[0].pk}/").content.decode()
    assert "Verify all days" in page
    seen = activities.summary_mark(Activity.objects.get(pk=rows[0].pk))
    sent = {"seen": seen, "also": [str(row.pk) for row in rows[1:]]}
    led = browser.post(f"/team/cpd/{rows[0].pk}/verify/", sent, follow=True).content.decode()
    assert "Verified: 1 h on each of 3 days" in led
    assert sorted(ReadablePart.objects.values_list("day", flat=True)) == [row.day for row in rows]
    assert states() == ["verified"] * 3


def test_verifying_all_twice_is_verifying_once(team: Team) -> None:
    rows = several(team)
    submit(team, rows[0])
    verify(team, rows)
    verify(team, rows)
    assert ReadablePart.objects.count() == 3


def test_a_day_that_says_something_else_is_not_among_them_and_refused_when_sent(team: Team) -> None:
    rows = several(team)
    other = activities.change_activity(
        rows[1],
        by=team["officer"],
        at=clock.now(),
        seen=Seen(at=rows[1].changed_at),
        title="Driver training, at night",
        kind="on_the_job",
        day=rows[1].day,
        minutes=60,
        learned="Look further ahead.",
    )
    submit(team, rows[0])
    first = Activity.objects.get(pk=rows[0].pk)
    assert other.pk not in {row.pk for row in activities.alike_days(first)}
    with pytest.raises(ActivityRefused, match="changed this since"):
        verify(team, rows)
    assert states() == ["submitted"] * 3


def test_only_what_waits_for_the_same_verifier_is_among_them(team: Team) -> None:
    rows = several(team)
    activities.submit_activity(rows[2], by=team["officer"], verifier=team["inspector"], at=clock.now())
    submit(team, rows[0])
    assert [row.pk for row in activities.alike_days(Activity.objects.get(pk=rows[0].pk))] == [rows[1].pk]


def test_nobody_verifies_their_own_days_nor_a_strangers(team: Team) -> None:
    rows = several(team)
    submit(team, rows[0])
    with pytest.raises(OwnActivity):
        verify(team, rows, by=team["officer"])
    with pytest.raises(NotYourActivity):
        verify(team, rows, by=team["elsewhere"])
    assert states() == ["submitted"] * 3


def test_an_id_that_is_none_is_never_read(team: Team, signed_in: Browser) -> None:
    rows = several(team)
    submit(team, rows[0])
    signed_in(team["sergeant"]).post(f"/team/cpd/{rows[0].pk}/verify/", {"also": ["x", "'", ""]})
    assert states() == ["verified", "submitted", "submitted"]
