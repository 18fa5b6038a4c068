"""Files of a portfolio: checked by their content, kept privately with the item, never changed.

They are kept as soon as they arrive, before the rest of the form is right, so that a photograph taken on a phone survives every
refusal. What was never handed in is forgotten a day later.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import IO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from courses.models import PortfolioFile, PortfolioItem, Recruit
from courses.portfolio.refusals import NotYours, RecruitRefused, locked_recruit, phase_of, refuse_ended
from cpd_records.evidence_files import CheckedFile
from people import access
from people.models import User

MOST_FILES = 10
NOT_THEIRS = "Only the recruit adds to their portfolio."
FORGOTTEN_AFTER = timedelta(days=1)


def item_for_form(recruit: Recruit, phase: str, token: UUID, *, by: User, at: datetime) -> PortfolioItem:
    """Return the item a form belongs to by its token, made now where it is the first time; inside the caller's transaction."""
    if not access.is_own(by, recruit.officer):
        raise NotYours(NOT_THEIRS)
    refuse_ended(recruit)
    item, is_new = PortfolioItem.objects.get_or_create(
        recruit=recruit, client_token=token, defaults={"phase": phase_of(recruit, phase).slug, "added_at": at}
    )
    if not is_new and item.current_id is None and item.phase != phase:
        item.phase = phase_of(recruit, phase).slug
        item.save(update_fields=["phase"])
    return item


def keep_files(
    recruit: Recruit, phase: str, token: UUID, files: Iterable[CheckedFile], *, by: User, at: datetime
) -> list[PortfolioFile]:
    """Keep checked files with the item of a form; the same content again is the same file. Raises ``RecruitRefused``."""
    store = storages["private"]
    written: list[tuple[CheckedFile, str, str]] = []
    for file in files:
        path = f"portfolio/{recruit.pk}/{uuid.uuid4()}{file.ending}"
        store.save(path, ContentFile(file.content))
        written.append((file, path, hashlib.sha256(file.content).hexdigest()))
    kept: list[PortfolioFile] = []
    try:
        with transaction.atomic():
            item = item_for_form(locked_recruit(recruit), phase, token, by=by, at=at)
            for file, path, digest in written:
                kept.append(_keep(item, file, path, digest, at=at))
    except BaseException:
        for _file, path, _digest in written:
            store.delete(path)
        raise
    for _file, path, _digest in written:
        if path not in {one.path for one in kept}:
            store.delete(path)
    return kept


def _keep(item: PortfolioItem, file: CheckedFile, path: str, digest: str, *, at: datetime) -> PortfolioFile:
    earlier = item.files.filter(sha256=digest).first()
    if earlier is not None:
        return earlier
    if item.files.count() >= MOST_FILES:
        raise RecruitRefused(f"{MOST_FILES} files fit, and there are {MOST_FILES} already. Leave one out.", "evidence")
    return item.files.create(
        name=file.name, path=path, media_type=file.media_type, size=len(file.content), sha256=digest, added_at=at
    )


def forget_unsent(recruit: Recruit, *, at: datetime) -> None:
    """Forget files that came with forms which were not handed in within a day; their content goes once this is committed."""
    unsent = PortfolioItem.objects.filter(recruit=recruit, current__isnull=True, added_at__lt=at - FORGOTTEN_AFTER)
    files = PortfolioFile.objects.filter(item__in=unsent)
    for path in files.values_list("path", flat=True):
        transaction.on_commit(partial(storages["private"].delete, path))
    files.delete()
    unsent.delete()


def open_file(file: PortfolioFile) -> IO[bytes]:
    """Return the kept content, open for reading."""
    return storages["private"].open(file.path)
