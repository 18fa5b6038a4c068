"""Where imported questions go: a topic, and the bank and family it lies in.

A topic is a path such as ``Law/Custody``. Today it is a word on each version, and a bank is a code; what is decided here is all that a
tree of topics has to take over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.bank import LONGEST, BankRefused
from assessments.banks import check_bank, families_by_bank
from assessments.interchange.texts import one_line
from assessments.models import QuestionVersion
from assessments.question_types.words import says_something

LONGEST_BANK = 60
_SYSTEM_PARTS = re.compile(r"\$[a-z0-9]+\$|top|Default for .*", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """The topic questions arrive under, and the bank and family that hold it."""

    topic: str
    bank: str
    family: str = ""


def place_for(topic: str, *, bank: str = "", family: str = "") -> Place:
    """Return where a topic lies: the bank named, the one bank that has the topic, or one named by the topic's first part.

    Raises ``BankRefused`` for a topic that says nothing or is too long, and for a bank of another family.
    """
    topic = "/".join(part for part in (one_line(part) for part in topic.split("/")) if part)
    if not says_something(topic) or len(topic) > LONGEST["topic"]:
        raise BankRefused(f"Name a topic in up to {LONGEST['topic']} characters, such as Law/Custody.")
    bank = bank or _bank_with(topic) or _bank_name(topic)
    owners = families_by_bank().get(bank, set())
    if not family and len(owners) == 1:
        family = next(iter(owners))
    check_bank(bank, family)
    return Place(topic, bank, family)


def topic_of(place: Place, about: Mapping[str, Any]) -> str:
    """Return the topic of one question: the place's own, or one below it where the file has categories."""
    own = str(about.get("topic", ""))
    if about.get("is_ours"):
        return own if own == place.topic or own.startswith(f"{place.topic}/") else place.topic
    parts = [one_line(part) for part in str(about.get("category", "")).split("/")]
    below = [part for part in parts if part and not _SYSTEM_PARTS.fullmatch(part)]
    path = "/".join(below)
    if not path or path == place.topic:
        return place.topic
    topic = path if path.startswith(f"{place.topic}/") else f"{place.topic}/{path}"
    return topic if len(topic) <= LONGEST["topic"] else place.topic


def _bank_with(topic: str) -> str:
    banks = (
        QuestionVersion.objects.filter(topic=topic).order_by().values_list("question__bank", flat=True).distinct()[:2]
    )
    return str(banks[0]) if len(banks) == 1 else ""


def _bank_name(topic: str) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "-", topic.partition("/")[0]).strip("-").upper()
    return name[:LONGEST_BANK] or "IMPORTED"
