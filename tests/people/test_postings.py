"""Where somebody is posted, and from which day on: one unit a day."""

from datetime import date, timedelta

import pytest

from people.dated_rows import PeriodsOverlap, add_row
from people.models import Posting
from people.postings import end_posting, post_officer, posting_of
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 3)


def test_a_posting_ends_the_one_before_on_the_day_before():
    officer, old, new = factories.person(), factories.unit(), factories.unit()
    post_officer(officer, old, by=None, valid_from=DAY)
    post_officer(officer, new, by=None, valid_from=DAY + timedelta(days=30))
    assert posting_of(officer, on=DAY + timedelta(days=29)).unit == old
    assert posting_of(officer, on=DAY + timedelta(days=30)).unit == new


def test_a_posting_that_overlaps_a_later_one_is_refused_and_nothing_changes():
    officer, old, new = factories.person(), factories.unit(), factories.unit()
    post_officer(officer, old, by=None, valid_from=DAY)
    with pytest.raises(PeriodsOverlap, match="already"):
        post_officer(officer, new, by=None, valid_from=DAY - timedelta(days=30))
    with pytest.raises(PeriodsOverlap):
        add_row(Posting, subject={"officer": officer}, by=None, valid_from=DAY + timedelta(days=1), unit=new)
    assert [row.unit for row in Posting.objects.known().filter(officer=officer)] == [old]


def test_somebody_who_left_and_rejoined_is_posted_nowhere_in_between():
    officer, where = factories.person(), factories.unit()
    first = post_officer(officer, where, by=None, valid_from=DAY)
    end_posting(first, by=None, last_day=DAY + timedelta(days=9))
    post_officer(officer, where, by=None, valid_from=DAY + timedelta(days=40))
    assert posting_of(officer, on=DAY + timedelta(days=10)) is None
    assert posting_of(officer, on=DAY + timedelta(days=40)).unit == where
