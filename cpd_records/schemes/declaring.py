"""Declarations: an officer declares for a period of a scheme, and another person confirms it where the scheme asks for that."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from cpd_records.activity_rules import ActivityRefused, checked_text
from cpd_records.models import Declaration, DeclarationConfirmation, Scheme
from cpd_records.schemes.progress import Progress
from people import access
from people.dates import long_date
from people.models import User

NOTE_LENGTH = 4000
OWN = "You cannot confirm your own declaration. Somebody who supervises you can."


class DeclarationRefused(ActivityRefused):
    """A declaration cannot be made or confirmed. The message is a sentence for the person; ``field`` is what it is about."""


def declare(officer: User, progress: Progress, *, by: User, at: datetime, agreed: bool, note: str = "") -> Declaration:
    """Record that the officer declares for the period, in the scheme's words. Declaring twice is declaring once.

    Only the officer declares; from the day the scheme opens it, also after the day it is due. Raises ``DeclarationRefused``.
    """
    if not access.is_own(by, officer):
        raise DeclarationRefused("Only the officer can make this declaration.")
    due = progress.declaration
    if due is None:
        raise DeclarationRefused(f"{progress.title} asks for no declaration.")
    today = timezone.localdate(at)
    if today < due.opens_on:
        raise DeclarationRefused(f"You can declare for this period from {long_date(due.opens_on)}. Come back then.")
    earlier = declaration_of(officer, progress)
    if earlier is not None:
        return earlier
    if not agreed:
        raise DeclarationRefused("Tick the box if you can declare this. Nothing is recorded yet.", "agreed")
    note = checked_text(note, field="note", what="Your note", most=NOTE_LENGTH)
    if progress.gaps and not note:
        raise DeclarationRefused("Explain the months without an entry, in a sentence or two.", "note")
    try:
        with transaction.atomic():
            return Declaration.objects.create(
                officer=officer,
                scheme=Scheme.objects.get(code=progress.code),
                starts_on=progress.span.starts_on,
                ends_on=progress.span.ends_on,
                due_by=due.due_by,
                words=due.rule.words,
                note=note,
                needs_confirmation=due.rule.confirmed,
                at=at,
            )
    except IntegrityError:
        # The same form came twice in the same moment; the first stands.
        return Declaration.objects.get(officer=officer, scheme__code=progress.code, starts_on=progress.span.starts_on)


def declaration_of(officer: User, progress: Progress) -> Declaration | None:
    """Return what the officer declared for the period, with its confirmation."""
    found = Declaration.objects.of(officer).filter(scheme__code=progress.code, starts_on=progress.span.starts_on)
    return found.select_related("confirmation__confirmed_by").first()


@transaction.atomic
def confirm_declaration(declaration: Declaration, *, by: User, at: datetime) -> DeclarationConfirmation:
    """Record that a supervisor of the officer confirms the declaration; never the officer. Twice is once."""
    current = Declaration.objects.select_for_update(of=("self",)).select_related("officer").get(pk=declaration.pk)
    if access.is_own(by, current.officer):
        raise DeclarationRefused(OWN)
    if not access.supervises(by, current.officer):
        raise DeclarationRefused("You do not supervise this officer, so somebody who does confirms it.")
    if not current.needs_confirmation:
        raise DeclarationRefused("This declaration needs nobody's confirmation.")
    made, _is_new = DeclarationConfirmation.objects.get_or_create(
        declaration=current, defaults={"confirmed_by": by, "at": at}
    )
    return made
