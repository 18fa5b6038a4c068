"""Every look at somebody else's record is recorded, and the officer can see it."""

from datetime import timedelta

import pytest

from people import clock
from people.looks import count_looks, record_looks
from people.models import Look
from tests.factories import person

pytestmark = pytest.mark.django_db

SIGHT = {"where": "team board", "saw": "verdicts and dates"}


def test_a_look_is_kept_with_who_when_where_and_what_was_seen():
    officer, sergeant = person("Officer A. Demo"), person("Sergeant D. Demo")
    record_looks([officer.pk], by=sergeant, at=clock.now(), **SIGHT)
    (look,) = Look.objects.of(officer)
    assert (look.looker, look.where, look.saw) == (sergeant, "team board", "verdicts and dates")


def test_the_same_sight_within_the_hour_is_one_look_and_an_hour_later_another():
    officer, sergeant = person(), person()
    at = clock.now().replace(minute=5)
    for minutes in (0, 10, 20, 60):
        record_looks([officer.pk], by=sergeant, at=at + timedelta(minutes=minutes), **SIGHT)
    assert count_looks(officer, since=at) == 2


def test_ones_own_record_is_no_look():
    officer = person()
    record_looks([officer.pk, officer.pk], by=officer, at=clock.now(), **SIGHT)
    assert not Look.objects.exists()


def test_a_unit_of_hundreds_is_asked_about_and_written_by_one_statement_each(django_assert_num_queries):
    officers, sergeant = [person().pk for _number in range(5)], person()
    with django_assert_num_queries(2):
        record_looks(officers * 100, by=sergeant, at=clock.now(), **SIGHT)
