"""Files behind CPD, from the page: what is kept, and of it nothing that says where."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cpd_records import activities
from cpd_records.models import Activity, ActivityFile
from people import clock
from people.models import User
from tests.cpd_records.cpd_acts import office, pdf, photograph
from tests.cpd_records.cpd_pages import Browser, handed_in, logged, team_fixture, text_of  # noqa: F401

pytestmark = pytest.mark.django_db


# --- Evidence ---------------------------------------------------------------------------------------------------------


def attach(browser: Client, activity: Activity, name: str, content: bytes) -> Any:
    upload = SimpleUploadedFile(name, content)
    return browser.post(f"/cpd/{activity.pk}/reflect/", {"evidence": [upload], "seen_at": ""})


def test_a_photograph_is_kept_upright_and_without_its_place(
    team: dict[str, User], signed_in: Browser, django_capture_on_commit_callbacks: Any
) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    for _ in range(2):
        assert attach(browser, activity, "Löcation.JPG", photograph()).status_code == 302
    kept = ActivityFile.objects.get()
    answer = browser.get(f"/cpd/{activity.pk}/files/{kept.pk}/")
    content = b"".join(answer.streaming_content)
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (20, 40)
        assert not dict(picture.getexif())
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "Löcation.JPG" in text_of(browser.get(f"/cpd/{activity.pk}/"))

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"/cpd/{activity.pk}/files/{kept.pk}/remove/")
    assert not ActivityFile.objects.exists()
    assert not storages["private"].exists(kept.path)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "photo.jpg",
            b"<html>",
            "This file is not a picture, although its name ends in .jpg. Nothing was uploaded.",
        ),
        ("broken.png", photograph("PNG")[:60], "although its name ends in .png"),
        ("run.exe", b"MZ\x00", "run.exe is not a photo, a PDF or an Office file. Nothing was uploaded."),
        ("empty.pdf", b"", "empty"),
        ("big.pdf", b"%PDF-" + b"0" * 10 * 1024 * 1024, "big.pdf is larger than 10 MB. Nothing was uploaded."),
        ("macro.docx", b"PK\x03\x04 not a zip", "This file is not an Office file, although its name ends in .docx."),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_the_words_are_kept(
    team: dict[str, User], signed_in: Browser, name: str, content: bytes, sentence: str
) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    upload = SimpleUploadedFile(name, content)
    response = browser.post(f"/cpd/{activity.pk}/reflect/", {"evidence": [upload], "reflection": "Kept words"})
    assert sentence in text_of(response)
    assert "Kept words" in text_of(response)
    assert not ActivityFile.objects.exists()


def test_a_pdf_and_an_office_file_are_kept_and_one_with_macros_is_not(
    team: dict[str, User], signed_in: Browser
) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    attach(browser, activity, "../../notes.pdf", pdf())
    attach(browser, activity, "plan.docx", office("word/document.xml"))
    page = attach(browser, activity, "plan.docm", office("word/document.xml", "word/vbaProject.bin"))
    assert "Office files with macros are not kept." in text_of(page)
    assert list(ActivityFile.objects.values_list("name", "media_type")) == [
        ("notes.pdf", "application/pdf"),
        ("plan.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ]


def test_files_are_the_officers_own_until_shared(team: dict[str, User], signed_in: Browser) -> None:
    activity = handed_in(team)
    attach(signed_in(team["officer"]), activity, "notes.pdf", pdf())
    address = f"/cpd/{activity.pk}/files/{ActivityFile.objects.get().pk}/"
    assert signed_in(team["officer"]).get(address).status_code == 200
    assert signed_in(team["sergeant"]).get(address).status_code == 404
    activities.share_reflection(activity, by=team["officer"], at=clock.now())
    assert signed_in(team["sergeant"]).get(address).status_code == 200
    assert "notes.pdf" in text_of(signed_in(team["sergeant"]).get(f"/team/cpd/{activity.pk}/"))
    for who in ("stranger", "elsewhere"):
        assert signed_in(team[who]).get(address).status_code == 404
    activities.verify_activity(activity, by=team["sergeant"], at=clock.now())
    page = attach(signed_in(team["officer"]), activity, "more.pdf", pdf("other words"))
    assert "so they stay as they were seen" in text_of(page)
    assert ActivityFile.objects.count() == 1


def test_at_most_ten_files_are_kept(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    uploads = [SimpleUploadedFile(f"{number}.pdf", pdf(str(number))) for number in range(11)]
    page = browser.post(f"/cpd/{activity.pk}/reflect/", {"evidence": uploads})
    assert "10 files fit, and there are 10 already." in text_of(page)
    assert ActivityFile.objects.count() == 10


def test_the_day_shown_is_the_day_in_words(team: dict[str, User], signed_in: Browser) -> None:
    activity = logged(team["officer"], day=date(2026, 2, 28), at=clock.now().replace(year=2026, month=3, day=1))
    assert "28 February 2026" in text_of(signed_in(team["officer"]).get(f"/cpd/{activity.pk}/"))
