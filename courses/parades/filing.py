"""The file of a parade: a zip of the signed certificates, or one PDF for the printer. Written piece by piece, so that memory stays flat."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import IO, BinaryIO, cast
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pikepdf
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import IntegrityError, transaction
from django.db.models import Prefetch

from courses.models import MemberState, Parade, ParadeFile, ParadeMember, Shape
from courses.parades.issuing import FILE_WORK, SECONDS_BETWEEN, ParadeRefused, refuse_others
from courses.parades.looking import why_not
from cpd_records.certificates.files import FileDiffers, read_issued
from cpd_records.models import Certificate
from people import clock, work
from people.models import User
from people.work import NotYet, background

LET_GO_WORK = "parade-let-go"
IN_MEMORY = 8 * 1024 * 1024
PAGES_AT_ONCE = 50
KEPT_FOR = timedelta(days=30)
CHANGED = (
    "A certificate in this file is not to be handed out any more, so the file is not either. "
    "Look below whose it is, and have the file made anew."
)
LIST_NAME = "list.csv"
LIST_HEAD = ("position", "service number", "name", "certificate", "sha256", "left out because")


@background(FILE_WORK)
def make_file(key: str) -> None:
    """Make the file of a parade when everybody is settled; once it is made, do nothing. ``NotYet`` until then.

    ``key`` is the parade's id; where its file is made anew, '@' and a number follow. A crash leaves at most a stored file no row names,
    which the next run replaces.
    """
    number = key.partition("@")[0]
    parade = Parade.objects.filter(pk=UUID(number), file=None).first()
    if parade is None:
        return
    if ParadeMember.objects.filter(parade=parade, state=MemberState.WAITING).exists():
        raise NotYet(SECONDS_BETWEEN)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as made:
        held = write_file(parade, made)
        made.seek(0)
        digest = hashlib.file_digest(made, "sha256").hexdigest()  # type: ignore[arg-type]  # what it asks for is there
        size = made.seek(0, 2)
        made.seek(0)
        path = ""
        if held:
            path = f"{_stem(key)}.{'zip' if parade.shape == Shape.ZIP else 'pdf'}"
            _storage().delete(path)
            path = _storage().save(path, File(made))
    try:
        with transaction.atomic():
            made_at = clock.now()
            work.ask(LET_GO_WORK, key, at=made_at + KEPT_FOR)
            ParadeFile.objects.create(
                parade=parade, path=path, sha256=digest if held else "", size=size if held else 0, made_at=made_at
            )
    except IntegrityError:  # another worker was faster: its file is the one
        kept = ParadeFile.objects.filter(parade=parade).values_list("path", flat=True).first()
        if path and path != kept:
            _storage().delete(path)


def write_file(parade: Parade, into: IO[bytes]) -> int:
    """Write everybody who is included into an open file, in the order of the list; return how many.

    A certificate whose stored file is not the one that was issued is left out, and its member's row says so.
    """
    return _zip(parade, into) if parade.shape == Shape.ZIP else _print(parade, into)


def open_file(parade: Parade, *, by: User) -> IO[bytes]:
    """Return the file as it was made, open. Raises ``ParadeRefused`` where there is none, or it is altered."""
    refuse_others(by)
    if changed_since(parade, on=clock.today()):
        raise ParadeRefused(CHANGED)
    file: ParadeFile | None = getattr(parade, "file", None)
    if file is None or not file.path:
        raise ParadeRefused(
            "There is no file here: nobody had a certificate, or it was let go. Ask for the parade again."
        )
    try:
        kept: IO[bytes] = _storage().open(file.path, "rb")
    except FileNotFoundError as gone:
        raise ParadeRefused(
            "The file is gone. Ask for the parade again: certificates are on everybody's record."
        ) from gone
    if hashlib.file_digest(kept, "sha256").hexdigest() != file.sha256:  # type: ignore[arg-type]  # what it asks for is there
        kept.close()
        raise ParadeRefused(
            "The file we keep is not the one we made, so we do not hand it out. Ask for the parade again."
        )
    kept.seek(0)
    return kept


def changed_since(parade: Parade, *, on: date) -> list[tuple[User, str]]:
    """Return whose certificate is in the file and is not to be handed out any more, and why, in the order of the list. Two queries."""
    standing = Certificate.objects.with_standing()
    rows = ParadeMember.objects.filter(parade=parade, state=MemberState.INCLUDED).select_related("officer")
    rows = rows.prefetch_related(Prefetch("certificate", queryset=standing)).order_by("position")
    return [(row.officer, reason) for row in rows if (reason := why_not(row.certificate, on=on))]


@background(LET_GO_WORK)
def let_go(key: str) -> None:
    """Delete the file that was made under ``key``; its list stays, and so do the certificates. Once it is gone, do nothing."""
    of_parade = ParadeFile.objects.filter(pk=UUID(key.partition("@")[0]))
    file = of_parade.filter(path__startswith=f"{_stem(key)}.").first()
    if file is not None:
        # The file first: a crash in between leaves a row whose file is gone, and the next run finds it.
        _storage().delete(file.path)
        ParadeFile.objects.filter(pk=file.pk).update(path="")


def _included(parade: Parade) -> Iterator[tuple[ParadeMember, bytes]]:
    """Yield members and the bytes of their certificates, read one at a time."""
    rows = ParadeMember.objects.filter(parade=parade, state=MemberState.INCLUDED).select_related("officer")
    rows = rows.prefetch_related(Prefetch("certificate", queryset=Certificate.objects.with_standing()))
    for member in rows.order_by("position").iterator(chunk_size=PAGES_AT_ONCE):
        assert member.certificate is not None
        # It may have been withdrawn, suspended or erased while others' were waited for.
        reason = why_not(member.certificate, on=clock.today())
        try:
            pdf = b"" if reason else read_issued(member.certificate)
        except FileDiffers as altered:
            reason = str(altered)
        if reason:
            ParadeMember.objects.filter(pk=member.pk).update(state=MemberState.LEFT_OUT, reason=reason[:300])
            continue
        yield member, pdf


def _zip(parade: Parade, into: IO[bytes]) -> int:
    held = 0
    with ZipFile(into, "w") as archive:
        for member, pdf in _included(parade):
            assert member.certificate is not None
            # A PDF is compressed inside; packing it again costs time and saves nothing.
            name = f"{member.position:04}-{member.officer.service_number}-{member.certificate.file_name}"
            archive.writestr(name, pdf, compress_type=ZIP_STORED)
            held += 1
        archive.writestr(LIST_NAME, list_of(parade), compress_type=ZIP_DEFLATED)
    return held


def list_of(parade: Parade) -> str:
    """Return the list as CSV, in its order: whose certificate is in the file, and why the others are left out."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(LIST_HEAD)
    members = ParadeMember.objects.filter(parade=parade).select_related("officer", "certificate").order_by("position")
    for member in members.iterator(chunk_size=500):
        code = member.certificate.code if member.certificate and member.state == MemberState.INCLUDED else ""
        digest = member.certificate.sha256 if member.certificate and code else ""
        name = member.officer.name
        # A spreadsheet would take a name that begins so for a formula.
        safe = f"'{name}" if name[:1] in "=+-@\t" else name
        rows.writerow([member.position, member.officer.service_number, safe, code, digest, member.reason])
    return "\ufeff" + written.getvalue()


