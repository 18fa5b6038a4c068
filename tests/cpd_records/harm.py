"""Harm to a whole log: a byte changed in each column and file there is, one at a time, and whether the verification names it.

The columns are read from the database's own schema. Each is either expected to be found, with the kinds of harm that may be named, or
says in ``SAYS_NOTHING`` why a change of it is none (``harm_expected``); a column in neither place is an error, so that whoever adds one
decides.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection, models, transaction
from django.test import override_settings

from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.suspending import lift_suspension, suspend_certificate
from cpd_records.ledger import publishing
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.holding import newest_by_name
from cpd_records.ledger.kept import FOLDER, NEWEST_FOLDER, keep_checkpoint, kept_checkpoints
from cpd_records.ledger.keys import verifier_keys
from cpd_records.ledger.publishing import TileName, tile_content
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import (
    Certificate,
    CertificateRevocation,
    CertificateSuspension,
    CertificateSuspensionEnd,
    Checkpoint,
    Erasure,
    LedgerEntry,
    OfficerStanding,
    Projected,
    ReadablePart,
    RoleStanding,
    Standing,
)
from cpd_records.models import ledger as ledger_models
from cpd_records.models import watching as watching_models
from cpd_records.verification.certificates import compare_files
from cpd_records.verification.examination import Examination, examine
from cpd_records.watching.verifying import verified
from people import work
from tests.cpd_records import ledger_by_hand as by_hand
from tests.cpd_records.certificate_acts import issued
from tests.cpd_records.conftest import altered_evidence
from tests.cpd_records.harm_expected import CERTIFICATE, FILE, FOUND, NOT_HARMED, PROJECTION, SAYS_NOTHING
from tests.cpd_records.ledger_acts import MOMENT, OFFICER, write_entry
from tests.cpd_records.readiness.teams import team
from tests.factories import person

APP = "cpd_records_"
ENTRIES = 300
SEALED = 296
MOST_PLACES = 1000
OF_CERTIFICATES: dict[str, Any] = {
    "certificaterevocation": CertificateRevocation,
    "certificatesuspension": CertificateSuspension,
    "certificatesuspensionend": CertificateSuspensionEnd,
}
# Numbers of which the next is another row's, so that the database itself refuses it.
FAR = {
    **dict.fromkeys(("index", "number", "officer_id", "qualification_id", "role_id", "unit_id"), 1 << 20),
    **dict.fromkeys(("suspension_id", "revoked_by_id", "suspended_by_id", "lifted_by_id", "approved_by_id"), 1 << 20),
    "level": 5,
}
# Columns of which a change backwards is no harm: the projection follows again from there.
ONLY_FORWARD = {("projected", "size"), ("projected", "row_at"), ("projected", "day")}


@dataclass(frozen=True)
class Harm:
    """One change and what was named. ``where`` is a table and column, or a file; ``is_found`` is None where the database refused it."""

    where: str
    how: str
    is_found: bool | None
    kinds: tuple[str, ...] = ()


@dataclass
class Outcome:
    """All harms done, and those that nobody named."""

    harms: list[Harm] = field(default_factory=list)

    @property
    def unseen(self) -> list[Harm]:
        return [harm for harm in self.harms if harm.is_found is False]

    @property
    def places(self) -> dict[str, int]:
        """How often harm was done in each place."""
        counted: dict[str, int] = {}
        for harm in self.harms:
            counted[harm.where] = counted.get(harm.where, 0) + 1
        return counted


def tables() -> dict[str, type[models.Model]]:
    """Return the tables of the ledger, its watch, certificates and projections, by their names without the app's."""
    found = [
        model
        for module in (ledger_models, watching_models)
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, models.Model) and model.__module__ == module.__name__
        if not model._meta.abstract
    ]
    certificates = (Certificate, CertificateRevocation, CertificateSuspension, CertificateSuspensionEnd)
    projections = (Standing, RoleStanding, OfficerStanding, Projected)
    return {model._meta.model_name or "": model for model in (*found, *certificates, *projections)}


def columns(model: type[models.Model]) -> list[str]:
    """Return the columns that the table has on this database, whatever the model says."""
    with connection.cursor() as cursor:
        return [each.name for each in connection.introspection.get_table_description(cursor, model._meta.db_table)]


