"""Pictures of questions: what is kept of them, who sees them, and how an author adds one."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image, PngImagePlugin

from assessments.attempts import submit_attempt
from assessments.bank import BadQuestion, latest_version
from assessments.models import Attempt, QuestionPicture, QuestionVersion
from assessments.pictures import PictureRefused, as_defined, keep_picture, picture_content
from people import clock
from people.models import User
from tests.assessments.admin_questions import (  # noqa: F401
    ABOUT,
    FAMILY,
    POSTED,
    SignIn,
    _families,
    fields_of,
    new_address,
    question_of,
    shown,
    tess_fixture,
    trainer_fixture,
)
from tests.assessments.attempt_page_acts import address, candidate_fixture, desk_fixture, page  # noqa: F401
from tests.assessments.building import NOON, TRUE_FALSE, question, rules_only, started
from tests.assessments.question_types.samples import HOTSPOT, PICTURE, drawing
from tests.factories import person

pytestmark = pytest.mark.django_db


def made(kind: str, *, size: tuple[int, int] = (64, 40), mode: str = "RGB", **more: Any) -> bytes:
    written = io.BytesIO()
    Image.new(mode, size, 1 if mode == "P" else "navy").save(written, kind, **more)
    return written.getvalue()


def with_notes(kind: str) -> bytes:
    """A picture that says where it was taken."""
    notes = Image.Exif()
    notes[0x010F] = "A phone"
    notes.get_ifd(0x8825)[1] = "N"
    return made(kind, exif=notes.tobytes())


def kept_image(row: QuestionPicture) -> Image.Image:
    return Image.open(io.BytesIO(picture_content(row.digest)))


@pytest.mark.parametrize(
    ("content", "kept_as"),
    [
        (made("PNG"), "image/png"),
        (made("PNG", mode="P"), "image/png"),
        (made("JPEG"), "image/jpeg"),
        (made("GIF", mode="P"), "image/png"),
        (made("WEBP"), "image/png"),
        (with_notes("JPEG"), "image/jpeg"),
        (with_notes("PNG"), "image/png"),
    ],
)
def test_a_picture_is_kept_without_what_a_camera_wrote_and_keeping_it_again_is_the_same(
    content: bytes, kept_as: str
) -> None:
    row = keep_picture(content, by=None, at=NOON)
    assert (row.content_type, row.width, row.height) == (kept_as, 64, 40)
    kept = picture_content(row.digest)
    assert row.size == len(kept)
    assert b"A phone" not in kept
    assert not dict(kept_image(row).getexif())
    assert keep_picture(content, by=None, at=NOON) == row
    assert keep_picture(kept, by=None, at=NOON) == row
    assert QuestionPicture.objects.count() == 1


def test_texts_and_what_stands_behind_the_end_are_taken_out() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "Number 4, Elm Street")
    row = keep_picture(made("PNG", pnginfo=notes) + b"<script>alert(1)</script>", by=None, at=NOON)
    assert b"Elm Street" not in picture_content(row.digest)
    assert b"<script>" not in picture_content(row.digest)


def test_a_picture_that_lies_on_its_side_is_kept_upright() -> None:
    notes = Image.Exif()
    notes[0x0112] = 6
    row = keep_picture(made("JPEG", exif=notes.tobytes()), by=None, at=NOON)
    assert (row.width, row.height) == (40, 64)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not a picture we can read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "not a picture we can read"),
        (made("PNG")[:60], "not a picture we can read"),
        (b"%PDF-1.4", "not a picture we can read"),
        (made("TIFF"), "not a picture we can read"),
        (made("PNG", size=(8, 40)), "smaller than 16 pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * (10 * 1024 * 1024), "larger than 10 MB"),
        (made("PNG", size=(20_000, 10_000), mode="1"), "more"),
    ],
)
def test_what_is_no_picture_of_ours_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(PictureRefused, match=sentence) as refused:
        keep_picture(content, by=None, at=NOON)
    assert str(refused.value).endswith(".")
    assert not QuestionPicture.objects.exists()


def test_a_row_of_a_picture_is_never_changed() -> None:
    row = keep_picture(drawing(), by=None, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionPicture.objects.filter(pk=row.pk).update(width=1)


def test_a_question_names_only_pictures_that_are_kept_as_they_are() -> None:
    with pytest.raises(BadQuestion, match="not kept here"):
        question("h1", type="hotspot", definition=HOTSPOT)
    keep_picture(drawing(), by=None, at=NOON)
    wider = {**HOTSPOT, "pictures": {"hall": {**PICTURE, "width": 400}}}
    with pytest.raises(BadQuestion, match="not that of its file"):
        question("h1", type="hotspot", definition=wider)
    assert question("h1", type="hotspot", definition=HOTSPOT).definition["pictures"] == {"hall": PICTURE}


# --- Who sees them ------------------------------------------------------------------------------------------------------


@pytest.fixture(name="hall")
def hall_fixture() -> QuestionVersion:
    keep_picture(drawing(), by=None, at=NOON)
    return question("h1", type="hotspot", definition=HOTSPOT, family=FAMILY)


def sitting(candidate: User, **rules: Any) -> Attempt:
    return started(rules_only(draw=[{"outcome": "LO1", "count": 1}], **rules), candidate, at=clock.now())


def picture_address(attempt: Attempt, digest: str = PICTURE["digest"], position: int = 1) -> str:
    return f"{address(attempt)}pictures/{position}/{digest}/"


def test_a_candidate_sees_the_pictures_of_their_own_open_attempt_and_nobody_else_does(
    hall: QuestionVersion, desk: Client, candidate: User, signed_in: SignIn
) -> None:
    attempt = sitting(candidate)
    assert f'src="{picture_address(attempt)}"' in page(desk, address(attempt))
    answer = desk.get(picture_address(attempt))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert b"".join(answer.streaming_content) == drawing()  # type: ignore[attr-defined]
    assert answer["X-Content-Type-Options"] == "nosniff"
    # What is asked in an exam is kept by no browser and by nobody on the way.
    assert answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(person("Bea")).get(picture_address(attempt)).status_code == 404
    assert Client().get(picture_address(attempt)).status_code == 302
    other = keep_picture(drawing(colour="red"), by=None, at=NOON)
    assert desk.get(picture_address(attempt, other.digest)).status_code == 404
    assert desk.get(picture_address(attempt, position=2)).status_code == 404
    assert desk.get(picture_address(attempt, "x" * 64)).status_code == 404


@pytest.mark.parametrize(("feedback", "status"), [("after_submit", 200), ("never", 404)])
def test_afterwards_pictures_are_seen_where_the_questions_are(
    feedback: str, status: int, hall: QuestionVersion, desk: Client, candidate: User
) -> None:
    attempt = sitting(candidate, feedback=feedback)
    submit_attempt(attempt, by=candidate, at=clock.now())
    assert desk.get(picture_address(attempt)).status_code == status


def test_those_who_may_see_the_question_see_its_pictures(hall: QuestionVersion, signed_in: SignIn) -> None:
    where = f"{question_of(hall)}versions/1/pictures/{PICTURE['digest']}/"
    for role, family, status in (
        ("trainer", FAMILY, 200),
        ("approver", FAMILY, 200),
        ("trainer", "ethics", 404),
    ):
        assert signed_in(person("", role, family=family)).get(where).status_code == status
    assert signed_in(person("Ola Officer")).get(where).status_code in (302, 403)
    wrong = f"{question_of(hall)}versions/1/pictures/{'1' * 64}/"
    assert signed_in(person("", "trainer", family=FAMILY)).get(wrong).status_code == 404


# --- Adding one ---------------------------------------------------------------------------------------------------------

AREAS = {
    "stem": "Look at the hallway. Which way out is nearest?",
    "picture": "hall",
    "choose": "1",
    "areas-TOTAL_FORMS": "2",
    "areas-INITIAL_FORMS": "0",
    "areas-0-text": "The door",
    "areas-0-shape": "rect",
    "areas-0-coords": "10, 10, 80, 90",
    "areas-0-fraction": "1",
    "areas-0-feedback": "It opens.",
    "areas-1-text": "The stair",
    "areas-1-shape": "circle",
    "areas-1-coords": "160 100 40",
    "areas-1-fraction": "",
    "areas-1-feedback": "It ends.",
}


def upload(content: bytes | None = None, name: str = "hall.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, drawing() if content is None else content, "image/png")


def test_an_author_adds_a_picture_looks_at_it_and_saves_the_question(trainer: Client, signed_in: SignIn) -> None:
    where = new_address("hotspot")
    new = {"new_picture": upload(), "new_picture_name": "hall", "new_picture_alt": PICTURE["alt"]}
    answer = trainer.post(where, {**ABOUT, **AREAS, **new, "do": "picture"})
    html = shown(answer)
    assert latest_version("mh-101-q99") is None
    assert "Nothing was saved" not in html
    assert "The door" in html
    own = f"/admin/assessments/pictures/{PICTURE['digest']}/"
    assert own in html
    assert trainer.get(own).status_code == 200
    assert signed_in(person("", "trainer", family=FAMILY)).get(own).status_code == 404
    saved = trainer.post(where, fields_of(html))
    version = latest_version("mh-101-q99")
    assert version is not None, shown(saved)
    assert version.definition["pictures"] == {"hall": PICTURE}
    assert version.definition["areas"][1]["coords"] == [160, 100, 40]
    assert PICTURE["alt"] in shown(trainer.get(question_of(version)))
    preview = shown(trainer.get(f"{question_of(version)}versions/1/"))
    assert f"versions/1/pictures/{PICTURE['digest']}/" in preview
    # The edit page carries the picture, and saving it as it is changes nothing.
    edit = f"{question_of(version)}edit/"
    trainer.post(edit, fields_of(shown(trainer.get(edit))))
    latest = latest_version("mh-101-q99")
    assert latest is not None
    assert latest.number == 1


def test_a_picture_chosen_with_save_is_kept_and_saved_in_one_press(trainer: Client) -> None:
    new = {"new_picture": upload(), "new_picture_name": "hall", "new_picture_alt": "A hallway."}
    trainer.post(new_address("hotspot"), {**ABOUT, **AREAS, **new})
    version = latest_version("mh-101-q99")
    assert version is not None
    assert version.definition["pictures"]["hall"]["alt"] == "A hallway."


def test_any_words_of_a_question_can_show_a_picture(trainer: Client) -> None:
    fields = {**ABOUT, **POSTED["true_false"], "stem": "See [[picture:hall]]. The stair is a way out."}
    new = {"new_picture": upload(), "new_picture_name": "hall", "new_picture_alt": "A hallway."}
    trainer.post(new_address("true_false"), {**fields, **new})
    version = latest_version("mh-101-q99")
    assert version is not None
    preview = shown(trainer.get(f"{question_of(version)}versions/1/"))
    assert 'alt="A hallway."' in preview
    assert "[[picture:" not in preview


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ({"new_picture": upload(b"<svg/>"), "new_picture_alt": "x"}, "not a picture we can read"),
        ({"new_picture": upload(), "new_picture_alt": " "}, "Write the words that stand for the picture"),
        ({"new_picture": upload(), "new_picture_alt": "x", "new_picture_name": "No Name"}, "Give the picture a name"),
        ({}, "Choose a picture file first."),
    ],
)
def test_why_a_picture_is_not_added_is_said_and_nothing_typed_is_lost(
    new: dict[str, Any], sentence: str, trainer: Client
) -> None:
    for file in new.values():
        if isinstance(file, SimpleUploadedFile):
            file.seek(0)
    html = shown(trainer.post(new_address("hotspot"), {**ABOUT, **AREAS, **new, "do": "picture"}))
    assert sentence in html
    assert "The stair" in html
    assert not QuestionPicture.objects.exists()


def test_somebody_elses_picture_cannot_be_named(trainer: Client) -> None:
    keep_picture(drawing(), by=person("Bo Trainer", "trainer", family="ethics"), at=NOON)
    stolen = {
        "pictures-TOTAL": "1",
        "pictures-0-digest": PICTURE["digest"],
        "pictures-0-name": "hall",
        "pictures-0-alt": "x",
    }
    html = shown(trainer.post(new_address("hotspot"), {**ABOUT, **AREAS, **stolen}))
    assert "Add the picture to this question" in html
    assert latest_version("mh-101-q99") is None


def test_a_picture_is_removed_and_its_place_in_the_words_is_missed(trainer: Client) -> None:
    row = keep_picture(drawing(), by=None, at=NOON)
    definition = {**TRUE_FALSE, "stem": "See [[picture:hall]]. True?", "pictures": {"hall": as_defined(row, "A hall.")}}
    version = question("q1", definition=definition, family=FAMILY, approved=False)
    edit = f"{question_of(version)}edit/"
    data = {**fields_of(shown(trainer.get(edit))), "pictures-0-DELETE": "on"}
    html = shown(trainer.post(edit, data))
    assert "There is no picture called 'hall' in this question." in html
    trainer.post(edit, {**data, "stem": "True?"})
    latest = latest_version("q1")
    assert latest is not None
    assert (latest.number, latest.definition.get("pictures")) == (2, None)
