"""Reading what a page or a script posts to save an answer: shapes and limits only, before anything is looked up."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from assessments.checking_rules import MOST_QUESTIONS
from assessments.question_types import BadResponse, Posted

FIELD = "answer"
_DEVICE = re.compile(r"[A-Za-z0-9._:-]{1,64}")
NOT_READ = "We could not read what the page sent. Reload the page and answer again; earlier answers are kept."


@dataclass(frozen=True)
class PostedSave:
    """One save as posted. ``position`` 0 is none (a page that says it is open); ``go`` is where to go next without script.

    ``only_goes_on`` says that a script tells where its candidate is now, and nothing of an answer.
    """

    fields: Posted
    position: int
    device: str
    sequence: int | None
    turn: int | None
    flagged: bool | None
    go: str = ""
    uploads: tuple[UploadedFile, ...] = ()
    only_goes_on: bool = False


class Fields:
    """Answer fields of a script's save, read as a form's are."""

    def __init__(self, values: dict[str, list[str]]) -> None:
        self._values = values

    def get(self, key: str, default: Any = None, /) -> Any:
        return self._values[key][-1] if self._values.get(key) else default

    def getlist(self, key: str, /) -> list[Any]:
        return self._values.get(key, [])


def is_script(request: HttpRequest) -> bool:
    """Return whether a script asks, which wants JSON back."""
    return request.content_type == "application/json"


def read_save(request: HttpRequest) -> PostedSave:
    """Return the posted save, or raise ``BadResponse`` with a sentence where its shape is not one of ours."""
    return _from_script(request) if is_script(request) else _from_form(request)


def with_handed_in(posted: PostedSave, digests: list[str]) -> PostedSave:
    """Return a save in which files just handed in belong to the answer."""
    fields = posted.fields
    if not isinstance(fields, QueryDict):
        return posted
    fields = fields.copy()
    fields.setlist(FIELD, [*fields.getlist(FIELD), *digests])
    return replace(posted, fields=fields)


def _from_form(request: HttpRequest) -> PostedSave:
    data = request.POST
    return PostedSave(
        fields=data,
        position=_whole(data.get("position"), most=MOST_QUESTIONS),
        device=_device(data.get("device")),
        sequence=_whole(data["sequence"], most=2**53 - 1) if data.get("sequence") else None,
        turn=_whole(data["turn"], most=2**31 - 1) if data.get("turn") else None,
        flagged="flagged" in data,
        go=str(data.get("go", "")),
        uploads=tuple(upload for upload in request.FILES.getlist(f"{FIELD}.file") if isinstance(upload, UploadedFile)),
    )


def _from_script(request: HttpRequest) -> PostedSave:
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadResponse(NOT_READ) from None
    if not isinstance(data, dict) or not isinstance(data.get("flagged", False), bool):
        raise BadResponse(NOT_READ)
    return PostedSave(
        fields=Fields(_fields(data.get("response"))),
        position=_whole(data.get("position", 0), most=MOST_QUESTIONS),
        device=_device(data.get("device")),
        sequence=None if data.get("sequence") is None else _whole(data["sequence"], most=2**53 - 1),
        turn=None if data.get("turn") is None else _whole(data["turn"], most=2**31 - 1),
        flagged=data.get("flagged"),
        only_goes_on=data.get("position", 0) != 0 and "response" not in data,
    )


def _fields(response: Any) -> dict[str, list[str]]:
    """Answer fields from JSON: null, a text, a list of texts, or an object of field names to either."""
    named = response if isinstance(response, dict) else {FIELD: response}
    fields = {}
    for name, value in named.items():
        values = [] if value is None else value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) for text in values):
            raise BadResponse(NOT_READ)
        fields[name] = values
    return fields


def _whole(value: Any, *, most: int) -> int:
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or len(text) > 16 or int(text) > most:
        raise BadResponse(NOT_READ)
    return int(text)


def _device(value: Any) -> str:
    if not isinstance(value, str) or not _DEVICE.fullmatch(value):
        raise BadResponse(NOT_READ)
    return value
