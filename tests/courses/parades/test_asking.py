"""A parade is looked at, and asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from courses.models import Parade
from courses.parades import issuing
from courses.parades.filing import FILE_WORK, open_file
from courses.parades.issuing import (
    MEMBER_WORK,
    ParadeRefused,
    ask_for_parade,
    go_on_without,
)
from courses.parades.looking import Outlook, look
from cpd_records.certificates.revoking import revoke_certificate
from people import clock
from people.models import Look, User, WaitingWork
from tests.courses.parades.acts import DAY, SUBJECT, Person, asked
from tests.cpd_records.certificate_acts import award, issued

pytestmark = pytest.mark.django_db


def test_everybody_is_answered_before_anything_is_asked_for(officers: list[User], person: Person, ada: User) -> None:
    ready, being_made, revoked = officers
    issued(ready)
    award(being_made)
    revoke_certificate(issued(revoked), by=ada, approved_by=person("Second"), reason="The wrong person", at=clock.now())
    expired, none = person("Di"), person("Ed")
    issued(expired, valid_until=date(2026, 9, 2))
    lines = look(SUBJECT, [*officers, expired, none], on=DAY)
    assert [line.outlook for line in lines] == [
        Outlook.READY,
        Outlook.TO_MAKE,
        Outlook.LEFT_OUT,
        Outlook.LEFT_OUT,
        Outlook.LEFT_OUT,
    ]
    assert "withdrawn" in lines[2].words
    assert "ended on 2 September 2026" in lines[3].words
    assert "not completed" in lines[4].words
    assert not Parade.objects.exists()


def test_a_name_that_changed_since_is_told(officers: list[User]) -> None:
    officer = officers[1]
    issued(officer)
    officer.name = "Alexandra Bell-Osei"
    officer.save()
    (line,) = look(SUBJECT, [officer], on=DAY)
    assert "bears the name of its award: Alexandra Bell." in line.words


def test_a_look_takes_the_same_queries_for_two_and_for_many(
    officers: list[User], person: Person, django_assert_num_queries: Any
) -> None:
    for officer in officers:
        issued(officer)
    for many in (officers[:2], [*officers, *(person() for _ in range(10))]):
        with django_assert_num_queries(2):
            look(SUBJECT, many, on=DAY)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"subject": "NO-1"}, "subject", "Choose what is handed out"),
        ({"shape": "tar"}, "shape", "Choose a zip"),
    ],
)
def test_what_there_is_none_of_is_refused(
    officers: list[User], ada: User, given: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(ParadeRefused, match=sentence) as refused:
        asked(officers, ada, **given)
    assert refused.value.field == field


def test_a_parade_has_a_name_and_people_and_not_too_many(
    officers: list[User], ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ParadeRefused, match="Give the parade a name"):
        ask_for_parade(" ", officers, subject=SUBJECT, shape="zip", day=DAY, by=ada, at=clock.now())
    with pytest.raises(ParadeRefused, match="Nobody is on the list"):
        asked([], ada)
    monkeypatch.setattr(issuing, "MOST_PEOPLE", 2)
    with pytest.raises(ParadeRefused, match="3 people are on the list, and 2 fit"):
        asked(officers, ada)
    assert not Parade.objects.exists()


@pytest.mark.parametrize("role", ["trainer", "assessor", "auditor", "approver"])
def test_only_training_and_system_administrators_hand_out_many(
    officers: list[User], person: Person, ada: User, role: str
) -> None:
    somebody = person("Bo", role)
    with pytest.raises(ParadeRefused, match="You hold neither role"):
        asked(officers, somebody)
    parade = asked(officers, ada)
    with pytest.raises(ParadeRefused, match="You hold neither role"):
        go_on_without(parade, by=somebody)
    with pytest.raises(ParadeRefused, match="You hold neither role"):
        open_file(parade, by=somebody)
    assert not Parade.objects.visible_to(somebody).exists()


def test_everybody_on_the_list_reads_that_it_was_taken(officers: list[User], ada: User) -> None:
    asked(officers, ada)
    assert Look.objects.filter(officer__in=officers, where="Parade").count() == len(officers)


def test_there_is_a_row_of_waiting_work_for_each_and_one_for_the_file(officers: list[User], ada: User) -> None:
    parade = asked(officers, ada)
    assert WaitingWork.objects.filter(kind=MEMBER_WORK).count() == len(officers)
    assert WaitingWork.objects.filter(kind=FILE_WORK, key=str(parade.pk)).count() == 1
