"""A pairing ends by itself with the training: confirmed, discharged, left; and where the recruit moves to a later intake."""

from __future__ import annotations

import json

import pytest

from courses.models import Recruit, TutorPairing
from courses.programmes.joining import join
from courses.programmes.moving import Kind, back_course, end_phase, keep_record, record_beside, record_end
from courses.tutoring.pairing import pairings_of
from cpd_records.models import EntryKind, ReadablePart
from people.dated_rows import day_before
from people.models import User
from tests import factories
from tests.courses.programmes.acts import intake, noon, qualify, weeks
from tests.courses.tutoring.acts import noted, paired, tutor

pytestmark = pytest.mark.django_db


@pytest.fixture
def tom() -> User:
    return tutor(short_name="PC T. Demo")


def ended(recruit: Recruit, kind: Kind, by: User, *, on: int) -> None:
    record_end(recruit, kind, by=by, at=noon(weeks(on)), on=weeks(on), reason="Why it ended")


def assert_ended_before(recruit: Recruit, pairing: TutorPairing, *, on: int) -> None:
    """The pairing stood to the day before ``on`` and no longer, in its row and in the ledger."""
    (stands,) = pairings_of(recruit)
    assert (stands.supersedes, stands.valid_until) == (pairing, day_before(weeks(on)))
    assert not TutorPairing.objects.in_force(weeks(on)).exists()
    assert TutorPairing.objects.in_force(day_before(weeks(on))).get() == stands
    decided = [json.loads(part.payload) for part in ReadablePart.objects.filter(kind=EntryKind.DECISION)]
    (told,) = [said for said in decided if said["decision"] == "tutor_pairing_ended"]
    assert (told["tutor"], told["day"]) == (str(pairing.tutor.public_id), day_before(weeks(on)).isoformat())


def test_a_pairing_ends_where_the_recruit_leaves(rae: Recruit, tom: User, ada: User) -> None:
    pairing = paired(rae, tom, by=ada)
    ended(rae, Kind.LEFT, ada, on=3)
    assert_ended_before(rae, pairing, on=3)
    assert pairings_of(rae)[0].reason == "Why it ended"


def test_a_pairing_ends_with_a_discharge(rae: Recruit, tom: User, ada: User) -> None:
    pairing = paired(rae, tom, by=ada)
    record_beside(
        rae, Kind.DISCHARGE_CONSIDERED, by=ada, at=noon(weeks(2)), on=weeks(2), reason="Attendance", evidence="R1"
    )
    ended(rae, Kind.DISCHARGED, ada, on=3)
    assert_ended_before(rae, pairing, on=3)


def test_a_pairing_ends_when_the_recruit_is_confirmed(rae: Recruit, tom: User, ada: User, sergeant: User) -> None:
    pairing = paired(rae, tom, by=ada)
    qualify(rae)
    end_phase(rae, by=ada, at=noon(weeks(4)), on=weeks(4), reason="Done")
    keep_record(rae, "report", by=ada, at=noon(weeks(5)), on=weeks(5), words="In the file of the intake")
    end_phase(rae, by=sergeant, at=noon(weeks(6)), on=weeks(6), reason="Fit for patrol")
    assert pairings_of(rae) == [pairing], "independent patrol alone ends no pairing"
    ended(rae, Kind.CONFIRMED, ada, on=7)
    assert_ended_before(rae, pairing, on=7)


def test_a_pairing_that_was_to_begin_later_never_began(rae: Recruit, tom: User, ada: User) -> None:
    paired(rae, tom, by=ada, on=weeks(5), at=noon(weeks(1)))
    ended(rae, Kind.LEFT, ada, on=3)
    assert pairings_of(rae) == []


def test_a_pairing_that_is_over_stays_as_it_was(rae: Recruit, tom: User, ada: User) -> None:
    over = paired(rae, tom, by=ada, until=weeks(2))
    ended(rae, Kind.LEFT, ada, on=3)
    assert pairings_of(rae) == [over]


def test_a_note_of_a_later_shift_stays_and_hinders_nothing(rae: Recruit, tom: User, ada: User) -> None:
    paired(rae, tom, by=ada)
    note = noted(rae, by=tom, day=weeks(3))
    record_end(rae, Kind.LEFT, by=ada, at=noon(weeks(4)), on=weeks(2), reason="Resigned two weeks ago")
    assert pairings_of(rae)[0].valid_until == day_before(weeks(2))
    assert list(rae.shift_notes.known()) == [note]


def test_back_coursing_ends_the_pairing_and_frees_the_tutor(rae: Recruit, tom: User, ada: User) -> None:
    pairing = paired(rae, tom, by=ada)
    later = intake("Intake B", by=ada, starts_on=weeks(6), of=rae.release)
    at = noon(weeks(3))
    back_course(rae, later, by=ada, at=at, on=weeks(3), cause="injury", reason="Away for six weeks")
    assert_ended_before(rae, pairing, on=3)
    other = factories.person("Una Demo")
    una = join(other, later, by=ada, at=at)
    assert paired(una, tom, by=ada, on=weeks(6), at=at).tutor == tom


def test_a_recruit_who_was_back_coursed_is_paired_anew(rae: Recruit, tom: User, ada: User) -> None:
    paired(rae, tom, by=ada)
    later = intake("Intake B", by=ada, starts_on=weeks(6), of=rae.release)
    back_course(rae, later, by=ada, at=noon(weeks(3)), on=weeks(3), cause="injury", reason="Away for six weeks")
    assert paired(rae, tom, by=ada, on=weeks(6), at=noon(weeks(3))).valid_from == weeks(6)
