"""A legal hold freezes what exists: what its officer deletes or changes of their own is kept out of sight until the hold is lifted.

The officer is not told, because a hold is not: a refusal would tell of it. What they asked to be deleted is gone for them, and goes for
good once no hold stands. Reading what is kept is no look that the officer sees; it is recorded with its purpose.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import UUID

from django.core.files.storage import storages
from django.db import transaction

from cpd_records.models import Activity, ActivityFile, KeptReading, KeptUnderHold, LegalHold, UnfinishedForm
from cpd_records.models.kept_under_hold import PURPOSE_LENGTH
from people import access, clock, work
from people.models import User
from people.subject_data import told

LET_GO = "holds.let_go"
FORMAT = "kept-under-hold/1"
IN_MEMORY = 8 * 1024 * 1024
What = KeptUnderHold.What
NOT_FOR_YOU = "Only a disclosure officer takes along what is kept under a legal hold."
NO_PURPOSE = "Say what it is for, in a sentence."


class KeptRefused(Exception):
    """What is kept cannot be handed out so. The message is a sentence; ``field`` names what it is about, '' for the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def keep_draft(activity: Activity, *, at: datetime) -> bool:
    """Keep a draft with all that hangs on it before it is deleted, where a hold stands on its officer; return whether it was kept.

    Its files stay in storage as long as this is kept.
    """
    hold = _hold_on(activity.officer)
    if hold is None:
        return False
    files = list(activity.files.all())  # type: ignore[attr-defined]
    said = {**_activity(activity), "files": [told(file) for file in files]}
    _keep(hold, What.DRAFT, activity.pk, said, files, at=at)
    return True


def keep_before_change(activity: Activity, *, at: datetime) -> None:
    """Keep an activity before it is changed, also in memory, where a hold stands that found it so; once in a hold."""
    hold = _hold_on(activity.officer)
    if hold is None or activity.created_at > hold.placed_at:
        return
    if not hold.kept.filter(about=activity.pk, what=What.CHANGED).exists():  # type: ignore[attr-defined]
        _keep(hold, What.CHANGED, activity.pk, _activity(activity), (), at=at)


def keep_file(file: ActivityFile, *, at: datetime) -> bool:
    """Keep a file before it is taken from its activity, where a hold stands; return whether it stays in storage."""
    hold = _hold_on(file.activity.officer)
    if hold is None:
        return False
    _keep(hold, What.FILE, file.pk, {"file": told(file)}, [file], at=at)
    return True


def keep_form(form: UnfinishedForm, *, at: datetime) -> None:
    """Keep what was half written before it is thrown away, where a hold stands."""
    hold = _hold_on(form.officer)
    if hold is not None:
        _keep(hold, What.FORM, form.token, {"form": told(form)}, (), at=at)


def take_kept(hold: LegalHold, *, purpose: str, by: User, at: datetime) -> IO[bytes]:
    """Return what is kept of the officer of a hold as an open zip: ``kept.json`` and the files.

    Who took it, and what for, is recorded first.
    """
    if not access.has_role(by, access.DISCLOSURE_OFFICER):
        raise KeptRefused(NOT_FOR_YOU)
    if hold.officer == by.public_id:
        raise KeptRefused("Nobody reads what is kept of their own. Ask another disclosure officer.")
    said = " ".join(purpose.split())
    if not said or len(said) > PURPOSE_LENGTH:
        raise KeptRefused(
            NO_PURPOSE if not said else f"Say what it is for in {PURPOSE_LENGTH} characters at most.", "purpose"
        )
    kept = list(KeptUnderHold.objects.of(hold))
    if not kept:
        raise KeptRefused("Nothing is kept: they deleted and changed nothing while a hold stood, or it was let go.")
    KeptReading.objects.create(hold=hold, by=by, purpose=said, at=at)
    into: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # whoever hands it out closes it
    _write(kept, into, at=at)
    into.seek(0)
    return into


@work.background(LET_GO)
def let_go(key: str) -> None:
    """Delete for good what was kept of an officer, ``public id@hold``, unless a hold stands on them; once it is deleted, do nothing.

    What it said goes first, then the files, then the row that names them: a crash in between deletes a file again, which is nothing.
    """
    officer = UUID(key.split("@")[0])
    with transaction.atomic():
        User.objects.select_for_update().filter(public_id=officer).first()
        if not LegalHold.objects.standing().filter(officer=officer).exists():
            waiting = KeptUnderHold.objects.filter(hold__officer=officer, let_go_at__isnull=True)
            waiting.update(let_go_at=clock.now(), said={})
    for one in KeptUnderHold.objects.filter(hold__officer=officer, let_go_at__isnull=False):
        for file in one.files:
            storages["private"].delete(file["path"])
        one.delete()


def _hold_on(officer: User) -> LegalHold | None:
    return LegalHold.objects.standing().filter(officer=officer.public_id).first()


def _activity(activity: Activity) -> dict[str, Any]:
    steps = activity.steps.select_related("by", "to")  # type: ignore[attr-defined]
    return {"activity": told(activity), "steps": [told(step) for step in steps]}


def _keep(
    hold: LegalHold, what: str, about: UUID, said: dict[str, Any], files: Iterable[ActivityFile], *, at: datetime
) -> None:
    KeptUnderHold.objects.create(
        hold=hold,
        what=what,
        about=about,
        said=said,
        files=[{"path": file.path, "name": file.name} for file in files],
        kept_at=at,
    )


def _write(kept: Iterable[KeptUnderHold], into: IO[bytes], *, at: datetime) -> None:
    items, store = [], storages["private"]
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(kept, start=1):
            names = []
            for place, file in enumerate(one.files, start=1):
                name = f"files/{number:04d}-{place:02d}-{PurePosixPath(file['name']).name}"
                with store.open(file["path"], "rb") as content:
                    archive.writestr(name, content.read())
                names.append(name)
            items.append(
                {"what": one.get_what_display(), "kept_at": one.kept_at.isoformat(), **one.said, "in_this_file": names}
            )
        text = json.dumps({"format": FORMAT, "made_at": at.isoformat(), "kept": items}, ensure_ascii=False, indent=1)
        archive.writestr("kept.json", text + "\n")
