"""All questions of an attempt on one page: what its form posts, question by question, and keeping it in one go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest

from assessments.answer_files import hand_in
from assessments.models import Attempt
from assessments.posted import FIELD, NOT_READ, Fields, read_save
from assessments.question_types import BadResponse
from assessments.saves import open_on_device, save_posted
from people.models import User

SHEET = "sheet"
_FIELD = re.compile(rf"{FIELD}-([0-9]{{1,3}})((?:\.[^\x00]*)?)")


@dataclass(frozen=True)
class Sheet:
    """One question as posted: its answer fields under the names they have where it stands alone, its flag, its files."""

    position: int
    fields: dict[str, list[str]]
    flagged: bool
    uploads: tuple[UploadedFile, ...] = ()


@dataclass(frozen=True)
class PostedPage:
    """The form of a page with all questions. Only questions named as its sheets were on it."""

    sheets: tuple[Sheet, ...]
    device: str
    turn: int | None
    go: str


def name_of(position: int) -> str:
    """Return what the fields of a question are called where several stand on a page."""
    return f"{FIELD}-{position}"


def flag_of(position: int) -> str:
    return f"flagged-{position}"


def read_page(request: HttpRequest) -> PostedPage:
    """Return the posted page, or raise ``BadResponse`` with a sentence where its shape is not one of ours."""
    whole = read_save(request)
    data = request.POST
    fields: dict[int, dict[str, list[str]]] = {}
    for key in data:
        if found := _FIELD.fullmatch(key):
            fields.setdefault(int(found[1]), {})[FIELD + found[2]] = [str(value) for value in data.getlist(key)]
    positions = [str(value) for value in data.getlist(SHEET)]
    if not positions or not all(text.isascii() and text.isdigit() and len(text) < 4 for text in positions):
        raise BadResponse(NOT_READ)
    sheets = tuple(
        Sheet(
            position,
            fields.get(position, {}),
            flag_of(position) in data,
            tuple(
                upload
                for upload in request.FILES.getlist(f"{name_of(position)}.file")
                if isinstance(upload, UploadedFile)
            ),
        )
        for position in sorted({int(text) for text in positions})
    )
    return PostedPage(sheets, whole.device, whole.turn, whole.go)


def save_page(attempt: Attempt, page: PostedPage, *, by: User, at: datetime) -> dict[int, str]:
    """Keep every answer of a page that can be kept; return a sentence for each question whose answer could not.

    Files are handed in first, each by itself: looking into them takes longer than an attempt should be locked. Answers then are kept
    in one transaction and at one moment. Raises what refuses the page as a whole, and then has kept no answer.
    """
    errors: dict[int, str] = {}
    handed_in: dict[int, list[str]] = {}
    for sheet in page.sheets:
        if sheet.uploads:
            try:
                rows = hand_in(attempt, sheet.position, sheet.uploads, by=by, at=at)
                handed_in[sheet.position] = [row.digest for row in rows]
            except BadResponse as refused:
                errors[sheet.position] = str(refused)
    with transaction.atomic():
        turn = open_on_device(attempt.pk, by=by, at=at, device=page.device, turn=page.turn).turn
        for sheet in page.sheets:
            fields = sheet.fields
            if added := handed_in.get(sheet.position):
                fields = {**fields, FIELD: [*fields.get(FIELD, []), *added]}
            try:
                save_posted(
                    attempt.pk,
                    sheet.position,
                    Fields(fields),
                    by=by,
                    at=at,
                    device=page.device,
                    sequence=None,
                    turn=turn,
                    flagged=sheet.flagged,
                    name=FIELD,
                )
            except BadResponse as refused:
                errors.setdefault(sheet.position, str(refused))
    return errors
