"""Which items the navigation shows to whom, and which of them is the page one is on.

Everybody has the first four; what a role adds is shown only where its address exists. Never more than seven: what is beyond stands on 'Your
account', so that whoever holds many roles still finds every part of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from people import access

MOST_ITEMS = 7


@dataclass(frozen=True)
class Item:
    """``within`` are the beginnings of the addresses that belong to the item; ``current`` is '', 'page' or 'true'."""

    key: str
    text: str
    address: str
    within: tuple[str, ...]
    roles: frozenset[str] = frozenset()
    current: str = ""


ITEMS = (
    Item("my-learning", "My learning", "/my/", ("/my/", "/learn/", "/assess/", "/certificates/late/")),
    Item("catalogue", "Catalogue", "/catalogue/", ("/catalogue/",)),
    Item("my-record", "My record", "/my/record/", ("/my/record/", "/certificates/")),
    Item("log-cpd", "Log CPD", "/cpd/log/", ("/cpd/",)),
    Item("my-team", "My team", "/team/", ("/team/",), frozenset({access.SUPERVISOR})),
    Item("authoring", "Authoring", "/admin/", (), access.ADMIN_ROLES),
    Item(
        "assessments",
        "Assessments",
        "/admin/assessments/",
        (),
        frozenset({access.TRAINER, access.SUBJECT_REVIEWER, access.APPROVER}),
    ),
    Item("marking", "Marking", "/marking/", ("/marking/",), frozenset({access.ASSESSOR, access.IQA})),
    Item(
        "portfolios",
        "Portfolios",
        "/portfolios/",
        ("/portfolios/",),
        frozenset({access.TRAINER, access.ASSESSOR, access.IQA}),
    ),
    Item("intakes", "Intakes and sessions", "/intakes/", ("/intakes/",), frozenset({access.TRAINING_ADMIN})),
    Item(
        "qualifications",
        "Qualifications",
        "/qualifications/",
        ("/qualifications/",),
        frozenset({access.TRAINING_ADMIN, access.SYSTEM_ADMIN, access.AUDITOR}),
    ),
    Item("imports", "Imports", "/imports/", ("/imports/",), frozenset({access.TRAINING_ADMIN, access.SYSTEM_ADMIN})),
    Item("adjustments", "Adjustments", "/adjustments/", ("/adjustments/",), frozenset({access.TRAINING_ADMIN})),
    Item(
        "audit-sample",
        "Audit sample",
        "/cpd/samples/",
        ("/cpd/samples/",),
        frozenset({access.TRAINING_ADMIN, access.AUDITOR}),
    ),
    Item(
        "evidence",
        "Evidence",
        "/evidence/",
        ("/evidence/",),
        frozenset({access.AUDITOR, access.DISCLOSURE_OFFICER}),
    ),
    Item(
        "ledger",
        "Ledger",
        "/ledger/",
        ("/ledger/",),
        frozenset({access.AUDITOR, access.DISCLOSURE_OFFICER, access.SYSTEM_ADMIN}),
    ),
    Item(
        "rooms",
        "Exam rooms",
        "/assess/rooms/",
        ("/assess/rooms/",),
        frozenset({access.TRAINER, access.TRAINING_ADMIN, access.IQA, access.AUDITOR}),
    ),
)

# Where links of every page lead, by the same keys. The verification page belongs to no item.
ADDRESSES = {item.key: item.address for item in ITEMS} | {"verify": "/verify/", "front-page": "/"}


@lru_cache(maxsize=64)
def address_exists(address: str) -> bool:
    """Return whether a view answers at the address; the catch-alls of Wagtail and its admin, which have no name, do not count."""
    try:
        name = resolve(address).url_name
    except Resolver404:
        return False
    return name not in {None, "wagtail_serve"}


def navigation_for(request: HttpRequest, current: str = "") -> list[Item]:
    """Return the items of the person who reads the page, the current one marked; none for strangers."""
    shown = _items_of(request)
    here = current or _key_of(request.path, shown)
    return [
        replace(item, current="page" if request.path == item.address else "true") if item.key == here else item
        for item in shown[:MOST_ITEMS]
    ]


def beyond_navigation(request: HttpRequest) -> list[Item]:
    """Return the person's items for which the navigation has no place."""
    return _items_of(request)[MOST_ITEMS:]


def _items_of(request: HttpRequest) -> list[Item]:
    if not access.is_person(request.user):
        return []
    held = frozenset(role.code for role in access.roles(request.user))
    found = [item for item in ITEMS if (not item.roles or item.roles & held) and address_exists(item.address)]
    return found if access.logs_cpd(request.user) else [item for item in found if item.key != "log-cpd"]


def _key_of(path: str, items: Iterable[Item]) -> str:
    """Return the key of the item whose address is the longest beginning of the path."""
    best, best_length = "", 0
    for item in items:
        for beginning in item.within:
            if path.startswith(beginning) and len(beginning) > best_length:
                best, best_length = item.key, len(beginning)
    return best
