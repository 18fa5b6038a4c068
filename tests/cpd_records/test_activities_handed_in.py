"""Reflecting on an activity and handing it in: what is private stays so until it is shared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cpd_records import activities
from cpd_records.activities import (
    ActivityRefused,
    ChangedMeanwhile,
    OwnActivity,
    Seen,
)
from cpd_records.models import Activity, ActivityStep, Competency
from people.models import User
from tests import factories
from tests.cpd_records.activity_acts import DAY, NOW, log, reflect, submitted, team_fixture  # noqa: F401

pytestmark = pytest.mark.django_db


# --- The reflection ---------------------------------------------------------------------------------------------------


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
