"""A correction of what is verified: the officer asks, somebody else decides, a new entry names the old one, totals follow."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from cpd_records import activities
from cpd_records.activities import ActivityRefused, NotYourActivity, OwnActivity
from cpd_records.activities.telling import tell_of_step
from cpd_records.models import Activity, CorrectionRequest, EntryKind, ReadablePart
from cpd_records.schemes.record import learning_of
from people import clock
from people.dated_rows import end_row
from people.models import User, WaitingWork
from tests import factories
from tests.cpd_records.cpd_acts import Team, handed_in, logged, response_team, verified
from tests.hostile import HOSTILE, runs_in, sendable

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
WHY = "It was half an hour: I wrote the length of the shift."


@pytest.fixture
def team() -> Team:
    return response_team()


def ask(activity: Activity, **more: Any) -> CorrectionRequest:
    names = ("title", "kind", "day", "minutes", "learned")
    answers = {**{name: getattr(activity, name) for name in names}, "reason": WHY, **more}
    return activities.ask_for_correction(activity, by=answers.pop("by", activity.officer), at=clock.now(), **answers)


def agree(request: CorrectionRequest, by: User) -> CorrectionRequest:
    return activities.agree_to_correction(request, by=by, at=clock.now())


def grant(request: CorrectionRequest, by: User) -> CorrectionRequest:
    return activities.grant_correction(request, by=by, at=clock.now())


def granted(team: Team, request: CorrectionRequest) -> CorrectionRequest:
    """The inspector agrees, the sergeant grants it."""
    return grant(agree(request, team["inspector"]), team["sergeant"])


def total(team: Team) -> int:
    return activities.totals_of_year(team["officer"], on=clock.today()).total


def test_a_granted_correction_is_an_entry_that_names_the_old_one_and_the_totals_follow(team: Team) -> None:
    activity = verified(team)
    request = granted(team, ask(activity, minutes=30))
    activity.refresh_from_db()
    assert (activity.state, activity.minutes, activity.corrected_entry) == ("verified", 30, request.entry)
    part = ReadablePart.objects.get(kind=EntryKind.CORRECTION)
    said = json.loads(part.payload)
    assert (part.corrects, part.minutes, part.day) == (activity.entry_id, 30, activity.day)
    assert (said["reason"], said["by"], said["approved_by"], said["asked_by"]) == (
        WHY,
        str(team["inspector"].public_id),
        str(team["sergeant"].public_id),
        str(team["officer"].public_id),
    )
    assert said["activity_kind"] == "briefing"
    assert total(team) == 30
    assert [(it.minutes, it.kind) for it in learning_of(team["officer"])] == [(30, "briefing")]
    assert ReadablePart.objects.get(entry=activity.entry).minutes == 45


def test_a_second_correction_names_the_first(team: Team) -> None:
    activity = verified(team)
    first = granted(team, ask(activity, minutes=30))
    second = granted(team, ask(Activity.objects.get(), minutes=25, kind="reading"))
    assert ReadablePart.objects.get(entry=second.entry).corrects == first.entry_id
    assert total(team) == 25
    assert activities.totals_of_year(team["officer"], on=clock.today()).verified == {"reading": 25}


def test_what_should_not_count_at_all_counts_no_more_and_takes_no_room(team: Team) -> None:
    activity = verified(team, minutes=1440, is_long_day=True)
    granted(team, ask(activity, minutes=0))
    assert total(team) == 0
    [learning] = learning_of(team["officer"])
    assert (learning.minutes, learning.withdrawn) == (0, WHY)
    assert logged(team["officer"], minutes=1440, is_long_day=True)
    with pytest.raises(ActivityRefused, match=r"This no longer counts, so there is nothing to correct."):
        ask(Activity.objects.get(pk=activity.pk), minutes=10)


def test_a_corrected_day_must_have_room_and_its_times_go_with_it(team: Team) -> None:
    yesterday = clock.today() - timedelta(days=1)
    before = yesterday - timedelta(days=1)
    activity = verified(team, day=before, begins=time(9), ends=time(10))
    logged(team["officer"], day=yesterday, minutes=1440, is_long_day=True)
    request = ask(activity, day=yesterday)
    with pytest.raises(ActivityRefused, match=r"a day has 24"):
        granted(team, request)
    assert CorrectionRequest.objects.get().state == "agreed"
    activities.take_correction_back(request, by=team["officer"], at=clock.now())
    granted(team, ask(activity, minutes=30))
    assert Activity.objects.get(pk=activity.pk).begins is None


def test_a_correction_declined_leaves_the_record_and_says_why(team: Team) -> None:
    request = ask(verified(team), minutes=30)
    with pytest.raises(ActivityRefused, match=r"Say why it is not corrected."):
        activities.decline_correction(request, by=team["sergeant"], at=clock.now(), decision="")
    activities.decline_correction(request, by=team["sergeant"], at=clock.now(), decision="I was there: 45 minutes.")
    assert total(team) == 45
    assert not ReadablePart.objects.filter(kind=EntryKind.CORRECTION).exists()
    [work] = WaitingWork.objects.filter(kind="cpd.tell")
    tell_of_step(work.key)
    assert (mail.outbox[0].subject, mail.outbox[0].to) == ("CPD not corrected", [team["officer"].email])
    assert "45 minutes" not in mail.outbox[0].body


def test_nobody_decides_on_their_own_correction_superusers_included(team: Team) -> None:
    superuser = factories.person("Superuser", "system-admin", "supervisor", unit=factories.unit("hq"))
    own = activities.submit_activity(logged(superuser), by=superuser, verifier=team["sergeant"], at=clock.now())
    own = activities.verify_activity(own, by=team["sergeant"], at=clock.now())
    request = ask(own, minutes=30)
    for act in (
        lambda: agree(request, superuser),
        lambda: grant(request, superuser),
        lambda: activities.decline_correction(request, by=superuser, at=clock.now(), decision="No."),
    ):
        with pytest.raises(OwnActivity, match=r"You cannot decide on your own correction."):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionRequest.objects.update(state="declined", decided_by=superuser, decided_at=clock.now())


def test_only_who_may_verify_decides(team: Team) -> None:
    request = ask(verified(team), minutes=30)
    for who in ("colleague", "trainer", "elsewhere"):
        with pytest.raises(NotYourActivity, match=r"so others decide"):
            grant(request, team[who])
        assert request not in CorrectionRequest.objects.waiting_for(team[who])
    assert request in CorrectionRequest.objects.waiting_for(team["inspector"])
    assert request not in CorrectionRequest.objects.waiting_for(team["officer"])


def test_only_the_officer_asks_and_only_for_what_is_verified_and_different(team: Team) -> None:
    activity = verified(team)
    with pytest.raises(NotYourActivity):
        ask(activity, by=team["sergeant"], minutes=30)
    with pytest.raises(ActivityRefused, match=r"This says what your record says already."):
        ask(activity)
    for waiting in (handed_in(team), logged(team["officer"])):
        with pytest.raises(ActivityRefused, match=r"Only what is verified is corrected."):
            ask(waiting, minutes=30)
    with pytest.raises(ActivityRefused, match=r"Say what is wrong and why."):
        ask(activity, minutes=30, reason=" ")
    with pytest.raises(ActivityRefused, match=r"still to come"):
        ask(activity, day=clock.today() + timedelta(days=1))


def test_one_request_at_a_time_and_decided_once(team: Team) -> None:
    activity = verified(team)
    request = ask(activity, minutes=30)
    assert ask(activity, minutes=30) == request
    with pytest.raises(ActivityRefused, match=r"A correction of this is waiting already."):
        ask(activity, minutes=20)
    assert granted(team, request).entry == grant(request, team["inspector"]).entry
    assert ReadablePart.objects.filter(kind=EntryKind.CORRECTION).count() == 1
    for act in (
        lambda: activities.decline_correction(request, by=team["inspector"], at=clock.now(), decision="No."),
        lambda: activities.take_correction_back(request, by=team["officer"], at=clock.now()),
    ):
        with pytest.raises(ActivityRefused, match=r"This was decided already"):
            act()


def test_what_is_taken_back_is_not_decided(team: Team) -> None:
    request = ask(verified(team), minutes=30)
    with pytest.raises(NotYourActivity):
        activities.take_correction_back(request, by=team["sergeant"], at=clock.now())
    activities.take_correction_back(request, by=team["officer"], at=clock.now())
    with pytest.raises(ActivityRefused, match=r"The officer took this back"):
        grant(request, team["sergeant"])
    assert ask(Activity.objects.get(), minutes=20).state == "asked"


def test_the_database_holds_that_a_granted_correction_is_recorded(team: Team) -> None:
    request = ask(verified(team), minutes=30)
    for columns in (
        {"state": "granted", "decided_by": team["sergeant"], "decided_at": clock.now()},
        {"state": "declined"},
        {"decided_by": team["sergeant"]},
        {"minutes": 1441},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CorrectionRequest.objects.filter(pk=request.pk).update(**columns)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.update(minutes=0)


def test_it_takes_two_to_correct_and_the_second_is_told(team: Team) -> None:
    request = ask(verified(team), minutes=30)
    with pytest.raises(ActivityRefused, match=r"A correction takes two people: agree first."):
        grant(request, team["sergeant"])
    agree(request, team["inspector"])
    assert agree(request, team["inspector"]).state == "agreed"
    with pytest.raises(NotYourActivity, match=r"You agreed to this, so somebody else grants it."):
        grant(request, team["inspector"])
    with pytest.raises(ActivityRefused, match=r"so it waits for a second person"):
        agree(request, team["sergeant"])
    assert request not in CorrectionRequest.objects.waiting_for(team["inspector"])
    assert request in CorrectionRequest.objects.waiting_for(team["sergeant"])
    assert total(team) == 45
    [work] = WaitingWork.objects.filter(kind="cpd.tell")
    tell_of_step(work.key)
    assert (mail.outbox[0].subject, mail.outbox[0].to) == (
        "A CPD correction waits for a second person",
        [team["sergeant"].email],
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionRequest.objects.update(agreed_by=team["officer"])
    assert grant(request, team["sergeant"]).state == "granted"
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionRequest.objects.update(decided_by=team["inspector"])


@pytest.fixture
def alone(team: Team) -> Team:
    """A team whose one supervisor is the sergeant: the inspector above has gone."""
    role = team["inspector"].roles_held.get()
    end_row(role, by=None, last_day=clock.today() - timedelta(days=1))
    return team


def test_with_one_supervisor_somebody_is_named_to_read_it_second_and_can_grant_it(alone: Team) -> None:
    team = alone
    request = ask(verified(team), minutes=30)
    with pytest.raises(ActivityRefused, match=r"Name who reads it second."):
        agree(request, team["sergeant"])
    request.refresh_from_db()
    assert request.state == "asked", "nothing waits for nobody"
    assert request not in CorrectionRequest.objects.waiting_for(team["trainer"])
    activities.agree_to_correction(request, by=team["sergeant"], at=clock.now(), second=team["trainer"])
    assert request in CorrectionRequest.objects.waiting_for(team["trainer"])
    assert request in CorrectionRequest.objects.visible_to(team["trainer"])
    [work] = WaitingWork.objects.filter(kind="cpd.tell")
    tell_of_step(work.key)
    assert mail.outbox[0].to == [team["trainer"].email]
    assert f"/team/cpd/corrections/{request.pk}/" in mail.outbox[0].body
    assert grant(request, team["trainer"]).state == "granted"
    assert total(team) == 30


def test_whoever_agreed_may_name_another_and_the_first_named_no_longer_grants_it(alone: Team) -> None:
    team = alone
    request = ask(verified(team), minutes=30)
    activities.agree_to_correction(request, by=team["sergeant"], at=clock.now(), second=team["trainer"])
    activities.agree_to_correction(request, by=team["sergeant"], at=clock.now(), second=team["elsewhere"])
    assert request not in CorrectionRequest.objects.waiting_for(team["trainer"])
    with pytest.raises(NotYourActivity):
        grant(request, team["trainer"])
    assert grant(request, team["elsewhere"]).decided_by == team["elsewhere"]


@pytest.mark.parametrize("second", ["officer", "sergeant", "colleague"])
def test_neither_the_officer_nor_who_agreed_nor_anybody_is_named_to_read_it_second(alone: Team, second: str) -> None:
    request = ask(verified(alone), minutes=30)
    with pytest.raises(ActivityRefused) as refused:
        activities.agree_to_correction(request, by=alone["sergeant"], at=clock.now(), second=alone[second])
    assert refused.value.field == "verifier"
    request.refresh_from_db()
    assert request.state == "asked"


def test_the_page_asks_who_reads_it_second_and_leads_them_to_the_decision(alone: Team, signed_in: Browser) -> None:
    request = ask(verified(alone), minutes=30)
    address = f"/team/cpd/corrections/{request.pk}/"
    sergeant, trainer = signed_in(alone["sergeant"]), signed_in(alone["trainer"])
    assert "Who reads it second?" in sergeant.get(address).content.decode()
    assert trainer.get(address).status_code == 404
    typed = {
        "do": "agree",
        "decision": "I was there.",
        "verifier": "somebody-else",
        "other_verifier": "nobody@force.example",
    }
    refused = sergeant.post(address, typed).content.decode()
    assert "Nobody who may verify CPD has that e-mail address" in refused
    assert "I was there." in refused
    typed["other_verifier"] = alone["trainer"].email
    assert sergeant.post(address, typed).status_code == 302
    assert "was told and grants it" in sergeant.get(address).content.decode()
    assert address in trainer.get("/team/cpd/").content.decode()
    assert "Correct the record" in trainer.get(address).content.decode()
    assert trainer.post(address, {"do": "grant"}).status_code == 302
    assert total(alone) == 30


def test_who_agreed_may_still_leave_the_record_and_the_officer_may_take_it_back(team: Team) -> None:
    request = agree(ask(verified(team), minutes=30), team["inspector"])
    activities.decline_correction(request, by=team["inspector"], at=clock.now(), decision="I was told otherwise since.")
    again = agree(ask(Activity.objects.get(), minutes=20), team["inspector"])
    assert activities.take_correction_back(again, by=team["officer"], at=clock.now()).state == "taken_back"
    assert total(team) == 45


def answers(activity: Activity, **more: Any) -> dict[str, Any]:
    day: date = activity.day
    return {
        "title": activity.title,
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
        "length_minutes": "30",
        "kind": activity.kind,
        "learned": activity.learned,
        "reason": WHY,
        **more,
    }


def test_a_correction_through_the_pages(team: Team, signed_in: Browser) -> None:
    activity = verified(team)
    officer, sergeant = signed_in(team["officer"]), signed_in(team["sergeant"])
    assert "Ask for a correction" in officer.get(f"/cpd/{activity.pk}/").content.decode()
    missing = officer.post(f"/cpd/{activity.pk}/correct/", answers(activity, reason="")).content.decode()
    assert "Say what is wrong and why." in missing
    assert officer.post(f"/cpd/{activity.pk}/correct/", answers(activity)).status_code == 302
    request = CorrectionRequest.objects.get()
    assert "Take it back" in officer.get(f"/cpd/{activity.pk}/").content.decode()
    assert "1 correction of CPD to decide on" in sergeant.get("/my/").content.decode()
    assert f"/team/cpd/corrections/{request.pk}/" in sergeant.get("/team/cpd/").content.decode()
    page = sergeant.get(f"/team/cpd/corrections/{request.pk}/").content.decode()
    assert WHY in page
    assert "now: 45" in page
    refused = sergeant.post(f"/team/cpd/corrections/{request.pk}/", {"do": "decline", "decision": ""})
    assert "Say why it is not corrected." in refused.content.decode()
    assert "Correct the record" not in page
    assert sergeant.post(f"/team/cpd/corrections/{request.pk}/", {"do": "agree"}).status_code == 302
    assert "You agreed to this" in sergeant.get(f"/team/cpd/corrections/{request.pk}/").content.decode()
    assert total(team) == 45
    second = signed_in(team["inspector"])
    assert "agreed to it" in second.get(f"/team/cpd/corrections/{request.pk}/").content.decode()
    assert second.post(f"/team/cpd/corrections/{request.pk}/", {"do": "grant"}).status_code == 302
    assert "30" in officer.get(f"/cpd/{activity.pk}/").content.decode()
    assert "30 min" in officer.get("/my/record/").content.decode()
    everything = officer.get("/my/record/?show=everything").content.decode()
    assert "Corrected: Briefing on knife-crime orders" in everything
    assert total(team) == 30
    drop = officer.post(f"/cpd/{activity.pk}/correct/", answers(activity, counts_no_more="on"))
    assert drop.status_code == 302
    assert CorrectionRequest.objects.get(state="asked").minutes == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_are_kept_or_refused_and_shown_as_text(team: Team, signed_in: Browser, name: str) -> None:
    text, activity = sendable(HOSTILE[name]), verified(team)
    officer, sergeant = signed_in(team["officer"]), signed_in(team["sergeant"])
    for field in ("title", "learned", "reason", "kind", "length_minutes", "day_year"):
        answer = officer.post(f"/cpd/{activity.pk}/correct/", answers(activity, **{field: text}))
        assert answer.status_code < 500
        assert not runs_in(answer.content.decode())
        for request in CorrectionRequest.objects.filter(state="asked"):
            address = f"/team/cpd/corrections/{request.pk}/"
            assert not runs_in(sergeant.get(address).content.decode())
            assert not runs_in(sergeant.post(address, {"do": "decline", "decision": text}).content.decode())
            CorrectionRequest.objects.filter(pk=request.pk, state="asked").delete()
    for address in (f"/cpd/{activity.pk}/", "/cpd/"):
        assert not runs_in(officer.get(address).content.decode())
