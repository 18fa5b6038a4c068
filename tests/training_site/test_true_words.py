"""What pages tell people is so today: who sees what, who can help, what nobody can be given yet."""

import re

import pytest

from cpd_records.ledger.sealing import seal_now
from cpd_records.models import ReadablePart
from cpd_records.models.certificates import READS_ALL
from people import clock
from people.models import Role
from tests.courses.factories import do_lessons, enrolled, release

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_no_page_promises_more_time_while_nobody_can_be_given_any(client):
    for address in ("/help/", "/privacy/", "/accessibility/"):
        assert "xtra time" not in text(client.get(address)), address
    assert "cannot yet give one person more time than another" in text(client.get("/accessibility/"))


def test_the_privacy_page_names_everybody_who_opens_a_certificate_file(client):
    shown = text(client.get("/privacy/"))
    titles = [Role.objects.get(code=code).title for code in READS_ALL]
    assert f"{titles[0]}s and {titles[1].lower()}s can open the file" in shown


def test_the_proof_of_an_entry_leads_to_a_page_that_says_how_it_is_checked(person, signed_in):
    officer = person()
    do_lessons(enrolled(officer, release()), at=clock.now())
    seal_now()
    entry = ReadablePart.objects.filter(officer=officer.public_id).first()
    client = signed_in(officer)
    assert 'href="/verify/how-it-works/#entry"' in client.get(f"/my/record/{entry.entry_id}/").content.decode()
    how = client.get("/verify/how-it-works/").content.decode()
    assert 'id="entry"' in how
    assert "leads from that number to a state of the ledger that our key signed" in " ".join(how.split())


def test_who_lacks_a_role_is_sent_to_whoever_can_grant_it(person, signed_in):
    client = signed_in(person())
    for address in ("/admin/", "/team/cpd/"):
        refused = client.get(address)
        assert refused.status_code == 403
        shown = text(refused)
        assert "A system administrator can grant" in shown
        assert "raining administrator" not in shown
