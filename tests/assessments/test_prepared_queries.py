"""The statements of a save and of an attempt's page, compiled once, do what their querysets would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from assessments.attempt_pages import attempts_sat, items_at, items_in_brief
from assessments.models import Attempt, AttemptStep, StepKind
from assessments.saves import items_saved_before, items_to_save
from assessments.steps import insert_step
from people import clock
from people.models import User
from people.prepared import Prepared
from tests.assessments.building import assessment, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(person: Callable[..., User]) -> Attempt:
    return started(assessment(questions=3), person("Bo"), at=clock.now())


def test_each_finds_what_its_queryset_finds(attempt: Attempt, person: Callable[..., User]) -> None:
    another, officer = person("Ada").pk, attempt.officer_id
    asked: list[tuple[Prepared, dict[str, Any], int]] = [
        (attempts_sat, {"attempt": attempt.pk, "officer": officer}, 1),
        (attempts_sat, {"attempt": attempt.pk, "officer": another}, 0),
        (items_in_brief, {"attempt": attempt.pk}, 3),
        (items_at, {"attempt": attempt.pk, "position": 2}, 1),
        (items_to_save, {"attempt": attempt.pk, "position": 2, "officer": officer}, 1),
        (items_to_save, {"attempt": attempt.pk, "position": 2, "officer": another}, 0),
        (items_saved_before, {"item": attempt.items.get(position=1).pk, "of_turn": 1, "of_sequence": 5}, 1),
    ]
    with transaction.atomic():
        for compiled, values, count in asked:
            found, expected = compiled(**values), list(compiled.queryset(**values))
            assert len(found) == count
            assert found == expected
            assert [set(row.__dict__) for row in found if not isinstance(row, tuple)] == [
                set(row.__dict__) for row in expected if not isinstance(row, tuple)
            ]


def test_a_save_writes_every_column_and_only_over_an_earlier_one(attempt: Attempt) -> None:
    item, at = attempt.items.get(position=1), clock.now()
    changes = {"turn": 1, "sequence": 7, "response": {"chosen": ["a", "b"]}, "saved_at": at, "flagged": True}
    assert items_saved_before.update(changes, item=item.pk, of_turn=1, of_sequence=7) == 1
    item.refresh_from_db()
    assert {name: getattr(item, name) for name in changes} == changes
    assert items_saved_before.update({"response": None}, item=item.pk, of_turn=1, of_sequence=7) == 0
    assert items_saved_before.update({"response": None}, item=item.pk, of_turn=1, of_sequence=8) == 1
    item.refresh_from_db()
    assert item.response is None
    assert attempt.items.filter(response__isnull=True).count() == 3


def test_a_step_is_written_as_the_model_would_write_it(attempt: Attempt) -> None:
    last = attempt.steps.order_by("-number").values_list("number", flat=True)[0]
    at, data = clock.now(), {"response": {"text": "✓ naïve"}, "flagged": False}
    written = {"kind": StepKind.SAVED, "at": at, "position": 2, "data": data, "device": "desk", "sequence": 2**52}
    with transaction.atomic():
        insert_step(attempt=attempt.pk, by=attempt.officer_id, **written)
        insert_step(
            attempt=attempt.pk, by=None, kind=StepKind.EXPIRED, at=at, position=None, data={}, device="", sequence=None
        )
    first, second = AttemptStep.objects.filter(attempt=attempt, number__gt=last).order_by("number")
    assert {name: getattr(first, name) for name in written} == written
    assert (first.number, first.by_id, second.number) == (last + 1, attempt.officer_id, last + 2)
    assert (second.by_id, second.position, second.data, second.sequence) == (None, None, {}, None)
