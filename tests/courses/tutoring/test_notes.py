"""The note at the end of a shift: a minute of the tutor's, read by the recruit, corrected and never overwritten."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from courses.models import Recruit, ShiftNote
from courses.programmes.moving import Kind, record_end
from courses.programmes.refusals import MovedMeanwhile, NotYours, RecruitRefused
from courses.tutoring.headings import headings_of
from courses.tutoring.notes import Said, correct_shift_note, last_note, notes_of
from courses.tutoring.pairing import end_pairing
from people.models import User
from tests import factories
from tests.courses.programmes.acts import START, intake, noon, recruit, weeks
from tests.courses.tutoring.acts import noted, paired, tutor
from tests.cpd_records.currency.acts import award

pytestmark = pytest.mark.django_db


@pytest.fixture
def rae(ada: User) -> Recruit:
    return recruit(intake(by=ada), by=ada)


@pytest.fixture
def tom(rae: Recruit, ada: User) -> User:
    made = tutor()
    paired(rae, made, by=ada)
    return made


def test_a_note_says_what_went_well_what_next_and_which_headings(rae: Recruit, tom: User) -> None:
    codes = [heading.code for heading in headings_of(rae)["foundation"]]
    assert codes == ["qualification:FALP"]
    note = noted(rae, by=tom, day=weeks(1), headings=["qualification:FALP", "no:such"])
    assert note.headings == [{"code": "qualification:FALP", "title": "First aid"}]
    ((week),) = notes_of(rae)
    assert (week.monday, week.notes) == (weeks(1), (note,))
    assert last_note(rae) == note


def test_the_records_a_phase_asks_for_are_headings_of_its_shifts(rae: Recruit) -> None:
    assert [(one.code, one.title) for one in headings_of(rae)["tutor"]] == [("record:report", "Tutor’s report")]


def test_only_the_tutor_of_that_day_writes(rae: Recruit, tom: User, ada: User) -> None:
    with pytest.raises(NotYours, match="Only this recruit’s tutor writes about a shift"):
        noted(rae, by=ada, day=weeks(1))
    with pytest.raises(NotYours, match="about themselves"):
        noted(rae, by=rae.officer, day=weeks(1))


def test_a_shift_outside_the_pairing_or_to_come_is_refused(rae: Recruit, tom: User) -> None:
    outside = r"You were paired from 5 January 2026 to 16 March 2026\. 4 January 2026 is outside of that"
    with pytest.raises(RecruitRefused, match=outside) as refused:
        noted(rae, by=tom, day=START - timedelta(days=1), at=noon(START))
    assert refused.value.field == "day"
    with pytest.raises(RecruitRefused, match="outside of that"):
        noted(rae, by=tom, day=weeks(11))
    with pytest.raises(RecruitRefused, match="13 January 2026 is still to come"):
        noted(rae, by=tom, day=weeks(1) + timedelta(days=1), at=noon(weeks(1)))


def test_after_a_pairing_that_ended_sooner_a_shift_within_it_can_still_be_told(
    rae: Recruit, tom: User, ada: User
) -> None:
    end_pairing(rae.pairings.get(), by=ada, at=noon(weeks(2)), last_day=weeks(2), reason="Moved")  # type: ignore[attr-defined]
    assert noted(rae, by=tom, day=weeks(2), at=noon(weeks(3))).day == weeks(2)
    with pytest.raises(RecruitRefused, match="outside of that"):
        noted(rae, by=tom, day=weeks(2) + timedelta(days=1), at=noon(weeks(3)))


def test_after_the_end_of_training_there_are_no_shifts(rae: Recruit, tom: User, ada: User) -> None:
    record_end(rae, Kind.LEFT, by=ada, at=noon(weeks(2)), on=weeks(2), reason="Resigned")
    with pytest.raises(RecruitRefused, match="Left on 19 January 2026, so there was no shift"):
        noted(rae, by=tom, day=weeks(3))
    assert noted(rae, by=tom, day=weeks(1), at=noon(weeks(3))).day == weeks(1)


def test_a_note_sent_twice_is_one_note(rae: Recruit, tom: User) -> None:
    token = uuid4()
    first = noted(rae, by=tom, day=weeks(1), token=token)
    assert noted(rae, by=tom, day=weeks(1), token=token) == first
    assert ShiftNote.objects.count() == 1


def test_a_token_of_somebody_elses_page_writes_nothing(rae: Recruit, tom: User, ada: User) -> None:
    token = uuid4()
    noted(rae, by=tom, day=weeks(1), token=token)
    other = recruit(intake("Intake B", by=ada, of=rae.release), by=ada, name="Ona Demo")
    una = tutor("Una Demo")
    paired(other, una, by=ada)
    with pytest.raises(RecruitRefused, match="This page was sent before"):
        noted(other, by=una, day=weeks(1), token=token)


def test_a_shift_has_one_note_of_a_tutors(rae: Recruit, tom: User) -> None:
    first = noted(rae, by=tom, day=weeks(1))
    with pytest.raises(
        RecruitRefused, match=r"You wrote about the shift that began on 12 January 2026 already, at 12:00"
    ):
        noted(rae, by=tom, day=weeks(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        ShiftNote.objects.create(
            recruit=rae, officer=rae.officer, pairing=first.pairing, tutor=tom, day=first.day, went_well="a",
            what_next="b", client_token=uuid4(), written_at=first.written_at,
        )  # fmt: skip


@pytest.mark.parametrize("field", ["went_well", "what_next"])
@pytest.mark.parametrize(("words", "sentence"), [(" .\n", "Say "), ("x" * 601, "600 fit")])
def test_words_that_say_nothing_or_too_much_are_refused(
    rae: Recruit, tom: User, field: str, words: str, sentence: str
) -> None:
    with pytest.raises(RecruitRefused, match=sentence) as refused:
        noted(rae, by=tom, day=weeks(1), **{field: words})
    assert refused.value.field == field


def corrected(note: ShiftNote, by: User, **more: object) -> ShiftNote:
    said = Said(
        more.get("day", note.day),
        "Spoke calmly.",
        "Grounds first.",
        ["qualification:FALP"],  # type: ignore[arg-type]
    )
    return correct_shift_note(note, said, by=by, at=noon(weeks(3)), reason="It was the night before", token=uuid4())


def test_a_correction_is_a_row_of_its_own_and_the_first_stays(rae: Recruit, tom: User) -> None:
    first = noted(rae, by=tom, day=weeks(1))
    second = corrected(first, tom, day=weeks(1) - timedelta(days=1))
    first.refresh_from_db()
    assert (second.corrects, second.reason) == (first, "It was the night before")
    assert (first.went_well, first.corrected_at) == ("Spoke calmly to an angry caller.", noon(weeks(3)))
    assert [note for week in notes_of(rae) for note in week.notes] == [second]
    assert [note for week in notes_of(rae, known_at=noon(weeks(2))) for note in week.notes] == [first]
    assert noted(rae, by=tom, day=weeks(1), at=noon(weeks(3))).day == weeks(1), "its day is free again"


def test_only_whoever_wrote_a_note_corrects_it_and_only_the_one_that_stands(rae: Recruit, tom: User, ada: User) -> None:
    first = noted(rae, by=tom, day=weeks(1))
    with pytest.raises(NotYours, match="Only whoever wrote a note corrects it"):
        corrected(first, ada)
    corrected(first, tom)
    with pytest.raises(MovedMeanwhile, match=r"You corrected this note at 12:00 on 26 January 2026"):
        corrected(first, tom)


def test_a_correction_does_not_move_onto_another_note_or_out_of_the_pairing(rae: Recruit, tom: User) -> None:
    first = noted(rae, by=tom, day=weeks(1))
    noted(rae, by=tom, day=weeks(2))
    with pytest.raises(RecruitRefused, match="You wrote about the shift that began on 19 January 2026 already"):
        corrected(first, tom, day=weeks(2))
    with pytest.raises(RecruitRefused, match="outside of that"):
        corrected(first, tom, day=START - timedelta(days=3))


def test_a_correction_says_what_was_wrong(rae: Recruit, tom: User) -> None:
    note = noted(rae, by=tom, day=weeks(1))
    said = Said(note.day, "Spoke calmly.", "Grounds first.")
    with pytest.raises(RecruitRefused, match="Say what was wrong with the note"):
        correct_shift_note(note, said, by=tom, at=noon(weeks(2)), reason=" ", token=uuid4())


def test_a_tutor_who_is_no_longer_in_date_still_tells_of_a_shift(rae: Recruit, ada: User) -> None:
    """What was seen is not lost because a certificate lapsed; the week says that the tutor has."""
    late = factories.person("Lou Demo")
    for code, days in (("PPST", 360), ("FALP", 360), ("TUTOR", 10)):
        award(late, code, START - timedelta(days=days))
    paired(rae, late, by=ada)
    assert noted(rae, by=late, day=weeks(4)).day == weeks(4)
