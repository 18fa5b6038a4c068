"""What anybody may fetch: the last checkpoint and the keys, without an account, as plain text."""

from __future__ import annotations

import pytest
from django.test import Client

from cpd_records.ledger.keys import verifier_keys
from cpd_records.models import Checkpoint
from cpd_records.verification.formats import read_checkpoint, trusted_key
from tests.cpd_records.ledger_acts import write_sealed

pytestmark = pytest.mark.django_db


def test_the_last_checkpoint_is_served_as_it_was_signed_and_hardly_cached(client: Client) -> None:
    write_sealed(2)
    write_sealed(1)

    answer = client.get("/ledger/checkpoint")

    assert answer.status_code == 200
    assert answer.content.decode() == Checkpoint.objects.get(size=3).note
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "max-age=1" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer
    key = client.get("/ledger/key").content.decode().strip()
    assert read_checkpoint(answer.content.decode(), [trusted_key(key)]).size == 3


def test_before_anything_is_sealed_there_is_no_checkpoint(client: Client) -> None:
    answer = client.get("/ledger/checkpoint")

    assert answer.status_code == 404
    assert "Nothing is sealed yet" in answer.content.decode()


def test_the_keys_are_served_a_line_each(client: Client) -> None:
    answer = client.get("/ledger/key")

    assert answer.content.decode() == f"{verifier_keys()[0]}\n"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("address", ["/ledger/checkpoint", "/ledger/key"])
def test_the_public_addresses_are_only_read_and_cost_at_most_one_query(
    client: Client, address: str, django_assert_max_num_queries
) -> None:
    write_sealed()

    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200
    with django_assert_max_num_queries(1):
        client.get(address)
