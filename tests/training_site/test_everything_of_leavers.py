"""Everything held on somebody who may no longer sign in: a disclosure officer has it made, says what for, and alone takes it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from people import clock
from people.models import Look, SubjectExport, User, WaitingWork
from tests.cpd_records.cpd_acts import logged
from training_site.everything import (
    DELETING,
    MAKING,
    ExportRefused,
    ask_for_everything,
    ask_on_behalf,
    delete_everything,
    make_everything,
)

pytestmark = pytest.mark.django_db
PURPOSE = "Their request of 3 March, identity checked"


@pytest.fixture
def dee(person: Callable[..., User]) -> User:
    return person("Dee Demo", "disclosure-officer")


@pytest.fixture
def olu(person: Callable[..., User]) -> User:
    """Left, and may no longer sign in."""
    officer = person("Olu Demo")
    logged(officer, title="Talk about drones")
    return left(officer)


def left(officer: User) -> User:
    officer.is_active = False
    officer.save(update_fields=["is_active"])
    return officer


def page_of(officer: User) -> str:
    return f"/evidence/everything/{officer.public_id}/"


def made(officer: User, by: User) -> SubjectExport:
    asked = ask_on_behalf(officer, purpose=PURPOSE, by=by, at=clock.now())
    make_everything(str(asked.pk))
    asked.refresh_from_db()
    return asked


def test_it_is_asked_for_on_the_persons_evidence_page_and_taken_from_the_page(
    olu: User, dee: User, signed_in: Any
) -> None:
    desk = signed_in(dee)
    today = clock.today()
    question = {"who": olu.service_number, "as_known": "now", "on": today.isoformat()}
    question |= {"on_day": today.day, "on_month": today.month, "on_year": today.year}
    assert f'href="{page_of(olu)}"' in desk.get("/evidence/", question).content.decode()

    assert desk.post(page_of(olu), {"purpose": f"  {PURPOSE}\n"})["Location"] == page_of(olu)
    asked = SubjectExport.objects.get()
    assert (asked.officer, asked.asked_by, asked.purpose) == (olu, dee, PURPOSE)
    assert WaitingWork.objects.filter(kind=MAKING, key=str(asked.pk)).exists()
    assert "is being put together" in desk.get(page_of(olu)).content.decode()
    make_everything(str(asked.pk))
    page = desk.get(page_of(olu)).content.decode()
    assert PURPOSE in page
    assert f'href="{page_of(olu)}{asked.pk}.zip"' in page

    answer = desk.get(f"{page_of(olu)}{asked.pk}.zip")
    assert "no-store" in answer["Cache-Control"]
    pack = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    everything = json.loads(pack.read("everything.json"))
    assert everything["about"]["service_number"] == olu.service_number
    assert "Talk about drones" in pack.read("everything.json").decode()
    assert "everything.pdf" in pack.namelist()
    assert set(Look.objects.filter(officer=olu, looker=dee).values_list("saw", flat=True)) >= {
        "Who had everything held on you put together, and what for",
        "All that is held on you",
    }


def test_nobody_else_asks_for_it_or_takes_it(olu: User, dee: User, person: Callable[..., User], signed_in: Any) -> None:
    for role in ("auditor", "system-admin", "training-admin"):
        with pytest.raises(ExportRefused, match="Only a disclosure officer"):
            ask_on_behalf(olu, purpose=PURPOSE, by=person(role, role), at=clock.now())
    asked = made(olu, dee)
    other = signed_in(person("Kit Demo", "disclosure-officer"))
    listed = other.get(page_of(olu)).content.decode()
    assert PURPOSE in listed
    assert f"{asked.pk}.zip" not in listed
    assert other.get(f"{page_of(olu)}{asked.pk}.zip").status_code == 404
    assert signed_in(person("Sys Demo", "system-admin")).get(f"{page_of(olu)}{asked.pk}.zip").status_code == 403


def test_an_auditor_reads_who_asked_and_what_for(
    olu: User, dee: User, person: Callable[..., User], signed_in: Any
) -> None:
    asked = made(olu, dee)
    desk = signed_in(person("Aud Demo", "auditor"))
    page = desk.get(page_of(olu)).content.decode()
    assert PURPOSE in page
    assert "Put it together" not in page
    assert desk.post(page_of(olu), {"purpose": PURPOSE}).status_code == 403
    assert desk.get(f"{page_of(olu)}{asked.pk}.zip").status_code == 403


def test_who_can_sign_in_asks_for_it_themselves(dee: User, person: Callable[..., User], signed_in: Any) -> None:
    serves = person("Bo Demo")
    with pytest.raises(ExportRefused, match="They can sign in"):
        ask_on_behalf(serves, purpose=PURPOSE, by=dee, at=clock.now())
    assert signed_in(dee).get(page_of(serves)).status_code == 404
    today = clock.today()
    question = {"who": serves.service_number, "as_known": "now"}
    question |= {"on_day": today.day, "on_month": today.month, "on_year": today.year}
    assert page_of(serves) not in signed_in(dee).get("/evidence/", question).content.decode()


def test_nobody_has_their_own_made_so(dee: User) -> None:
    left(dee)
    with pytest.raises(ExportRefused):
        ask_on_behalf(dee, purpose=PURPOSE, by=dee, at=clock.now())


@pytest.mark.parametrize(
    ("purpose", "sentence"), [("", "Say what it is for"), (" \n", "Say what it is for"), ("x" * 301, "at most 300")]
)
def test_what_it_is_for_is_said_and_comes_back_where_it_is_not(
    olu: User, dee: User, signed_in: Any, purpose: str, sentence: str
) -> None:
    with pytest.raises(ExportRefused, match="Say what it is for"):
        ask_on_behalf(olu, purpose=purpose, by=dee, at=clock.now())
    answer = signed_in(dee).post(page_of(olu), {"purpose": purpose})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert purpose.strip() in answer.content.decode()
    assert not SubjectExport.objects.exists()


def test_pressed_twice_it_is_made_once_and_another_officer_asks_for_their_own(
    olu: User, dee: User, person: Callable[..., User]
) -> None:
    first = ask_on_behalf(olu, purpose=PURPOSE, by=dee, at=clock.now())
    assert ask_on_behalf(olu, purpose=PURPOSE, by=dee, at=clock.now()) == first
    kit = person("Kit Demo", "disclosure-officer")
    assert ask_on_behalf(olu, purpose="A court order", by=kit, at=clock.now()) != first


def test_the_database_keeps_no_asking_for_another_without_a_purpose(olu: User, dee: User) -> None:
    for given in (
        {"asked_by": dee, "purpose": ""},
        {"asked_by": None, "purpose": PURPOSE},
        {"asked_by": olu, "purpose": PURPOSE},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SubjectExport.objects.create(officer=olu, asked_at=clock.now(), **given)


def test_its_file_goes_after_some_days_like_any_other(olu: User, dee: User, signed_in: Any) -> None:
    asked = made(olu, dee)
    assert WaitingWork.objects.get(kind=DELETING, key=str(asked.pk)).due_at > clock.now() + timedelta(days=6)
    delete_everything(str(asked.pk))
    assert "Deleted on" in signed_in(dee).get(page_of(olu)).content.decode()
    assert "It was deleted" in signed_in(dee).get(f"{page_of(olu)}{asked.pk}.zip", follow=True).content.decode()


def test_who_comes_back_reads_who_had_it_made_and_what_for(olu: User, dee: User, signed_in: Any) -> None:
    asked = made(olu, dee)
    olu.is_active = True
    olu.save(update_fields=["is_active"])

    page = signed_in(olu).get("/my/record/everything/").content.decode()
    assert PURPOSE in page
    assert dee.name in page
    assert signed_in(dee).get(f"{page_of(olu)}{asked.pk}.zip").status_code == 404, "it is theirs to take now"
    assert ask_for_everything(olu, by=olu, at=clock.now()) != asked
