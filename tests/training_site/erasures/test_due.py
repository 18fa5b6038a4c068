"""The list of what is due for disposal, which changes nothing."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cpd_records.erasures.due import officers_with_something_due
from cpd_records.erasures.foreseeing import foresee
from cpd_records.ledger.holds import place_hold
from cpd_records.models import (
    ErasureGround,
    ReadablePart,
)
from people import clock
from people.models import User
from tests import factories
from tests.factories import person
from tests.training_site.erasures.acts import TODAY, an_activity, entry_of, leave, long_ago
from training_site.erasing import ALL_PLANS

pytestmark = pytest.mark.django_db


def due(*given: str) -> dict[str, Any]:
    said = io.StringIO()
    call_command("due_for_disposal", "--json", *given, stdout=said)
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def test_the_list_names_whose_records_are_due_by_class_and_changes_nothing(olu: User, dee: User) -> None:
    entry_of(olu, long_ago(8))
    an_activity(olu, long_ago(7))
    entry_of(dee, long_ago(6))
    gone = person("Cy Demo")
    factories.posting(gone, factories.unit(), since=long_ago(19))
    leave(gone, last_day=long_ago(8))
    entry_of(gone, TODAY, "qualification", subject="PPST")
    place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    found = due()

    assert [(one["service_number"], one["held"], one["due"].get("cpd")) for one in found["people"]] == [
        (olu.service_number, True, 2),
        (gone.service_number, False, None),
    ]
    assert found["people"][1]["due"]["accreditation"] == 1
    assert found["candidates"] == 2
    assert ReadablePart.objects.count() == 3
    assert len(due("--limit", "1")["people"]) == 1
    assert due("--on", "2000-01-01") == {"on": "2000-01-01", "candidates": 0, "people": []}


def test_whoever_the_list_names_is_whoever_has_something_due(olu: User) -> None:
    """The statements for everybody find those whom the statements for one find."""
    people = [olu, person("Bo Demo"), person("Cy Demo")]
    for place, one in enumerate(people):
        factories.posting(one, factories.unit(), since=long_ago(19)) if place else None
        for years in (1, 2, 6, 8):
            an_activity(one, long_ago(years + place))
            entry_of(one, long_ago(years + place), "qualification", subject="PPST")
    leave(people[2], last_day=long_ago(7))

    for on in (TODAY, long_ago(1), long_ago(6), long_ago(20)):
        having = {one.pk for one in people if foresee(one, ALL_PLANS, ground=ErasureGround.RETENTION, on=on).count}
        assert set(officers_with_something_due(ALL_PLANS, on=on)) == having


@pytest.mark.parametrize("given", [("--on", "tomorrow"), ("--limit", "0")])
def test_the_list_refuses_what_it_cannot_read(given: tuple[str, str]) -> None:
    with pytest.raises(CommandError) as refusal:
        due(*given)
    assert refusal.value.returncode == 2


def test_the_list_reads_as_lines(olu: User, capsys: Any) -> None:
    call_command("due_for_disposal")
    assert "Nothing is due" in capsys.readouterr().out
    entry_of(olu, long_ago(8))
    call_command("due_for_disposal")
    assert f"{olu.service_number}: Courses, results and CPD 1" in capsys.readouterr().out
