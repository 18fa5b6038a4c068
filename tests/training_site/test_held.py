"""Every table that names a person is handed to them when they ask for everything, or is left out for a reason that is written down."""

import pytest
from django.apps import apps
from django.db import models

from people.models import User
from training_site.held import ALL_HELD, ALL_LEFT_OUT

HELD_BY_TABLE = {one.model for one in ALL_HELD}
# Public ids stand for a person without a foreign key; these columns hold one.
PUBLIC_IDS = frozenset({"officer", "placed_by"})


def names_a_person(field: models.Field) -> bool:
    if field.is_relation:
        return field.related_model is User
    return isinstance(field, models.UUIDField) and field.name in PUBLIC_IDS


def relations() -> list[str]:
    return sorted(
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in [*model._meta.local_concrete_fields, *model._meta.local_many_to_many]
        if names_a_person(field)
    )


def children() -> list[str]:
    """Relations to a table whose rows are handed over, from another: what hangs on a row is about the same person."""
    return sorted(
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if field.is_relation and field.related_model is not User and field.related_model._meta.label in HELD_BY_TABLE
    )


def is_told(relation: str) -> bool:
    model, _dot, column = relation.rpartition(".")
    return relation in ALL_LEFT_OUT or any(one.model == model and one.by.split("__")[0] == column for one in ALL_HELD)


@pytest.mark.parametrize("relation", relations())
def test_a_table_that_names_a_person_is_handed_over_or_left_out_for_a_reason(relation):
    assert is_told(relation), f"{relation} names a person: add it to HELD or to LEFT_OUT of its app's held.py."


@pytest.mark.parametrize("relation", children())
def test_what_hangs_on_a_row_that_is_handed_over_is_handed_over_or_left_out(relation):
    assert is_told(relation), f"{relation} hangs on a row that is handed over: add it to HELD or LEFT_OUT."


def test_nothing_is_left_out_that_is_not_there():
    there = {*relations(), *children()}
    gone = [one for one in ALL_LEFT_OUT if one not in there]
    assert not gone


def test_every_table_held_can_be_asked_by_the_way_it_names():
    for one in ALL_HELD:
        model = apps.get_model(one.model)
        assert str(model._base_manager.filter(**{one.by: None}).query)
        columns = {field.name for field in model._meta.concrete_fields}
        assert {*one.leaves, *filter(None, (one.path, one.name))} <= columns, one.model
