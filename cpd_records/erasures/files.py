"""Removing files whose rows were erased: after the commit, by rows that wait, so that a crash neither leaves one nor takes one too soon."""

from __future__ import annotations

from django.apps import apps
from django.core.files.storage import storages

from cpd_records.models import FileToRemove
from people import clock
from people.work import background

REMOVE_FILE = "erasure.remove_file"


@background(REMOVE_FILE)
def remove_file(key: str) -> None:
    """Remove the file of the row whose key it is, unless another row names the same content; once it is removed, do nothing.

    The file goes first: where the process ends in between, the row still names it and it is removed again, which is nothing.
    """
    waiting = FileToRemove.objects.filter(pk=int(key), removed_at__isnull=True).first()
    if waiting is None:
        return
    if not _is_named(waiting):
        storages["private"].delete(waiting.path)
    waiting.path, waiting.named, waiting.removed_at = "", "", clock.now()
    waiting.save(update_fields=["path", "named", "removed_at"])


def _is_named(waiting: FileToRemove) -> bool:
    if not waiting.table:
        return False
    rows = apps.get_model(waiting.table)._base_manager.filter(**{waiting.column: waiting.named})
    return bool(rows.exists())
