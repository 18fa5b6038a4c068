"""Completed courses and verified CPD are put right by two people with a reason, never by their officer, asked for or not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from courses.my_record import record_of
from cpd_records import activities
from cpd_records.activities.putting_right import Told, activities_on_record, correct_activity, void_activity
from cpd_records.completions.correcting import correct_completion, void_completion
from cpd_records.completions.standing import completions_of
from cpd_records.ledger.entries import append_entry
from cpd_records.models import Activity, CorrectionRequest, EntryKind, LedgerEntry, ReadablePart, RecordProposal
from cpd_records.proposals.deciding import approve_proposal, refuse_proposal
from cpd_records.proposals.learning import (
    propose_correction_of_activity,
    propose_correction_of_completion,
    propose_void_of_activity,
    propose_void_of_completion,
)
from cpd_records.proposals.refusals import NotYourDecision, ProposalRefused, Stale
from cpd_records.qualifications.recorded import everything_recorded
from cpd_records.qualifications.refusals import NotYours
from cpd_records.schemes.record import learning_of
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.cpd_acts import Team, response_team, verified

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def team(db: None) -> Team:
    return {
        **response_team(),
        "author": factories.person("M. Demo", "training-admin"),
        "second": factories.person("Z. Demo", "system-admin"),
        "auditor": factories.person("A. Demo", "auditor"),
    }


@pytest.fixture
def activity(team: Team) -> Activity:
    return verified(team)


@pytest.fixture
def completion(team: Team) -> LedgerEntry:
    with transaction.atomic():
        return append_entry(
            kind=EntryKind.COMPLETION,
            officer=team["officer"].public_id,
            day=clock.today() - timedelta(days=9),
            subject="SPEC-110",
            minutes=240,
            payload={"title": "Stop and search", "release": 3, "validity_months": 12},
        )


def words(activity: Activity) -> Told:
    return Told(activity.title, activity.kind, activity.day, activity.minutes)


def proposed(team: Team, activity: Activity, **changed: Any) -> RecordProposal:
    said = {"by": team["author"], "at": clock.now(), "reason": "The register says so."}
    wanted = replace(words(activity), **changed)
    return propose_correction_of_activity(team["officer"], activity.entry_id, wanted=wanted, **said)


def proposed_void(team: Team, activity: Activity) -> RecordProposal:
    said = {"by": team["author"], "at": clock.now(), "reason": "The officer was not there."}
    return propose_void_of_activity(team["officer"], activity.entry_id, **said)


def approved(team: Team, proposal: RecordProposal) -> RecordProposal:
    return approve_proposal(proposal, by=team["second"], at=clock.now())


def stands(team: Team) -> list[Told]:
    return [one.it for one in activities_on_record(team["officer"])]


# --- Verified CPD -------------------------------------------------------------------------------------------------------


def test_verified_cpd_is_corrected_without_its_officer_and_the_entry_names_both(team: Team, activity: Activity) -> None:
    earlier = activity.day - timedelta(days=1)
    proposal = proposed(team, activity, title="Briefing", day=earlier, minutes=30)
    assert stands(team) == [words(activity)]
    done = approved(team, proposal)
    part = ReadablePart.objects.get(entry=done.entry_id)
    assert (part.kind, part.corrects, part.day, part.minutes) == ("correction", activity.entry_id, earlier, 30)
    said = json.loads(part.payload)
    assert (said["by_name"], said["approved_by_name"]) == ("M. Demo", "Z. Demo")
    assert said["learned"] == activity.learned, "what the officer learned stays in their own words"
    assert stands(team) == [Told("Briefing", "briefing", earlier, 30)]
    activity.refresh_from_db()
    assert (activity.title, activity.day, activity.minutes) == ("Briefing", earlier, 30)
    (entry,) = record_of(team["officer"], year=None, on=clock.today()).entries
    assert "Corrected by M. Demo, approved by Z. Demo. The register says so." in entry.detail


def test_false_cpd_is_withdrawn_by_two_and_counts_for_nothing(team: Team, activity: Activity) -> None:
    approved(team, proposed_void(team, activity))
    assert stands(team) == []
    assert record_of(team["officer"], year=None, on=clock.today()).entries == ()
    (learned,) = learning_of(team["officer"])
    assert (learned.minutes, learned.withdrawn) == (0, "The officer was not there.")
    totals = activities.totals_of_year(team["officer"], on=clock.today())
    assert totals.total == 0
    activity.refresh_from_db()
    assert activity.minutes == 0
    assert record_of(team["officer"], year=None, on=clock.today(), everything=True).recorded == 2
    with pytest.raises(ProposalRefused, match="counts no longer"):
        proposed_void(team, activity)


def test_what_the_officer_asked_for_meanwhile_is_answered_with_it(team: Team, activity: Activity) -> None:
    request = activities.ask_for_correction(
        activity,
        by=team["officer"],
        at=clock.now(),
        title="Another title",
        kind="briefing",
        day=activity.day,
        minutes=60,
        learned=activity.learned,
        reason="I mistyped.",
    )
    approved(team, proposed_void(team, activity))
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (CorrectionRequest.State.DECLINED, team["second"])
    assert "Two administrators put this right" in request.decision
    with pytest.raises(activities.ActivityRefused):
        activities.grant_correction(request, by=team["inspector"], at=clock.now())


def test_what_the_officer_had_corrected_meanwhile_makes_a_proposal_stale(team: Team, activity: Activity) -> None:
    proposal = proposed(team, activity, minutes=30)
    request = activities.ask_for_correction(
        activity,
        by=team["officer"],
        at=clock.now(),
        title=activity.title,
        kind="briefing",
        day=activity.day,
        minutes=40,
        learned=activity.learned,
        reason="I mistyped.",
    )
    activities.agree_to_correction(request, by=team["sergeant"], at=clock.now())
    activities.grant_correction(request, by=team["inspector"], at=clock.now())
    with pytest.raises(Stale):
        approved(team, proposal)
    refuse_proposal(proposal, by=team["second"], at=clock.now(), words="It was corrected already.")
    assert [it.minutes for it in stands(team)] == [40]


def test_nobody_puts_their_own_cpd_right_and_nobody_decides_alone(team: Team, activity: Activity) -> None:
    proposal = proposed(team, activity, minutes=30)
    with pytest.raises(NotYourDecision, match="You proposed this"):
        approve_proposal(proposal, by=team["author"], at=clock.now())
    for stranger in (team["officer"], team["sergeant"], team["auditor"]):
        with pytest.raises(NotYourDecision):
            approve_proposal(proposal, by=stranger, at=clock.now())
        with pytest.raises(ProposalRefused):
            propose_void_of_activity(
                team["officer"], activity.entry_id, by=stranger, at=clock.now(), reason="It is false."
            )
    own = {"by": team["author"], "approved_by": team["author"], "at": clock.now(), "reason": "Quickly."}
    with pytest.raises(NotYours, match="A second person decides"):
        void_activity(team["officer"], activity.entry_id, **own)
    with pytest.raises(NotYours, match="Only a training administrator"):
        correct_activity(
            team["officer"],
            activity.entry_id,
            wanted=replace(words(activity), minutes=1),
            **{**own, "approved_by": team["auditor"]},
        )
    with pytest.raises(NotYours, match="CPD of your own"):
        void_activity(team["author"], activity.entry_id, **own)
    assert stands(team) == [words(activity)]


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({}, "", "Nothing was changed"),
        ({"title": " "}, "title", "Say in a few words"),
        ({"kind": "sleeping"}, "kind", "Choose what kind"),
        ({"day": date(2099, 1, 1)}, "day", "still to come"),
        ({"day": date(1999, 1, 1)}, "day", "too long ago"),
        ({"minutes": 0}, "length", "at least one minute"),
        ({"minutes": 1441}, "length", "24 hours or less"),
    ],
)
def test_what_cannot_be_of_cpd_is_refused_by_a_sentence(
    team: Team, activity: Activity, changed: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(ProposalRefused, match=said) as refused:
        proposed(team, activity, **changed)
    assert refused.value.field == field
    assert not RecordProposal.objects.exists()


def test_it_has_to_fit_into_the_officers_day_when_it_is_approved_too(team: Team, activity: Activity) -> None:
    proposal = proposed(team, activity, minutes=1440)
    verified(team, title="Another", minutes=60)
    with pytest.raises(ProposalRefused, match="a day has 24"):
        approved(team, proposal)


# --- Completed courses --------------------------------------------------------------------------------------------------


def test_a_completed_course_is_corrected_again_from_what_stands(team: Team, completion: LedgerEntry) -> None:
    said = {"by": team["author"], "at": clock.now(), "reason": "The register says so."}
    days = [clock.today() - timedelta(days=ago) for ago in (20, 30)]
    entries = [
        approved(
            team, propose_correction_of_completion(team["officer"], completion.pk, day=day, minutes=240, **said)
        ).entry_id
        for day in days
    ]
    assert ReadablePart.objects.get(entry=entries[1]).corrects == entries[0]
    assert [one.day for one in completions_of(team["officer"])] == [days[1]]


def test_nobody_puts_their_own_course_right_and_nobody_decides_alone(team: Team, completion: LedgerEntry) -> None:
    alone = {"by": team["author"], "approved_by": team["author"], "at": clock.now(), "reason": "Quickly."}
    with pytest.raises(NotYours, match="A second person decides"):
        void_completion(team["officer"], completion.pk, **alone)
    with pytest.raises(NotYours, match="Only a training administrator"):
        correct_completion(
            team["officer"],
            completion.pk,
            day=clock.today(),
            minutes=None,
            **{**alone, "approved_by": team["auditor"]},
        )
    with pytest.raises(NotYours, match="a completed course of your own"):
        void_completion(team["author"], completion.pk, **alone)
    for stranger in (team["officer"], team["sergeant"], team["auditor"]):
        with pytest.raises(ProposalRefused):
            propose_void_of_completion(
                team["officer"], completion.pk, by=stranger, at=clock.now(), reason="It is false."
            )
    assert len(completions_of(team["officer"])) == 1


def test_all_that_was_recorded_of_a_course_and_of_cpd_stands_where_administrators_read(
    team: Team, completion: LedgerEntry, activity: Activity
) -> None:
    said = {"by": team["author"], "at": clock.now(), "reason": "Somebody else sat the test."}
    approved(team, propose_void_of_completion(team["officer"], completion.pk, **said))
    approved(team, proposed_void(team, activity))
    things = everything_recorded(team["officer"]).things
    assert {thing.what for thing in things} == {"Course completed", "CPD activity verified"}
    assert {(thing.is_standing, thing.stands) for thing in things} == {
        (False, "It was never true, and counts for nothing.")
    }


# --- The pages ----------------------------------------------------------------------------------------------------------


def test_the_pages_lead_from_the_record_of_cpd_to_what_stands(
    team: Team, activity: Activity, signed_in: Browser
) -> None:
    author, second = signed_in(team["author"]), signed_in(team["second"])
    person = f"/qualifications/people/{team['officer'].public_id}/"
    html = author.get(person).content.decode()
    assert "CPD on the record" in html
    correct, void = (f"{person}activities/{activity.entry_id}/{what}/" for what in ("correct", "void"))
    assert correct in html
    assert void in html
    form = author.get(correct).content.decode()
    assert f'<span dir="auto">{activity.title}</span> of' in form
    day = activity.day
    typed = {"title": "", "kind": "briefing", "day_day": day.day, "day_month": day.month, "day_year": day.year}
    typed |= {"minutes_hours": "0", "minutes_minutes": "30", "reason": "The register."}
    assert "Say in a few words what was done." in author.post(correct, typed).content.decode()
    typed["title"] = "Briefing"
    assert author.post(correct, typed).headers["Location"] == person
    proposal = RecordProposal.objects.get()
    page = second.get(f"/qualifications/proposals/{proposal.pk}/").content.decode()
    assert f"now: {activity.title}" in page
    second.post(f"/qualifications/proposals/{proposal.pk}/", {"do": "approve"})
    assert [it.title for it in stands(team)] == ["Briefing"]
    assert author.post(void, {"reason": "The officer was not there."}).headers["Location"] == person
    second.post(f"/qualifications/proposals/{RecordProposal.objects.waiting().get().pk}/", {"do": "approve"})
    assert author.get(void).status_code == 404


def test_the_pages_lead_from_a_completed_course_to_what_stands(
    team: Team, completion: LedgerEntry, signed_in: Browser
) -> None:
    author, second = signed_in(team["author"]), signed_in(team["second"])
    person = f"/qualifications/people/{team['officer'].public_id}/"
    assert "Stop and search" in author.get(person).content.decode()
    correct, void = (f"{person}completions/{completion.pk}/{what}/" for what in ("correct", "void"))
    late = clock.today() + timedelta(days=1)
    typed = {"day_day": late.day, "day_month": late.month, "day_year": late.year, "minutes_hours": "4", "reason": "So."}
    refused = author.post(correct, typed).content.decode()
    assert "still to come" in refused
    assert '<span dir="auto">Stop and search</span> of' in refused
    day = clock.today() - timedelta(days=1)
    typed |= {"day_day": day.day, "day_month": day.month, "day_year": day.year, "minutes_minutes": "0"}
    assert author.post(correct, typed).headers["Location"] == person
    proposal = RecordProposal.objects.get()
    assert "Completed on" in second.get(f"/qualifications/proposals/{proposal.pk}/").content.decode()
    second.post(f"/qualifications/proposals/{proposal.pk}/", {"do": "approve"})
    assert [one.day for one in completions_of(team["officer"])] == [day]
    assert author.post(void, {"reason": ""}).status_code == 200
    assert author.post(void, {"reason": "Another sat it."}).headers["Location"] == person
    second.post(f"/qualifications/proposals/{RecordProposal.objects.waiting().get().pk}/", {"do": "approve"})
    assert author.get(correct).status_code == 404
