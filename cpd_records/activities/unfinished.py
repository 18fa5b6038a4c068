"""What is half written: the five answers as they were typed, kept by themselves until they are logged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cpd_records.activities.saving import Seen
from cpd_records.activity_rules import ActivityRefused, ChangedMeanwhile
from cpd_records.ledger.kept_under_hold import keep_form
from cpd_records.models import Activity, UnfinishedForm
from people.models import User

MOST_FORMS = 20
MOST_CHARACTERS = 60_000


@transaction.atomic
def keep_unfinished(
    officer: User, *, token: UUID, fields: Mapping[str, str], seen: Seen, at: datetime
) -> UnfinishedForm | None:
    """Keep what was typed so far; None where the form was logged meanwhile. Only a later save of its page replaces what is kept.

    ``fields`` are as the form sends them. Raises ``ChangedMeanwhile`` where another page saved the same form since.
    """
    if seen.page is None:
        raise ActivityRefused("Nothing was kept: the page did not say which save this is. Open it again.")
    if sum(len(name) + len(value) for name, value in fields.items()) > MOST_CHARACTERS:
        raise ActivityRefused("This is too long to be kept. Shorten it.")
    typed = {_keepable(name): _keepable(value) for name, value in fields.items()}
    User.objects.select_for_update(no_key=True).only("pk").get(pk=officer.pk)
    if Activity.objects.of(officer).filter(client_token=token).exists():
        return None
    own = UnfinishedForm.objects.of(officer)
    kept = own.filter(token=token).first()
    if kept is None:
        if own.count() >= MOST_FORMS:
            raise ActivityRefused(f"{MOST_FORMS} forms are half written already. Finish one, or throw one away.")
        return own.create(
            officer=officer, token=token, fields=typed, page=seen.page, sequence=seen.sequence, saved_at=at
        )
    if kept.page == seen.page:
        if seen.sequence <= kept.sequence:
            return kept
    elif kept.saved_at != seen.at and kept.fields != typed:
        raise ChangedMeanwhile(kept, kept.saved_at)
    kept.fields, kept.page, kept.sequence, kept.saved_at = typed, seen.page, seen.sequence, at
    kept.save(update_fields=["fields", "page", "sequence", "saved_at"])
    return kept


@transaction.atomic
def throw_away(form: UnfinishedForm, *, by: User, at: datetime) -> None:
    """Delete what was half written; while a legal hold stands on whoever wrote it, it is kept out of sight."""
    if form.officer_id != by.pk:
        raise ActivityRefused("Only whoever wrote this can throw it away.")
    keep_form(form, at=at)
    form.delete()


def _keepable(text: str) -> str:
    """Return text as every database keeps it: without nulls and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
