"""The queries of proofs and of issuing, compiled once, find and write what their querysets would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from cpd_records.certificates import issuing
from cpd_records.ledger import entries
from cpd_records.ledger.proofs import payload_and_salt, sealed_index
from cpd_records.ledger.sealing import seal_now
from cpd_records.ledger.tiles import tile_hashes
from cpd_records.models import Certificate, LedgerEntry, ReadablePart, UnsealedEntry
from people.models import User
from people.prepared import Prepared
from tests.cpd_records.certificate_acts import award, issue
from tests.queries import at_most_queries

pytestmark = pytest.mark.django_db


def plain(row: Any) -> Any:
    """Return a row to compare by its values, whichever way a database hands out bytes."""
    if isinstance(row, tuple):
        return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
    return type(row), row.pk, row._state.fields_cache.keys()


@pytest.fixture
def certificate(person: Callable[..., User]) -> Certificate:
    certificate = award(person("Bo"))
    seal_now()
    return certificate


def test_each_finds_what_its_queryset_finds(certificate: Certificate, person: Callable[..., User]) -> None:
    unsealed = award(person("Cy"))
    index = certificate.entry.place.index
    asked: list[tuple[Prepared, dict[str, Any], int]] = [
        (sealed_index, {"entry": certificate.entry_id}, 1),
        (sealed_index, {"entry": unsealed.entry_id}, 0),
        (payload_and_salt, {"entry": unsealed.entry_id}, 1),
        (payload_and_salt, {"entry": uuid4()}, 0),
        (tile_hashes, {"level": 0, "number": 0}, 1),
        (tile_hashes, {"level": 0, "number": 9}, 0),
        (issuing.certificates_with_place, {"certificate": certificate.pk}, 1),
        (issuing.certificates_with_place, {"certificate": unsealed.pk}, 1),
        (issuing.certificates_to_record, {"certificate": certificate.pk}, 1),
        (issuing.checkpoints_over, {"index": index}, 1),
        (issuing.checkpoints_over, {"index": index + 100}, 0),
    ]
    with transaction.atomic():
        for _again in range(3):  # PostgreSQL keeps the plan from the second time on
            for compiled, values, count in asked:
                found = list(map(plain, compiled(**values)))
                assert found == list(map(plain, compiled.queryset(**values))), compiled.__name__
                assert len(found) == count, compiled.__name__


def test_an_entry_not_sealed_comes_without_a_place(person: Callable[..., User]) -> None:
    (found,) = issuing.certificates_with_place(certificate=award(person("Bo")).pk)
    with pytest.raises(LedgerEntry.place.RelatedObjectDoesNotExist):  # type: ignore[attr-defined]
        found.entry.place  # noqa: B018


def test_inserted_rows_are_those_that_saving_writes() -> None:
    columns: dict[str, Any] = {
        "payload": '{"name":"Adébáyò ያቆብ"}',
        "salt": bytes(range(32)),
        "kind": "completion",
        "officer": uuid4(),
        "subject": "SPEC-110",
        "day": date(2026, 9, 1),
        "minutes": 240,
        "valid_until": date(2028, 9, 1),
        "corrects": uuid4(),
        "recorded_at": datetime(2026, 9, 1, 9, 30, 12, 345678, tzinfo=UTC),
    }
    nothing = {"minutes": None, "valid_until": None, "corrects": None, "subject": ""}
    for number, given in enumerate((columns, columns | nothing)):
        inserted, saved = uuid4(), LedgerEntry(commitment=bytes([number] * 32))
        entries.insert_entry(id=inserted, commitment=bytes([100 + number] * 32))
        entries.insert_readable_part(entry=inserted, **given)
        entries.insert_unsealed_entry(entry=inserted, ticket=1_800_000_000_000_000)
        saved.save(force_insert=True)
        ReadablePart(entry=saved, **given).save(force_insert=True)
        UnsealedEntry(entry=saved, ticket=1_800_000_000_000_000).save(force_insert=True)
        assert bytes(LedgerEntry.objects.get(pk=inserted).commitment) == bytes([100 + number] * 32)
        for table in (ReadablePart, UnsealedEntry):
            one, other = (table.objects.get(pk=key) for key in (inserted, saved.pk))
            assert without_entry(one) == without_entry(other)


def without_entry(row: Any) -> dict[str, Any]:
    names = [field.name for field in row._meta.concrete_fields if field.name != "entry"]
    return {name: bytes(value) if name == "salt" else value for name in names for value in [getattr(row, name)]}


def test_issuing_asks_the_same_few_queries_however_long_the_ledger_is(person: Callable[..., User]) -> None:
    issue(award(person("Ada")))
    for others in (1, 12):
        for number in range(others):
            award(person(f"Person {number}"))
        certificate = award(person("Bo"))
        seal_now()
        # Six to find row, checkpoint, place, opening and a tile; four to write; one to lock.
        with at_most_queries(11):
            issuing.issue_certificate(str(certificate.pk))
    assert Certificate.objects.get(pk=certificate.pk).is_ready
