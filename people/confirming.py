"""Confirming something by signing in again: when somebody last did, and asking them to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NoReturn

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired

from people.signed_in import SignedInRequest


def signed_in_again_at(request: SignedInRequest) -> datetime | None:
    """Return when this person last gave their password or second factor once more in this session, or None."""
    records = [one for one in get_authentication_records(request, request.user) if one.get("reauthenticated")]
    return datetime.fromtimestamp(records[-1]["at"], UTC) if records else None


def ask_to_sign_in_again() -> NoReturn:
    """Lead to the page that asks for the password or second factor; what was sent is done once that is right."""
    raise ReauthenticationRequired
