"""Few officers are asked about by compiled statements, many by ones composed anew: the answer is the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cpd_records.currency import currency_of_many
from cpd_records.currency.awards import awards_of
from cpd_records.currency.facts import footing_at
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Qualification
from cpd_records.qualifications.rulings import grant_exception
from people import clock
from tests.cpd_records.readiness.teams import award, team

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_sealed", [True, False])
def test_the_answer_does_not_depend_on_how_many_are_asked_about(monkeypatch, is_sealed):
    shift = team()
    first_aid = Qualification.objects.get(code="FALP")
    until, words = clock.today() + timedelta(days=9), {"reason": "A course is booked.", "conditions": "Double-crewed."}
    grant_exception(shift.officers["F"], first_aid, by=shift.sergeant, at=clock.now(), until=until, **words)
    seal_now()
    moment = clock.now() if is_sealed else None
    award(shift.officers["F"], "FALP", day=clock.today())
    keys = [officer.pk for officer in shift.officers.values()]
    asked = {"on": clock.today(), "known_at": moment}
    few = currency_of_many(keys, **asked)
    monkeypatch.setattr("cpd_records.currency.rows.FEW", 0)
    assert currency_of_many(keys, **asked) == few
    named = [officer.public_id for officer in shift.officers.values()]
    found, _unsealed = awards_of(named, footing_at(moment).cut)
    assert len(found[shift.officers["F"].public_id].get("FALP", ())) == (0 if is_sealed else 1)
