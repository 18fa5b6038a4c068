"""Evidence of an activity: checked files in private storage, the officer's own to add and remove."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from functools import partial
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from cpd_records.evidence_files import CheckedFile, FileRefused
from cpd_records.ledger.kept_under_hold import keep_file
from cpd_records.models import Activity, ActivityFile, ActivityState
from people import access
from people.models import User

MOST_FILES = 10


def attach_file(activity: Activity, file: CheckedFile, *, by: User, at: datetime) -> ActivityFile:
    """Keep a checked file with the activity; the same content again is the same file."""
    digest = hashlib.sha256(file.content).hexdigest()
    path = f"cpd/{activity.pk}/{uuid.uuid4()}{file.ending}"
    store = storages["private"]
    store.save(path, ContentFile(file.content))
    try:
        with transaction.atomic():
            current = Activity.objects.select_for_update().get(pk=activity.pk)
            _refuse_change(current, by=by)
            earlier = current.files.filter(sha256=digest).first()
            if earlier is None:
                if current.files.count() >= MOST_FILES:
                    raise FileRefused(f"{MOST_FILES} files fit, and there are {MOST_FILES} already. Remove one first.")
                return current.files.create(
                    name=file.name,
                    path=path,
                    media_type=file.media_type,
                    size=len(file.content),
                    sha256=digest,
                    added_at=at,
                )
    except BaseException:
        store.delete(path)
        raise
    store.delete(path)
    return earlier


@transaction.atomic
def remove_file(file: ActivityFile, *, by: User, at: datetime) -> None:
    """Take a file from the officer's own page; its content goes with it, or is kept out of sight while a legal hold stands on them."""
    current = Activity.objects.select_for_update().get(pk=file.activity_id)
    _refuse_change(current, by=by)
    is_kept = keep_file(file, at=at)
    file.delete()
    if is_kept:
        return
    transaction.on_commit(partial(storages["private"].delete, file.path))


def forget_files(activity: Activity) -> None:
    """Delete the content of an activity's files once the transaction that deletes the activity has committed."""
    for path in activity.files.values_list("path", flat=True):
        transaction.on_commit(partial(storages["private"].delete, path))


def open_file(file: ActivityFile) -> IO[bytes]:
    """Return the kept content, open for reading."""
    return storages["private"].open(file.path)


def _refuse_change(activity: Activity, *, by: User) -> None:
    if by.pk != activity.officer_id or not access.is_person(by):
        raise FileRefused("Only the officer who logged this activity can add or remove its files.")
    if activity.state == ActivityState.VERIFIED and activity.reflection_shared:
        raise FileRefused("This was verified with the files you shared, so they stay as they were seen.")
