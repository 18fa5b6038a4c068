"""Whether certificates stand as the ledger says: each row of one, of its withdrawal, its suspension and the end of that rests on an entry.

Whoever has the database could take a withdrawal away and put the trigger back; the entry that says it stands in the tree. So rows are held
against entries, and entries against rows. What was lawfully erased is left aside: its entry says nothing any more.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import Storage
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.utils import timezone

from cpd_records.models import (
    Certificate,
    CertificateRevocation,
    CertificateSuspension,
    CertificateSuspensionEnd,
    Erasure,
    ReadablePart,
)
from cpd_records.verification import formats
from cpd_records.verification.findings import Findings
from cpd_records.verification.formats import Malformed
from cpd_records.verification.rows import read
from people.models import User

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Resting:
    """Rows of a table that rest on entries of a kind, by the column that names the entry: ``says`` are members of the payload, and where
    the row has each.

    ``of`` leads from the row to its certificate, empty for a certificate itself; ``on_day`` is the moment whose day the entry has.
    ``later`` are members that older entries lack: an entry that has the first of them has all that apply, and is held to all.
    """

    model: type[Model]
    column: str
    kind: str
    what: str
    of: str = ""
    on_day: str = ""
    says: Mapping[str, str] = field(default_factory=dict)
    later: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)


RESTING = (
    Resting(
        Certificate,
        "entry_id",
        "certificate",
        "certificate",
        says={"day": "awarded_on", "valid_until": "valid_until", "title": "title"},
    ),
    Resting(
        Certificate,
        "issued_entry_id",
        "certificate_issued",
        "issue",
        on_day="issued_at",
        says={"certificate": "entry_id", "sha256": "sha256"},
        later={
            "issued_at": "issued_at",
            "awarded_at": "created_at",
            "certifies": "subject",
            "rests_on": "completion_entry_id",
            "replaces": "supersedes__entry_id",
        },
    ),
    Resting(
        CertificateRevocation,
        "entry_id",
        "certificate_revoked",
        "withdrawal",
        of="certificate_id",
        on_day="revoked_at",
        says={"reason": "reason", "public_reason": "public_reason"},
        later={"decided_at": "revoked_at"},
        people={"by": "revoked_by_id"},
    ),
    Resting(
        CertificateSuspension,
        "entry_id",
        "certificate_suspended",
        "suspension",
        of="certificate_id",
        on_day="suspended_at",
        says={"reason": "reason"},
        later={"decided_at": "suspended_at"},
        people={"by": "suspended_by_id"},
    ),
    Resting(
        CertificateSuspensionEnd,
        "entry_id",
        "suspension_lifted",
        "end of the suspension",
        of="suspension__certificate_id",
        on_day="lifted_at",
        says={"reason": "reason", "suspension": "suspension__entry_id"},
        later={"decided_at": "lifted_at"},
        people={"by": "lifted_by_id", "approved_by": "approved_by_id"},
    ),
)


def compare_certificates(findings: Findings) -> None:
    """Find rows that no entry bears out, and entries that no row carries out."""
    for resting in RESTING:
        _compare_rows(findings, resting)
        _find_unheeded(findings, resting)
    _find_broken_chains(findings)


def compare_files(findings: Findings, storage: Storage) -> None:
    """Hold every stored file of a certificate against the digest its row and entry have, a piece at a time, in no transaction."""
    held = Certificate.objects.exclude(sha256="").exclude(Exists(Erasure.objects.filter(entry=OuterRef("entry_id"))))
    last = UUID(int=0)
    while rows := list(
        held.filter(pk__gt=last).order_by("pk").values_list("pk", "entry_id", "code", "file", "sha256")[:ROWS_AT_ONCE]
    ):
        for key, entry, code, name, digest in rows:
            last = key
            harm = _harm_of_file(storage, name, digest)
            # Asked again: an erasure may have taken it meanwhile.
            if harm and not Erasure.objects.filter(entry=entry).exists():
                findings.found(entry, "certificate file", f"the file of certificate {code} {harm}")


def _harm_of_file(storage: Storage, name: str, digest: str) -> str | None:
    reckoned = hashlib.sha256()
    try:
        with storage.open(name, "rb") as file:
            for piece in file.chunks():
                reckoned.update(piece)
    except FileNotFoundError:
        return "is gone"
    return None if reckoned.hexdigest() == digest else "is not the one that was issued"


def _compare_rows(findings: Findings, resting: Resting) -> None:
    for row in read(findings, _rows(resting)):
        entry, is_erased, payload = row["entry_named"], row["is_erased"], row["payload"]
        if is_erased or (payload is None and ReadablePart.objects.filter(entry=entry).exists()):
            continue
        try:
            said = {} if payload is None else formats.read_payload(str(payload))
        except Malformed:
            continue  # named where its entry was examined
        which = f"certificate {said.get('subject') or row['its_code']}"
        if said.get("kind") != resting.kind:
            detail = f"{which}: a row says that it records the {resting.what}, and it says nothing of the kind"
            findings.found(entry, "certificate", detail)
            continue
        for member, value in _members(resting, row, said):
            if member == "title":
                said[member], value = _bare(said.get(member)), _bare(value)
            if said.get(member) != value:
                has = f"the row of the {resting.what} has {value!r} for {member}, and the entry {said.get(member)!r}"
                findings.found(entry, "certificate", f"{which}: {has}")
        if "sha256" in resting.says and row["file"] != _name_of_file(row["pk"]):
            detail = f"{which}: its file is kept as '{row['file']}', and by the row's id it would be '{_name_of_file(row['pk'])}'"
            findings.found(entry, "certificate", detail)


def _rows(resting: Resting) -> QuerySet[Any, Any]:
    """Return the rows with what their entry says, their certificate, and the people they name; no row is lost by a join."""
    certificate = Certificate.objects.filter(pk=OuterRef("of_certificate"))
    columns = {*resting.says.values(), *resting.later.values(), resting.on_day} - {""}
    return (
        resting.model._default_manager.filter(**{f"{resting.column}__isnull": False})
        .order_by("pk")
        .annotate(
            entry_named=_same(resting.model, resting.column),
            of_certificate=_reached(resting.model, resting.of) if resting.of else F("pk"),
            payload=Subquery(ReadablePart.objects.filter(entry=OuterRef(resting.column)).values("payload")[:1]),
            is_erased=Exists(Erasure.objects.filter(entry=OuterRef(resting.column))),
            holder=Subquery(certificate.values("officer__public_id")[:1]),
            its_code=Subquery(certificate.values("code")[:1]),
            its_entry=Subquery(certificate.values("entry_id")[:1], output_field=UUIDField()),
            **{f"who_{member}": _public_id(column) for member, column in resting.people.items()},
            **{_named(column): _reached(resting.model, column) for column in columns if "__" in column},
        )
        .values(
            "pk",
            "entry_named",
            "payload",
            "is_erased",
            "holder",
            "its_code",
            "its_entry",
            *(f"who_{member}" for member in resting.people),
            *(_named(column) for column in columns),
            *(["file"] if "sha256" in resting.says else []),
        )
    )


def _same(model: type[Model], column: str) -> Subquery:
    return Subquery(model._default_manager.filter(pk=OuterRef("pk")).values(column)[:1], output_field=UUIDField())


def _named(column: str) -> str:
    """Return under which name a row has a column, its own or another's that it leads to."""
    return f"via_{column.replace('__', '_')}" if "__" in column else column


