"""Importing and exporting on the admin's pages: first a look at what would come, then all of it or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.admin import exchange_forms
from assessments.interchange import handing_in
from assessments.interchange.handing_in import hand_in_file, import_file, let_go
from assessments.models import BroughtFile, QuestionVersion, VersionState
from people import clock
from people.models import WaitingWork
from tests.assessments.admin_questions import (  # noqa: F401
    FAMILY,
    LIST,
    SignIn,
    _families,
    in_family,
    shown,
    tess_fixture,
    trainer_fixture,
)
from tests.factories import person

pytestmark = pytest.mark.django_db
IMPORT = f"{LIST}questions/import/"
EXPORT = f"{LIST}questions/export/"
GIFT = b"""::Notebook:: When do you write up the notebook? {=As soon as practicable#Memory fades. ~At the end of the month#Too late.}

::Record:: He may ask for the record for three months. {T}

::Broken:: Which of these? {=One ~
"""


def file(content: bytes = GIFT, name: str = "questions.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def hand_in(desk: Client, content: bytes = GIFT, **more: Any) -> Any:
    given = {"file": file(content), "new_bank": "MH-101", "new_family": FAMILY, "topic": "Custody", **more}
    return desk.post(IMPORT, given)


def look_of(answer: Any) -> str:
    assert answer.status_code == 302, shown(answer)
    return str(answer["Location"])


def test_a_file_is_looked_at_before_anything_is_imported(trainer: Client) -> None:
    look = look_of(hand_in(trainer))
    page = shown(trainer.get(look))
    assert "3 questions read, 2 to import, 1 skipped" in page
    assert "As soon as practicable" in page
    assert "100 %" in page
    assert "Broken" in page
    assert "Import 2 questions as drafts" in page
    assert not QuestionVersion.objects.exists()


def test_what_is_imported_becomes_drafts_of_whoever_imports_it(
    trainer: Client, django_capture_on_commit_callbacks: Any
) -> None:
    look = look_of(hand_in(trainer))
    with django_capture_on_commit_callbacks(execute=True):
        answer = trainer.post(look, {"do": "import"}, follow=True)
    assert "2 questions of questions.txt imported as drafts." in shown(answer)
    versions = list(QuestionVersion.objects.select_related("question__topic"))
    assert {version.state for version in versions} == {VersionState.DRAFT}
    assert {version.question.bank for version in versions} == {"MH-101"}
    assert {version.question.topic.path for version in versions if version.question.topic} == {"custody"}
    assert {version.author_name for version in versions} == {"Tess Trainer"}
    brought = BroughtFile.objects.get()
    assert (brought.imported, brought.let_go_at is None) == (2, False)
    assert not storages["private"].exists(brought.path)


def test_pressing_twice_imports_once(trainer: Client) -> None:
    look = look_of(hand_in(trainer))
    trainer.post(look, {"do": "import"})
    trainer.post(look, {"do": "import"})
    assert QuestionVersion.objects.count() == 2
    assert trainer.get(look).status_code == 302


def test_the_same_file_again_says_of_each_question_that_it_is_there(trainer: Client) -> None:
    trainer.post(look_of(hand_in(trainer)), {"do": "import"})
    page = shown(trainer.get(look_of(hand_in(trainer, new_bank="", chosen=f"MH-101\x1f{FAMILY}"))))
    assert "0 to import, 3 skipped" in page
    assert "It is in the bank already" in page
    assert "Nothing of it can be imported." in page


def test_a_file_can_be_let_go(trainer: Client) -> None:
    look = look_of(hand_in(trainer))
    answer = trainer.post(look, {"do": "give-up"}, follow=True)
    assert "is let go. Nothing of it was imported." in shown(answer)
    assert not storages["private"].exists(BroughtFile.objects.get().path)
    assert "The file has been let go. Hand it in again." in shown(trainer.get(look, follow=True))
    assert "let go" in shown(trainer.post(look, {"do": "import"}, follow=True))
    assert not QuestionVersion.objects.exists()


def test_a_file_that_waits_is_found_again_and_goes_after_a_week(trainer: Client) -> None:
    look = look_of(hand_in(trainer))
    assert look in shown(trainer.get(IMPORT))
    brought = BroughtFile.objects.get()
    work = WaitingWork.objects.get(kind=handing_in.LET_GO)
    assert work.due_at == brought.at + handing_in.KEPT
    let_go(work.key)
    let_go(work.key)
    assert not storages["private"].exists(brought.path)
    assert look not in shown(trainer.get(IMPORT))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "The file is a PDF."),
        (b"Nothing here asks anything.", "no questions that we can read"),
        (b"<quiz><question type='multichoice'>", "not well-formed XML"),
    ],
)
def test_an_unreadable_file_is_refused_with_a_sentence_and_what_was_typed_stays(
    trainer: Client, content: bytes, sentence: str
) -> None:
    answer = hand_in(trainer, content)
    page = shown(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Custody"' in page
    assert not BroughtFile.objects.exists()


def test_a_file_taken_for_another_format_is_refused(trainer: Client) -> None:
    assert "not Moodle XML" in shown(hand_in(trainer, format="moodle-xml"))


def test_a_form_without_file_or_bank_says_what_is_missing(trainer: Client) -> None:
    page = shown(trainer.post(IMPORT, {"topic": "Custody"}))
    assert "Choose the file that has the questions." in page
    assert "Choose a bank, or begin one under ‘Begin a bank instead’." in page


def test_a_file_that_is_too_large_is_refused(trainer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_forms, "MOST_BYTES", 10)
    assert "The file is larger than" in shown(hand_in(trainer))


def test_more_questions_than_a_page_takes_are_refused(trainer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_in, "MOST_QUESTIONS", 2)
    assert "The file has 3 questions, and a page takes 2." in shown(hand_in(trainer))


def test_a_file_is_seen_by_nobody_but_who_handed_it_in(trainer: Client, signed_in: SignIn) -> None:
    look = look_of(hand_in(trainer))
    colleague = signed_in(person("Cy Colleague", "trainer", family=FAMILY))
    assert colleague.get(look).status_code == 404
    assert colleague.post(look, {"do": "import"}).status_code == 404
    assert not QuestionVersion.objects.exists()


def test_a_trainer_of_another_family_cannot_import_into_a_bank(trainer: Client, signed_in: SignIn) -> None:
    in_family("q1", topic="Clock")
    elsewhere = signed_in(person("Una Elsewhere", "trainer", family="ethics"))
    answer = elsewhere.post(IMPORT, {"file": file(), "new_bank": "MH-101", "new_family": "ethics"})
    assert "belongs to another family of courses" in shown(answer)
    answer = elsewhere.post(IMPORT, {"file": file(), "new_bank": "ETH-1", "new_family": FAMILY})
    assert answer["Location"] == "/admin/"
    assert not BroughtFile.objects.exists()


def test_who_lost_the_role_meanwhile_imports_nothing() -> None:
    trainer, other = person("Tom Trainer", "trainer", family=FAMILY), person("Olu Other")
    brought = hand_in_file(
        GIFT, name="q.txt", format="", path="", bank="MH-101", family=FAMILY, by=trainer, at=clock.now()
    )
    with pytest.raises(handing_in.BankRefused, match="Trainers of a family"):
        import_file(brought, by=other, at=clock.now())
    with pytest.raises(handing_in.BankRefused, match="Trainers of a family"):
        hand_in_file(GIFT, name="q.txt", format="", path="", bank="MH-101", family=FAMILY, by=other, at=clock.now())


def test_a_path_in_a_file_name_is_left_out(trainer: Client) -> None:
    hand_in(trainer, file=file(name="..\\..\\etc\\q.txt"))
    assert BroughtFile.objects.get().name == "q.txt"


@pytest.mark.parametrize("kind", ["gift", "moodle-xml", "qti", "aiken"])
def test_what_a_page_writes_a_page_reads_again(trainer: Client, kind: str) -> None:
    trainer.post(look_of(hand_in(trainer)), {"do": "import"})
    asked = {"bank": "MH-101", "topic": "Custody", "format": kind}
    page = shown(trainer.get(EXPORT, asked))
    assert "can be written" in page
    answer = trainer.get(EXPORT, {**asked, "file": "1"})
    assert answer["Content-Disposition"].startswith('attachment; filename="MH-101.')
    assert "no-store" in answer["Cache-Control"]
    again = shown(trainer.get(look_of(hand_in(trainer, answer.content, new_bank="", chosen=f"MH-101\x1f{FAMILY}"))))
    assert "skipped" in again
    if kind != "aiken":
        assert "0 to import, 2 skipped" in again


def test_a_topic_without_questions_says_so(trainer: Client) -> None:
    in_family("q1", topic="Clock")
    trainer.post(f"{LIST}banks/MH-101/topics/", {"path": "Empty"})
    page = shown(trainer.get(EXPORT, {"bank": "MH-101", "topic": "Empty", "format": "gift"}))
    assert "There are no questions at this topic." in page


def test_a_bank_of_another_family_is_not_written_out(trainer: Client, signed_in: SignIn) -> None:
    in_family("q1", topic="Clock")
    elsewhere = signed_in(person("Una Elsewhere", "trainer", family="ethics"))
    page = shown(elsewhere.get(EXPORT, {"bank": "MH-101", "format": "gift", "file": "1"}))
    assert "Select a valid choice" in page
