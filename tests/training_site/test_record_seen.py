"""My record as others see it: the same parts, and nothing that they do not see."""

import re
from datetime import timedelta

import pytest

from people import clock
from people.models import Look
from tests import factories as people_factories
from tests.cpd_records.certificate_acts import award as certify
from tests.cpd_records.certificate_acts import issue
from tests.cpd_records.cpd_acts import handed_in, logged, response_team
from tests.cpd_records.readiness.teams import award

pytestmark = pytest.mark.django_db
SEEN = "/my/record/seen/"


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def why(response):
    """What stands under 'Why': each requirement with its reasons and entries."""
    return re.findall(r'<section[^>]*id="why".*?</section>', response.content.decode(), re.DOTALL)


@pytest.fixture
def team():
    return response_team()


def test_an_officer_reads_the_very_part_that_their_supervisor_reads(team, signed_in):
    award(team["officer"], "DP", day=clock.today() - timedelta(days=400))
    theirs = signed_in(team["sergeant"]).get(f"/team/people/{team['officer'].public_id}/")
    mine = signed_in(team["officer"]).get(SEEN)
    assert why(mine) == why(theirs)
    assert "Expired on" in why(mine)[0]
    assert "Sergeant D. Demo" in text(mine)
    assert "Inspector C. Demo" in text(mine)


def test_looking_at_oneself_as_others_do_is_no_look(team, signed_in):
    signed_in(team["officer"]).get(SEEN)
    assert not Look.objects.exists()


def test_the_preview_has_no_button_that_acts(team, signed_in):
    page = signed_in(team["officer"]).get(SEEN).content.decode()
    main = page[page.index('id="main"') :]
    assert "<form" not in main


def test_a_supervisor_sees_what_was_handed_in_and_no_draft(team, signed_in):
    logged(team["officer"], title="Not handed in")
    handed_in(team, title="Handed in")
    shown = text(signed_in(team["officer"]).get(SEEN))
    assert "Handed in" in shown
    assert "Not handed in" not in shown


def test_a_verifier_sees_what_they_were_handed(team, signed_in):
    handed_in(team, to="trainer", title="Read by a trainer")
    shown = text(signed_in(team["officer"]).get(f"{SEEN}?by=verifier"))
    assert "Read by a trainer" in shown
    assert "Trainer T. Demo" in shown


def test_an_auditor_opens_certificates_and_somebody_with_a_code_gets_the_public_page(team, signed_in):
    certificate = certify(team["officer"])
    issue(certificate)
    client = signed_in(team["officer"])
    assert certificate.get_absolute_url() in client.get(f"{SEEN}?by=auditor").content.decode()
    assert certificate.verify_address in client.get(f"{SEEN}?by=anybody").content.decode()


@pytest.mark.parametrize("typed", ["x", "", "supervisor'--", "99"])
def test_a_viewer_nobody_knows_is_the_supervisor(signed_in, typed):
    shown = text(signed_in(people_factories.person("Officer Z. Demo")).get(SEEN, {"by": typed}))
    assert "Nobody supervises you today. Whoever does will see this." in shown
