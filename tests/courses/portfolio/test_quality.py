"""Sampling judgements by a plan: the same seed gives the same sample, nobody reads their own, a disagreement opens the item again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from courses.models import (
    ItemState,
    PortfolioItem,
    PortfolioReading,
    PortfolioSample,
    PortfolioSampleMember,
    PortfolioSignOff,
    Recruit,
)
from courses.portfolio.quality import draw_judgements, read_judgement
from courses.portfolio.refusals import NotYours, RecruitRefused
from courses.portfolio.signing_off import sign_off
from cpd_records.models import ReadablePart
from cpd_records.sampling.lot import digest
from people.models import User
from tests import factories
from tests.courses.portfolio.acts import (
    DAY,
    THIN,
    assessor,
    complete,
    handed_in,
    judged,
    seen_of_portfolio,
)
from tests.courses.programmes.acts import noon

pytestmark = pytest.mark.django_db


def drawn(by: User, **more: Any) -> PortfolioSample:
    asked: dict[str, Any] = {
        "starts_on": DAY - timedelta(days=7),
        "ends_on": DAY,
        "seed": "3 11 19 24 40 41",
        "share": 1000,
        "least": 1,
    }
    return draw_judgements(**{**asked, **more}, by=by, at=noon(DAY))


def selected(sample: PortfolioSample) -> list[PortfolioSampleMember]:
    return list(sample.members.filter(is_selected=True).order_by("judgement__by", "place"))


def read(member: PortfolioSampleMember, by: User, outcome: str = "agreed", words: str = "") -> PortfolioReading:
    return read_judgement(member, outcome=outcome, words=words, by=by, at=noon(DAY))


def test_a_sample_takes_a_share_of_each_judges_and_at_least_some(
    rae: Recruit, asha: User, tess: User, ivan: User
) -> None:
    for _number in range(8):
        judged(handed_in(rae), asha)
    judged(handed_in(rae), tess)
    sample = drawn(ivan, share=250, least=1)
    assert sample.population == 9
    assert [member.judgement.by for member in selected(sample)] == [asha, asha, tess]
    assert drawn(ivan, seed="another", share=1, least=3).members.filter(is_selected=True).count() == 4


def test_anybody_can_draw_it_again_from_the_seed(rae: Recruit, asha: User, ivan: User) -> None:
    for _number in range(6):
        judged(handed_in(rae), asha)
    sample = drawn(ivan, share=500)
    everything = [member.judgement_id for member in sample.members.all()]
    order = sorted(everything, key=lambda key: digest(sample.seed, key))
    assert [member.judgement_id for member in selected(sample)] == order[:3]
    assert [member.judgement_id for member in sample.members.order_by("place")] == order


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"seed": " "}, "Enter a seed"),
        ({"seed": "7" * 201}, "201 characters long and 200 fit"),
        ({"ends_on": DAY - timedelta(days=8)}, "The last day is before the first"),
        ({"starts_on": DAY + timedelta(days=1), "ends_on": DAY + timedelta(days=2)}, "has not begun"),
        ({"share": 0}, "from 0.1 to 100 per cent"),
        ({"share": 1001}, "from 0.1 to 100 per cent"),
        ({"least": 21}, "a whole number from 0 to 20"),
        ({"ends_on": DAY - timedelta(days=6)}, "Nothing was judged in this period"),
    ],
)
def test_a_plan_that_draws_nothing_is_refused(
    rae: Recruit, asha: User, ivan: User, more: dict[str, Any], says: str
) -> None:
    judged(handed_in(rae), asha)
    with pytest.raises(RecruitRefused, match=says):
        drawn(ivan, **more)
    assert not PortfolioSample.objects.exists()


def test_only_a_quality_assurer_draws_and_reads(rae: Recruit, asha: User, ivan: User, ada: User) -> None:
    judged(handed_in(rae), asha)
    for somebody in (asha, ada, rae.officer):
        with pytest.raises(NotYours, match="sampled by internal quality assurers"):
            drawn(somebody)
    (member,) = selected(drawn(ivan))
    with pytest.raises(NotYours, match="sampled by internal quality assurers"):
        read(member, asha)


def test_the_same_seed_for_the_same_period_is_drawn_once(rae: Recruit, asha: User, ivan: User) -> None:
    judged(handed_in(rae), asha)
    drawn(ivan)
    with pytest.raises(RecruitRefused, match="drawn from this seed already"):
        drawn(ivan)


def test_what_was_read_is_not_drawn_again(rae: Recruit, asha: User, ivan: User) -> None:
    judged(handed_in(rae), asha)
    (member,) = selected(drawn(ivan))
    (same,) = selected(drawn(ivan, seed="another"))
    read(member, ivan)
    with pytest.raises(RecruitRefused, match="has read this judgement already"):
        read(same, ivan)
    with pytest.raises(RecruitRefused, match="Nothing was judged in this period that has not been read already"):
        drawn(ivan, seed="a third")


def test_nobody_reads_their_own_judgement_or_about_their_own_portfolio(rae: Recruit, ada: User, ivan: User) -> None:
    both = factories.person("Bo Demo", "assessor", "iqa")
    judged(handed_in(rae), both)
    (member,) = selected(drawn(ivan))
    with pytest.raises(NotYours, match="This is your own judgement"):
        read(member, both)
    factories.grant_role(rae.officer, "iqa", by=None, valid_from=DAY)
    with pytest.raises(NotYours, match="about your own portfolio"):
        read(member, rae.officer)
    for by in (both, rae.officer):
        with pytest.raises(IntegrityError), transaction.atomic():
            PortfolioReading.objects.create(
                member=member, outcome="agreed", officer=rae.officer, judged_by=both, by=by, at=noon(DAY)
            )
    assert read(member, ivan).outcome == "agreed"


def test_agreement_leaves_the_item_as_it_is(rae: Recruit, asha: User, ivan: User) -> None:
    item = handed_in(rae)
    judged(item, asha)
    (member,) = selected(drawn(ivan))
    read(member, ivan)
    item.refresh_from_db()
    assert item.state == ItemState.SUFFICIENT


def test_disagreement_needs_a_reason_and_opens_the_item_again(rae: Recruit, asha: User, ivan: User) -> None:
    item = handed_in(rae)
    judged(item, asha)
    (member,) = selected(drawn(ivan))
    for outcome, says in (("not_agreed", "Say why you do not agree"), ("perhaps", "Choose whether you agree")):
        with pytest.raises(RecruitRefused, match=says):
            read(member, ivan, outcome)
    read(member, ivan, "not_agreed", "One search is not two.")
    item.refresh_from_db()
    assert (item.state, item.decided_on) == (ItemState.WAITING, None)
    assert item in PortfolioItem.objects.waiting_for(asha)
    assert judged(item, assessor("Bea Demo"), THIN, reason="One search is not two.").number == 2


def test_a_disagreement_about_what_was_judged_anew_since_changes_nothing(
    rae: Recruit, asha: User, tess: User, ivan: User
) -> None:
    item = handed_in(rae)
    judged(item, asha)
    (member,) = selected(drawn(ivan))
    judged(item, tess)
    read(member, ivan, "not_agreed", "The first judgement gave no reason.")
    item.refresh_from_db()
    assert item.state == ItemState.SUFFICIENT


def test_a_disagreement_ends_the_sign_off_that_rested_on_it(
    rae: Recruit, asha: User, sergeant: User, ivan: User
) -> None:
    complete(rae, asha)
    at = noon(DAY)
    seen = seen_of_portfolio(rae)
    sign_off(rae, "tutor", words="Seen.", seen=seen, by=sergeant, at=at, confirmed_at=at)
    member = selected(drawn(ivan))[0]
    read(member, ivan, "not_agreed", "One search is not two.")
    row = PortfolioSignOff.objects.get()
    assert (row.ended_at, row.ended_by, row.end_reason) == (at, ivan, "One search is not two.")
    decisions = [json.loads(part.payload)["decision"] for part in ReadablePart.objects.order_by("recorded_at")]
    assert decisions == ["portfolio_signed_off", "portfolio_sign_off_ended"]


def test_what_was_not_selected_is_not_read(rae: Recruit, asha: User, ivan: User) -> None:
    for _number in range(3):
        judged(handed_in(rae), asha)
    sample = drawn(ivan, share=1)
    left = sample.members.filter(is_selected=False).first()
    assert left is not None
    with pytest.raises(RecruitRefused, match="was not selected"):
        read(left, ivan)
