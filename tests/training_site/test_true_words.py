"""What pages tell people is so today: who sees what, who can help, what nobody can be given yet."""

import re

import pytest

from cpd_records.models.certificates import READS_ALL
from people.models import Role

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


def test_who_lacks_a_role_is_sent_to_whoever_can_grant_it(person, signed_in):
    client = signed_in(person())
    for address in ("/admin/", "/team/cpd/"):
        refused = client.get(address)
        assert refused.status_code == 403
        shown = text(refused)
        assert "A system administrator can grant" in shown
        assert "raining administrator" not in shown
