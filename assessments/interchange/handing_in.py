"""A file of questions handed in on a page: kept until somebody has looked at what would come of it, then imported or given up."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction

from assessments import authors
from assessments.bank import BankRefused
from assessments.interchange.formats import read_file
from assessments.interchange.importing import Plan, plan_import, write_plan
from assessments.interchange.places import place_for
from assessments.interchange.texts import one_line
from assessments.models import BroughtFile
from people import clock, work
from people.file_checks import refusing
from people.file_checks.viruses import refuse_virus
from people.models import User

FOLDER = "question-files"
# What a page reads while somebody waits; the command reads more.
MOST_BYTES = 20 * 1024 * 1024
MOST_QUESTIONS = 1_000
KEPT = timedelta(days=7)
LET_GO = "assessments.let_question_file_go"
NOT_A_WRITER = "Trainers of a family import questions into its banks."
GONE = "The file has been let go. Hand it in again."


def hand_in_file(
    content: bytes, *, name: str, format: str, path: str, bank: str, family: str, by: User, at: datetime
) -> BroughtFile:
    """Keep a file that can be read, and where its questions shall go; nothing is imported yet.

    ``format`` '' finds it by the content, ``path`` is the topic below ``bank``. Raises ``Unreadable`` for the file and ``BankRefused`` for
    the place, for a family somebody does not write for, and for more questions than a page takes.
    """
    if not authors.may_write(by, family):
        raise BankRefused(NOT_A_WRITER)
    try:
        refuse_virus("The file", content)
    except refusing.FileRefused as refused:
        raise BankRefused(str(refused)) from refused
    place = place_for(path or bank, bank=bank, family=family)
    reading = read_file(content, format=format)
    if len(reading.found) > MOST_QUESTIONS:
        raise BankRefused(
            f"The file has {len(reading.found):,} questions, and a page takes {MOST_QUESTIONS:,}. Divide it, or ask an administrator, "
            "whose command takes it whole."
        )
    stored = storages["private"].save(f"{FOLDER}/{uuid.uuid4()}", ContentFile(content))
    try:
        with transaction.atomic():
            brought = BroughtFile.objects.create(
                name=one_line(PurePath(name.replace("\\", "/")).name)[-200:] or "questions",
                path=stored,
                size=len(content),
                sha256=sha256(content).hexdigest(),
                format=reading.format,
                bank=place.bank,
                family=place.family,
                topic=place.topic,
                by=by,
                at=at,
            )
            work.ask(LET_GO, str(brought.pk), at=at + KEPT)
    except BaseException:
        storages["private"].delete(stored)
        raise
    return brought


def plan_of(brought: BroughtFile) -> Plan:
    """Return what importing the file would do now; ``BankRefused`` where it is gone. Writes nothing."""
    if brought.let_go_at is not None:
        raise BankRefused(GONE)
    try:
        with storages["private"].open(brought.path) as file:
            content = file.read()
    except FileNotFoundError as gone:
        raise BankRefused(GONE) from gone
    place = place_for(brought.topic or brought.bank, bank=brought.bank, family=brought.family)
    return plan_import(read_file(content, format=brought.format), place)


def import_file(brought: BroughtFile, *, by: User, at: datetime) -> BroughtFile:
    """Import everything that can be as drafts of whoever handed the file in, or nothing; a second press changes nothing."""
    if brought.by_id != by.pk or not authors.may_write(by, brought.family):
        raise BankRefused(NOT_A_WRITER)
    if brought.imported_at is not None:
        return brought
    plan = plan_of(brought)
    with transaction.atomic():
        locked: BroughtFile = BroughtFile.objects.select_for_update(of=("self",)).get(pk=brought.pk)
        if locked.imported_at is not None:
            return locked
        write_plan(plan, by=by, at=at)
        locked.imported, locked.imported_at = len(plan.arrivals), at
        locked.save(update_fields=["imported", "imported_at"])
        transaction.on_commit(partial(let_go, str(locked.pk)))
    return locked


def give_up(brought: BroughtFile, *, by: User, at: datetime) -> None:
    """Let a file go without importing it."""
    if brought.by_id != by.pk:
        raise BankRefused(NOT_A_WRITER)
    _let_go(brought, at=at)


@work.background(LET_GO)
def let_go(key: str) -> None:
    """Let the file named by ``key`` go."""
    for brought in BroughtFile.objects.filter(pk=key):
        _let_go(brought, at=clock.now())


@transaction.atomic
def _let_go(brought: BroughtFile, *, at: datetime) -> None:
    """The file goes first: where the process ends in between, the row still names it and it is deleted again, which is nothing."""
    locked = BroughtFile.objects.select_for_update(of=("self",)).get(pk=brought.pk)
    if locked.let_go_at is None:
        storages["private"].delete(locked.path)
        locked.let_go_at = at
        locked.save(update_fields=["let_go_at"])
