"""CPD activities through their verbs: private until handed in, verified by somebody else, recorded once."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from cpd_records import activities, activity_rules
from cpd_records.activities import (
    ActivityRefused,
    AlreadyLogged,
    ChangedMeanwhile,
    LongDay,
    NotYourActivity,
    OwnActivity,
    Seen,
    recording,
)
from cpd_records.activities.totals import year_of
from cpd_records.ledger.entries import append_entry
from cpd_records.models import Activity, ActivityKind, ActivityStep, Competency, LedgerEntry, ReadablePart
from people.models import User
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
DAY = date(2026, 11, 22)


@pytest.fixture
def team() -> dict[str, User]:
    """A response team with its sergeant, the inspector above, and a sergeant of another team."""
    borough = factories.unit("borough")
    team_c = factories.unit("team-c", parent=borough)
    return {
        "officer": factories.person("Officer A. Demo", unit=team_c),
        "sergeant": factories.person("Sergeant D. Demo", "supervisor", unit=team_c),
        "inspector": factories.person("Inspector C. Demo", "supervisor", unit=borough),
        "elsewhere": factories.person("Sergeant X. Demo", "supervisor", unit=factories.unit("other-team")),
    }


def log(officer: User, *, at: datetime = NOW, **answers: Any) -> Activity:
    given_answers: dict[str, Any] = {
        "title": "Briefing on knife-crime orders",
        "kind": "briefing",
        "day": DAY,
        "minutes": 45,
        "learned": "Orders can carry a search condition.",
        "client_token": None,
        "is_another": True,
        **answers,
    }
    return activities.log_activity(officer, at=at, **given_answers)


def answers_of(activity: Activity) -> dict[str, Any]:
    return dict(vars(activities.summary_of(activity)))


def submitted(team: dict[str, User], **answers: Any) -> Activity:
    return activities.submit_activity(
        log(team["officer"], **answers), by=team["officer"], verifier=team["sergeant"], at=NOW
    )


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


# --- The reflection ---------------------------------------------------------------------------------------------------


def reflect(activity: Activity, by: User, **written: Any) -> Activity:
    given_text = {
        "reflection": "I will ask control first.",
        "helps": "The public",
        "competencies": ["analyse"],
        **written,
    }
    return activities.write_reflection(activity, by=by, at=NOW, seen=Seen(activity.reflected_at), **given_text)


def test_a_reflection_may_be_written_left_empty_and_written_again(team: dict[str, User]) -> None:
    activity = log(team["officer"])
    assert not reflect(activity, team["officer"], reflection=" ", helps="", competencies=[]).has_reflection
    written = reflect(activity, team["officer"], competencies=["analyse", "ownership", "analyse"])
    assert written.competencies == ["analyse", "ownership"]
    assert Competency.titles(written.competencies) == ["We analyse critically", "We take ownership"]


def test_a_reflection_refuses_an_unknown_competency_and_a_text_too_long(team: dict[str, User]) -> None:
    activity = log(team["officer"])
    with pytest.raises(ActivityRefused, match=r"Choose competencies from the list"):
        reflect(activity, team["officer"], competencies=["kindness"])
    with pytest.raises(ActivityRefused, match=r"Your text is 20,001 characters long and 20,000 fit"):
        reflect(activity, team["officer"], reflection="x" * 20001)


def test_a_reflection_from_another_window_does_not_overwrite(team: dict[str, User]) -> None:
    activity = log(team["officer"])
    later = activities.write_reflection(
        activity,
        by=team["officer"],
        at=NOW + timedelta(minutes=1),
        seen=Seen(activity.reflected_at),
        reflection="First",
        helps="",
        competencies=[],
    )
    with pytest.raises(ChangedMeanwhile):
        reflect(activity, team["officer"], reflection="Second")
    assert reflect(later, team["officer"], reflection="Second").reflection == "Second"


def test_a_reflection_is_shared_only_when_there_is_one_and_until_it_is_verified(team: dict[str, User]) -> None:
    officer = team["officer"]
    activity = submitted(team)
    with pytest.raises(ActivityRefused, match=r"no reflection to share yet"):
        activities.share_reflection(activity, by=officer, at=NOW)
    reflect(activity, officer)
    for _ in range(2):
        assert activities.share_reflection(activity, by=officer, at=NOW).reflection_shared
    for _ in range(2):
        assert not activities.unshare_reflection(activity, by=officer, at=NOW).reflection_shared
    activities.share_reflection(activity, by=officer, at=NOW)
    activities.verify_activity(activity, by=team["sergeant"], at=NOW)
    with pytest.raises(ActivityRefused, match=r"so it stays shared"):
        activities.unshare_reflection(activity, by=officer, at=NOW)
    with pytest.raises(ActivityRefused, match=r"stays as it was read"):
        reflect(Activity.objects.get(), officer, reflection="Another")
    assert list(ActivityStep.objects.values_list("kind", flat=True).filter(kind__contains="shared")) == [
        "shared",
        "unshared",
        "shared",
    ]


def test_a_private_reflection_can_still_be_written_after_verification(team: dict[str, User]) -> None:
    verified = activities.verify_activity(submitted(team), by=team["sergeant"], at=NOW)
    assert reflect(verified, team["officer"]).reflection == "I will ask control first."


# --- Handing in -------------------------------------------------------------------------------------------------------


def test_an_activity_is_handed_in_to_the_nearest_supervisor_first(team: dict[str, User]) -> None:
    assert activities.verifiers_for(team["officer"], on=DAY) == [team["sergeant"], team["inspector"]]
    activity = submitted(team)
    assert (activity.state, activity.verifier) == ("submitted", team["sergeant"])
    assert activity.steps.last().to == team["sergeant"]
    assert activities.verifiers_for(factories.person("Nobody's")) == []


def test_submitting_twice_is_submitting_once(team: dict[str, User]) -> None:
    activity = submitted(team)
    activities.submit_activity(activity, by=team["officer"], verifier=team["sergeant"], at=NOW)
    assert ActivityStep.objects.filter(kind="submitted").count() == 1
    with pytest.raises(ActivityRefused, match=r"waiting for Sergeant D. Demo"):
        activities.submit_activity(activity, by=team["officer"], verifier=team["inspector"], at=NOW)


def test_once_handed_in_it_is_seen_by_the_verifier_and_the_officers_supervisors_only(team: dict[str, User]) -> None:
    activity = activities.submit_activity(log(team["officer"]), by=team["officer"], verifier=team["elsewhere"], at=NOW)
    for who in ("officer", "sergeant", "inspector", "elsewhere"):
        assert Activity.objects.visible_to(team[who]).get() == activity
    another = factories.person("Sergeant Y. Demo", "supervisor", unit=factories.unit("third-team"))
    admin = factories.person("Admin", "system-admin", "auditor", "training-admin")
    for stranger in (another, admin):
        assert not Activity.objects.visible_to(stranger).exists()


def test_what_is_taken_back_or_returned_is_out_of_the_supervisors_sight(team: dict[str, User]) -> None:
    activity = submitted(team)
    activities.return_activity(activity, by=team["sergeant"], reason="Which order?", at=NOW)
    assert not Activity.objects.visible_to(team["sergeant"]).exists()
    again = activities.submit_activity(activity, by=team["officer"], verifier=team["sergeant"], at=NOW)
    assert Activity.objects.visible_to(team["sergeant"]).get() == again
    for _ in range(2):
        activities.withdraw_activity(activity, by=team["officer"], at=NOW)
    assert not Activity.objects.visible_to(team["sergeant"]).exists()
    assert ActivityStep.objects.filter(kind="withdrawn").count() == 1


def test_a_verified_activity_cannot_be_taken_back(team: dict[str, User]) -> None:
    verified = activities.verify_activity(submitted(team), by=team["sergeant"], at=NOW)
    with pytest.raises(ActivityRefused, match=r"nothing to take back"):
        activities.withdraw_activity(verified, by=team["officer"], at=NOW)
    with pytest.raises(ActivityRefused, match=r"verified and on your record"):
        activities.submit_activity(verified, by=team["officer"], verifier=team["inspector"], at=NOW)


def test_somebody_who_is_no_supervisor_cannot_be_chosen(team: dict[str, User]) -> None:
    colleague = factories.person("PC B. Demo")
    with pytest.raises(ActivityRefused, match=r"PC B. Demo may not verify CPD. Choose another verifier."):
        activities.submit_activity(log(team["officer"]), by=team["officer"], verifier=colleague, at=NOW)


def test_a_named_other_verifier_is_found_by_address_or_number_and_everybody_else_is_refused_alike(
    team: dict[str, User],
) -> None:
    officer, elsewhere = team["officer"], team["elsewhere"]
    assert activities.find_verifier(f" {elsewhere.email.upper()} ", officer=officer) == elsewhere
    assert activities.find_verifier(elsewhere.service_number, officer=officer) == elsewhere
    gone = factories.person("Gone", "supervisor", unit=factories.unit("gone-team"))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for text in ("nobody@force.example", factories.person("PC").email, gone.email, "", "' OR 1=1 --"):
        with pytest.raises(ActivityRefused, match=r"Nobody who may verify CPD has that"):
            activities.find_verifier(text, officer=officer)
    with pytest.raises(OwnActivity, match=r"You cannot verify your own activity. Choose another verifier."):
        activities.find_verifier(elsewhere.email, officer=elsewhere)


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
            payload={"reason": "An hour too many", "by": str(team["sergeant"].public_id)},
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