def _reached(model: type[Model], path: str) -> Subquery | F:
    """Return an id of the row that another leads to; a join would lose the rows that lead nowhere."""
    first, _two, column = path.partition("__")
    if not column:
        return F(path)
    other: Any = model._meta.get_field(first).related_model
    return Subquery(
        other._default_manager.filter(pk=OuterRef(f"{first}_id")).values(column)[:1], output_field=UUIDField()
    )


def _public_id(column: str) -> Subquery:
    return Subquery(User.objects.filter(pk=OuterRef(column)).values("public_id")[:1])


def _members(resting: Resting, row: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield each member that the entry has, with what the row makes of it, written as a payload writes it."""
    yield "officer", _text(row["holder"])
    yield "subject", row["its_code"]
    if resting.of:
        yield "certificate", _text(row["its_entry"])
    if resting.on_day:
        moment = row[resting.on_day]
        yield "day", timezone.localdate(moment).isoformat() if isinstance(moment, datetime) else _text(moment)
    for member, column in resting.says.items():
        yield member, _text(row[_named(column)])
    if next(iter(resting.later), "") in said:
        for member, column in resting.later.items():
            yield member, _text(row[_named(column)])
    for member in resting.people:
        yield member, _text(row[f"who_{member}"])


def _find_unheeded(findings: Findings, resting: Resting) -> None:
    heeded = resting.model._default_manager.filter(**{resting.column: OuterRef("entry_id")})
    entries = ReadablePart.objects.filter(kind=resting.kind).exclude(Exists(heeded))
    for entry, code in entries.values_list("entry_id", "subject"):
        findings.found(entry, "certificate", f"certificate {code}: it records the {resting.what}, and no row does")


def _find_broken_chains(findings: Findings) -> None:
    """Find certificates that replace one of somebody else or of something else, or none that there is; what was erased has no subject."""
    older = Certificate.objects.filter(pk=OuterRef("supersedes_id"), officer=OuterRef("officer_id"))
    of_the_same = older.filter(Q(subject=OuterRef("subject")) | Q(subject=""))
    replacing = Certificate.objects.filter(supersedes__isnull=False)
    broken = replacing.filter(~Exists(older) | (~Q(subject="") & ~Exists(of_the_same)))
    for entry, code in broken.values_list("entry_id", "code"):
        findings.found(
            entry, "certificate", f"certificate {code}: what it replaces is none of its holder's of the same"
        )


def _name_of_file(certificate: UUID) -> str:
    return f"certificates/{certificate.hex[:2]}/{certificate.hex}.pdf"


def _text(stored: Any) -> str | None:
    """Return a value as a payload writes it; letters and their accents in one."""
    if isinstance(stored, datetime):
        return formats.time_as_written(stored)
    return None if stored is None else unicodedata.normalize("NFC", str(stored))


def _bare(text: Any) -> str:
    """Return a title without what no certificate prints: its controls and direction marks, and how many spaces there are."""
    return "".join(
        character
        for character in unicodedata.normalize("NFC", str(text))
        if not character.isspace() and unicodedata.category(character) not in {"Cc", "Cs", "Cf"}
    )
