"""Everything held on somebody: one zip of data, document and files, made as waiting work, kept some days.

They ask for it themselves. For who may no longer sign in a disclosure officer does, says what for, and alone takes it.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from cpd_records.plain_pdf import drawn
from people import access, clock, work
from people.force import force
from people.models import SubjectExport, User
from people.models.exports import PURPOSE_LENGTH
from people.subject_data import Part, Told
from training_site.held import export_officer
from training_site.words import day_as

FORMAT = "data-subject-export/1"
MAKING = "everything-on-me"
DELETING = "everything-on-me.delete"
# It holds everything, so it is not kept lying about.
KEPT_FOR = timedelta(days=7)
IN_MEMORY = 8 * 1024 * 1024
TEMPLATE = "training_site/everything_document.html"
NO_PURPOSE = "Say what it is for, in a sentence."
CAN_ASK = (
    "They can sign in, so everything held on them is theirs to ask for, on My record. Nobody else has it put together."
)


class ExportRefused(Exception):
    """What was asked cannot be asked or handed out now. The message is a sentence for the person."""


@transaction.atomic
def ask_for_everything(officer: User, *, by: User, at: datetime) -> SubjectExport:
    """Ask for everything held on oneself; it is made in the background. While one is being made, that one is the answer."""
    if not access.is_own(by, officer):
        raise ExportRefused("Everything held on somebody is handed to them alone. They ask for it on My record.")
    User.objects.select_for_update().get(pk=officer.pk)
    return _asked(SubjectExport.objects.of(officer).filter(asked_by=None), officer, at)


@transaction.atomic
def ask_on_behalf(officer: User, *, purpose: str, by: User, at: datetime) -> SubjectExport:
    """Ask for everything held on somebody who may no longer sign in, as a disclosure officer, with the purpose; never on oneself.

    While one that the same person asked for is being made, that one is the answer.
    """
    if not access.has_role(by, access.DISCLOSURE_OFFICER):
        raise ExportRefused("Only a disclosure officer has everything held on a leaver put together.")
    if access.is_own(by, officer):
        raise ExportRefused("Everything held on you is yours to ask for, on My record.")
    said = " ".join(purpose.split())
    if not said:
        raise ExportRefused(NO_PURPOSE)
    if len(said) > PURPOSE_LENGTH:
        raise ExportRefused(f"Say what it is for in {PURPOSE_LENGTH} characters at most.")
    current = User.objects.select_for_update().get(pk=officer.pk)
    if current.is_active:
        raise ExportRefused(CAN_ASK)
    return _asked(SubjectExport.objects.asked_by(by).filter(officer=officer), officer, at, asked_by=by, purpose=said)


def _asked(alike: QuerySet[SubjectExport], officer: User, at: datetime, **more: Any) -> SubjectExport:
    waiting = alike.filter(made_at__isnull=True).first()
    if waiting is not None:
        return waiting
    asked = SubjectExport.objects.create(officer=officer, asked_at=at, **more)
    work.ask(MAKING, str(asked.pk))
    return asked


@work.background(MAKING)
def make_everything(key: str) -> None:
    """Make and keep the export whose id is ``key``; once it is made, do nothing. A crash leaves at most an unnamed file."""
    asked = SubjectExport.objects.select_related("officer").filter(pk=UUID(key), made_at__isnull=True).first()
    if asked is None:
        return
    moment = clock.now()
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as made:
        write_everything(asked.officer, at=moment, into=made)
        made.seek(0)
        digest = hashlib.file_digest(made, "sha256").hexdigest()  # type: ignore[arg-type]  # what it asks for is there
        size = made.seek(0, 2)
        made.seek(0)
        path = _storage().save(f"everything/{key[:2]}/{key}.zip", File(made))
    with transaction.atomic():
        current = SubjectExport.objects.select_for_update(of=("self",)).get(pk=asked.pk)
        if current.made_at is not None:
            transaction.on_commit(lambda: _storage().delete(path))
            return
        current.path, current.sha256, current.size, current.made_at = path, digest, size, moment
        current.save(update_fields=["path", "sha256", "size", "made_at"])
        work.ask(DELETING, key, at=moment + KEPT_FOR)


@work.background(DELETING)
def delete_everything(key: str) -> None:
    """Delete the file of an export whose days are over. The file goes first: a crash in between deletes it again, which is nothing."""
    made = SubjectExport.objects.filter(pk=UUID(key), deleted_at__isnull=True).exclude(path="").first()
    if made is not None:
        _storage().delete(made.path)
        made.path, made.deleted_at = "", clock.now()
        made.save(update_fields=["path", "deleted_at"])


def open_everything(export: SubjectExport) -> IO[bytes]:
    """Return the file as it was made, open; refuse with a sentence where it is not there."""
    if not export.is_ready:
        gone = "It was deleted" if export.deleted_at else "It is still being made"
        raise ExportRefused(f"{gone}. Ask again, or look again in a minute.")
    try:
        kept: IO[bytes] = _storage().open(export.path, "rb")
    except FileNotFoundError as missing:
        raise ExportRefused("The file is gone. Ask for it again.") from missing
    return kept


def write_everything(officer: User, *, at: datetime, into: IO[bytes]) -> None:
    """Write data, document and files into an open file, read in one view of the database."""
    with transaction.atomic():
        parts = [part for part in export_officer(officer, at=at) if part.rows]
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        names = _files(parts)
        archive.writestr("everything.json", as_json(officer, parts, names, at=at))
        archive.writestr("everything.pdf", drawn(as_html(officer, parts, at=at)))
        for path, name in names.items():
            if _storage().exists(path):
                with _storage().open(path, "rb") as file:
                    archive.writestr(name, file.read())


def as_json(officer: User, parts: Sequence[Part], names: dict[str, str], *, at: datetime) -> str:
    """Return everything as one JSON object; each file is named by its place in the zip."""
    told = {
        "format": FORMAT,
        "about": {"name": officer.name, "service_number": officer.service_number, "public_id": str(officer.public_id)},
        "made_at": at.isoformat(),
        "parts": [
            {
                "what": part.what,
                "table": part.table,
                "rows": part.rows,
                "files": [names[file.path] for file in part.files],
            }
            for part in parts
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def as_html(officer: User, parts: Sequence[Part], *, at: datetime) -> str:
    """Return the page that is drawn: each row in words; tables of many small rows are counted, the data has them."""
    return render_to_string(
        TEMPLATE,
        {
            "officer": officer,
            "force": force(),
            "moment": day_as(timezone.localtime(at), "j F Y, H:i"),
            "parts": [
                {"what": part.what, "count": len(part.rows), "rows": [] if part.is_long else map(_lines, part.rows)}
                for part in parts
            ],
        },
    )


def _lines(row: Told) -> list[tuple[str, str]]:
    return [
        (
            name.replace("_", " ").capitalize(),
            value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
        )
        for name, value in row.items()
        if value not in (None, "", [], {}) and name not in ("id", "client_token", "salt", "commitment")
    ]


def _files(parts: Sequence[Part]) -> dict[str, str]:
    """Return the place in the zip of each file by its path in storage; no two share one."""
    named: dict[str, str] = {}
    for part in parts:
        for file in part.files:
            named.setdefault(file.path, f"files/{len(named) + 1:04d}-{PurePosixPath(file.name).name}")
    return named


def _storage() -> Storage:
    return storages["private"]