def unknown_tables() -> list[str]:
    """Return each table of the app on this database that is neither harmed nor says why not, and each that is listed and not there."""
    there = {name.removeprefix(APP) for name in connection.introspection.table_names() if name.startswith(APP)}
    harmed, listed = set(tables()), set(NOT_HARMED)
    wrong = [f"{name} is not known" for name in sorted(there - harmed - listed)]
    wrong += [f"{name} is listed and not there" for name in sorted((harmed | listed) - there)]
    return wrong + [f"{name} is harmed and says why not" for name in sorted(harmed & listed)]


def unknown_columns() -> list[str]:
    """Return each column that is neither expected to be found nor says why not, and each that is listed and not there."""
    wrong = []
    for table, model in tables().items():
        there, listed = set(columns(model)), {*FOUND.get(table, {}), *SAYS_NOTHING.get(table, {})}
        wrong += [f"{table}.{name} is not known" for name in sorted(there - listed)]
        wrong += [f"{table}.{name} is listed and not there" for name in sorted(listed - there)]
    return wrong


@contextmanager
def a_log() -> Iterator[None]:
    """Write a log of 300 entries of every shape, four of them waiting, with its files; every trigger lifted within the block.

    Call inside a transaction that is rolled back, with folders for tiles and private storage of its own.
    """
    with override_settings(LEDGER_FORMER_SIGNING_KEY=by_hand.b64(by_hand.SEED)):
        publishing._first_leaf.cache_clear()
        team()
        _write_certificates()
        entries: list[LedgerEntry] = []
        # A member of a tuple each time it is reached: once the tree's first tile is full, before it, and after it.
        seals, erase_at = {100, 200, 257, SEALED}, 280
        while (count := LedgerEntry.objects.count()) < ENTRIES:
            if count == erase_at:
                for entry in entries[5:50:9]:
                    erase_readable_part(entry, retention_class="training", authority="Head of Information", at=MOMENT)
                continue
            if count in seals:
                seal_now()
            more: dict[str, Any] = {"payload": {"title": f"Élan {count}", "passed": count % 2 == 0}}
            if count % 3:
                more |= {"minutes": count, "subject": f"SPEC-{count}"}
            if count % 4 == 0:
                more |= {"valid_until": date(2028, 2, 29)}
            if count % 7 == 0 and len(entries) > 4:
                why = {"reason": "wrong day", "by": uuid.UUID(int=1), "approved_by": uuid.UUID(int=2), "void": True}
                more |= {"kind": "correction", "corrects": entries[-5].pk, "payload": why}
            entries.append(write_entry(officer=uuid.UUID(int=OFFICER.int + count % 5), **more))
        # The standings follow; the four entries that wait stay as they are.
        while work.sweep_once():
            pass
        for name in (TileName(0, 0), TileName(None, 0)):
            tile_content(name)
        for note in Checkpoint.objects.order_by("time").values_list("note", flat=True)[:2]:
            keep_checkpoint(note)
        with altered_evidence():
            yield


def _write_certificates() -> None:
    """Issue certificates that came to everything that one can come to: replaced, withdrawn, suspended, and suspended and lifted."""
    ann, cy = person("Ann", "system-admin"), person("Cy", "training-admin")
    bo, di = person("Bo"), person("Di")
    issued(bo, subject="SPEC-1")
    issued(bo, subject="SPEC-1", valid_until=None)
    revoke_certificate(issued(di, subject="SPEC-2"), by=ann, approved_by=cy, reason="Another sat it.", at=MOMENT)
    lifted = issued(di, subject="SPEC-3")
    suspend_certificate(lifted, by=ann, reason="Looked into.", at=MOMENT)
    lift_suspension(lifted, by=ann, approved_by=cy, reason="All was well.", at=MOMENT)
    suspend_certificate(issued(bo, subject="SPEC-4"), by=cy, reason="Looked into.", at=MOMENT)


def do_harm(sample: int | None, seed: int = 1) -> Outcome:
    """Change bytes in every column and file inside ``a_log``; ``sample`` is how many rows of each, None every row and every place."""
    luck, outcome = random.Random(seed), Outcome()
    for table, model in tables().items():
        for column in columns(model):
            if column in FOUND.get(table, {}):
                outcome.harms += _harm_column(table, model, column, sample, luck)
    outcome.harms += _harm_files(sample, luck)
    return outcome


