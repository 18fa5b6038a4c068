"""The download: the owner gets the file exactly as issued, everybody else learns nothing, and the page says when it is not made yet."""

from datetime import timedelta

import pytest
from django.test import Client

from people import clock
from tests.cpd_records.certificate_acts import award, issue, issued, stored_bytes, stored_files
from tests.factories import posting, unit

pytestmark = pytest.mark.django_db


def test_the_owner_downloads_the_file_as_it_was_issued(person, signed_in):
    officer = person("Bo")
    certificate = issued(officer)
    answer = signed_in(officer).get(certificate.get_absolute_url())
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="certificate-{certificate.code}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == stored_bytes(certificate)


def test_until_it_is_made_the_page_says_when_and_offers_another_look(person, signed_in):
    officer = person("Bo")
    certificate = award(officer, at=clock.now())
    client = signed_in(officer)
    answer = client.get(certificate.get_absolute_url())
    assert answer.status_code == 202
    page = answer.content.decode()
    assert "Your certificate is being made" in page
    assert "within about ten seconds" in page
    assert certificate.get_absolute_url() in page
    assert "http-equiv" not in page, "nothing reloads under a reader's hands"
    issue(certificate)
    assert client.head(certificate.get_absolute_url())["Content-Type"] == "application/pdf"


def test_after_a_long_wait_the_page_says_that_nothing_is_lost(person, signed_in):
    officer = person("Bo")
    certificate = award(officer, at=clock.now() - timedelta(minutes=5))
    assert "Nothing is lost" in signed_in(officer).get(certificate.get_absolute_url()).content.decode()


def test_somebody_elses_certificate_is_not_found_made_or_not(person, signed_in):
    certificate, stranger = award(person("Bo")), person("Cy")
    assert signed_in(stranger).get(certificate.get_absolute_url()).status_code == 404
    issue(certificate)
    assert signed_in(stranger).get(certificate.get_absolute_url()).status_code == 404
    assert signed_in(stranger).get("/certificates/0b5c6a52-53a0-4d53-9c3b-0d5f1f7a4b11/").status_code == 404


def test_strangers_are_asked_to_sign_in(person):
    certificate = award(person("Bo"))
    answer = Client().get(certificate.get_absolute_url())
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_only_auditors_and_disclosure_officers_open_somebody_elses_file(person, signed_in):
    station, officer = unit(), person("Bo")
    posting(officer, station)
    address = issued(officer).get_absolute_url()
    for role in ("auditor", "disclosure-officer"):
        assert signed_in(person("", role)).get(address).status_code == 200, role
    for role in ("training-admin", "trainer", "assessor", "system-admin"):
        assert signed_in(person("", role)).get(address).status_code == 404, role
    sergeant = person("Dee", "supervisor", unit=station)
    assert signed_in(sergeant).get(address).status_code == 404


def test_a_file_that_is_not_the_one_issued_is_refused_in_words(person, signed_in):
    officer = person("Bo")
    certificate = issued(officer)
    (stored,) = [path for path in stored_files() if path.stem == certificate.pk.hex]
    stored.chmod(0o600)
    stored.write_bytes(b"%PDF-1.7 something else")
    answer = signed_in(officer).get(certificate.get_absolute_url())
    assert answer.status_code == 503
    assert "not the one we issued" in answer.content.decode()
    assert certificate.display_code in answer.content.decode()
