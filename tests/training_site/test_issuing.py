"""The page on which an officer has documents signed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from cpd_records.models import Certificate
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.certificate_acts import issue
from tests.cpd_records.currency.acts import award

pytestmark = pytest.mark.django_db
PAGE, QUALIFICATION = "/my/record/issue/", "/my/record/issue/qualification/"
Browser = Callable[[User], Client]


@pytest.fixture
def officer() -> User:
    return factories.person("Rae Demo")


@pytest.fixture
def own(officer: User, signed_in: Browser) -> Client:
    return signed_in(officer)


def test_an_officer_finds_it_on_my_record_and_has_a_qualification_certified(officer: User, own: Client) -> None:
    award(officer, "FALP", clock.today(), basis="authorised")
    assert f'href="{PAGE}"' in own.get("/my/record/").content.decode()
    page = own.get(PAGE).content.decode()
    assert "awarded" in page
    waiting = own.post(QUALIFICATION, {"qualification": "FALP"}, follow=True)
    assert waiting.status_code == 202
    assert "Your certificate is being made" in waiting.content.decode()
    assert "First what it says is sealed" in waiting.content.decode()
    issue(Certificate.objects.get())
    assert own.post(QUALIFICATION, {"qualification": "FALP"}, follow=True)["Content-Type"] == "application/pdf"
    assert Certificate.objects.count() == 1
    assert "Valid to" in own.get("/my/record/").content.decode()


def test_what_was_brought_over_is_named_and_not_offered(officer: User, own: Client) -> None:
    award(officer, "FALP", clock.today(), details={"source": "the former system"})
    page = own.get(PAGE).content.decode()
    assert "the certificate is theirs to give" in page
    assert 'value="FALP"' not in page
    refused = own.post(QUALIFICATION, {"qualification": "FALP"})
    assert refused.status_code == 422
    assert "That is none of the qualifications below" in refused.content.decode()
    assert not Certificate.objects.exists()


def test_without_a_choice_the_page_says_so(officer: User, own: Client) -> None:
    award(officer, "FALP", clock.today(), basis="authorised")
    refused = own.post(QUALIFICATION, {})
    assert refused.status_code == 422
    assert "Choose the qualification." in refused.content.decode()


def test_whoever_has_nothing_is_told(own: Client) -> None:
    assert "No qualification was awarded to you yet." in own.get(PAGE).content.decode()
    refused = own.post(PAGE)
    assert refused.status_code == 422
    assert "Nothing is recorded about you yet" in refused.content.decode()


def test_a_stranger_is_led_to_the_sign_in_page() -> None:
    for address in (PAGE, QUALIFICATION):
        assert Client().post(address)["Location"].startswith("/accounts/login/")
