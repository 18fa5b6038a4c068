"""Packing what was gathered into one zip: the same evidence gives the same bytes, and a manifest names each file's SHA-256."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.storage import storages

from courses.evidence.document import as_pdf, moment_words
from courses.evidence.gathering import EntryTold, Evidence
from courses.evidence.taught import CourseTaught
from courses.evidence.telling import as_json, tables
from courses.lesson_media import FOLDER
from cpd_records.ledger import keys
from cpd_records.ledger.proofs import NothingToOpen, opening_of, proof_of
from people.dates import long_date

MANIFEST = "MANIFEST-SHA256.txt"
VERIFIER = Path(settings.BASE_DIR) / "docs" / "verifier" / "verify_ledger.py"
# A zip knows no moment before this one; every file bears it, so that the time of packing changes nothing.
NO_TIME = (1980, 1, 1, 0, 0, 0)
READABLE_BY_ALL = 0o644 << 16
# A film of a lesson stays where it is: the pack names its digest.
LARGEST_FILE = 25 * 1024 * 1024


def pack(evidence: Evidence, into: IO[bytes]) -> None:
    """Write the pack into an open file. Every file is packed under a fixed time, in the order of names within its part."""
    digests: dict[str, str] = {}
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in _files(evidence):
            if name not in digests:
                digests[name] = hashlib.sha256(data).hexdigest()
                _add(archive, name, data)
        listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
        _add(archive, MANIFEST, listed.encode())


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, NO_TIME)
    info.create_system, info.external_attr, info.compress_type = 3, READABLE_BY_ALL, zipfile.ZIP_DEFLATED
    archive.writestr(info, data)


def _files(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", _read_me(evidence).encode()
    yield "evidence.pdf", as_pdf(evidence)
    yield "evidence.json", as_json(evidence)
    yield from tables(evidence).items()
    for course in evidence.taught:
        yield from _text_of(course)
    if evidence.ground.checkpoint:
        yield "ledger/checkpoint.txt", evidence.ground.checkpoint.note.encode()
    yield "ledger/key.txt", "".join(f"{key}\n" for key in keys.verifier_keys()).encode()
    for entry in evidence.entries:
        yield from _proof_of(entry, evidence)
    if VERIFIER.is_file():
        yield "verify_ledger.py", VERIFIER.read_bytes()


def _text_of(course: CourseTaught) -> Iterator[tuple[str, bytes]]:
    """Yield each step as the release showed it, as plain text and as HTML, and the files it showed."""
    for part in course.steps:
        if part.step.text:
            yield f"{course.folder}/{part.file_name}.txt", part.step.text.encode()
        if part.step.html:
            yield f"{course.folder}/{part.file_name}.html", part.step.html.encode()
        for shown in part.step.files.all():
            if shown.file.size <= LARGEST_FILE and storages["private"].exists(f"{FOLDER}/{shown.file.digest}"):
                with storages["private"].open(f"{FOLDER}/{shown.file.digest}", "rb") as file:
                    yield f"taught/files/{shown.file.digest[:16]}-{Path(shown.name).name}", file.read()


def _proof_of(entry: EntryTold, evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    checkpoint = evidence.ground.checkpoint
    if entry.index is None or checkpoint is None or entry.index >= checkpoint.size:
        return
    try:
        opening = opening_of(entry.part.entry)
    except NothingToOpen:  # erased since it was read
        return
    yield f"proofs/{entry.file_name}.tlog-proof", proof_of(entry.part.entry, checkpoint=checkpoint).encode()
    yield f"proofs/{entry.file_name}.opening.json", (json.dumps(opening, ensure_ascii=False, indent=1) + "\n").encode()


def _read_me(evidence: Evidence) -> str:
    question, ground = evidence.question, evidence.ground
    rests_on = (
        f"the first {ground.size} entries of the ledger, signed on {moment_words(ground.checkpoint.time)}"
        if ground.checkpoint
        else "nothing: no checkpoint had been signed by then"
    )
    verify = (
        "    python verify_ledger.py proof proofs/NAME.tlog-proof proofs/NAME.opening.json --key KEY\n\n"
        "verify_ledger.py needs Python 3.11 or later and the package 'cryptography', and nothing of this service."
        if VERIFIER.is_file()
        else "The page 'The ledger' in the service's documentation works an example through by hand."
    )
    return f"""Evidence pack

About         {question.officer.name}, service number {question.officer.service_number}
Day           {long_date(question.on)}
As recorded   {"by " + moment_words(question.known_at) if question.known_at else "when the pack was built"}
Purpose       {question.purpose}
Asked for by  {question.asked_by}
Rests on      {rests_on}

This pack holds personal data, and questions of tests with their answers. Handle it as OFFICIAL-SENSITIVE.

evidence.pdf    to be read: the answer, reasons, decisions, tests, entries, and what was taught, word for word
evidence.json   the same as data
tables/         the same as tables for a spreadsheet
taught/         each step as its release showed it, and the pictures and documents it showed
proofs/         for each sealed entry, the proof that it stands in the ledger and the opening that says what it says
ledger/         the checkpoint the proofs are held against, and the keys the service says it signs with: the one that signs now
                first; one that ends in 'until' and a size is retired, and counts for trees of up to that size
{MANIFEST}
                the SHA-256 of every file: sha256sum --check {MANIFEST}

To check a proof with the service switched off, take the ledger's key from somewhere you trust, not from this pack, and compare:

{verify}

The same question asked again gives the same pack, byte for byte, as long as no record in it has been erased and no reflection
has been shared or taken back since, and by the same release of the service.
"""
