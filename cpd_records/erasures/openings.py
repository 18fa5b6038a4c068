"""Which openings in the ledger go with records: those they name, of their own class, that no record which stays names as well.

What corrects an entry goes with it, so that nothing says what it said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from django.db.models import ForeignObjectRel, Model, QuerySet

from cpd_records.erasing import CERTIFICATES
from cpd_records.erasing import PLANS as OURS
from cpd_records.models import Certificate, EntryKind, LedgerEntry, ReadablePart
from people.erasure_plans import Plan
from people.models import User

# What names an entry and does not keep it: evidence itself, what goes with it or stays when it is gone, and who proposed what it says.
KEEPS_NOTHING = frozenset(
    {
        "ReadablePart",
        "SealedPlace",
        "Erasure",
        "UnsealedEntry",
        "ImportedRecord",
        "AwardEvidence",
        "RecordProposal",
    }
)


def class_of_kind() -> dict[str, str]:
    """Return the retention class of each kind of entry; a correction is of the class of what it corrects."""
    return {
        kind: plan.retention
        for plan in OURS
        if plan.is_opening
        # They are narrowed by their kinds alone.
        for _lookup, kinds in cast("list[tuple[str, tuple[str, ...]]]", plan.only.children)
        for kind in kinds
    }


def openings_of(
    plan: Plan, keys: Sequence[Any], officer: User, *, gone: Sequence[tuple[Plan, Sequence[Any]]] = ()
) -> set[UUID]:
    """Return the entries whose openings go with the records of a plan that have these keys; ``gone`` are records that go before them."""
    if not (keys and (plan.entries or plan.subject or any(part.entries for part in plan.parts))):
        return set()
    everyone = list(chain_of(plan, keys)) if plan.is_chain else list(keys)
    found = _named_by(plan, everyone)
    said = ReadablePart.objects.filter(officer=officer.public_id).exclude(kind=EntryKind.ERASURE)
    if plan.subject:
        found.update(said.filter(subject__in=[str(key) for key in everyone]).values_list("entry", flat=True))
    kinds = class_of_kind()
    held = said.filter(entry__in=found).values_list("entry", "kind")
    own = {entry for entry, kind in held if kinds.get(kind, plan.retention) == plan.retention}
    own -= _named_by_others(own, [(plan, everyone), *gone], plan.retention)
    new = set(own)
    while new:
        new = set(said.filter(corrects__in=new).values_list("entry", flat=True)) - own
        own |= new
    return own


def named_openings(officer: User, retention: str) -> set[UUID]:
    """Return the officer's entries that a record names, and that go or stay with it as far as this class goes."""
    found: set[UUID] = set()
    for rows, name in _naming(retention):
        about = rows.filter(**{f"{name}__readable__officer": officer.public_id})
        found.update(about.values_list(name, flat=True))
    return found


def chain_of(plan: Plan, keys: Collection[Any]) -> Iterator[Any]:
    """Yield the keys of rows with two times and of all that they correct, one after the other."""
    while keys:
        yield from keys
        rows = plan.table._base_manager.filter(pk__in=keys, supersedes__isnull=False)
        keys = list(rows.values_list("supersedes", flat=True))


def _named_by(plan: Plan, keys: Sequence[Any]) -> set[UUID]:
    itself = plan.table._base_manager.filter(pk__in=keys)
    found: set[UUID | None] = set()
    for name in plan.entries:
        found.update(itself.values_list(name, flat=True))
    for part in plan.parts:
        for name in part.entries:
            hanging = part.table._base_manager.filter(part.only, **{f"{part.by}__in": keys})
            found.update(hanging.values_list(name, flat=True))
    return {entry for entry in found if entry is not None}


def _named_by_others(
    entries: Collection[UUID], going: Sequence[tuple[Plan, Sequence[Any]]], retention: str
) -> set[UUID]:
    """Return those of the entries that a record names which is none of those that go, and hangs on none of them."""
    found: set[UUID] = set()
    for rows, name in _naming(retention) if entries else ():
        others = rows.filter(**{f"{name}__in": entries})
        for plan, keys in going:
            if plan.table is rows.model:
                others = others.exclude(pk__in=keys)
            for part in plan.parts:
                if part.table is rows.model:
                    others = others.exclude(**{f"{part.by}__in": keys})
        found.update(others.values_list(name, flat=True))
    return found


def _naming(retention: str) -> Iterator[tuple[QuerySet[Model], str]]:
    """Yield the rows that keep what they name, with the column that names it.

    A certificate that was erased names nothing. One of a record of another class keeps nothing of it: it goes along.
    """
    for relation in LedgerEntry._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.related_model.__name__ in KEEPS_NOTHING:
            continue
        rows = relation.related_model._base_manager.all()
        if relation.related_model is Certificate:
            if retention != CERTIFICATES.retention:
                continue
            rows = rows.filter(CERTIFICATES.only)
        yield rows, relation.field.name
