"""Judging evidence: who may, what stands afterwards, and of two at once the second is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from courses.models import Intake, ItemState, PortfolioItem, PortfolioJudgement, Recruit
from courses.portfolio.counting import tallies_of
from courses.portfolio.handing_in import hand_in_anew
from courses.portfolio.judges import may_judge
from courses.portfolio.judging import Marks, judge_item
from courses.portfolio.refusals import NotYours, RecruitRefused, phase_of
from courses.programmes.joining import join
from courses.programmes.moving import Kind, back_course, record_end
from courses.programmes.needs import NeedKind, needs_of
from courses.programmes.refusals import MovedMeanwhile
from courses.programmes.trainers import add_trainer
from people.models import Unit, User
from tests import factories
from tests.courses.portfolio.acts import DAY, HOLDS, THIN, assessor, evidence, handed_in, judged
from tests.courses.programmes.acts import START, intake, noon, recruit, weeks
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


def told(who: Recruit) -> list[tuple[str, bool, str]]:
    needs = needs_of(who, phase_of(who, "tutor"), on=DAY)
    return [(need.title, need.met, need.reason) for need in needs if need.kind is NeedKind.HEADING]


def test_a_trainer_of_the_intake_and_an_assessor_judge(rae: Recruit, tess: User, asha: User) -> None:
    for judge in (tess, asha):
        item = handed_in(rae)
        judgement = judged(item, judge)
        item.refresh_from_db()
        assert (judgement.is_sufficient, judgement.by, judgement.number) == (True, judge, 1)
        assert (item.state, item.decided_on) == (ItemState.SUFFICIENT, DAY)


def test_each_heading_says_how_far_it_is(rae: Recruit, asha: User) -> None:
    judged(handed_in(rae, "searching", "property"), asha)
    judged(handed_in(rae, "searching"), asha, THIN, reason="Too short.")
    handed_in(rae, "searching")
    assert told(rae) == [
        (
            "Searching individuals",
            False,
            "1 of 2 items judged sufficient; 1 waits to be judged; 1 returned.",
        ),
        ("Property", True, "1 of 1 item judged sufficient."),
    ]


def test_what_is_judged_later_does_not_count_before(rae: Recruit, asha: User) -> None:
    judged(handed_in(rae, "property"), asha, at=noon(weeks(4)))
    phase = phase_of(rae, "tutor")
    before = tallies_of([rae.pk], on=DAY).of(rae.pk, phase).headings[1]
    assert (before.sufficient, before.waiting, before.is_met) == (0, 1, False)
    assert tallies_of([rae.pk], on=weeks(4)).of(rae.pk, phase).headings[1].is_met


def test_what_is_returned_says_why_and_with_all_four_it_is_sufficient(rae: Recruit, asha: User) -> None:
    item = handed_in(rae)
    with pytest.raises(RecruitRefused, match="Say what is missing and what would do") as refusal:
        judged(item, asha, THIN)
    assert refusal.value.field == "reason"
    for marks in (
        Marks(False, True, True, True),
        Marks(True, False, True, True),
        Marks(True, True, False, True),
        Marks(False, False, False, False),
    ):
        other = handed_in(rae)
        assert judged(other, asha, marks, reason="See there.").outcome == ItemState.RETURNED


def test_a_later_judgement_is_a_row_beside_the_first(rae: Recruit, asha: User, tess: User) -> None:
    item = handed_in(rae)
    judged(item, asha)
    judged(item, tess, THIN, reason="I looked again: the reply is missing.", at=noon(weeks(3)))
    item.refresh_from_db()
    assert [(row.number, row.outcome, row.by) for row in PortfolioJudgement.objects.order_by("number")] == [
        (1, "sufficient", asha),
        (2, "returned", tess),
    ]
    assert item.state == ItemState.RETURNED


def test_nobody_judges_their_own_evidence(ada: User, where: Intake, team: Unit) -> None:
    everything = factories.person("Own", "assessor", "trainer", unit=team)
    add_trainer(where, everything, by=ada, at=noon(START), on=START)
    own = join(everything, where, by=ada, at=noon(START))
    item = handed_in(own)
    with pytest.raises(NotYours, match="You cannot judge your own evidence"):
        judged(item, everything)
    assert not may_judge(everything, own, on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        written_past_the_verb(item, by=everything)


def test_whoever_vouched_for_it_does_not_judge_it(rae: Recruit, asha: User) -> None:
    item = handed_in(rae, witness=asha.email)
    with pytest.raises(NotYours, match="You are named as having been there, so somebody else judges this"):
        judged(item, asha)
    with pytest.raises(IntegrityError), transaction.atomic():
        written_past_the_verb(item, by=asha, witness=asha)
    assert judged(item, assessor("Bea Demo")).is_sufficient
    assert judged(handed_in(rae), asha).is_sufficient


def written_past_the_verb(item: PortfolioItem, *, by: User, **more: Any) -> None:
    marks = {"valid": True, "authentic": True, "up_to_date": True, "sufficient": True}
    PortfolioJudgement.objects.create(
        version=item.current,
        number=1,
        outcome="sufficient",
        officer=item.recruit.officer,
        by=by,
        at=noon(DAY),
        **marks,
        **more,
    )


@pytest.mark.parametrize(
    ("outcome", "sufficient", "reason"), [("sufficient", False, ""), ("returned", True, "Why"), ("returned", False, "")]
)
def test_the_database_keeps_sufficient_and_returned_apart(
    rae: Recruit, asha: User, outcome: str, sufficient: bool, reason: str
) -> None:
    item = handed_in(rae)
    with pytest.raises(IntegrityError), transaction.atomic():
        PortfolioJudgement.objects.create(
            version=item.current,
            number=1,
            outcome=outcome,
            valid=True,
            authentic=True,
            up_to_date=True,
            sufficient=sufficient,
            reason=reason,
            officer=rae.officer,
            by=asha,
            at=noon(DAY),
        )


def test_who_is_no_judge_of_theirs_judges_nothing(rae: Recruit, ada: User, sergeant: User) -> None:
    item = handed_in(rae)
    strangers = [
        factories.person("Tom Demo", "trainer", family="initial"),
        factories.person("Ira Demo", "iqa"),
        factories.person("Nan Demo"),
        sergeant,
        ada,
    ]
    for stranger in strangers:
        with pytest.raises(NotYours, match="judged by the recruit’s tutor, a trainer of their intake or an assessor"):
            judged(item, stranger)


def test_a_trainer_judges_while_the_recruit_is_in_their_intake(
    rae: Recruit, where: Intake, tess: User, ada: User
) -> None:
    item = handed_in(rae)
    later = intake("Intake B", by=ada, starts_on=weeks(8), of=where.release)
    back_course(rae, later, by=ada, at=noon(weeks(3)), on=weeks(3), cause="injury", reason="A broken wrist")
    assert may_judge(tess, rae, on=weeks(3) - timedelta(days=1))
    with pytest.raises(NotYours):
        judged(item, tess, at=noon(weeks(3)))


def test_of_two_people_at_once_the_second_is_told_what_the_first_decided(rae: Recruit, asha: User, tess: User) -> None:
    item = handed_in(rae)
    judge_item(item, THIN, reason="More of it.", seen=(1, 0), by=asha, at=noon(DAY))
    with pytest.raises(
        MovedMeanwhile, match=r"Asha Demo judged this at 12:00 on 19 January 2026: returned\. .* nothing of yours"
    ):
        judge_item(item, HOLDS, reason="", seen=(1, 0), by=tess, at=noon(DAY))
    assert PortfolioJudgement.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        written_past_the_verb(item, by=tess)


def test_a_page_that_shows_an_earlier_version_judges_nothing(rae: Recruit, asha: User) -> None:
    item = handed_in(rae)
    judged(item, asha, THIN, reason="More of it.")
    hand_in_anew(item, evidence(), seen=1, by=rae.officer, at=noon(DAY))
    with pytest.raises(MovedMeanwhile, match="handed this in anew meanwhile"):
        judge_item(item, HOLDS, reason="", seen=(1, 1), by=asha, at=noon(DAY))
    with pytest.raises(MovedMeanwhile, match="a judgement that there is none of"):
        judge_item(item, HOLDS, reason="", seen=(2, 7), by=asha, at=noon(DAY))


def test_after_the_training_nothing_is_judged(rae: Recruit, asha: User, ada: User) -> None:
    item = handed_in(rae)
    record_end(rae, Kind.LEFT, by=ada, at=noon(DAY), on=DAY, reason="Resigned")
    with pytest.raises(RecruitRefused, match="Their training has ended"):
        judged(item, asha)


def test_what_waits_is_everything_for_an_assessor_and_ones_intakes_for_a_trainer(
    rae: Recruit, asha: User, tess: User, ada: User, where: Intake
) -> None:
    elsewhere = recruit(intake("Intake B", by=ada, of=where.release), by=ada, name="Eve Demo")
    mine, vouched, other = handed_in(rae), handed_in(rae, witness=tess.email), handed_in(elsewhere)
    done = handed_in(rae)
    judged(done, asha)
    waiting = PortfolioItem.objects.waiting_for
    assert set(waiting(asha)) == {mine, vouched, other}
    assert set(waiting(tess)) == {mine}
    assert not waiting(rae.officer).exists()


def test_needs_of_many_cost_the_same_for_one_item_and_for_sixty(rae: Recruit, asha: User) -> None:
    judged(handed_in(rae), asha)
    phase = phase_of(rae, "tutor")
    with counted_queries() as few:
        needs_of(rae, phase, on=DAY)
    for _number in range(59):
        judged(handed_in(rae, "searching", "property"), asha)
    with counted_queries() as many:
        needs_of(rae, phase, on=DAY)
    assert many.count == few.count, many
