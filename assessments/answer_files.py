"""Files candidates hand in: checked by their content, kept for one question of one attempt, and given back to nobody but them.

A response names files by digest alone; what they are called and how large they are is read from the rows, never from what was posted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile

from assessments import question_types
from assessments.models import AnswerFile, Attempt, AttemptItem
from assessments.open_attempts import check_open
from assessments.question_types import BadResponse, Response
from assessments.question_types.file_upload import KINDS
from people.file_checks.checking import checked_file
from people.file_checks.refusing import FileRefused
from people.models import User

FOLDER = "answers"
# Every version of a file is kept, so there is an end to them.
MOST_HANDED_IN = 60


def hand_in(
    attempt: Attempt, position: int, uploads: Iterable[UploadedFile], *, by: User, at: datetime
) -> list[AnswerFile]:
    """Keep the files of a question of one's own open attempt; raises ``BadResponse`` with a sentence for the first that is not kept."""
    check_open(attempt, at=at)
    item = attempt.items.select_related("question_version").filter(position=position, attempt__officer=by).first()
    kinds = [] if item is None else item.question_version.definition.get("kinds", [])
    if item is None or not question_types.get(item.question_version.type).takes_files:
        raise BadResponse("This question takes no files. What you wrote is kept.")
    rows = []
    for upload in uploads:
        if attempt.answer_files.count() >= MOST_HANDED_IN:
            raise BadResponse(
                f"You have uploaded {MOST_HANDED_IN} files in this test, and no more fit. Keep those you have."
            )
        try:
            checked = checked_file(upload)
        except FileRefused as refused:
            raise BadResponse(str(refused)) from refused
        if not any(checked.media_type in KINDS[kind].media_types for kind in kinds):
            wanted = " or ".join(KINDS[kind].label for kind in kinds)
            raise BadResponse(f"{checked.name} is not {wanted}. Nothing was uploaded.")
        digest = hashlib.sha256(checked.content).hexdigest()
        store = storages["private"]
        if not store.exists(f"{FOLDER}/{digest}"):
            store.save(f"{FOLDER}/{digest}", ContentFile(checked.content))
        row, _is_new = AnswerFile.objects.get_or_create(
            attempt=attempt,
            position=position,
            digest=digest,
            defaults={
                "name": _named_as_kept(checked.name, checked.ending),
                "content_type": checked.media_type,
                "size": len(checked.content),
                "added_at": at,
            },
        )
        rows.append(row)
    return rows


def with_names(item: AttemptItem, response: Response | None) -> Response | None:
    """Return a response of files with their names and sizes from the rows; refuse a file that was not handed in for this question."""
    if response is None or "files" not in response:
        return response
    rows = {row.digest: row for row in AnswerFile.objects.filter(attempt=item.attempt_id, position=item.position)}
    files: list[dict[str, Any]] = []
    for one in response["files"]:
        row = rows.get(one["digest"])
        if row is None:
            raise BadResponse("That file was not uploaded for this question. Upload it here.")
        files.append({"digest": row.digest, "name": row.name, "size": row.size})
    return {**response, "files": files}


def _named_as_kept(name: str, ending: str) -> str:
    """Return the name with the ending of what is kept, so that it opens."""
    stem, dot, last = name.rpartition(".")
    known = f".{last.lower()}" if dot else ""
    return name if known == ending or (known, ending) == (".jpeg", ".jpg") else f"{stem or name}{ending}"
