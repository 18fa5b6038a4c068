"""Building packs: who asked for what and why is a row before anything is read; the file is made as waiting work and kept private."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date, datetime
from typing import IO
from uuid import UUID

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.evidence.gathering import gather
from courses.evidence.packing import pack
from courses.evidence.question import EvidenceQuestion
from courses.models import EvidencePack, EvidencePackFile
from people import access, clock, work
from people.looks import record_looks
from people.models import User

PACK_WORK = "evidence-pack"
ON_THE_SERVER = "the service's operator, on the command line"
LONGEST_PURPOSE = 500
NO_PURPOSE = "Say what the pack is for. The purpose is recorded, and printed in the pack."
NOT_FOR_YOU = "Auditors and disclosure officers ask for evidence packs. You hold neither role."
IN_MEMORY = 8 * 1024 * 1024


class PackRefused(Exception):
    """A pack cannot be asked for or handed out. The message is a sentence for the person."""


@transaction.atomic
def ask_for_pack(
    officer: User, *, on: date, known_at: datetime | None, purpose: str, by: User, at: datetime
) -> EvidencePack:
    """Record that ``by`` asks for a pack about somebody, and have it built. The officer sees that they did."""
    if not access.has_any_role(by, access.AUDITOR, access.DISCLOSURE_OFFICER):
        raise PackRefused(NOT_FOR_YOU)
    if access.is_own(by, officer):
        raise PackRefused("Nobody builds the pack about themselves. Ask a colleague who may.")
    asked = _recorded(officer, on=on, known_at=known_at, purpose=purpose, by=by, at=at)
    record_looks([officer.pk], by=by, at=at, where="Evidence pack", saw=f"Everything recorded up to {on:%d/%m/%Y}")
    work.ask(PACK_WORK, str(asked.pk))
    return asked


def write_pack(
    officer: User, *, on: date, known_at: datetime | None, purpose: str, at: datetime, into: IO[bytes]
) -> EvidencePackFile:
    """Build a pack into an open file, as the command does: recorded as any, kept by whoever asked."""
    asked = _recorded(officer, on=on, known_at=known_at, purpose=purpose, by=None, at=at)
    size = _build(asked, into)
    into.seek(0)
    return EvidencePackFile.objects.create(
        pack=asked,
        sha256=hashlib.file_digest(into, "sha256").hexdigest(),  # type: ignore[arg-type]  # opened to be read as well
        size=into.seek(0, 2),
        tree_size=size,
        made_at=clock.now(),
    )


def _recorded(
    officer: User, *, on: date, known_at: datetime | None, purpose: str, by: User | None, at: datetime
) -> EvidencePack:
    said = " ".join(purpose.split())
    if not said:
        raise PackRefused(NO_PURPOSE)
    if len(said) > LONGEST_PURPOSE:
        raise PackRefused(f"Say what the pack is for in {LONGEST_PURPOSE} characters at most.")
    if on > timezone.localdate(at):
        raise PackRefused("Ask about a day that has begun: nothing is recorded of a later one.")
    return EvidencePack.objects.create(
        officer=officer, on=on, known_at=known_at, purpose=said, asked_by=by, asked_at=at
    )


@work.background(PACK_WORK)
def build_pack(key: str) -> None:
    """Build and keep the pack whose id is ``key``; once it is made, do nothing. A crash leaves at most an unnamed file."""
    asked = EvidencePack.objects.select_related("officer", "asked_by").filter(pk=UUID(key), file=None).first()
    if asked is None:
        return
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as made:
        size = _build(asked, made)
        made.seek(0)
        digest = hashlib.file_digest(made, "sha256").hexdigest()  # type: ignore[arg-type]  # what it asks for is there
        length = made.seek(0, 2)
        made.seek(0)
        path = _storage().save(f"evidence-packs/{key[:2]}/{key}.zip", File(made))
    try:
        with transaction.atomic():
            EvidencePackFile.objects.create(
                pack=asked, path=path, sha256=digest, size=length, tree_size=size, made_at=clock.now()
            )
    except IntegrityError:  # another worker was faster: its file is the one
        _storage().delete(path)


def _build(asked: EvidencePack, into: IO[bytes]) -> int:
    """Write the pack, and return the size of the tree it rests on."""
    question = EvidenceQuestion(
        officer=asked.officer,
        on=asked.on,
        known_at=asked.known_at,
        purpose=asked.purpose,
        asked_by=asked.asked_by.name if asked.asked_by else ON_THE_SERVER,
    )
    evidence = gather(question)
    pack(evidence, into)
    return evidence.ground.size


def open_pack(asked: EvidencePack, *, by: User, at: datetime) -> IO[bytes]:
    """Return the file of a pack as it was made, open; recorded as a look. Refuse with a sentence where it is gone or altered."""
    file: EvidencePackFile | None = getattr(asked, "file", None)
    if file is None or not file.path:
        raise PackRefused("This pack has no file here. Ask for it again.")
    record_looks([asked.officer_id], by=by, at=at, where="Evidence pack", saw=f"Took a pack of {asked.on:%d/%m/%Y}")
    try:
        kept: IO[bytes] = _storage().open(file.path, "rb")
    except FileNotFoundError as gone:
        raise PackRefused(
            "The file of this pack is gone. Ask for it again: the same question has the same answer."
        ) from gone
    if hashlib.file_digest(kept, "sha256").hexdigest() != file.sha256:  # type: ignore[arg-type]  # what it asks for is there
        kept.close()
        raise PackRefused("The file we keep is not the one we made, so we do not hand it out. Ask for the pack again.")
    kept.seek(0)
    return kept


def _storage() -> Storage:
    return storages["private"]
