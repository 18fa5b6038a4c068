"""What goes is what was approved: nothing made since, nothing by an approval from before a hold, and nothing once it was taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import DateField

from cpd_records.erasures.asking import CARRY_OUT, end_erasure
from cpd_records.erasures.carrying_out import carry_out
from cpd_records.erasures.reading import erasures_told
from cpd_records.erasures.refusals import ErasureNotAllowed
from cpd_records.ledger.holds import lift_hold, place_hold
from cpd_records.models import (
    Activity,
    Erasure,
    ErasureEnd,
    ErasureRequest,
    LegalHold,
    ReadablePart,
)
from people import clock
from people.models import User, WaitingWork
from tests.factories import person
from tests.training_site.erasures.acts import (
    an_activity,
    approved,
    asked,
    carried_out,
    entry_of,
    long_ago,
    refused,
    shown,
    worked_off,
)
from training_site.erasing import ALL_PLANS

pytestmark = pytest.mark.django_db

# What only says how something is set now, and has no history: it goes as it stands.
SETTINGS = {
    "account.EmailAddress",
    "assessments.PracticeCard",
    "cpd_records.ActivityTemplate",
    "cpd_records.ReminderWish",
    "wagtailusers.UserProfile",
}


def held_on(officer: User, by: User) -> LegalHold:
    return place_hold(officer, reason="Inquest", by=by, at=clock.now())


def lifted(hold: LegalHold, by: User) -> None:
    lift_hold(hold, reason="Closed", by=by, at=clock.now())


def word_of(request: ErasureRequest) -> str:
    (told,) = erasures_told([ErasureRequest.objects.select_related("officer", "asked_by").get(pk=request.pk)])
    return told.word


def test_what_was_made_after_the_approval_stays(olu: User, dee: User, kit: User) -> None:
    seen, seen_too = entry_of(olu, long_ago(1)), an_activity(olu, long_ago(1))
    request = approved(asked(olu, dee), kit)
    since, since_too = entry_of(olu, long_ago(9)), an_activity(olu, long_ago(9))

    worked_off()

    kept = set(ReadablePart.objects.exclude(kind="erasure").values_list("entry", flat=True))
    assert (seen.entry_id in kept, since.entry_id in kept) == (False, True)
    assert set(Activity.objects.values_list("pk", flat=True)) == {since_too.pk} != {seen_too.pk}
    assert word_of(request) == "Erased"


@pytest.mark.parametrize("plan", ALL_PLANS, ids=lambda plan: f"{plan.model}.{plan.what}")
def test_every_plan_says_when_a_row_was_made_unless_it_is_a_setting(plan: Any) -> None:
    if not plan.made:
        assert plan.model in SETTINGS
        return
    table, *_ = [apps.get_model(plan.model)]
    *over, name = plan.made.split("__")
    for step in over:
        table = table._meta.get_field(step).related_model
    assert isinstance(table._meta.get_field(name), DateField), "a moment, or a day where no moment is known"


def test_a_hold_ends_an_approval_and_lifting_it_resumes_nothing(olu: User, dee: User, kit: User) -> None:
    entry = entry_of(olu, long_ago(8))
    request = approved(asked(olu, dee), kit)
    lifted(held_on(olu, dee), dee)

    worked_off()
    carry_out(request.pk, ALL_PLANS)

    assert not Erasure.objects.exists()
    assert word_of(request) == "Stopped by a legal hold"
    following = ErasureRequest.objects.get(closed_at=None)
    assert (following.follows.request, following.asked_by, following.classes) == (request, dee, request.classes)
    assert word_of(following) == "Waits for a decision"
    assert not WaitingWork.objects.filter(kind=CARRY_OUT, done_at=None).exists(), "nothing asks again and again"
    assert ReadablePart.objects.filter(pk=entry.pk).exists()


def test_after_a_hold_another_approval_takes_what_its_approver_saw(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    approved(asked(olu, dee), kit)
    hold = held_on(olu, dee)
    entry_of(olu, long_ago(2))
    lifted(hold, dee)
    following = ErasureRequest.objects.get(closed_at=None)
    with pytest.raises(ErasureNotAllowed, match="Somebody else has to decide"):
        approved(following, dee)
    assert shown(following).counts == {"cpd": 2}

    carried_out(following, kit)

    assert Erasure.objects.count() == 2
    assert following.decision.foreseen == {"cpd": 2}


def test_the_database_opens_no_piece_by_an_approval_from_before_a_hold(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = approved(asked(olu, dee), kit)
    lifted(held_on(olu, dee), dee)
    with pytest.raises(DatabaseError, match="approved request"), transaction.atomic():
        request.pieces.create(number=1, officer=olu, retention_class="cpd", what="x", at=clock.now())


def test_who_asked_takes_it_back_also_when_it_was_approved(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = approved(asked(olu, dee), kit)

    end = end_erasure(request, reason=" Asked by\nmistake ", by=dee, at=clock.now())
    worked_off()

    assert (end.how, end.by, end.reason) == ("taken_back", dee, "Asked by mistake")
    assert word_of(request) == "Taken back"
    assert not Erasure.objects.exists()
    with pytest.raises(ErasureNotAllowed, match="ended already"):
        end_erasure(request, reason="Again", by=dee, at=clock.now())
    asked(olu, kit)


def test_what_was_taken_back_is_not_approved(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    end_erasure(request, reason="Asked by mistake", by=dee, at=clock.now())
    with pytest.raises(ErasureNotAllowed, match="ended already"):
        approved(request, kit)


def test_any_disclosure_officer_cancels_one_that_is_held_back(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    with pytest.raises(ErasureNotAllowed, match="Only who asked takes a request back"):
        end_erasure(request, reason="No", by=kit, at=clock.now())
    held_on(olu, dee)

    end = end_erasure(request, reason="The inquest will take years", by=kit, at=clock.now())

    assert end.how == "cancelled"
    assert word_of(request) == "Cancelled"


@pytest.mark.parametrize(
    ("who", "reason", "sentence"),
    [("dee", " ", "Say why"), ("olu", "No", "Disclosure officers ask"), ("auditor", "No", "Disclosure officers ask")],
)
def test_nobody_ends_it_without_the_duty_or_a_reason(
    olu: User, dee: User, who: str, reason: str, sentence: str
) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    by = {"dee": dee, "olu": olu, "auditor": person("Aud", "auditor")}[who]
    with pytest.raises(ErasureNotAllowed, match=sentence):
        end_erasure(request, reason=reason, by=by, at=clock.now())
    assert not ErasureEnd.objects.exists()


def test_how_it_ended_is_never_changed(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    carried_out(asked(olu, dee), kit)
    entry_of(olu, long_ago(8))
    end_erasure(asked(olu, dee), reason="By mistake", by=dee, at=clock.now())
    for act in (
        lambda: ErasureEnd.objects.update(reason="Another"),
        lambda: ErasureEnd.objects.update(stayed=[]),
        lambda: ErasureEnd.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# --- On the pages -------------------------------------------------------------------------------------------------------


def test_who_lifts_a_hold_reads_that_an_erasure_is_pending(olu: User, dee: User, kit: User, signed_in: Any) -> None:
    entry_of(olu, long_ago(8))
    approved(asked(olu, dee, reason="The court in Croydon ordered it"), kit)
    hold = held_on(olu, dee)
    desk, lift = signed_in(dee), f"/evidence/holds/{hold.pk}/lift/"

    page = desk.get(lift).content.decode()
    assert "The court in Croydon ordered it" in page
    assert f"/evidence/erasures/{ErasureRequest.objects.get(closed_at=None).pk}/" in page
    page = desk.post(lift, {"reason": "Closed"}, follow=True).content.decode()
    assert "waits for a decision" in page


def test_who_lifts_a_hold_of_somebody_else_reads_of_no_erasure(olu: User, dee: User, signed_in: Any) -> None:
    entry_of(olu, long_ago(8))
    asked(olu, dee)
    hold = held_on(person("Bo Demo"), dee)
    assert "An erasure is pending" not in signed_in(dee).get(f"/evidence/holds/{hold.pk}/lift/").content.decode()


def test_it_is_taken_back_on_its_page_by_who_asked_alone(olu: User, dee: User, kit: User, signed_in: Any) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    where = f"/evidence/erasures/{request.pk}/"
    desk = signed_in(dee)
    assert "Take it back" in desk.get(where).content.decode()
    assert "Take it back" not in signed_in(kit).get(where).content.decode()

    answer = desk.post(where, {"end-reason": ""})
    assert answer.status_code == 422
    assert "Say why, in a sentence." in answer.content.decode()
    answer = signed_in(kit).post(where, {"end-reason": "Not mine"})
    assert answer.status_code == 422
    assert "Only who asked takes a request back" in answer.content.decode()
    assert "Not mine" in answer.content.decode() or "Decide" in answer.content.decode()

    page = desk.post(where, {"end-reason": "Asked by mistake"}, follow=True).content.decode()
    assert "Taken back" in page
    assert "Asked by mistake" in page
    assert "Take it back" not in page


def test_one_that_is_held_back_is_cancelled_on_its_page(olu: User, dee: User, kit: User, signed_in: Any) -> None:
    entry_of(olu, long_ago(8))
    approved(asked(olu, dee), kit)
    held_on(olu, dee)
    following = ErasureRequest.objects.get(closed_at=None)
    desk, where = signed_in(kit), f"/evidence/erasures/{following.pk}/"
    page = desk.get(where).content.decode()
    assert "one that a legal hold stopped" in page
    assert "Cancel it" in page
    page = desk.post(where, {"end-reason": "The inquest goes on"}, follow=True).content.decode()
    assert "Cancelled" in page
    stopped = signed_in(kit).get(f"/evidence/erasures/{following.follows.request_id}/").content.decode()
    assert "Stopped by a legal hold" in stopped
    assert where in stopped


def test_what_changed_since_it_was_shown_is_shown_anew_and_not_done(
    olu: User, dee: User, kit: User, signed_in: Any
) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    desk, where = signed_in(kit), f"/evidence/erasures/{request.pk}/"
    old = shown(request).digest
    assert old in desk.get(where).content.decode()
    entry_of(olu, long_ago(2))

    answer = desk.post(where, {"reason": "Checked with care", "decision": "approve", "seen": old})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "What would go has changed since you looked" in page
    assert "Checked with care" in page
    assert old not in page
    new = shown(request).digest
    assert new in page
    assert not hasattr(ErasureRequest.objects.get(pk=request.pk), "decision")
    answer = desk.post(where, {"reason": "Checked with care", "decision": "approve", "seen": new})
    assert answer.status_code == 302
    assert ErasureRequest.objects.get(pk=request.pk).decision.foreseen == {"cpd": 2}


def test_a_refusal_takes_nothing_so_it_may_rest_on_an_old_preview(olu: User, dee: User, kit: User) -> None:
    entry_of(olu, long_ago(8))
    request = asked(olu, dee)
    refused(request, kit)
    assert word_of(request) == "Refused"
