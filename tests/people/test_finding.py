"""Finding people by what somebody typed: an address or a service number, one or a list of them."""

from __future__ import annotations

import pytest

from people.finding import named_in, people_named
from tests import factories
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


def test_a_list_names_people_by_number_or_address_each_once_and_in_order():
    bo, cy = factories.person("Bo"), factories.person("Cy", email="Cy.Demo@force.example")
    text = f"{cy.email.upper()}, Cy Demo\n\n  {bo.service_number}\t7\n{cy.service_number}\n"
    assert named_in(text) == ([cy, bo], [])


def test_whoever_is_not_known_or_has_left_is_named_with_the_line():
    bo, gone = factories.person("Bo"), factories.person("Gone", is_active=False)
    found, unknown = named_in(f"{bo.service_number}\nnobody\n{gone.service_number}\n{'x' * 5000}")
    assert found == [bo]
    assert unknown == [(2, "nobody"), (3, gone.service_number), (4, "x" * 5000)]
    assert named_in(" \n,\n") == ([], [])


def test_a_list_of_hundreds_is_one_query():
    people = [factories.person(f"Person {number}") for number in range(3)]
    lines = [one.service_number for one in people] + [f"no-{number}" for number in range(2000)]
    with counted_queries() as queries:
        found, unknown = named_in("\n".join(lines))
    assert (len(found), len(unknown), queries.count) == (3, 2000, 1)


def test_one_text_names_one_person_or_nobody():
    bo = factories.person("Bo")
    assert people_named(f" {bo.email.upper()} ").get() == bo
    assert not people_named("")
    assert not people_named("x" * 300)
