"""The list of what is due for disposal, which changes nothing."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cpd_records.certificates import award_certificate
from cpd_records.erasures.due import LIST_WORK, count_due, list_due
from cpd_records.erasures.foreseeing import foresee
from cpd_records.ledger.holds import place_hold
from cpd_records.models import Certificate, ErasureGround, ReadablePart
from people import clock, work
from people.models import User
from tests import factories
from tests.factories import person
from tests.training_site.erasures.acts import (
    TODAY,
    an_activity,
    asked,
    carried_out,
    entry_of,
    leave,
    long_ago,
    worked_off,
)
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


def test_the_list_counts_what_the_preview_of_each_counts(olu: User) -> None:
    """The statements for everybody find what the statements for one find."""
    people = [olu, person("Bo Demo"), person("Cy Demo")]
    for place, one in enumerate(people):
        factories.posting(one, factories.unit(), since=long_ago(19)) if place else None
        for years in (1, 2, 6, 8):
            an_activity(one, long_ago(years + place))
            entry_of(one, long_ago(years + place), "qualification", subject="PPST")
            entry_of(one, long_ago(years + place))
    a_certificate(people[1], awarded=long_ago(8), valid_until=long_ago(5))
    leave(people[2], last_day=long_ago(7))

    for on in (TODAY, long_ago(1), long_ago(6), long_ago(20)):
        foreseen = {one.pk: foresee(one, ALL_PLANS, ground=ErasureGround.RETENTION, on=on).counts for one in people}
        found = count_due(ALL_PLANS, on=on)
        assert {pk: found.get(pk, {}) for pk in foreseen} == foreseen


def test_what_an_entry_says_is_not_due_before_the_record_that_names_it(olu: User) -> None:
    a_certificate(olu, awarded=long_ago(8), valid_until=long_ago(5))

    assert count_due(ALL_PLANS, on=TODAY) == {}
    assert count_due(ALL_PLANS, on=TODAY + timedelta(days=3 * 366))[olu.pk]["cpd"] >= 1


def a_certificate(officer: User, *, awarded: date, valid_until: date) -> Certificate:
    done = entry_of(officer, awarded, "completion").entry
    return award_certificate(
        officer,
        subject="SPEC-110",
        title="Stop and search",
        release_label="Release 1",
        minutes=240,
        awarded_on=awarded,
        valid_until=valid_until,
        completion_entry=done,
        assessed=True,
        at=clock.now(),
    )


def test_the_night_makes_the_list_that_the_page_shows(olu: User, dee: User, signed_in: Any) -> None:
    desk = signed_in(dee)
    page = desk.get("/evidence/erasures/due/").content.decode()
    assert "The first one is still to come" in page
    assert "Show these" not in page, "there is nothing to choose from yet"
    entry_of(olu, long_ago(8))
    an_activity(olu, long_ago(7))
    entry_of(dee, long_ago(9))
    work.ask(LIST_WORK, TODAY.isoformat())
    worked_off()

    page = desk.get("/evidence/erasures/due/").content.decode()
    assert f"Service number {olu.service_number}. Courses, results and CPD: 2." in page
    assert f'href="/evidence/erasures/about/{olu.public_id}/"' in page
    assert dee.service_number not in page[page.index("<main") :], "nobody asks about their own"
    assert "Nothing of this class is due." in desk.get("/evidence/erasures/due/?class=service").content.decode()
    assert olu.service_number in desk.get("/evidence/erasures/due/?class=cpd").content.decode()
    assert olu.service_number in desk.get("/evidence/erasures/due/?class=nonsense").content.decode()
    assert "One person has" in desk.get("/evidence/erasures/").content.decode()


def test_the_list_says_what_stands_in_the_way_or_is_under_way(olu: User, dee: User, kit: User, signed_in: Any) -> None:
    entry_of(olu, long_ago(8))
    list_due(ALL_PLANS, at=clock.now())
    desk = signed_in(dee)
    request = asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"])

    page = desk.get("/evidence/erasures/due/").content.decode()
    assert "Asked for" in page
    assert f'href="/evidence/erasures/{request.pk}/"' in page
    carried_out(request, kit)
    assert olu.service_number not in desk.get("/evidence/erasures/due/").content.decode()
    assert "Nobody has" in desk.get("/evidence/erasures/").content.decode()


def test_a_hold_is_named_in_the_list(olu: User, dee: User, signed_in: Any) -> None:
    entry_of(olu, long_ago(8))
    list_due(ALL_PLANS, at=clock.now())
    place_hold(olu, reason="Inquest", by=dee, at=clock.now())

    assert "Hold stands" in signed_in(dee).get("/evidence/erasures/due/").content.decode()


def test_nobody_else_reads_the_list(olu: User, signed_in: Any) -> None:
    answer = signed_in(olu).get("/evidence/erasures/due/")
    assert answer.status_code == 403
    assert "You hold neither role" in answer.content.decode()


def test_the_list_costs_as_many_queries_for_three_as_for_one(olu: User, dee: User, signed_in: Any) -> None:
    def cost() -> int:
        list_due(ALL_PLANS, at=clock.now())
        desk = signed_in(dee)
        desk.get("/evidence/erasures/due/")
        with CaptureQueriesContext(connection) as made:
            desk.get("/evidence/erasures/due/")
        return len(made)

    entry_of(olu, long_ago(8))
    one = cost()
    for name in ("Bo Demo", "Cy Demo"):
        entry_of(person(name), long_ago(8))
    assert cost() == one


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
