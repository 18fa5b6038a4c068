"""A reflection is the officer's own: written after the verification it counts all the same, and what was verified stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from courses.my_record import timeline
from cpd_records import activities
from cpd_records.activities import Seen
from cpd_records.ledger.queries import entries_of
from cpd_records.models import Activity, EntryKind, ReadablePart
from cpd_records.schemes import progress_of
from cpd_records.schemes.record import learning_of
from people import clock
from people.models import Posting, User
from tests import factories
from tests.cpd_records.cpd_acts import logged, verified

pytestmark = pytest.mark.django_db

InForce = Callable[..., object]
Team = dict[str, User]


def reflect(activity: Activity, reflection: str = "Ask control first.", **more: str) -> Activity:
    return activities.write_reflection(
        activity,
        by=activity.officer,
        at=clock.now(),
        seen=Seen(at=activity.reflected_at),
        **{"reflection": reflection, "helps": "", "competencies": (), **more},
    )


def counted(officer: User) -> dict[str, str]:
    (progress,) = progress_of(officer, on=clock.today())
    return {target.target.title: target.counted_words for target in progress.targets}


def reflections(officer: User) -> list[bool]:
    """Return what the ledger says of reflections since, in the order it was recorded."""
    rows = ReadablePart.objects.filter(officer=officer.public_id, kind=EntryKind.CPD_REFLECTION).order_by("recorded_at")
    return [json.loads(payload)["has_reflection"] for payload in rows.values_list("payload", flat=True)]


def test_a_reflection_written_after_the_verification_counts_towards_the_reflective_minimum(
    team: Team, in_force: InForce
) -> None:
    in_force("like-nmc")
    activity = verified(team)
    assert counted(team["officer"])["Reflective accounts"] == "0 entries"
    reflect(activity)
    assert counted(team["officer"])["Reflective accounts"] == "1 entry"


def test_what_was_excluded_for_want_of_a_reflection_counts_once_there_is_one(team: Team, in_force: InForce) -> None:
    in_force("local-development-target")
    activity = verified(team)
    assert counted(team["officer"])["In all"] == "0 min"
    reflect(activity)
    assert counted(team["officer"])["In all"] == "45 min"


def test_what_was_verified_stays_and_the_reflection_is_no_part_of_any_entry(team: Team) -> None:
    activity = verified(team)
    before = ReadablePart.objects.get(entry=activity.entry).payload
    (as_verified,) = learning_of(team["officer"])
    reflect(activity)
    assert ReadablePart.objects.get(entry=activity.entry).payload == before
    assert learning_of(team["officer"]) == [replace(as_verified, reflective=True)]
    assert not ReadablePart.objects.filter(payload__contains="Ask control first").exists()


def test_a_reflection_that_is_taken_away_counts_no_longer(team: Team) -> None:
    activity = reflect(reflect(verified(team)), "")
    assert not activity.is_reflected_on
    assert reflections(team["officer"]) == [True, False]
    assert [it.reflective for it in learning_of(team["officer"])] == [False]


def test_only_that_there_is_one_is_recorded_and_once(team: Team) -> None:
    reflect(reflect(reflect(verified(team)), "Ask control first, by radio."), "Ask by radio.", helps="The public")
    assert reflections(team["officer"]) == [True]


def test_a_competency_alone_is_no_reflection(team: Team) -> None:
    reflect(verified(team), "", competencies=("analyse",))  # type: ignore[arg-type]
    assert reflections(team["officer"]) == []


def test_a_draft_and_what_waits_write_nothing_into_the_ledger(team: Team) -> None:
    reflect(logged(team["officer"]))
    assert not entries_of(team["officer"].public_id).entries


def test_a_reflection_that_is_shared_afterwards_counts_as_it_did(team: Team) -> None:
    activity = verified(team)
    activities.share_reflection(reflect(activity), by=team["officer"], at=clock.now())
    assert [it.reflective for it in learning_of(team["officer"])] == [True]
    assert reflections(team["officer"]) == [True]


def test_a_correction_granted_afterwards_keeps_the_reflection(team: Team) -> None:
    activity = reflect(verified(team))
    asked = activities.ask_for_correction(
        activity,
        by=team["officer"],
        at=clock.now(),
        title=activity.title,
        kind=activity.kind,
        day=activity.day,
        minutes=30,
        learned=activity.learned,
        reason="It was shorter.",
    )
    unit = Posting.objects.get(officer=team["officer"]).unit
    activities.agree_to_correction(
        asked, by=factories.person("Inspector C. Demo", "supervisor", unit=unit), at=clock.now()
    )
    activities.grant_correction(asked, by=team["sergeant"], at=clock.now())
    assert [(it.minutes, it.reflective) for it in learning_of(team["officer"])] == [(30, True)]


def test_a_briefing_that_a_supervisor_recorded_may_be_reflected_on(team: Team) -> None:
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
    activities.confirm_attendance(briefing.attendances.get(), by=team["officer"], at=clock.now())
    reflect(Activity.objects.get())
    assert [it.reflective for it in learning_of(team["officer"])] == [True]


def test_the_officers_timeline_says_that_they_reflected(team: Team) -> None:
    activity = reflect(reflect(verified(team)), "")
    entries = timeline(entries_of(activity.officer.public_id).entries, certificates={})
    assert [entry.title for entry in entries][:2] == [
        "Reflection taken away: Briefing on knife-crime orders",
        "Reflected on: Briefing on knife-crime orders",
    ]
