"""Disposal of several people's records: asked for in one act and approved in another, each a request and a decision of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest

from cpd_records.erasures import several
from cpd_records.erasures.due import list_due
from cpd_records.erasures.foreseeing import foresee
from cpd_records.erasures.refusals import ErasureNotAllowed
from cpd_records.erasures.several import MOST_AT_ONCE, ask_for_disposal, decide_several
from cpd_records.ledger.holds import place_hold
from cpd_records.models import ErasureDecision, ErasureGround, ErasureRequest, ReadablePart
from people import clock
from people.models import User
from tests.factories import person
from tests.training_site.erasures.acts import an_activity, asked, entry_of, long_ago, refused, shown, worked_off
from training_site.erasing import ALL_PLANS

pytestmark = pytest.mark.django_db
DUE, ASK, WAITING = "/evidence/erasures/due/", "/evidence/erasures/due/ask/", "/evidence/erasures/waiting/"
WHY = "The period has ended"


@pytest.fixture
def two(olu: User) -> list[User]:
    """Two people of whom something is due: an entry of each, and an activity of the first."""
    people = [olu, person("Bo Demo")]
    for one in people:
        entry_of(one, long_ago(8))
    an_activity(olu, long_ago(8))
    list_due(ALL_PLANS, at=clock.now())
    return people


def everybody(people: Sequence[User]) -> dict[str, list[str]]:
    return {"who": [str(one.public_id) for one in people]}


def seen_on(page: Any) -> dict[str, str]:
    """The previews that a page carries along."""
    return dict(re.findall(r'name="(seen-[0-9a-f-]{36})" value="([0-9a-f]{64})"', page.content.decode()))


def previews(people: Sequence[User]) -> list[Any]:
    return [foresee(one, ALL_PLANS, ground=ErasureGround.RETENTION, on=clock.today()) for one in people]


def asked_of(people: Sequence[User], by: User, **more: Any) -> list[ErasureRequest]:
    found = previews(people)
    given = {"classes": ["cpd"], "reason": WHY, "seen": {one.officer.public_id: one.digest for one in found}, **more}
    return ask_for_disposal(found, by=by, at=clock.now(), **given)


# --- Asking ------------------------------------------------------------------------------------------------------------


def test_several_are_ticked_on_the_list_seen_in_all_and_asked_for_in_one_act(
    two: list[User], dee: User, signed_in: Any
) -> None:
    desk = signed_in(dee)
    page = desk.get(DUE).content.decode()
    for one in two:
        assert f'name="who" value="{one.public_id}"' in page

    page = desk.get(ASK, everybody(two))
    words = page.content.decode()
    assert "What is due of 2 people." in words
    assert re.search(r'data-label="Records">3</td>\s*<td[^>]*data-label="People">2</td>', words)
    answer = desk.post(ASK, {**everybody(two), **seen_on(page), "classes": ["cpd"], "reason": WHY})
    assert answer["Location"] == "/evidence/erasures/"
    requests = ErasureRequest.objects.order_by("pk")
    assert {(one.officer, one.asked_by, one.ground, tuple(one.classes), one.reason) for one in requests} == {
        (officer, dee, "retention", ("cpd",), WHY) for officer in two
    }
    assert "2 requests, one for each person, wait" in desk.get("/evidence/erasures/").content.decode()
    assert ReadablePart.objects.count() == 2, "nothing is erased before somebody else approves"


def test_one_button_takes_all_on_the_page_that_can_be_asked_for(two: list[User], dee: User, signed_in: Any) -> None:
    place_hold(two[1], reason="Inquest", by=dee, at=clock.now())
    desk = signed_in(dee)
    listed = re.findall(r'name="shown" value="([0-9a-f-]{36})"', desk.get(DUE).content.decode())
    assert listed == [str(two[0].public_id)]
    assert "What is due of one person." in desk.get(ASK, {"shown": listed, "all": "yes"}).content.decode()


def test_who_has_nothing_of_the_chosen_classes_is_not_asked_about(two: list[User], dee: User) -> None:
    entry_of(two[1], long_ago(9), "exemption", subject="PPST", valid_until=long_ago(8))
    with pytest.raises(ErasureNotAllowed, match="Nothing of these classes is due"):
        asked_of(two, dee, classes=["responses"])
    (request,) = asked_of(two, dee, classes=["exceptions", "responses"])
    assert (request.officer, request.classes) == (two[1], ["exceptions"])


def test_who_is_held_or_asked_about_already_is_left_out_and_said_to_be(
    two: list[User], dee: User, kit: User, signed_in: Any
) -> None:
    held, third = two[1], person("Cy Demo")
    entry_of(third, long_ago(8))
    list_due(ALL_PLANS, at=clock.now())
    place_hold(held, reason="Inquest", by=dee, at=clock.now())
    asked(third, kit, ground=ErasureGround.RETENTION, classes=["cpd"])

    page = signed_in(dee).get(ASK, everybody([*two, third]))
    words = page.content.decode()
    assert "A legal hold stands, so nothing of theirs may be erased." in words
    assert "An erasure is asked for already." in words
    assert set(seen_on(page)) == {f"seen-{two[0].public_id}"}


def test_of_what_changed_since_it_was_shown_nothing_is_asked_and_the_page_shows_it_anew_with_what_was_typed(
    two: list[User], dee: User, signed_in: Any
) -> None:
    desk = signed_in(dee)
    page = desk.get(ASK, everybody(two))
    entry_of(two[1], long_ago(9))

    answer = desk.post(ASK, {**everybody(two), **seen_on(page), "classes": ["cpd"], "reason": WHY})
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "Bo Demo: What would go has changed since you looked" in words
    assert "Nothing was done of the others either." in words
    assert WHY in words
    assert not ErasureRequest.objects.exists()
    again = desk.post(ASK, {**everybody(two), **seen_on(answer), "classes": ["cpd"], "reason": WHY})
    assert again.status_code == 302
    assert ErasureRequest.objects.count() == 2


def test_a_hold_placed_while_the_page_was_open_leaves_its_officer_out(
    two: list[User], dee: User, signed_in: Any
) -> None:
    desk = signed_in(dee)
    page = desk.get(ASK, everybody(two))
    place_hold(two[1], reason="Inquest", by=dee, at=clock.now())
    desk.post(ASK, {**everybody(two), **seen_on(page), "classes": ["cpd"], "reason": WHY})
    assert [one.officer for one in ErasureRequest.objects.all()] == [two[0]]


def test_a_hold_on_one_of_them_refuses_the_act_of_all(two: list[User], dee: User) -> None:
    place_hold(two[1], reason="Inquest", by=dee, at=clock.now())
    with pytest.raises(ErasureNotAllowed, match="Bo Demo: A legal hold stands"):
        asked_of(two, dee)
    assert not ErasureRequest.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": ""}, "Say why, in a sentence."),
        ({"classes": []}, "Choose at least one class of records."),
        ({"classes": ["service"]}, "Of that class nothing is due."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_comes_back(
    two: list[User], dee: User, signed_in: Any, given: dict[str, Any], sentence: str
) -> None:
    desk = signed_in(dee)
    sent = {**everybody(two), **seen_on(desk.get(ASK, everybody(two))), "classes": ["cpd"], "reason": WHY, **given}
    answer = desk.post(ASK, sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert sent["reason"] in answer.content.decode()


@pytest.mark.parametrize(
    ("asking", "sentence"),
    [
        ({}, "Choose at least one person, then ask."),
        ({"who": ["nonsense"]}, "Choose at least one person, then ask."),
        ({"who": [f"00000000-0000-4000-8000-{n:012d}" for n in range(MOST_AT_ONCE + 1)]}, "people at once is the most"),
        ({"who": ["00000000-0000-4000-8000-000000000001"]}, "Nobody you chose is on the list any more"),
    ],
)
def test_nobody_too_many_and_strangers_lead_back_to_the_list_with_a_sentence(
    dee: User, signed_in: Any, asking: dict[str, Any], sentence: str
) -> None:
    answer = signed_in(dee).get(ASK, asking, follow=True)
    assert answer.redirect_chain[-1][0] == DUE
    assert sentence in answer.content.decode()


def test_the_verbs_take_twenty_at_once_and_no_more(
    two: list[User], dee: User, kit: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "MOST_AT_ONCE", 1)
    with pytest.raises(ErasureNotAllowed, match="at once is the most"):
        asked_of(two, dee)
    monkeypatch.setattr(several, "MOST_AT_ONCE", 2)
    waiting = {one: shown(one) for one in asked_of(two, dee)}
    monkeypatch.setattr(several, "MOST_AT_ONCE", 1)
    with pytest.raises(ErasureNotAllowed, match="at once is the most"):
        decide_several(waiting, approve=True, reason="x", seen={}, by=kit, at=clock.now())


def test_an_auditor_reads_the_list_and_asks_for_nothing(two: list[User], signed_in: Any) -> None:
    desk = signed_in(person("Aud Demo", "auditor"))
    assert 'name="who"' not in desk.get(DUE).content.decode()
    assert desk.get(ASK, everybody(two)).status_code == 403
    assert desk.get(WAITING).status_code == 403


# --- Deciding ----------------------------------------------------------------------------------------------------------


def test_another_sees_the_preview_of_each_and_approves_several_at_once(
    two: list[User], dee: User, kit: User, signed_in: Any
) -> None:
    asked_of(two, dee)
    desk = signed_in(kit)
    assert "2 erasures wait for a second person" in desk.get("/evidence/erasures/").content.decode()
    page = desk.get(WAITING)
    words = page.content.decode()
    assert words.count("Other entries of the ledger") == 2
    assert "CPD activities" in words
    chosen = [str(one.pk) for one in ErasureRequest.objects.all()]

    answer = desk.post(
        WAITING, {**seen_on(page), "chosen": chosen, "reason": "Checked against the schedule", "decision": "approve"}
    )
    assert answer["Location"] == "/evidence/erasures/"
    decisions = ErasureDecision.objects.all()
    assert {(one.outcome, one.by, one.foreseen["cpd"], one.officer) for one in decisions} == {
        ("approved", kit, 2, two[0]),
        ("approved", kit, 1, two[1]),
    }
    worked_off()
    assert not ReadablePart.objects.exclude(kind="erasure").exists()
    assert {one.end.how for one in ErasureRequest.objects.all()} == {"carried_out"}


def test_those_not_chosen_go_on_waiting(two: list[User], dee: User, kit: User, signed_in: Any) -> None:
    first, second = asked_of(two, dee)
    desk = signed_in(kit)
    sent = {**seen_on(desk.get(WAITING)), "chosen": [str(first.pk)], "reason": "Not due", "decision": "refuse"}
    answer = desk.post(WAITING, sent, follow=True)
    assert "One refused. Nothing was erased." in answer.content.decode()
    assert set(ErasureRequest.objects.waiting()) == {second}


def test_who_asked_and_whom_it_is_about_have_nothing_to_decide(
    two: list[User], dee: User, kit: User, signed_in: Any
) -> None:
    entry_of(kit, long_ago(8))
    (about_kit,) = asked_of([kit], dee)
    asked_of(two, dee)
    assert "No erasure waits for you." in signed_in(dee).get(WAITING).content.decode()
    page = signed_in(kit).get(WAITING)
    assert f"seen-{about_kit.pk}" not in seen_on(page)
    sent = {**seen_on(page), "chosen": [str(about_kit.pk)], "reason": "x", "decision": "approve"}
    answer = signed_in(kit).post(WAITING, sent)
    assert answer.status_code == 422
    assert "One of those you chose waits no longer." in answer.content.decode()
    for by, says in ((dee, "You asked for it"), (kit, "their own records")):
        with pytest.raises(ErasureNotAllowed, match=says):
            decide_several({about_kit: shown(about_kit)}, approve=True, reason="x", seen={}, by=by, at=clock.now())


def test_where_what_would_go_of_one_changed_none_is_approved_and_what_was_chosen_and_typed_comes_back(
    two: list[User], dee: User, kit: User, signed_in: Any
) -> None:
    requests = asked_of(two, dee)
    desk = signed_in(kit)
    page = desk.get(WAITING)
    entry_of(two[1], long_ago(9))
    sent = {
        **seen_on(page),
        "chosen": [str(one.pk) for one in requests],
        "reason": "Checked against the schedule",
        "decision": "approve",
    }
    answer = desk.post(WAITING, sent)
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "Bo Demo: What would go has changed since you looked" in words
    assert "Checked against the schedule" in words
    assert words.count(" checked>") == 2
    assert not ErasureDecision.objects.exists()
    assert desk.post(WAITING, {**sent, **seen_on(answer)}).status_code == 302
    assert ErasureDecision.objects.count() == 2


def test_what_somebody_else_decided_meanwhile_is_said_and_nothing_is_done(
    two: list[User], dee: User, kit: User, signed_in: Any
) -> None:
    first, second = asked_of(two, dee)
    desk = signed_in(kit)
    page = desk.get(WAITING)
    refused(first, person("Cy Demo", "disclosure-officer"))
    sent = {**seen_on(page), "chosen": [str(first.pk), str(second.pk)], "reason": "Checked", "decision": "approve"}
    answer = desk.post(WAITING, sent)
    assert answer.status_code == 422
    assert "One of those you chose waits no longer." in answer.content.decode()
    assert "Checked" in answer.content.decode()
    assert not ErasureDecision.objects.filter(request=second).exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"chosen": []}, "Choose at least one request."), ({"reason": ""}, "Say why, in a sentence.")],
)
def test_none_chosen_and_no_reason_are_said(
    two: list[User], dee: User, kit: User, signed_in: Any, given: dict[str, Any], sentence: str
) -> None:
    (request, _other) = asked_of(two, dee)
    desk = signed_in(kit)
    sent = {**seen_on(desk.get(WAITING)), "chosen": [str(request.pk)], "reason": "Checked", "decision": "approve"}
    answer = desk.post(WAITING, {**sent, **given})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ErasureDecision.objects.exists()
