"""The permission matrix of ``docs/permissions.md``, every cell of it asked through the site; and no address without a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import resolve

from tests.permissions.acts import ACTS, act_for
from tests.permissions.asking import COLUMNS, PERSONS, World
from tests.permissions.matrix import WORDS, Row, rows
from tests.permissions.routes import module_of, routes
from tests.permissions.world import world_made

# Wagtail's and its framework's own: the important ones have rows, the others stand behind the same gate.
NOT_OURS = ("wagtail.", "rest_framework.")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with world_made(django_db_blocker) as made:
        yield made


@pytest.mark.parametrize("row", rows(), ids=str)
def test_every_cell_is_answered_as_the_matrix_says(world: World, row: Row) -> None:
    address, act = world.address(row.address), act_for(row.what)
    wrong = []
    for person, word in row.asked:
        data = act.data(world) if row.method == "POST" else {}
        answer = world.ask(person, row.method, address, data, before=act.before, **act.more)
        if answer.word != word:
            wrong.append(f"{person}: the matrix says '{word}', the site '{answer.word}' {answer.complaints or ''}")
        if row.method == "GET" or word != "yes":
            wrong += [f"{person}: '{word}', and yet it wrote {sql[:120]}" for sql in answer.written_by_us]
    assert not wrong, f"{row}\n" + "\n".join(wrong)


def test_the_matrix_is_well_formed() -> None:
    keys = [(row.address, row.method, row.what) for row in rows()]
    assert len(keys) == len(set(keys))
    assert {word for row in rows() for _column, word in row.cells} <= WORDS
    assert {row.method for row in rows()} == {"GET", "POST"}
    assert set(ACTS) <= {row.what for row in rows() if row.method == "POST"}
    assert any([column for column, _word in row.cells] == list(COLUMNS) for row in rows())
    assert {person for row in rows() for person, _word in row.asked} == set(COLUMNS)
    assert len(PERSONS) == 16


# --- No address without a row -----------------------------------------------------------------------------------------


def test_every_address_of_ours_has_a_row(world: World) -> None:
    covered = {resolve(world.address(row.address).split("?")[0]).route for row in rows()}
    missing = [route for route, view in routes() if not module_of(view).startswith(NOT_OURS) and route not in covered]
    assert not missing, f"Add rows to docs/permissions.md for: {missing}"


def test_every_address_of_ours_that_takes_a_post_has_a_row_for_it(world: World) -> None:
    """What has a row for reading only refuses a POST as a wrong method, or leads away as it does for a GET."""
    posted = {resolve(world.address(row.address).split("?")[0]).route for row in rows() if row.method == "POST"}
    taken = []
    for row in rows():
        found = resolve(world.address(row.address).split("?")[0])
        if row.method == "GET" and found.route not in posted and is_ours(found.func):
            answer = world.ask(row.reader, "POST", world.address(row.address))
            if answer.response.status_code != 405 and answer.word != "away":
                taken.append(f"{row}: {answer.word}")
    assert not taken


def is_ours(view: Callable[..., Any]) -> bool:
    return module_of(view).startswith(("training_site.", "courses.", "people.", "assessments.", "cpd_records."))
