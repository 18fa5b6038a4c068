"""Work is asked for once for each kind and key, alone or many at once, and whoever does it is woken after the commit."""

from __future__ import annotations

import pytest

from people import work
from people.models import WaitingWork
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


def keys():
    return sorted(WaitingWork.objects.filter(kind="of.a.kind").values_list("key", flat=True))


def test_many_are_asked_for_in_one_statement_and_once_each():
    work.ask("of.a.kind", "b")
    with counted_queries() as queries:
        work.ask_many("of.a.kind", ["a", "b", "c"])
    assert queries.count == 1
    assert keys() == ["a", "b", "c"]


def test_nothing_asked_for_wakes_nobody(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(work, "wake", lambda *asked: pytest.fail("Nobody was to be woken."))
    with django_capture_on_commit_callbacks(execute=True):
        work.ask_many("of.a.kind", [])
    assert keys() == []


def test_the_sweeper_is_woken_once_and_a_celery_worker_for_each(
    monkeypatch, settings, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(work, "wake", lambda *asked: woken.append(asked))
    settings.CELERY_BROKER_URL = ""
    with django_capture_on_commit_callbacks(execute=True):
        work.ask_many("of.a.kind", ["a", "b"])
    assert woken == [()]
    settings.CELERY_BROKER_URL = "redis://nowhere.force.example/0"
    with django_capture_on_commit_callbacks(execute=True):
        work.ask_many("of.a.kind", ["c", "d"])
    assert woken[1:] == [("of.a.kind", "c"), ("of.a.kind", "d")]