def _print(parade: Parade, into: IO[bytes]) -> int:
    """Join the pages in the order of the list. Parts of fifty are written out first: one document of a thousand would be held in memory."""
    held = 0
    with tempfile.TemporaryDirectory() as folder:
        parts: list[Path] = []
        waiting: list[bytes] = []
        for _member, pdf in _included(parade):
            waiting.append(pdf)
            held += 1
            if len(waiting) == PAGES_AT_ONCE:
                parts.append(_part(waiting, Path(folder) / f"{len(parts):04}.pdf"))
                waiting = []
        if waiting:
            parts.append(_part(waiting, Path(folder) / f"{len(parts):04}.pdf"))
        if held:
            with pikepdf.new() as whole:
                for part in parts:
                    with pikepdf.open(part) as document:
                        whole.pages.extend(document.pages)
                whole.docinfo["/Title"] = f"{parade.title}: {parade.subject_title}"
                whole.Root.Lang = pikepdf.String("en-GB")
                whole.save(cast(BinaryIO, into))
    return held


def _part(pdfs: list[bytes], path: Path) -> Path:
    """Write some certificates as one document without their signatures, which say nothing of a copy for the printer.

    Nor does it carry their structure, or claim the norms they keep: a thousand trees are more than memory holds, and paper has none.
    """
    with pikepdf.new() as part:
        for pdf in pdfs:
            with pikepdf.open(io.BytesIO(pdf)) as document:
                for page in document.pages:
                    for name in ("/Annots", "/StructParents", "/Tabs"):
                        if name in page:
                            del page[name]
                part.pages.extend(document.pages)
        part.save(path)
    return path


def _stem(key: str) -> str:
    """Return the name in private storage, without its ending, of the file that is made under a key."""
    return f"parades/{key[:2]}/{key.replace('@', '-')}"


def _storage() -> Storage:
    return storages["private"]
