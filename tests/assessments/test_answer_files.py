"""Files a candidate hands in: kept for one question of their own attempt, given back to them alone, and waiting for a person."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from assessments.attempts import submit_attempt
from assessments.models import AnswerFile, Attempt
from people import clock
from people.models import User
from tests.assessments.attempt_page_acts import (  # noqa: F401
    address,
    candidate_fixture,
    desk_fixture,
    kept,
    page,
    save,
    send,
)
from tests.assessments.building import question, rules_only, started
from tests.assessments.question_types.samples import FILES, drawing
from tests.cpd_records.cpd_acts import office, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(name="attempt")
def attempt_fixture(candidate: User) -> Attempt:
    question("f1", type="file_upload", definition=FILES)
    question("q1")
    version = rules_only(draw=[{"outcome": "LO1", "count": 2}])
    return started(version, candidate, at=clock.now())


@pytest.fixture(name="place")
def place_fixture(attempt: Attempt) -> int:
    return int(attempt.items.get(question_version__type="file_upload").position)


def plan(name: str = "plan.png", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, drawing() if content is None else content)


def hand_in(desk: Client, attempt: Attempt, place: int, *files: SimpleUploadedFile, **fields: Any) -> Any:
    return send(desk, attempt, place, **{"answer.file": list(files), "go": "save", **fields})


def test_files_are_handed_in_shown_left_out_and_wait_to_be_marked(desk: Client, attempt: Attempt, place: int) -> None:
    assert "Nothing is uploaded yet." in page(desk, f"{address(attempt)}?q={place}")
    assert hand_in(desk, attempt, place, plan()).status_code == 302
    row = AnswerFile.objects.get()
    assert kept(attempt, place) == {"files": [{"digest": row.digest, "name": "plan.png", "size": row.size}]}
    html = page(desk, f"{address(attempt)}?q={place}")
    assert "plan.png" in html
    assert f'value="{row.digest}" checked' in html
    # What is kept stays ticked beside what is added; a second upload of the same is the same.
    hand_in(desk, attempt, place, plan("two.pdf", pdf()), answer=row.digest)
    hand_in(desk, attempt, place, plan("again.png"), answer=[one["digest"] for one in kept(attempt, place)["files"]])
    assert [one["name"] for one in kept(attempt, place)["files"]] == ["plan.png", "two.pdf"]
    send(desk, attempt, place, answer=row.digest)
    assert [one["name"] for one in kept(attempt, place)["files"]] == ["plan.png"]
    submit_attempt(attempt, by=attempt.officer, at=clock.now())
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == ("submitted", None)
    assert "Waits to be marked" in page(desk, address(attempt, "receipt"))


def test_a_script_saves_which_files_belong_to_the_answer(desk: Client, attempt: Attempt, place: int) -> None:
    hand_in(desk, attempt, place, plan())
    digest = AnswerFile.objects.get().digest
    assert save(desk, attempt, position=place, response=None, sequence=1).status_code == 200
    assert kept(attempt, place) is None
    assert save(desk, attempt, position=place, response=[digest], sequence=2).status_code == 200
    assert kept(attempt, place)["files"][0]["name"] == "plan.png"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.exe", b"MZ" + b"\0" * 100, "not a photo, a PDF or an Office file"),
        ("plan.pdf", b"<html>", "not a PDF, although its name ends in .pdf"),
        ("plan.docx", office("word/document.xml"), "is not a picture or a PDF"),
        ("plan.png", b"", "is empty"),
    ],
)
def test_what_is_not_taken_is_said_and_what_was_kept_stays(
    name: str, content: bytes, sentence: str, desk: Client, attempt: Attempt, place: int
) -> None:
    hand_in(desk, attempt, place, plan())
    before = kept(attempt, place)
    answer = hand_in(desk, attempt, place, plan(name, content), answer=before["files"][0]["digest"])
    assert answer.status_code == 200
    html = answer.content.decode()
    assert sentence in html
    assert "plan.png" in html
    assert kept(attempt, place) == before


def test_more_files_than_fit_are_refused_with_a_sentence(desk: Client, attempt: Attempt, place: int) -> None:
    three = [plan(f"{colour}.png", drawing(colour=colour)) for colour in ("red", "green", "blue")]
    answer = hand_in(desk, attempt, place, *three)
    assert "Two files fit, and there are three." in answer.content.decode()
    assert kept(attempt, place) is None


def test_nothing_is_handed_in_for_a_question_that_takes_no_files(desk: Client, attempt: Attempt, place: int) -> None:
    answer = hand_in(desk, attempt, 3 - place, plan(), answer="false")
    assert "This question takes no files." in answer.content.decode()
    assert not AnswerFile.objects.exists()


def test_a_file_is_given_back_to_its_candidate_alone(
    desk: Client, attempt: Attempt, place: int, signed_in: Any, person: Any
) -> None:
    hand_in(desk, attempt, place, plan("two.pdf", pdf()))
    row = AnswerFile.objects.get()
    where = f"{address(attempt)}files/{row.digest}/"
    answer = desk.get(where)
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="two.pdf"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert signed_in(person("Bea")).get(where).status_code == 404
    assert Client().get(where).status_code == 302
    assert desk.get(f"{address(attempt)}files/{'1' * 64}/").status_code == 404


def test_a_file_of_another_attempt_or_question_cannot_be_named(
    desk: Client, attempt: Attempt, place: int, person: Any, signed_in: Any
) -> None:
    hand_in(desk, attempt, place, plan())
    digest = AnswerFile.objects.get().digest
    bea = person("Bea")
    theirs = started(attempt.assessment_version, bea, at=clock.now(), context="course:2")
    place = theirs.items.get(question_version__type="file_upload").position
    answer = save(signed_in(bea), theirs, position=place, response=[digest])
    assert answer.status_code == 400
    assert answer.json()["message"] == "That file was not uploaded for this question. Upload it here."


def test_a_closed_attempt_takes_no_file(desk: Client, attempt: Attempt, place: int) -> None:
    html = page(desk, f"{address(attempt)}?q={place}")
    submit_attempt(attempt, by=attempt.officer, at=clock.now())
    answer = send(desk, attempt, place, html=html, **{"answer.file": [plan()]})
    assert answer.status_code == 409
    assert not AnswerFile.objects.exists()


def test_a_row_of_a_file_is_never_changed(desk: Client, attempt: Attempt, place: int) -> None:
    hand_in(desk, attempt, place, plan())
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerFile.objects.update(name="other.png")
