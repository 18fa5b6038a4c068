"""Statements: a PDF of an officer's period, made in the background and kept in private storage for the officer alone."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone

from cpd_records.models import Statement
from cpd_records.schemes.overview import Overview, overview_of
from cpd_records.schemes.statement_pdf import render_statement
from people import access, clock, work
from people.models import User

STATEMENT_WORK = "cpd-statement"


class StatementRefused(Exception):
    """A statement cannot be asked for or handed out. The message is a sentence for the person."""


@transaction.atomic
def ask_for_statement(overview: Overview, *, by: User, at: datetime) -> Statement:
    """Ask for a statement of the period that an overview shows. Only the officer may; it is made within seconds."""
    if not access.is_own(by, overview.officer):
        raise StatementRefused("A statement is made for the officer it is about, by themselves.")
    statement = Statement.objects.create(
        officer=overview.officer,
        scheme=overview.scheme,
        starts_on=overview.span.starts_on,
        ends_on=overview.span.ends_on,
        asked_at=at,
    )
    work.ask(STATEMENT_WORK, str(statement.pk))
    return statement


@work.background(STATEMENT_WORK)
def make_statement(key: str) -> None:
    """Draw and keep the statement whose id is ``key``; once it is made, do nothing. A crash leaves at most an unnamed file."""
    statement = Statement.objects.select_related("officer", "scheme").filter(pk=UUID(key)).first()
    if statement is None or statement.is_ready:
        return
    asked_on = timezone.localdate(statement.asked_at)
    overview = overview_of(
        statement.officer,
        on=min(statement.ends_on, asked_on),
        code=statement.scheme.code if statement.scheme else "",
    )
    moment = clock.now()
    pdf = render_statement(overview, asked_at=statement.asked_at, as_recorded_at=moment)
    path = _storage().save(f"cpd-statements/{key[:2]}/{key}.pdf", ContentFile(pdf))
    with transaction.atomic():
        current = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
        if current.is_ready:
            transaction.on_commit(lambda: _storage().delete(path))
            return
        current.path, current.sha256, current.made_at = path, hashlib.sha256(pdf).hexdigest(), moment
        current.save(update_fields=["path", "sha256", "made_at"])


def read_statement(statement: Statement) -> bytes:
    """Return the file as it was made; refuse with a sentence where it is gone or altered."""
    try:
        with _storage().open(statement.path, "rb") as file:
            pdf: bytes = file.read()
    except FileNotFoundError:
        pdf = b""
    if hashlib.sha256(pdf).hexdigest() != statement.sha256:
        raise StatementRefused(
            "The file we keep is not the one we made, so we do not hand it out. Make a new statement."
        )
    return pdf


def _storage() -> Storage:
    return storages["private"]
