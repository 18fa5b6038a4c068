"""Verifying an activity, never one's own, and what the year comes to."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cpd_records import activities
from cpd_records.activities import (
    ActivityRefused,
    NotYourActivity,
    OwnActivity,
    Seen,
    recording,
)
from cpd_records.activities.totals import year_of
from cpd_records.ledger.entries import append_entry
from cpd_records.models import Activity, ActivityStep, LedgerEntry, ReadablePart
from people.models import User
from tests import factories
from tests.cpd_records.activity_acts import DAY, NOW, answers_of, log, reflect, submitted, team_fixture  # noqa: F401

pytestmark = pytest.mark.django_db


# --- Verifying --------------------------------------------------------------------------------------------------------


def test_verifying_records_the_summary_and_never_the_reflection(team: dict[str, User]) -> None:
    activity = submitted(team)
    reflect(activity, team["officer"], reflection="A secret thought", helps="Another secret")
    activities.share_reflection(activity, by=team["officer"], at=NOW)
    verified = activities.verify_activity(activity, by=team["sergeant"], at=NOW, seen=activities.summary_mark(activity))
    part = ReadablePart.objects.get(entry=verified.entry)
    assert (part.kind, part.officer, part.day, part.minutes, part.subject) == (
        "cpd_activity",
        team["officer"].public_id,
        DAY,
        45,
        str(activity.pk),
    )
    payload = json.loads(part.payload)
    assert (payload["title"], payload["activity_kind"], payload["learned"]) == (
        activity.title,
        "briefing",
        activity.learned,
    )
    assert (payload["verified_by"], payload["verified_by_name"]) == (
        str(team["sergeant"].public_id),
        "Sergeant D. Demo",
    )
    assert "secret" not in part.payload
    assert verified.state == "verified"


def test_verifying_twice_is_harmless(team: dict[str, User]) -> None:
    activity = submitted(team)
    first = activities.verify_activity(activity, by=team["sergeant"], at=NOW)
    for by in (team["sergeant"], team["inspector"]):
        assert activities.verify_activity(activity, by=by, at=NOW).entry_id == first.entry_id
    assert LedgerEntry.objects.count() == 1
    assert Activity.objects.get().verifier == team["sergeant"]


def test_a_supervisor_further_up_may_verify_when_the_sergeant_is_away(team: dict[str, User]) -> None:
    verified = activities.verify_activity(submitted(team), by=team["inspector"], at=NOW)
    assert verified.verifier == team["inspector"]


def test_nobody_verifies_or_returns_their_own_superusers_included(team: dict[str, User]) -> None:
    superuser = factories.person("Superuser", "system-admin", "supervisor", unit=factories.unit("hq"))
    superuser.is_superuser = True
    superuser.save()
    activity = activities.submit_activity(log(superuser), by=superuser, verifier=team["sergeant"], at=NOW)
    with pytest.raises(OwnActivity, match=r"You cannot verify your own activity. Choose another verifier."):
        activities.verify_activity(activity, by=superuser, at=NOW)
    with pytest.raises(OwnActivity):
        activities.return_activity(activity, by=superuser, reason="For me", at=NOW)
    with pytest.raises(OwnActivity):
        activities.submit_activity(log(superuser), by=superuser, verifier=superuser, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.update(verifier=superuser)


def test_being_a_superuser_is_no_reason_to_verify(team: dict[str, User]) -> None:
    superuser = factories.person("Superuser")
    User.objects.filter(pk=superuser.pk).update(is_superuser=True)
    with pytest.raises(NotYourActivity, match=r"not handed in to you"):
        activities.verify_activity(submitted(team), by=User.objects.get(pk=superuser.pk), at=NOW)


def test_a_verifier_who_is_supervisor_no_more_cannot_verify(team: dict[str, User]) -> None:
    activity = activities.submit_activity(log(team["officer"]), by=team["officer"], verifier=team["elsewhere"], at=NOW)
    team["elsewhere"].roles_held.all().delete()
    fresh = User.objects.get(pk=team["elsewhere"].pk)
    with pytest.raises(NotYourActivity):
        activities.verify_activity(activity, by=fresh, at=NOW)
    assert not Activity.objects.visible_to(fresh).exists()


def test_a_draft_cannot_be_verified_nor_one_that_changed_since_it_was_read(team: dict[str, User]) -> None:
    activity = submitted(team)
    seen = activities.summary_mark(activity)
    back = activities.withdraw_activity(activity, by=team["officer"], at=NOW)
    with pytest.raises(ActivityRefused, match=r"The officer has this in hand again"):
        activities.verify_activity(activity, by=team["sergeant"], at=NOW)
    changed = {**answers_of(back), "minutes": 600}
    activities.change_activity(back, by=team["officer"], at=NOW, seen=Seen(back.changed_at), **changed)
    activities.submit_activity(back, by=team["officer"], verifier=team["sergeant"], at=NOW)
    with pytest.raises(ActivityRefused, match=r"The officer changed this since you opened it"):
        activities.verify_activity(activity, by=team["sergeant"], at=NOW, seen=seen)


def test_when_the_ledger_refuses_nothing_is_verified(team: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    activity = submitted(team)

    def refuse(**_arguments: Any) -> LedgerEntry:
        raise RuntimeError("no ledger")

    monkeypatch.setattr(recording, "append_entry", refuse)
    with pytest.raises(RuntimeError):
        activities.verify_activity(activity, by=team["sergeant"], at=NOW)
    assert Activity.objects.get().state == "submitted"
    assert not ActivityStep.objects.filter(kind="verified").exists()


def test_an_activity_is_returned_with_a_reason_and_can_be_changed_and_handed_in_again(team: dict[str, User]) -> None:
    activity = submitted(team)
    with pytest.raises(ActivityRefused, match=r"Say what is missing"):
        activities.return_activity(activity, by=team["sergeant"], reason=" ", at=NOW)
    with pytest.raises(ActivityRefused, match=r"The reason is 2,001 characters long"):
        activities.return_activity(activity, by=team["sergeant"], reason="x" * 2001, at=NOW)
    returned = activities.return_activity(activity, by=team["sergeant"], reason="Which order?", at=NOW)
    assert (returned.state, returned.steps.last().reason) == ("returned", "Which order?")
    changed = activities.change_activity(
        returned,
        by=team["officer"],
        at=NOW,
        seen=Seen(returned.changed_at),
        **{**answers_of(returned), "title": "Briefing on stalking orders"},
    )
    again = activities.submit_activity(changed, by=team["officer"], verifier=team["sergeant"], at=NOW)
    assert activities.verify_activity(again, by=team["sergeant"], at=NOW).state == "verified"
    with pytest.raises(ActivityRefused, match=r"verified already"):
        activities.return_activity(again, by=team["sergeant"], reason="Too late", at=NOW)


def test_the_database_refuses_a_verified_activity_without_an_entry_and_one_handed_in_to_nobody(
    team: dict[str, User],
) -> None:
    log(team["officer"])
    for wrong in ({"state": "verified"}, {"state": "submitted"}, {"minutes": 1441}, {"minutes": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.update(**wrong)


# --- Totals -----------------------------------------------------------------------------------------------------------


def test_the_years_totals_count_what_is_verified_and_name_what_is_not(
    team: dict[str, User], django_assert_num_queries: Any
) -> None:
    officer = team["officer"]
    for minutes, kind in ((45, "briefing"), (30, "briefing"), (60, "reading")):
        activities.verify_activity(submitted(team, minutes=minutes, kind=kind), by=team["sergeant"], at=NOW)
    log(officer, minutes=20, kind="on_the_job")
    log(officer, minutes=15, day=date(2026, 3, 31))
    submitted(team, minutes=10, kind="reading")
    with transaction.atomic():
        course = append_entry(
            kind="completion", officer=officer.public_id, day=DAY, minutes=240, subject="MH-101", payload={}
        )
        append_entry(
            kind="completion", officer=officer.public_id, day=date(2025, 5, 1), minutes=60, subject="X", payload={}
        )
    activities.totals_of_year(officer, on=DAY)
    with django_assert_num_queries(3):
        totals = activities.totals_of_year(officer, on=DAY)
    assert (totals.starts_on, totals.ends_on) == (date(2026, 4, 1), date(2027, 3, 31))
    assert totals.courses == 240
    assert totals.verified == {"briefing": 75, "reading": 60}
    assert totals.unverified == {"on_the_job": 20, "reading": 10}
    assert (totals.total, totals.waiting, totals.drafts) == (375, 30, 2)
    assert totals.rows == [("Courses", 240), ("Briefing or session", 75), ("Reading or watching", 60)]

    with transaction.atomic():
        append_entry(
            kind="correction",
            officer=officer.public_id,
            day=DAY,
            minutes=180,
            subject="MH-101",
            corrects=course.pk,
            payload={
                "reason": "An hour too many",
                "by": team["sergeant"].public_id,
                "approved_by": team["inspector"].public_id,
            },
        )
    assert activities.totals_of_year(officer, on=DAY).courses == 180
    assert activities.totals_of_year(team["inspector"], on=DAY).total == 0


@pytest.mark.parametrize(
    ("day", "starts_in", "expected"),
    [
        (date(2026, 4, 1), 4, (date(2026, 4, 1), date(2027, 3, 31))),
        (date(2026, 3, 31), 4, (date(2025, 4, 1), date(2026, 3, 31))),
        (date(2026, 12, 31), 1, (date(2026, 1, 1), date(2026, 12, 31))),
        (date(2024, 2, 29), 3, (date(2023, 3, 1), date(2024, 2, 29))),
    ],
)
def test_the_cpd_year_starts_in_the_month_the_force_sets(
    day: date, starts_in: int, expected: tuple[date, date]
) -> None:
    assert year_of(day, starts_in=starts_in) == expected
