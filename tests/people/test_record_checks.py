"""``check_records``: what the verbs keep under a lock, asked of rows that were written past them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from people import clock
from people.dated_rows import add_row, correct_row, end_row
from people.models import DatedRow, LastStamp, Posting, RoleHeld, Unit, UnitName
from people.postings import create_unit, post_officer
from people.record_checks import check_records, tables_with_two_times
from people.roles import grant_role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return create_unit("north", "North", parent=None, by=None, valid_from=clock.today() - timedelta(days=400))


@pytest.fixture
def posting(unit: Unit) -> Posting:
    return post_officer(factories.person(), unit, by=None, valid_from=clock.today() - timedelta(days=300))


def copy_of(row: Any, **changes: Any) -> Any:
    """Write a row as somebody would who goes past the verbs."""
    row.pk, row._state.adding = None, True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


def details() -> list[tuple[str, int, str]]:
    return [(one.table, one.row, one.detail) for one in check_records()]


def test_what_the_verbs_wrote_is_sound(posting: Posting, unit: Unit) -> None:
    end_row(posting, by=None, last_day=clock.today() - timedelta(days=10))
    post_officer(posting.officer, unit, by=None, valid_from=clock.today() - timedelta(days=9))
    grant_role(posting.officer, "supervisor", by=None, valid_from=clock.today(), unit=unit)

    assert details() == []


def test_two_postings_on_one_day_are_named_by_the_later_one(posting: Posting) -> None:
    first = posting.pk
    second = copy_of(posting, valid_from=clock.today())

    assert details() == [("people.Posting", second.pk, f"it overlaps row {first}, and one at a time is the rule")]


def test_a_long_row_overlaps_every_one_that_begins_within_it(posting: Posting) -> None:
    first = posting.pk
    day = clock.today()
    short = copy_of(posting, valid_from=day - timedelta(days=200), valid_until=day - timedelta(days=190)).pk
    later = copy_of(posting, valid_from=day, valid_until=None).pk

    assert [(row, detail) for _table, row, detail in details()] == [
        (short, f"it overlaps row {first}, and one at a time is the rule"),
        (later, f"it overlaps row {first}, and one at a time is the rule"),
    ]


def test_rows_that_were_corrected_or_are_void_overlap_nothing(posting: Posting) -> None:
    correct_row(posting, by=None, reason="Never there", is_void=True)
    post_officer(posting.officer, posting.unit, by=None, valid_from=posting.valid_from)

    assert details() == []


def test_a_role_held_for_two_units_is_two_subjects_and_for_none_twice_is_one(posting: Posting, unit: Unit) -> None:
    other = create_unit("south", "South", parent=None, by=None, valid_from=clock.today())
    for place in (unit, other):
        grant_role(posting.officer, "supervisor", by=None, valid_from=clock.today(), unit=place)
    auditor = grant_role(posting.officer, "auditor", by=None, valid_from=clock.today())
    assert details() == []

    second = copy_of(RoleHeld.objects.get(pk=auditor.pk))
    assert [row for _table, row, _detail in details()] == [second.pk]


def test_a_unit_may_have_several_aliases_but_one_name(unit: Unit) -> None:
    name = UnitName.objects.get(unit=unit)
    copy_of(name, name="The North", is_alias=True)
    copy_of(UnitName.objects.get(name="The North"), name="Up there")
    assert details() == []

    second = copy_of(UnitName.objects.get(name="North"), name="Northern")
    assert [(table, row) for table, row, _detail in details()] == [("people.UnitName", second.pk)]


def test_a_correction_about_somebody_else_is_named(posting: Posting) -> None:
    successor = correct_row(posting, by=None, reason="another unit")
    Posting.objects.filter(pk=successor.pk).update(officer=factories.person())

    assert details() == [
        ("people.Posting", successor.pk, "it corrects a row of another subject, or one recorded later")
    ]


def test_a_correction_recorded_before_what_it_corrects_is_named(posting: Posting) -> None:
    successor = correct_row(posting, by=None, reason="another unit")
    Posting.objects.filter(pk=successor.pk).update(recorded_at=posting.recorded_at - timedelta(days=1))

    assert [row for _table, row, _detail in details()] == [successor.pk]


def test_a_time_later_than_the_last_one_given_is_named(posting: Posting) -> None:
    LastStamp.objects.update(row_at=posting.recorded_at - timedelta(microseconds=1))

    assert ("people.Posting", posting.pk, "it bears a later time than the last one that was given") in details()


def test_every_table_with_two_times_says_what_is_one_at_a_time() -> None:
    tables = tables_with_two_times()

    assert len(tables) >= 15
    for model in tables:
        assert model.one_at_a_time, model
        for name in model.one_at_a_time:
            model._meta.get_field(name)


def test_a_row_is_added_by_the_subject_its_table_names(posting: Posting) -> None:
    with pytest.raises(TypeError, match="Posting is one at a time by \\('officer',\\), not by \\('officer', 'unit'\\)"):
        add_row(
            Posting,
            subject={"officer": posting.officer, "unit": posting.unit},
            by=None,
            valid_from=clock.today(),
        )


def test_the_command_says_so_and_exits_0_or_1(posting: Posting, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_records")
    assert capsys.readouterr().out == f"Sound: {len(tables_with_two_times())} tables.\n"
    call_command("check_records", "--json")
    assert json.loads(capsys.readouterr().out) == {"ok": True, "problems": []}

    first = posting.pk
    second = copy_of(posting, valid_from=clock.today())
    detail = f"it overlaps row {first}, and one at a time is the rule"
    with pytest.raises(SystemExit) as refused:
        call_command("check_records")
    assert refused.value.code == 1
    assert capsys.readouterr().out == f"people.Posting {second.pk}: {detail}\nFound wanting: 1 rows.\n"
    with pytest.raises(SystemExit):
        call_command("check_records", "--json")
    assert json.loads(capsys.readouterr().out) == {
        "ok": False,
        "problems": [{"table": "people.Posting", "row": second.pk, "detail": detail}],
    }


def test_a_table_without_rows_is_sound() -> None:
    assert not [model for model in tables_with_two_times() if not issubclass(model, DatedRow)]
    assert details() == []
