"""Two people stand behind whatever changes what a record says: who proposed it, and who approved it. Neither is the officer."""

from __future__ import annotations

from typing import Any

from people import access
from people.models import User


class TwoPeopleNeeded(Exception):
    """One person alone, or the officer; the message is a sentence for whoever tried."""


def signed(officer: User, *, by: User, approved_by: User) -> dict[str, Any]:
    """Return what an entry's payload says of the two; raise ``TwoPeopleNeeded`` where they are one, or either is the officer."""
    if access.is_own(by, officer) or access.is_own(approved_by, officer):
        raise TwoPeopleNeeded("Nobody proposes or approves a change of their own record. Somebody else decides that.")
    if access.is_own(by, approved_by):
        raise TwoPeopleNeeded("Who proposed a change does not approve it. A second person decides.")
    return {
        "by": by.public_id,
        "by_name": by.get_short_name(),
        "approved_by": approved_by.public_id,
        "approved_by_name": approved_by.get_short_name(),
    }
