"""A recruit is paired with a tutor who is in date; every pairing that cannot be is refused by a sentence."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Site

from courses.models import Intake, Recruit, TutorPairing, TutorRules
from courses.programmes.moving import Kind, record_end
from courses.programmes.refusals import MovedMeanwhile, NotYours, RecruitRefused
from courses.tutoring.pairing import end_pairing, last_seen_pairing, pair_tutor, pairings_of
from courses.tutoring.rules import Period, began_on, most_at_once
from cpd_records.models import EntryKind, ReadablePart
from people.models import User
from tests import factories
from tests.courses.programmes.acts import START, noon, recruit, weeks
from tests.courses.tutoring.acts import noted, paired, tutor
from tests.cpd_records.currency.acts import award

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom() -> User:
    return tutor(short_name="PC T. Demo")


def test_a_recruit_is_paired_and_the_record_says_how_the_tutors_currency_stood(
    rae: Recruit, tom: User, sergeant: User
) -> None:
    made = paired(rae, tom, by=sergeant)
    assert (made.valid_from, made.valid_until, made.tutor, made.recorded_by) == (START, weeks(10), tom, sergeant)
    assert made.checked.startswith("Tutor constable: ")
    assert pairings_of(rae) == [made]
    entry = ReadablePart.objects.get(officer=rae.officer.public_id, kind=EntryKind.DECISION)
    said = json.loads(entry.payload)
    assert (said["decision"], said["tutor"], said["checked"]) == ("tutor_paired", str(tom.public_id), made.checked)


def test_a_tutor_who_is_out_of_date_is_refused_with_the_reason(rae: Recruit, sergeant: User) -> None:
    lapsed = tutor("Lou Demo", since=START - timedelta(days=365 * 4), short_name="PC L. Demo")
    with pytest.raises(
        RecruitRefused, match=r"PC L\. Demo is not in date as a tutor on 5 January 2026\. Tutor constable: "
    ):
        paired(rae, lapsed, by=sergeant)
    never = factories.person("Ned Demo")
    with pytest.raises(RecruitRefused, match="Never held"):
        paired(rae, never, by=sergeant)
    assert not TutorPairing.objects.exists()


def test_a_tutor_whose_safety_training_lapsed_does_not_carry_either(rae: Recruit, sergeant: User) -> None:
    tom = factories.person("Tom Demo")
    for code, day in (("PPST", START - timedelta(days=500)), ("FALP", START), ("TUTOR", START)):
        award(tom, code, day)
    with pytest.raises(RecruitRefused, match="not in date as a tutor"):
        paired(rae, tom, by=sergeant)


def test_the_qualification_and_how_many_at_once_are_the_forces_own(
    rae: Recruit, ada: User, where: Intake, sergeant: User
) -> None:
    TutorRules.objects.create(site=Site.objects.get(is_default_site=True), qualification="FALP", recruits_at_once=2)
    tom = factories.person("Tom Demo")
    award(tom, "FALP", START)
    paired(rae, tom, by=sergeant)
    paired(recruit(where, by=ada, name="Ona Demo"), tom, by=ada)
    with pytest.raises(RecruitRefused, match="a tutor has 2 recruits at a time"):
        paired(recruit(where, by=ada, name="Dov Demo"), tom, by=ada)


def test_a_recruit_has_one_tutor_on_a_day(rae: Recruit, tom: User, sergeant: User) -> None:
    paired(rae, tom, by=sergeant, until=weeks(4))
    other = tutor("Una Demo")
    with pytest.raises(RecruitRefused, match=r"paired with PC T\. Demo from 5 January 2026 to 2 February 2026"):
        paired(rae, other, by=sergeant, on=weeks(4), until=weeks(8))
    paired(rae, other, by=sergeant, on=weeks(4) + timedelta(days=1), until=weeks(8))


def test_a_tutor_has_one_recruit_at_a_time(rae: Recruit, tom: User, ada: User, where: Intake) -> None:
    paired(rae, tom, by=ada, until=weeks(4))
    other = recruit(where, by=ada, name="Ona Demo")
    with pytest.raises(RecruitRefused, match="and a tutor has one recruit at a time") as refused:
        paired(other, tom, by=ada, on=weeks(3), until=weeks(8))
    assert refused.value.field == "tutor"
    paired(other, tom, by=ada, on=weeks(5), until=weeks(8))


def test_nobody_is_their_own_tutor_and_nobody_pairs_themselves(rae: Recruit, ada: User, sergeant: User) -> None:
    for code in ("PPST", "FALP", "TUTOR"):
        award(rae.officer, code, START)
        award(sergeant, code, START)
    with pytest.raises(RecruitRefused, match="Nobody is their own tutor"):
        paired(rae, rae.officer, by=ada)
    with pytest.raises(NotYours, match="You cannot decide about yourself as a tutor"):
        paired(rae, sergeant, by=sergeant)
    made = paired(rae, sergeant, by=ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        TutorPairing.objects.filter(pk=made.pk).update(tutor=rae.officer)


def test_a_recruit_decides_nothing_about_their_tutor(rae: Recruit, tom: User) -> None:
    with pytest.raises(NotYours, match="You cannot decide about your own training"):
        paired(rae, tom, by=rae.officer)


def test_only_administrators_and_supervisors_of_the_recruit_pair(rae: Recruit, tom: User) -> None:
    elsewhere = factories.person("Eve Demo", "supervisor", unit=factories.unit("elsewhere"))
    for stranger in (factories.person(), factories.person("Tia Demo", "trainer"), elsewhere):
        with pytest.raises(NotYours):
            paired(rae, tom, by=stranger)


def test_of_two_who_pair_at_once_the_second_is_told(rae: Recruit, tom: User, ada: User, sergeant: User) -> None:
    seen = last_seen_pairing(rae)
    paired(rae, tom, by=sergeant, until=weeks(2), seen=seen)
    with pytest.raises(
        MovedMeanwhile, match=r"Sgt S\. Demo recorded something about PC T\. Demo as their tutor at \d\d:\d\d"
    ):
        paired(rae, tutor("Una Demo"), by=ada, on=weeks(3), seen=seen)
    assert TutorPairing.objects.count() == 1


@pytest.mark.parametrize(
    ("on", "until", "words"),
    [
        (weeks(2), weeks(1), "The last day is before the first"),
        (START - timedelta(days=1), weeks(1), "They began on 5 January 2026"),
        (START, START + timedelta(days=400), "longer than a year"),
        (START + timedelta(days=400), START + timedelta(days=410), "more than a year ahead"),
    ],
)
def test_days_that_cannot_be_are_refused(rae: Recruit, tom: User, ada: User, on: date, until: date, words: str) -> None:
    with pytest.raises(RecruitRefused, match=words):
        pair_tutor(rae, tom, by=ada, at=noon(START), on=on, until=until, reason="Same team")


def test_after_the_end_of_training_nobody_is_paired(rae: Recruit, tom: User, ada: User) -> None:
    record_end(rae, Kind.LEFT, by=ada, at=noon(weeks(1)), on=weeks(1), reason="Resigned")
    with pytest.raises(RecruitRefused, match="Left on 12 January 2026: nothing follows"):
        paired(rae, tom, by=ada, on=weeks(2))


def test_somebody_who_may_no_longer_sign_in_is_no_tutor(rae: Recruit, tom: User, ada: User) -> None:
    tom.is_active = False
    tom.save()
    with pytest.raises(RecruitRefused, match="may no longer sign in"):
        paired(rae, tom, by=ada)


def test_a_pairing_ends_sooner_and_the_row_before_stays(rae: Recruit, tom: User, sergeant: User) -> None:
    made = paired(rae, tom, by=sergeant)
    day = weeks(2)
    ended = end_pairing(made, by=sergeant, at=noon(day), last_day=day, reason="Moved to another shift")
    assert (ended.valid_until, ended.supersedes) == (day, made)
    assert pairings_of(rae) == [ended]
    later = TutorPairing.objects.in_force(weeks(3), known_at=made.recorded_at)
    assert list(later) == [made], "as it was known then, they were paired"


def test_a_pairing_that_never_began_is_void(rae: Recruit, tom: User, sergeant: User) -> None:
    made = paired(rae, tom, by=sergeant, on=weeks(1))
    end_pairing(made, by=sergeant, at=noon(START), last_day=weeks(1) - timedelta(days=1), reason="The wrong tutor")
    assert pairings_of(rae) == []


def test_a_pairing_is_not_lengthened_nor_ended_twice_nor_before_a_note(rae: Recruit, tom: User, ada: User) -> None:
    made = paired(rae, tom, by=ada)
    with pytest.raises(RecruitRefused, match="It ends on 16 March 2026 as it is"):
        end_pairing(made, by=ada, at=noon(START), last_day=weeks(11), reason="Longer")
    noted(rae, by=tom, day=weeks(2))
    with pytest.raises(RecruitRefused, match="There is a note for the shift of 19 January 2026"):
        end_pairing(made, by=ada, at=noon(weeks(2)), last_day=weeks(1), reason="Moved")
    end_pairing(made, by=ada, at=noon(weeks(2)), last_day=weeks(2), reason="Moved")
    with pytest.raises(MovedMeanwhile, match="changed this pairing meanwhile"):
        end_pairing(made, by=ada, at=noon(weeks(2)), last_day=weeks(3), reason="Again")


def test_a_tutor_does_not_end_their_own_pairing(rae: Recruit, ada: User, sergeant: User) -> None:
    for code in ("PPST", "FALP", "TUTOR"):
        award(sergeant, code, START)
    made = paired(rae, sergeant, by=ada)
    with pytest.raises(NotYours, match="yourself as a tutor"):
        end_pairing(made, by=sergeant, at=noon(weeks(1)), last_day=weeks(1), reason="Enough")


DAYS = st.integers(0, 40).map(lambda number: START + timedelta(days=number))
PERIODS = st.tuples(DAYS, DAYS).map(lambda pair: Period(min(pair), max(pair)))


@given(PERIODS, st.lists(PERIODS, max_size=6))
def test_the_fullest_day_is_found(period: Period, others: list[Period]) -> None:
    days = [period.first + timedelta(days=number) for number in range((period.last - period.first).days + 1)]
    assert most_at_once(period, others) == max(sum(day in other for other in others) for day in days)


def test_a_shift_belongs_to_the_day_it_began() -> None:
    morning = noon(weeks(1)).replace(hour=7, minute=10)
    assert began_on(morning) == weeks(1) - timedelta(days=1)
    assert began_on(morning.replace(hour=14)) == weeks(1)
