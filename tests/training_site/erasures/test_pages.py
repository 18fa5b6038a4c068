"""The pages under Evidence, Erasures."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cpd_records.models import (
    ErasureRequest,
)
from people.models import Look, User
from tests.training_site.erasures.acts import asked, entry_of, long_ago, worked_off

pytestmark = pytest.mark.django_db


def seen_on(page: Any) -> str:
    """The preview that a page carries along."""
    return str(re.search(r'name="seen" value="([0-9a-f]{64})"', page.content.decode())[1])  # type: ignore[index]


def test_one_asks_on_the_page_and_another_approves_there(olu: User, dee: User, kit: User, signed_in: Any) -> None:
    entry_of(olu, long_ago(8))
    desk, other = signed_in(dee), signed_in(kit)

    answer = desk.post("/evidence/erasures/", {"who": olu.service_number})
    about = f"/evidence/erasures/about/{olu.public_id}/"
    assert answer["Location"] == about
    page = desk.get(about)
    assert "Courses, results and CPD" in page.content.decode()
    assert page["Cache-Control"].count("no-store")
    sent = {"ground": "retention", "classes": ["cpd"], "reason": "Seven years have passed", "seen": seen_on(page)}
    answer = desk.post(about, sent)
    request = ErasureRequest.objects.get()
    where = f"/evidence/erasures/{request.pk}/"
    assert answer["Location"] == where
    assert "Another disclosure officer decides" in desk.get(where).content.decode()
    assert "Approve and erase" not in desk.get(where).content.decode()

    assert "Approve and erase" in other.get(where).content.decode()
    assert other.post(where, {"reason": "", "decision": "approve"}).status_code == 422
    seen = seen_on(other.get(where))
    assert other.post(where, {"reason": "Checked", "decision": "approve", "seen": seen})["Location"] == where
    worked_off()
    page = other.get(where).content.decode()
    assert "What went" in page
    assert "Other entries of the ledger" in page
    assert Look.objects.filter(officer=olu, where="Erasures").values("looker").distinct().count() == 2


def test_what_was_typed_comes_back_with_a_sentence(olu: User, dee: User, signed_in: Any) -> None:
    entry_of(olu, long_ago(8))
    about = f"/evidence/erasures/about/{olu.public_id}/"
    desk = signed_in(dee)

    answer = desk.post(about, {"ground": "retention", "reason": "Seven years"})
    assert answer.status_code == 422
    assert "Choose at least one class" in answer.content.decode()
    assert "Seven years" in answer.content.decode()
    assert "Nobody is known by that" in desk.post("/evidence/erasures/", {"who": "999999"}).content.decode()
    assert "their own records" in desk.post("/evidence/erasures/", {"who": dee.email}).content.decode()
    assert desk.get(f"/evidence/erasures/about/{dee.public_id}/").status_code == 404


def test_nobody_sees_an_erasure_of_their_own(olu: User, dee: User, kit: User, signed_in: Any) -> None:
    entry_of(dee, long_ago(8))
    request = asked(dee, kit)

    assert signed_in(dee).get(f"/evidence/erasures/{request.pk}/").status_code == 404
    assert dee.name not in signed_in(dee).get("/evidence/erasures/").content.decode().replace(
        dee.get_short_name(), "", 3
    )
