"""Signing off a portfolio as a whole: by the named part, once every heading is met, after signing in again, as a ledger entry."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from courses.models import Intake, PortfolioSignOff, Recruit
from courses.portfolio.handing_in import hand_in
from courses.portfolio.judging import judge_item
from courses.portfolio.refusals import NotConfirmed, NotYours, RecruitRefused, phase_of
from courses.portfolio.signing_off import digest_of_portfolio, judged_items, sign_off
from courses.programmes.moving import Kind, end_phase, record_end
from courses.programmes.needs import NeedKind, needs_of, unmet
from courses.programmes.refusals import MovedMeanwhile
from cpd_records.models import EntryKind, ReadablePart
from people.models import Unit, User
from tests import factories
from tests.courses.portfolio.acts import (
    DAY,
    HOLDS,
    THIN,
    complete,
    evidence,
    handed_in,
    judged,
    release,
    seen_of_portfolio,
)
from tests.courses.programmes.acts import intake, noon, qualify, recruit, weeks

pytestmark = pytest.mark.django_db
AT = noon(DAY)
JUST_NOW = AT - timedelta(seconds=20)


def signed(who: Recruit, by: User, *, at: datetime = AT, **more: Any) -> PortfolioSignOff:
    asked: dict[str, Any] = {
        "words": "Seen on ten shifts.",
        "seen": seen_of_portfolio(who),
        "confirmed_at": at - timedelta(seconds=20),
    }
    return sign_off(who, "tutor", by=by, at=at, **{**asked, **more})


def test_the_whole_is_signed_off_and_stands_in_the_ledger(rae: Recruit, asha: User, sergeant: User) -> None:
    complete(rae, asha)
    row = signed(rae, sergeant)
    part = ReadablePart.objects.get(officer=rae.officer.public_id, kind=EntryKind.DECISION)
    said = json.loads(part.payload)
    assert said["decision"] == "portfolio_signed_off"
    assert (said["phase"], said["headings"], said["items"]) == ("tutor", 2, 2)
    assert (said["reason"], said["by"]) == ("Seen on ten shifts.", str(sergeant.public_id))
    assert said["portfolio_digest"] == seen_of_portfolio(rae)
    assert (row.entry, row.confirmed_at) == (part.entry, JUST_NOW)


def test_the_phase_is_done_with_the_sign_off_and_not_before(
    rae: Recruit, ada: User, asha: User, sergeant: User
) -> None:
    qualify(rae)
    end_phase(rae, by=ada, at=noon(weeks(4)), on=weeks(4), reason="Done")
    for item in (handed_in(rae, "searching", on=weeks(4)), handed_in(rae, "searching", "property", on=weeks(4))):
        judged(item, asha, at=noon(weeks(4)))
    with pytest.raises(RecruitRefused, match=r"Portfolio signed off: Every heading is met\. It waits to be signed off"):
        end_phase(rae, by=sergeant, at=noon(weeks(6)), on=weeks(6), reason="Seen")
    signed(rae, sergeant, at=noon(weeks(5)))
    assert end_phase(rae, by=sergeant, at=noon(weeks(6)), on=weeks(6), reason="Seen") is not None


def test_what_is_needed_says_who_signs_off(rae: Recruit, asha: User, sergeant: User) -> None:
    phase = phase_of(rae, "tutor")
    (need,) = [one for one in needs_of(rae, phase, on=DAY) if one.kind is NeedKind.SIGN_OFF]
    assert need.reason == "0 of 2 headings met. A supervisor of the recruit signs it off."
    complete(rae, asha)
    signed(rae, sergeant)
    assert unmet(needs_of(rae, phase, on=DAY)) == []
    assert unmet(needs_of(rae, phase, on=DAY - timedelta(days=1))) != []


def test_it_is_refused_while_a_heading_is_unmet(rae: Recruit, asha: User, sergeant: User) -> None:
    judged(handed_in(rae, "property"), asha)
    with pytest.raises(
        RecruitRefused,
        match=r"cannot be signed off yet\. Searching individuals: 0 of 2 items judged sufficient\.",
    ):
        signed(rae, sergeant)
    assert not PortfolioSignOff.objects.exists()


def test_who_signs_off_is_who_the_programme_names(rae: Recruit, ada: User, asha: User, tess: User) -> None:
    complete(rae, asha)
    for somebody in (ada, asha, tess, factories.person("Elsewhere", "supervisor", unit=factories.unit("elsewhere"))):
        with pytest.raises(NotYours, match="‘Tutor phase’ is signed off by a supervisor of the recruit"):
            signed(rae, somebody)


@pytest.mark.parametrize("part", ["assessor", "training-admin"])
def test_a_programme_may_name_another_part(part: str, ada: User, asha: User) -> None:
    who = recruit(intake("Other", by=ada, of=release("OTHER", portfolio_signed_by=part)), by=ada)
    complete(who, asha)
    assert signed(who, {"assessor": asha, "training-admin": ada}[part]).by_id


def test_nobody_signs_off_their_own_nor_what_they_vouched_for(
    where: Intake, rae: Recruit, ada: User, asha: User, sergeant: User, team: Unit
) -> None:
    own = recruit(where, by=ada, name="Own")
    factories.grant_role(own.officer, "supervisor", by=None, valid_from=DAY, unit=team)
    complete(own, asha)
    with pytest.raises(NotYours, match="You cannot decide about your own training"):
        signed(own, own.officer)
    complete(rae, asha)
    judged(handed_in(rae, "property", witness=sergeant.email), asha)
    with pytest.raises(NotYours, match="You are named as a witness in this portfolio"):
        signed(rae, sergeant)


def test_it_is_confirmed_by_signing_in_again_just_before(rae: Recruit, asha: User, sergeant: User) -> None:
    complete(rae, asha)
    for moment in (None, AT - timedelta(days=2), AT + timedelta(minutes=1)):
        with pytest.raises(NotConfirmed, match="confirmed by signing in again"):
            signed(rae, sergeant, confirmed_at=moment)
    assert not PortfolioSignOff.objects.exists()


def test_one_sign_in_confirms_one_sign_off(
    where: Intake, rae: Recruit, ada: User, asha: User, sergeant: User, team: Unit
) -> None:
    other = recruit(where, by=ada, name="Oda Demo", unit=team)
    complete(rae, asha)
    complete(other, asha)
    first = signed(rae, sergeant)
    with pytest.raises(NotConfirmed):
        signed(other, sergeant)
    with pytest.raises(IntegrityError), transaction.atomic():
        PortfolioSignOff.objects.create(
            recruit=other,
            phase="tutor",
            officer=other.officer,
            by=sergeant,
            signed_on=DAY,
            at=AT,
            confirmed_at=first.confirmed_at,
            words="Again",
            entry=first.entry,
        )
    assert signed(other, sergeant, confirmed_at=AT - timedelta(seconds=5)).recruit == other


def test_what_changed_since_the_page_is_not_signed_off(rae: Recruit, asha: User, sergeant: User) -> None:
    complete(rae, asha)
    seen = seen_of_portfolio(rae)
    judged(handed_in(rae, "property", title="One more"), asha)
    with pytest.raises(MovedMeanwhile, match="The portfolio has changed since you opened this page"):
        signed(rae, sergeant, seen=seen)
    with pytest.raises(RecruitRefused, match="Say in a sentence what the sign-off rests on"):
        signed(rae, sergeant, words=" ")


def test_what_is_signed_off_stays_as_it_was_judged(rae: Recruit, asha: User, sergeant: User) -> None:
    items = complete(rae, asha)
    signed(rae, sergeant)
    for act in (
        lambda: hand_in(rae, "tutor", evidence(), token=uuid4(), by=rae.officer, at=AT),
        lambda: judge_item(items[0], THIN, reason="Less.", seen=(1, 1), by=asha, at=AT),
        lambda: signed(rae, sergeant, confirmed_at=AT),
    ):
        with pytest.raises(RecruitRefused, match="‘Tutor phase’ is signed off, so it stays as it was judged"):
            act()


def test_after_the_training_nothing_is_signed_off(rae: Recruit, asha: User, ada: User, sergeant: User) -> None:
    complete(rae, asha)
    record_end(rae, Kind.LEFT, by=ada, at=AT, on=DAY, reason="Resigned")
    with pytest.raises(RecruitRefused, match="Their training has ended"):
        signed(rae, sergeant)


def test_the_digest_is_of_what_was_judged_and_by_whom(rae: Recruit, asha: User, tess: User) -> None:
    items = complete(rae, asha)
    before = seen_of_portfolio(rae)
    assert before == digest_of_portfolio(judged_items(rae, phase_of(rae, "tutor")))
    judge_item(items[0], HOLDS, reason="", seen=(1, 1), by=tess, at=AT)
    assert seen_of_portfolio(rae) != before
