"""The pages of a parade: the list is looked at, asked for, watched, and its file taken."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from courses.models import Parade
from courses.parades.filing import make_file
from courses.parades.looking import subjects
from cpd_records.models import TRAINING_RECORD
from people.models import User
from tests.courses.parades.acts import asked, recruited, settle
from tests.cpd_records.certificate_acts import award, issued

pytestmark = pytest.mark.django_db


def form(officers: list[User], **given: Any) -> dict[str, Any]:
    typed = {
        "title": "Passing out of 26/07",
        "day_day": 4,
        "day_month": 12,
        "day_year": 2026,
        "subject": TRAINING_RECORD,
        "intake": "",
        "numbers": "\n".join(officer.service_number for officer in officers),
        "shape": "zip",
        "do": "look",
    }
    return {**typed, **given}


def test_the_list_is_looked_at_and_then_asked_for_with_the_same_words(
    officers: list[User], adas_client: Client
) -> None:
    for officer in officers:
        recruited(officer)
    answer = adas_client.post("/intakes/parades/new/", form(officers))
    assert answer.status_code == 200
    assert "3 of 3 would be in it" in answer.content.decode()
    assert not Parade.objects.exists()
    answer = adas_client.post("/intakes/parades/new/", form(officers, do="ask"))
    parade = Parade.objects.get()
    assert answer["Location"] == f"/intakes/parades/{parade.pk}/"
    assert [row.officer for row in parade.members.order_by("position")] == officers  # type: ignore[attr-defined]


def test_a_number_nobody_has_is_named_and_nothing_typed_is_lost(officers: list[User], adas_client: Client) -> None:
    answer = adas_client.post("/intakes/parades/new/", form(officers, numbers=f"{officers[0].service_number}\n000"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Line 2, &#x27;000&#x27;, names nobody who is active" in page
    assert officers[0].service_number in page


def test_no_list_and_no_intake_is_refused_in_a_sentence(adas_client: Client) -> None:
    answer = adas_client.post("/intakes/parades/new/", form([]))
    assert answer.status_code == 422
    assert "Choose an intake, or write one service number" in answer.content.decode()


def test_the_page_says_how_far_it_is_who_is_left_out_and_hands_out_the_file(
    officers: list[User], ada: User, adas_client: Client
) -> None:
    issued(officers[1])
    parade = asked(officers, ada)
    address = f"/intakes/parades/{parade.pk}/"
    assert "0 of 3 are settled" in adas_client.get(address).content.decode()
    answer = adas_client.get(f"{address}file/", follow=True)
    assert "There is no file here" in answer.content.decode()
    settle(parade)
    make_file(str(parade.pk))
    page = adas_client.get(address).content.decode()
    assert "Download the zip" in page
    assert "not completed" in page
    answer = adas_client.get(f"{address}file/")
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    assert ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None  # type: ignore[attr-defined]


def test_the_page_goes_on_without_those_who_take_too_long(officers: list[User], ada: User, adas_client: Client) -> None:
    award(officers[0])
    parade = asked(officers[:1], ada)
    answer = adas_client.post(f"/intakes/parades/{parade.pk}/without/", follow=True)
    assert "Left out: 1" in answer.content.decode()


def test_subjects_are_courses_that_came_out_and_training_records() -> None:
    assert list(subjects()) == [TRAINING_RECORD]