def _harm_column(
    table: str, model: type[models.Model], column: str, sample: int | None, luck: random.Random
) -> Iterator[Harm]:
    key, name = _quoted(str(model._meta.pk.column if model._meta.pk else "id")), _quoted(column)
    place = _quoted(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {name} FROM {place} ORDER BY {key}")  # noqa: S608
        rows = cursor.fetchall()
    if sample is not None:
        rows = luck.sample(rows, min(sample, len(rows)))
    attribute = next(one for one in model._meta.concrete_fields if one.column == column)
    for known_by, was in rows:
        for how, value in _changes(attribute, table, was, luck, every_place=sample is None and table == "checkpoint"):
            statement = f"UPDATE {place} SET {name} = %s WHERE {key} = %s"  # noqa: S608
            yield _tried(
                f"{table}.{column}",
                how,
                FOUND[table][column],
                _entries(table, known_by),
                _sql(statement, value, known_by),
            )


def _sql(statement: str, *values: Any) -> Callable[[], None]:
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return act


def _entries(table: str, known_by: Any) -> frozenset[uuid.UUID]:
    """Return the entries one of which must be named for a row; none for tiles, checkpoints and projections, which are about the whole."""
    if table in ("ledgerentry", "readablepart", "sealedplace", "erasure", "unsealedentry"):
        return frozenset({known_by if isinstance(known_by, uuid.UUID) else uuid.UUID(str(known_by))})
    if table == "certificate":
        return frozenset(Certificate.objects.values_list("entry", "issued_entry").get(pk=known_by))
    if table in OF_CERTIFICATES:
        return frozenset({OF_CERTIFICATES[table].objects.values_list("entry", flat=True).get(pk=known_by)})
    return frozenset()


def _tried(where: str, how: str, expected: set[str], entries: frozenset[uuid.UUID], act: Callable[[], None]) -> Harm:
    """Do one harm, ask the verification, and undo it. Of a certificate its code is named too, in words."""
    codes = set(ReadablePart.objects.filter(entry__in=entries).values_list("subject", flat=True))
    inner = transaction.atomic()
    try:
        with inner:
            act()
            found = _looked(expected)
            transaction.set_rollback(True)
    except DatabaseError:
        return Harm(where, how, None)
    named = [problem for problem in found.problems if not entries or problem.entry in entries]
    if expected in (CERTIFICATE, FILE):
        named = [problem for problem in named if any(code in problem.detail for code in codes)]
    kinds = {problem.kind for problem in named}
    return Harm(where, how, bool(kinds & expected), tuple(sorted(kinds)))


def _looked(expected: set[str]) -> Examination:
    """Verify everything; where no harm to a projection is expected, the evidence and its files alone, which is sooner.

    Files of certificates are read where one of them was harmed.
    """
    if expected == FILE:
        read = Examination()
        compare_files(read, storages["private"])
        return read
    if expected == PROJECTION:
        return verified(kept=kept_checkpoints())
    tiles = Path(settings.LEDGER_TILES_DIR)
    kept = {**kept_checkpoints(), **newest_by_name()}
    return examine([str(key) for key in verifier_keys()], kept=kept, published=tiles)


def _changes(
    attribute: Any, table: str, was: Any, luck: random.Random, *, every_place: bool
) -> Iterator[tuple[str, Any]]:
    """Yield ways to change a stored value, as it is stored: (in words, the value to store)."""
    forward = (table, attribute.column) in ONLY_FORWARD
    if was is None:
        yield "a value for none", _some_value(attribute)
        return
    if isinstance(attribute, models.BooleanField):
        yield "the other", not was if isinstance(was, bool) else 1 - was
    elif isinstance(was, (bytes, memoryview)):
        whole = bytes(was)
        place = luck.randrange(len(whole))
        yield f"byte {place}", whole[:place] + bytes([whole[place] ^ 1 << luck.randrange(8)]) + whole[place + 1 :]
    elif isinstance(was, int):
        # Far enough not to meet another row; a changed high bit does the same.
        yield "a number further on", was + FAR.get(attribute.column, 1)
    elif isinstance(was, datetime):
        yield "a microsecond later", was + timedelta(microseconds=1)
    elif isinstance(was, date):
        yield "a day later", was + timedelta(days=1)
    elif isinstance(was, uuid.UUID):
        yield "another id", uuid.UUID(int=was.int ^ 1 << luck.randrange(128))
    elif isinstance(attribute, (models.DateField, models.DateTimeField)):
        yield "later", _later(was)
    elif isinstance(attribute, models.UUIDField) or attribute.is_relation:
        place = luck.randrange(len(was))
        yield f"digit {place}", was[:place] + format(int(was[place], 16) ^ 1, "x") + was[place + 1 :]
    else:
        for place in range(len(was)) if every_place else [luck.randrange(len(was))] if was else []:
            yield f"character {place}", was[:place] + chr(ord(was[place]) ^ 1) + was[place + 1 :]
        if not was:
            yield "a text for none", "x"
    if attribute.null and not forward:
        yield "none for a value", None


def _later(written: str) -> str:
    """Return a day or a time as SQLite stores it, a day or a microsecond later."""
    if len(written) == len("2026-11-29"):
        return (date.fromisoformat(written) + timedelta(days=1)).isoformat()
    return (datetime.fromisoformat(written) + timedelta(microseconds=1)).isoformat(" ", "microseconds")


def _some_value(attribute: Any) -> Any:
    if attribute.is_relation:
        return _some_value(attribute.target_field)
    if isinstance(attribute, models.DateTimeField):
        return MOMENT
    if isinstance(attribute, models.DateField):
        return "2031-01-01"
    if isinstance(attribute, models.UUIDField):
        return uuid.UUID(int=7) if connection.vendor == "postgresql" else uuid.UUID(int=7).hex
    return 7


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


# --- Files -------------------------------------------------------------------------------------------------------------------


def log_files() -> dict[Path, set[str]]:
    """Return every file of the log and its certificates on this machine, with the kinds one of which must be named when it is harmed."""
    tiles = Path(settings.LEDGER_TILES_DIR)
    private = Path(storages["private"].location)  # type: ignore[attr-defined]
    found = {file: {"tile"} for file in sorted(tiles.rglob("*")) if file.is_file()}
    for kept in (private / FOLDER, private / NEWEST_FOLDER):
        found |= {file: {"against"} for file in sorted(kept.rglob("*")) if file.is_file()}
    return found | dict.fromkeys(sorted((private / "certificates").rglob("*.pdf")), FILE)


def _harm_files(sample: int | None, luck: random.Random) -> Iterator[Harm]:
    for file, expected in log_files().items():
        whole = file.read_bytes()
        about = _entries("certificate", uuid.UUID(file.stem)) if expected == FILE else frozenset()
        # All along the file: each byte of a short one, of a long one a thousand places and more.
        step = max(1, len(whole) // MOST_PLACES)
        places = range(0, len(whole), step) if sample is None else [luck.randrange(len(whole)) for _ in range(sample)]
        forged = [(f"byte {place}", whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]) for place in places]
        forged += [("cut short", whole[:-1]), ("emptied", b""), ("more at the end", whole + b"\n")]
        for how, content in forged:
            file.write_bytes(content)
            yield _tried(f"file {_kind_of(file)}", how, expected, about, lambda: None)
        file.write_bytes(whole)
        if _kind_of(file) in ("newest checkpoint", "certificate"):
            continue  # what lies beside it is another log's, or of an issue that was broken off
        beside = file.with_name(f"{file.stem}9{file.suffix}")
        beside.write_bytes(whole if expected == {"tile"} else b"hello\n")
        yield _tried(f"file {_kind_of(file)}", "another beside it", expected, about, lambda: None)
        beside.unlink()


def _kind_of(file: Path) -> str:
    if file.suffix == ".txt":
        return "newest checkpoint" if NEWEST_FOLDER in file.as_posix() else "kept checkpoint"
    if file.suffix == ".pdf":
        return "certificate"
    return "bundle" if file.parent.name == "entries" else "tile"


def erased() -> int:
    """How many readable parts of the log went."""
    return Erasure.objects.count()
