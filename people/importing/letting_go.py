"""Deleting the files of imports some days after them: what they said is on the record by then, and a list of people is not kept beside it.

The row stays, with how many lines came to what, and says when its file went. The names and reasons in its report go with the file.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from people import clock
from people.force import force
from people.models import FileImport, ImportState
from people.models.imports import AT_WORK, OPEN
from people.work import background

LET_GO_WORK = "people.let_import_files_go"


@background(LET_GO_WORK)
def let_go_for_day(key: str) -> None:
    """Let the files go whose days are over; ``key`` is the day that asks (ISO), and every later day asks again."""
    let_old_files_go(at=clock.now(), days=force().import_files_days)


def let_old_files_go(*, at: datetime, days: int) -> int:
    """Let go of the files of imports that ended so many days ago, or waited so long for whoever handed them in; return how many.

    An import at work keeps its file. One that still waits is discarded.
    """
    last = Coalesce("finished_at", "at")
    ended = FileImport.objects.annotate(last=last).filter(let_go_at__isnull=True).exclude(state__in=AT_WORK)
    due = ended.filter(Q(last__lte=at - timedelta(days=days)) | Q(state=ImportState.DISCARDED))
    return sum(let_file_go(run, at=at) for run in due.order_by("pk"))


@transaction.atomic
def let_file_go(run: FileImport, *, at: datetime) -> bool:
    """Delete an import's file, and the names and reasons in its report; return whether that was done now.

    The file goes first: where the process ends in between, the row still names it and the next day deletes it again, which is nothing.
    """
    current = FileImport.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if current.let_go_at is not None or current.is_at_work:
        return False
    storages["private"].delete(current.path)
    if current.state in OPEN:
        current.answers.all().delete()
        current.state, current.finished_at = ImportState.DISCARDED, at
    else:
        current.answers.update(who="", words="")
        if current.sentence:
            current.sentence = f"It stopped after line {current.position}; why went with the file."
    current.let_go_at = at
    current.save(update_fields=["state", "finished_at", "sentence", "let_go_at"])
    return True


def goes_on(run: FileImport) -> date | None:
    """Return the day from which an import's file may go, as the setting is today; None where it went, or work is under way."""
    if run.let_go_at is not None or run.is_at_work:
        return None
    return timezone.localdate(run.finished_at or run.at) + timedelta(days=force().import_files_days)
