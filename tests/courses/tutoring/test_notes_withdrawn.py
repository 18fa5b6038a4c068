"""A tutor withdraws a note: its words are shown to nobody any more, that it stood remains."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from courses.models import Intake, Recruit, ShiftNote, ShiftNoteWithdrawal
from courses.programmes.refusals import MovedMeanwhile, NotYours, RecruitRefused
from courses.tutoring.notes import Said, correct_shift_note, last_note, notes_of, withdraw_shift_note
from courses.tutoring.pairing import end_pairing
from courses.tutoring.weeks import week_of
from people import clock
from people.models import User
from tests.courses.programmes.acts import intake, noon, recruit, weeks
from tests.courses.tutoring.acts import noted, paired, tutor

pytestmark = pytest.mark.django_db
WORDS = "Spoke calmly to an angry caller."


@pytest.fixture
def tom(rae: Recruit, ada: User) -> User:
    made = tutor(short_name="PC T. Demo")
    paired(rae, made, by=ada)
    return made


@pytest.fixture
def note(rae: Recruit, tom: User) -> ShiftNote:
    return noted(rae, by=tom, day=weeks(1))


def withdrawn(note: ShiftNote, by: User, *, reason: str = "It was about another recruit") -> ShiftNoteWithdrawal:
    return withdraw_shift_note(note, by=by, at=noon(weeks(2)), reason=reason)


def test_a_withdrawn_note_stands_no_longer_and_the_row_says_who_when_and_why(note: ShiftNote, tom: User) -> None:
    row = withdrawn(note, tom)
    assert (row.note, row.by, row.at, row.reason) == (note, tom, noon(weeks(2)), "It was about another recruit")
    assert list(ShiftNote.objects.known()) == []
    assert last_note(note.recruit) is None
    note.refresh_from_db()
    assert note.went_well == WORDS, "the words stay in the row"


def test_that_it_stood_remains_without_its_words(note: ShiftNote, tom: User) -> None:
    withdrawn(note, tom)
    (week,) = notes_of(note.recruit)
    (gone,) = week.withdrawn
    assert week.notes == ()
    assert (gone.day, gone.tutor, gone.at, gone.reason) == (
        note.day,
        tom,
        noon(weeks(2)),
        "It was about another recruit",
    )
    assert not hasattr(gone, "went_well")


def test_what_was_known_before_it_was_withdrawn_stays_as_it_was(note: ShiftNote, tom: User) -> None:
    withdrawn(note, tom)
    (week,) = notes_of(note.recruit, known_at=noon(weeks(2)) - timedelta(minutes=1))
    assert (week.notes, week.withdrawn) == ((note,), ())
    (week,) = notes_of(note.recruit, known_at=noon(weeks(2)))
    assert (week.notes, len(week.withdrawn)) == ((), 1)


def test_the_shift_can_be_written_about_again(note: ShiftNote, tom: User) -> None:
    withdrawn(note, tom)
    second = noted(note.recruit, by=tom, day=note.day, at=noon(weeks(2)))
    assert list(ShiftNote.objects.known()) == [second]


def test_the_sergeants_week_shows_it_no_longer(note: ShiftNote, tom: User) -> None:
    withdrawn(note, tom)
    (paired_one,) = week_of([note.recruit], note.day, today=weeks(2)).paired
    assert paired_one.notes == []


def test_a_pairing_may_end_before_a_shift_whose_note_was_withdrawn(note: ShiftNote, tom: User, ada: User) -> None:
    withdrawn(note, tom)
    last = weeks(1) - timedelta(days=1)
    assert end_pairing(note.pairing, by=ada, at=noon(weeks(2)), last_day=last, reason="Moved").valid_until == last


def test_nobody_but_its_author_withdraws_a_note(note: ShiftNote, ada: User, sergeant: User, rae: Recruit) -> None:
    for other in (ada, sergeant, rae.officer, tutor("Una Demo")):
        with pytest.raises(NotYours, match="Only whoever wrote a note withdraws it"):
            withdrawn(note, other)
    assert list(ShiftNote.objects.known()) == [note]


def test_a_note_is_withdrawn_once(note: ShiftNote, tom: User) -> None:
    withdrawn(note, tom)
    with pytest.raises(MovedMeanwhile, match=r"You withdrew this note at 12:00 on 19 January 2026.* no longer shown"):
        withdrawn(note, tom)
    assert ShiftNoteWithdrawal.objects.count() == 1


def corrected(note: ShiftNote, by: User) -> ShiftNote:
    said = Said(note.day, "Spoke calmly.", "Grounds first.")
    return correct_shift_note(note, said, by=by, at=noon(weeks(2)), reason="Too harsh", token=uuid4())


def test_of_a_corrected_note_only_the_correction_is_withdrawn(note: ShiftNote, tom: User) -> None:
    second = corrected(note, tom)
    with pytest.raises(MovedMeanwhile, match=r"You corrected this note .* Open that one and withdraw it"):
        withdrawn(note, tom)
    withdrawn(second, tom)
    assert list(ShiftNote.objects.known()) == [], "the first does not stand again"


def test_what_was_withdrawn_is_not_corrected(note: ShiftNote, tom: User) -> None:
    withdrawn(note, tom)
    with pytest.raises(MovedMeanwhile, match="You withdrew this note"):
        corrected(note, tom)


@pytest.mark.parametrize(("reason", "sentence"), [(" .", "Say why the note is withdrawn"), ("x" * 301, "300 fit")])
def test_a_withdrawal_says_why(note: ShiftNote, tom: User, reason: str, sentence: str) -> None:
    with pytest.raises(RecruitRefused, match=sentence) as refused:
        withdrawn(note, tom, reason=reason)
    assert refused.value.field == "reason"
    assert list(ShiftNote.objects.known()) == [note]


def test_the_database_holds_the_reason_and_that_a_note_goes_one_way(note: ShiftNote, tom: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ShiftNoteWithdrawal.objects.create(note=note, reason="", at=noon(weeks(2)), by=tom)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShiftNote.objects.filter(pk=note.pk).update(corrected_at=noon(weeks(2)), withdrawn_at=noon(weeks(2)))


# --- On the pages ------------------------------------------------------------------------------------------------------


def text(answer: Any) -> str:
    return answer.content.decode()


@pytest.fixture
def today(ada: User) -> Recruit:
    """A recruit whose intake began two weeks ago, because pages know only the present."""
    begins = clock.today() - timedelta(weeks=2)
    where: Intake = intake("Intake of now", by=ada, starts_on=begins)
    return recruit(where, by=ada, name="Rita Demo")


def test_a_tutor_withdraws_a_note_on_its_page_and_the_recruit_reads_only_that_it_stood(
    today: Recruit, ada: User, signed_in: Any
) -> None:
    una = tutor("Una Demo", since=today.began_on, short_name="PC U. Demo")
    until = clock.today() + timedelta(days=14)
    paired(today, una, by=ada, on=today.began_on, until=until, at=clock.now())
    note = noted(today, by=una, day=clock.today() - timedelta(days=1), at=clock.now())
    client: Client = signed_in(una)
    notes = f"/intakes/recruits/{today.pk}/notes/"
    address = f"{notes}{note.pk}/withdraw/"
    assert address in text(client.get(notes))
    assert WORDS in text(client.get(address)), "the author sees what goes"
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "Say why the note is withdrawn" in text(refused)
    done = text(client.post(address, {"reason": "It was about another recruit"}, follow=True))
    assert "Withdrawn: the note about" in done
    assert "corrected or withdrawn meanwhile" in text(client.post(address, {"reason": "Again"}, follow=True))
    for reader in (una, today.officer, ada):
        page = text(signed_in(reader).get(notes))
        assert "A note by <bdi>PC U. Demo</bdi> stood here" in page
        assert "It was about another recruit" in page
        assert WORDS not in page
    home = signed_in(today.officer).get("/my/")
    assert home.status_code == 200
    assert WORDS not in text(home)
