"""Asking for and deciding about erasures of several people in one act: each stays a request of its own, with its own preview and decision.

All of it is done, or nothing: what could not be done of one is said with the name, and nothing of the others happened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from cpd_records.erasures.asking import decide_erasure, write_request
from cpd_records.erasures.foreseeing import Foreseen
from cpd_records.erasures.refusals import ErasureNotAllowed
from cpd_records.erasures.telling import ask_for_a_decision
from cpd_records.models import ErasureDecision, ErasureGround, ErasureRequest
from people.models import User

# More than that at once nobody reads.
MOST_AT_ONCE = 20
TOO_MANY = f"{MOST_AT_ONCE} people at once is the most. Choose fewer, and the others afterwards."
NOTHING_DUE = (
    "Nothing of these classes is due of the people you chose. Choose at least one class of which something is."
)
NONE_CHOSEN = "Choose at least one request."


@transaction.atomic
def ask_for_disposal(
    found: Sequence[Foreseen], *, classes: Collection[str], reason: str, seen: Mapping[Any, str], by: User, at: datetime
) -> list[ErasureRequest]:
    """Ask that what is due of these classes goes, of each of several people; of whom nothing of them is due, nothing is asked.

    ``found`` are previews just made, of the ground that the period has ended; ``seen`` the digests of those that were shown, by public id.
    """
    asked_of = [one for one in found if any(one.counts.get(code) for code in classes)]
    _refuse_number(asked_of, NOTHING_DUE, "classes")
    requests = []
    # Always in one order, so that two who ask at once wait for each other and never for ever.
    for one in sorted(asked_of, key=lambda one: one.officer.pk):
        own = [code for code in classes if one.counts.get(code)]
        with _naming(one.officer):
            request = write_request(
                one.officer,
                ground=ErasureGround.RETENTION,
                classes=own,
                reason=reason,
                foreseen=one,
                seen=seen.get(one.officer.public_id, ""),
                by=by,
                at=at,
            )
        requests.append(request)
    ask_for_a_decision(requests)
    return requests


@transaction.atomic
def decide_several(
    found: Mapping[ErasureRequest, Foreseen],
    *,
    approve: bool,
    reason: str,
    seen: Mapping[Any, str],
    by: User,
    at: datetime,
) -> list[ErasureDecision]:
    """Approve or refuse several requests as their second person; ``seen`` are the digests of the previews that were shown, by request."""
    _refuse_number(found, NONE_CHOSEN, "chosen")
    decisions = []
    for request in sorted(found, key=lambda one: one.officer_id):
        with _naming(request.officer):
            decision = decide_erasure(
                request,
                approve=approve,
                reason=reason,
                foreseen=found[request],
                seen=seen.get(request.pk, ""),
                by=by,
                at=at,
            )
        decisions.append(decision)
    return decisions


def _refuse_number(chosen: Collection[Any], none: str, field: str) -> None:
    if not chosen:
        raise ErasureNotAllowed(none, field)
    if len(chosen) > MOST_AT_ONCE:
        raise ErasureNotAllowed(TOO_MANY)


@contextmanager
def _naming(officer: User) -> Iterator[None]:
    """Let a refusal say of whom it speaks; what is wrong with the reason is wrong for all."""
    try:
        yield
    except ErasureNotAllowed as refusal:
        if refusal.field == "reason":
            raise
        raise ErasureNotAllowed(f"{officer.name}: {refusal} Nothing was done of the others either.") from refusal
