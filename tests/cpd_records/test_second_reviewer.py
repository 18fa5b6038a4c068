"""Verified by a supervisor or somebody with the knowledge; rejected only by two people, neither of them the officer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from cpd_records import activities
from cpd_records.activities import ActivityRefused, NotYourActivity, OwnActivity
from cpd_records.activities.telling import tell_of_step
from cpd_records.models import Activity, ActivityStep, LedgerEntry
from cpd_records.models.verifying import may_be_named
from people import clock
from people.models import User, WaitingWork
from people.roles import give_rank
from tests import factories
from tests.cpd_records.cpd_acts import Team, handed_in, logged, response_team, verified

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
WHY = "This is the duty itself and nothing was learned from it."


@pytest.fixture
def team() -> Team:
    return response_team()


def propose(team: Team, activity: Activity | None = None, *, by: str = "sergeant", second: str = "trainer") -> Activity:
    activity = activity or handed_in(team)
    return activities.propose_rejection(activity, by=team[by], second=team[second], reason=WHY, at=clock.now())


def tell_all() -> list[str]:
    """Send the mail that waits and return its subjects."""
    for work in WaitingWork.objects.filter(kind="cpd.tell", done_at__isnull=True).order_by("pk"):
        tell_of_step(work.key)
        work.delete()
    return [message.subject for message in mail.outbox]


# --- Who may be named -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["trainer", "assessor", "iqa"])
def test_somebody_with_the_knowledge_may_be_named_and_verify(team: Team, role: str) -> None:
    family = "ethics" if role == "trainer" else ""
    expert = factories.person("Expert E. Demo", role, family=family)
    assert activities.find_verifier(expert.service_number, officer=team["officer"]) == expert
    activity = activities.submit_activity(logged(team["officer"]), by=team["officer"], verifier=expert, at=clock.now())
    assert Activity.objects.visible_to(expert).get() == activity
    assert activities.verify_activity(activity, by=expert, at=clock.now()).verifier == expert


@pytest.mark.parametrize(
    ("rank", "acting", "may"), [("constable", False, False), ("sergeant", False, True), ("inspector", True, True)]
)
def test_a_sergeant_or_above_may_be_named_acting_too(team: Team, rank: str, acting: bool, may: bool) -> None:
    person = factories.person("Somebody", rank="constable")
    if rank != "constable":
        give_rank(person, rank, by=None, valid_from=factories.LONG_AGO, acting=acting)
    assert may_be_named(person) is may


def test_somebody_named_sees_what_was_handed_in_to_them_and_nothing_else(team: Team, signed_in: Browser) -> None:
    mine, other = handed_in(team, to="trainer"), handed_in(team)
    browser = signed_in(team["trainer"])
    page = browser.get("/team/cpd/").content.decode()
    assert f"/team/cpd/{mine.pk}/" in page
    assert f"/team/cpd/{other.pk}/" not in page
    assert browser.get(f"/team/cpd/{other.pk}/").status_code == 404
    assert "CPD to verify" in browser.get("/cpd/").content.decode()
    assert "1 CPD activity to verify" in browser.get("/my/").content.decode()


def test_a_constable_is_refused_the_page_by_a_sentence(team: Team, signed_in: Browser) -> None:
    refused = signed_in(team["colleague"]).get("/team/cpd/")
    assert refused.status_code == 403
    assert "that is for supervisors, sergeants and above, trainers and assessors" in refused.content.decode()


def test_a_person_named_who_lost_the_role_sees_and_verifies_nothing(team: Team) -> None:
    activity = handed_in(team, to="trainer")
    team["trainer"].roles_held.all().delete()
    fresh = User.objects.get(pk=team["trainer"].pk)
    assert not Activity.objects.visible_to(fresh).exists()
    with pytest.raises(NotYourActivity):
        activities.verify_activity(activity, by=fresh, at=clock.now())


# --- Rejected by two --------------------------------------------------------------------------------------------------


def test_the_first_proposes_the_second_confirms_and_the_officer_is_told(team: Team) -> None:
    activity = propose(team)
    assert (activity.state, activity.rejection_by, activity.second_reviewer) == (
        "proposed",
        team["sergeant"],
        team["trainer"],
    )
    assert tell_all() == ["CPD to read as the second reviewer"]
    assert mail.outbox[0].to == [team["trainer"].email]
    rejected = activities.confirm_rejection(activity, by=team["trainer"], at=clock.now())
    assert rejected.state == "rejected"
    assert not LedgerEntry.objects.exists()
    assert tell_all()[1:] == ["CPD not accepted"]
    assert mail.outbox[1].to == [team["officer"].email]
    assert f"/cpd/{activity.pk}/" in mail.outbox[1].body
    for message in mail.outbox:
        assert activity.title not in message.subject + message.body
        assert WHY not in message.body
    assert list(activity.steps.values_list("kind", "by", "reason"))[-2:] == [
        ("proposed", team["sergeant"].pk, WHY),
        ("rejected", team["trainer"].pk, ""),
    ]


def test_nobody_rejects_alone(team: Team) -> None:
    activity = propose(team)
    with pytest.raises(NotYourActivity, match=r"You proposed to reject this, so somebody else decides."):
        activities.confirm_rejection(activity, by=team["sergeant"], at=clock.now())
    waiting = handed_in(team)
    for second in ("sergeant", "officer"):
        with pytest.raises(ActivityRefused, match=r"Somebody else has to read this second"):
            propose(team, waiting, second=second)
    with pytest.raises(ActivityRefused, match=r"Officer B. Demo may not verify CPD. Choose another second reviewer."):
        propose(team, waiting, second="colleague")
    with pytest.raises(ActivityRefused, match=r"Say why it should be rejected."):
        activities.propose_rejection(waiting, by=team["sergeant"], second=team["trainer"], reason=" ", at=clock.now())


def test_nobody_rejects_their_own_superusers_included(team: Team) -> None:
    superuser = factories.person("Superuser", "system-admin", "supervisor", unit=factories.unit("hq"))
    own = logged(superuser)
    own = activities.submit_activity(own, by=superuser, verifier=team["sergeant"], at=clock.now())
    with pytest.raises(OwnActivity):
        activities.propose_rejection(own, by=superuser, second=team["trainer"], reason=WHY, at=clock.now())
    proposed = propose(team, own)
    with pytest.raises(OwnActivity):
        activities.confirm_rejection(proposed, by=superuser, at=clock.now())


def test_only_the_second_reviewer_or_another_supervisor_decides(team: Team) -> None:
    activity = propose(team)
    for who in ("elsewhere", "colleague", "stranger"):
        with pytest.raises(NotYourActivity, match=r"You were not named to read this second"):
            activities.confirm_rejection(activity, by=team[who], at=clock.now())
    assert (
        activities.confirm_rejection(activity, by=team["inspector"], at=clock.now()).second_reviewer
        == team["inspector"]
    )


@pytest.mark.parametrize("who", ["sergeant", "inspector"])
def test_either_may_return_it_instead_and_the_officer_goes_on(team: Team, who: str) -> None:
    activity = propose(team, second="inspector")
    returned = activities.return_activity(activity, by=team[who], reason="Say what you learned.", at=clock.now())
    assert (returned.state, returned.rejection_by, returned.second_reviewer) == ("returned", None, None)
    again = activities.submit_activity(returned, by=team["officer"], verifier=team["sergeant"], at=clock.now())
    assert activities.verify_activity(again, by=team["sergeant"], at=clock.now()).state == "verified"
    assert "CPD returned to you" in tell_all()


def test_while_a_second_reviewer_reads_nothing_changes_under_them(team: Team) -> None:
    activity = propose(team)
    officer = team["officer"]
    refused: list[Callable[[], Any]] = [
        lambda: activities.withdraw_activity(activity, by=officer, at=clock.now()),
        lambda: activities.submit_activity(activity, by=officer, verifier=team["inspector"], at=clock.now()),
        lambda: activities.discard_activity(activity, by=officer, at=clock.now()),
        lambda: activities.verify_activity(activity, by=team["sergeant"], at=clock.now()),
        lambda: activities.propose_rejection(
            activity, by=team["inspector"], second=team["trainer"], reason=WHY, at=clock.now()
        ),
    ]
    for act in refused:
        with pytest.raises(ActivityRefused):
            act()
    assert Activity.objects.get().state == "proposed"
    assert propose(team, activity) == activity
    assert ActivityStep.objects.filter(kind="proposed").count() == 1


def test_what_is_rejected_stays_as_it_was_read_and_takes_no_room_in_the_day(team: Team) -> None:
    activity = propose(team, handed_in(team, minutes=1440, is_long_day=True))
    activities.confirm_rejection(activity, by=team["trainer"], at=clock.now())
    for act in (
        lambda: activities.verify_activity(activity, by=team["sergeant"], at=clock.now()),
        lambda: activities.confirm_rejection(activity, by=team["inspector"], at=clock.now()),
        lambda: activities.return_activity(activity, by=team["sergeant"], reason="x", at=clock.now()),
        lambda: activities.submit_activity(activity, by=team["officer"], verifier=team["sergeant"], at=clock.now()),
        lambda: activities.discard_activity(activity, by=team["officer"], at=clock.now()),
    ):
        with pytest.raises(ActivityRefused):
            act()
    assert logged(team["officer"], minutes=1440, is_long_day=True).minutes == 1440
    totals = activities.totals_of_year(team["officer"], on=clock.today())
    assert totals.waiting == 1440


def test_the_database_holds_the_rule_of_two(team: Team) -> None:
    activity, done = handed_in(team), verified(team)
    people = {name: person.pk for name, person in team.items()}
    for columns in (
        {"state": "proposed"},
        {"state": "rejected", "rejection_by": people["sergeant"]},
        {"state": "proposed", "rejection_by": people["sergeant"], "second_reviewer": people["sergeant"]},
        {"state": "rejected", "rejection_by": people["officer"], "second_reviewer": people["trainer"]},
        {"state": "rejected", "rejection_by": people["sergeant"], "second_reviewer": people["officer"]},
        {"rejection_by": people["sergeant"]},
        {"state": "approved"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.filter(pk=activity.pk).update(**columns)
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=done.pk).update(
            state="rejected", rejection_by=people["sergeant"], second_reviewer=people["trainer"]
        )


# --- The pages --------------------------------------------------------------------------------------------------------


def test_a_rejection_through_the_pages(team: Team, signed_in: Browser) -> None:
    activity = handed_in(team)
    first = signed_in(team["sergeant"])
    assert "A second person has to agree." in first.get(f"/team/cpd/{activity.pk}/").content.decode()
    address = f"/team/cpd/{activity.pk}/reject/"
    empty = first.post(address, {"reason": "", "verifier": ""}).content.decode()
    assert "Say why it should be rejected." in empty
    assert "Choose who reads it second." in empty
    mine = {"reason": WHY, "verifier": "somebody-else", "other_verifier": team["sergeant"].email}
    assert "Somebody else has to read this second" in first.post(address, mine).content.decode()
    assert first.post(address, {**mine, "other_verifier": team["trainer"].service_number}).status_code == 302
    assert "Waiting for a second reviewer" in signed_in(team["officer"]).get(f"/cpd/{activity.pk}/").content.decode()

    second = signed_in(team["trainer"])
    assert f"/team/cpd/{activity.pk}/" in second.get("/team/cpd/").content.decode()
    page = second.get(f"/team/cpd/{activity.pk}/").content.decode()
    assert WHY in page
    assert "Confirm the rejection" in page
    assert "Confirm the rejection" not in first.get(f"/team/cpd/{activity.pk}/").content.decode()
    second.post(f"/team/cpd/{activity.pk}/confirm-rejection/", {"seen": activities.summary_mark(activity)})
    officer = signed_in(team["officer"])
    assert WHY in officer.get("/cpd/").content.decode()
    assert "Rejected, by two people" in officer.get(f"/cpd/{activity.pk}/").content.decode()
    assert Activity.objects.get().state == "rejected"
    copied = officer.get(f"/cpd/log/?from=copy:{activity.pk}").content.decode()
    assert activity.title in copied
